"""Where things stand in the drawing of a week: rows of five minutes, and lanes beside each other.

The policy of our pages refuses styles in them, so every place is said in classes of staff.css.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.utils import timezone

from booking.staff.agenda import Stretch, Time
from booking.staff.days import Day

FIRST_HOUR, LAST_HOUR = 9, 16
STEP = 5
HOUR, DAY = 60, 24 * 60
# As many as the style sheet has columns and tones for.
MOST_LANES, TONES = 6, 4


@dataclass(frozen=True)
class Entry:
    """One time in a block; it begins at `row`, in minutes of the local day."""

    time: Time
    row: int
    until: int

    @property
    def place(self) -> str:
        """Its rows."""
        return _rows(self.row, self.until)


@dataclass(frozen=True)
class Block:
    """Office hours as a box, with the times in it that say something."""

    stretch: Stretch
    row: int
    until: int
    entries: list[Entry]
    lane: int
    lanes: int
    tone: int

    @property
    def place(self) -> str:
        """Its rows, its lane and its tone."""
        lanes = f"st-lane{self.lane}" if self.lanes > 1 else "st-lane-all"
        return f"{_rows(self.row, self.until)} {lanes} st-tone{self.tone}"

    @property
    def head_place(self) -> str:
        """The rows of its head: down to the first time's end, or all of them where there is no time."""
        return self.entries[0].place if self.entries else _rows(self.row, self.until)


@dataclass(frozen=True)
class Column:
    """One day of the drawing."""

    day: Day
    number: int
    lanes: int
    blocks: list[Block]

    @property
    def place(self) -> str:
        """Its column, and how many lanes are in it."""
        return f"st-col{self.number} st-lanes{self.lanes}"


@dataclass(frozen=True)
class Grid:
    """The drawing of some days: its hours down the side, a column for each day."""

    first: int
    last: int
    columns: list[Column]
    now_place: str

    @property
    def place(self) -> str:
        """How many hours and days there are, and which hour is the first."""
        return f"st-first{self.first} st-hours{self.last - self.first} st-days{len(self.columns)}"

    @property
    def hours(self) -> list[tuple[str, str]]:
        """The hours with their places."""
        return [
            (f"{hour}:00", _rows(hour * HOUR, (hour + 1) * HOUR)) for hour in range(self.first, self.last)
        ]


def draw(days: Iterable[Day], now: datetime) -> Grid:
    """Return where everything of these days stands, in the active zone; a tone for each host."""
    days = list(days)
    names = {stretch.hours.host_id: stretch.hours.host.name for day in days for stretch in day.stretches}
    hosts = sorted(names, key=lambda pk: (names[pk], pk))
    tones = {host: number % TONES + 1 for number, host in enumerate(hosts)}
    columns = [_column(day, number, tones) for number, day in enumerate(days, start=1)]
    blocks = [block for column in columns for block in column.blocks]
    first = min([FIRST_HOUR * HOUR, *(block.row for block in blocks)]) // HOUR
    last = ceil(max([LAST_HOUR * HOUR, *(block.until for block in blocks)]) / HOUR)
    minute = _minute(now)
    is_shown = any(day.is_today for day in days) and first * HOUR <= minute < last * HOUR
    return Grid(first, last, columns, _rows(minute, minute + STEP) if is_shown else "")


def _column(day: Day, number: int, tones: dict[int, int]) -> Column:
    blocks = []
    for group in _overlapping(day.stretches):
        lanes = _lanes(group)
        width = min(max(lanes) + 1, MOST_LANES)
        for stretch, lane in zip(group, lanes, strict=True):
            blocks.append(_block(stretch, min(lane, MOST_LANES - 1) + 1, width, tones[stretch.hours.host_id]))
    return Column(day, number, max((block.lanes for block in blocks), default=1), blocks)


def _overlapping(stretches: list[Stretch]) -> Iterator[list[Stretch]]:
    """Group office hours, sorted by their start, that are drawn beside each other."""
    group: list[Stretch] = []
    for stretch in stretches:
        if group and stretch.hours.start >= max(each.hours.end for each in group):
            yield group
            group = []
        group.append(stretch)
    if group:
        yield group


def _lanes(group: list[Stretch]) -> list[int]:
    """Give each the first lane that is free at its start."""
    ends: list[datetime] = []
    lanes = []
    for stretch in group:
        free = next((n for n, end in enumerate(ends) if end <= stretch.hours.start), len(ends))
        ends[free : free + 1] = [stretch.hours.end]
        lanes.append(free)
    return lanes


def _block(stretch: Stretch, lane: int, lanes: int, tone: int) -> Block:
    row, until = _span(stretch.hours.start, stretch.hours.end)
    shown = [time for time in stretch.times if time.bookings or time.free]
    entries = [Entry(time, *_span(time.slot.start, time.slot.end)) for time in shown]
    if entries:
        # The head of the block stands above its first time, which therefore begins where the block does.
        entries[0] = Entry(entries[0].time, row, entries[0].until)
    return Block(stretch, row, until, entries, lane, lanes, tone)


def _span(start: datetime, end: datetime) -> tuple[int, int]:
    """Return the local minutes of the day, in whole steps; what ends on another day ends at midnight."""
    row = _minute(start) // STEP * STEP
    same_day = timezone.localdate(start) == timezone.localdate(end)
    until = ceil(_minute(end) / STEP) * STEP if same_day else DAY
    return row, max(until, row + STEP)


def _minute(moment: datetime) -> int:
    local = timezone.localtime(moment)
    return local.hour * HOUR + local.minute


def _rows(start: int, end: int) -> str:
    (hour, minute), (until_hour, until_minute) = divmod(start, HOUR), divmod(end, HOUR)
    return f"st-h{hour} st-m{minute // STEP} st-uh{until_hour} st-um{until_minute // STEP}"
