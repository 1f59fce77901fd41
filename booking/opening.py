"""The hours of a week: read as managers type them, kept as local times, said to people in the active language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from itertools import groupby, pairwise

from django.utils.translation import pgettext

from booking import dates
from booking.models import Office
from booking.models.office import local

# As the model keeps them: the stretches of each day, Monday first; each with the local times of both ends.
Day = list[list[str]]
Week = list[Day]

MONDAY = date(2024, 1, 1)
WHOLE_DAY = 24 * 60
_HOUR = r"([0-9]{1,2})(?:[:.]([0-9]{2}))?"
_STRETCH = re.compile(rf"(?<![0-9:.]){_HOUR}\s*(?:-|–|—|bis|to|until)\s*{_HOUR}(?![0-9])")
_OCLOCK = re.compile(r"\s*(?<![a-zäöü])uhr\b")
_BETWEEN = re.compile(r"[\s,;&+/]|\b(?:und|and|von|from)\b")
_CLOSED = {"", "-", "–", "—", "geschlossen", "closed", "zu"}


class Unreadable(ValueError):
    """Whatever was typed, it is no hours."""


class Reversed(ValueError):
    """The end of a stretch is not after its beginning."""


class Overlapping(ValueError):
    """Two stretches of a day share a time."""


@dataclass(frozen=True)
class Line:
    """Days that follow each other and have the same hours, in words."""

    days: str
    hours: str

    def __str__(self) -> str:
        return pgettext("opening hours", "%(days)s: %(hours)s") % {"days": self.days, "hours": self.hours}


@dataclass(frozen=True)
class Hours:
    """When somebody is there: a line for each group of days, and what the office says about it."""

    lines: list[Line]
    note: str

    def __bool__(self) -> bool:
        return bool(self.lines or self.note)

    @property
    def texts(self) -> list[str]:
        """All of it as lines of plain text."""
        return [*map(str, self.lines), *filter(None, map(str.strip, self.note.splitlines()))]


def opening_hours(office: Office) -> Hours:
    """Say when the door is open, in the active language."""
    return Hours(lines(office.opening_times), local(office.opening_note))


def phone_hours(office: Office) -> Hours:
    """Say when somebody answers the phone, in the active language."""
    return Hours(lines(office.phone_times), local(office.phone_note))


def read(typed: str) -> Day:
    """Return the stretches of a day from "9–12, 14–17:30 Uhr", "9.00 bis 12.00" or "geschlossen", in their order.

    Stretches that meet become one. Raises Unreadable, Reversed, Overlapping.
    """
    said = _OCLOCK.sub("", typed.casefold()).strip(" .\t")
    if said in _CLOSED:
        return []
    found = [
        (_minutes(match[1], match[2]), _minutes(match[3], match[4])) for match in _STRETCH.finditer(said)
    ]
    if not found or _BETWEEN.sub("", _STRETCH.sub(" ", said)):
        raise Unreadable(typed)
    for start, end in found:
        if end <= start:
            raise Reversed(typed)
    found.sort()
    if any(following[0] < earlier[1] for earlier, following in pairwise(found)):
        raise Overlapping(typed)
    return [[_clock(start), _clock(end)] for start, end in _joined(found)]


def written(day: Day) -> str:
    """Return the day as it is typed: "9–12, 14–17:30"."""
    return ", ".join(f"{_short(minutes(start))}–{_short(minutes(end))}" for start, end in day)


def minutes(clock: str) -> int:
    """Return the minutes from midnight to a local time as the model keeps it; "24:00" is the end of the day."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def lines(week: Week) -> list[Line]:
    """Group the days that have hours; days without are left out."""
    found, first = [], 0
    for day, group in groupby(week):
        last = first + len(list(group)) - 1
        if day:
            found.append(Line(_days(first, last), _hours(day)))
        first = last + 1
    return found


def _days(first: int, last: int) -> str:
    names = {"first": _weekday(first), "last": _weekday(last)}
    if first == last:
        return names["first"]
    if last == first + 1:
        return pgettext("weekdays", "%(first)s and %(last)s") % names
    return pgettext("weekdays", "%(first)s to %(last)s") % names


def _weekday(number: int) -> str:
    return dates.weekday_name(MONDAY + timedelta(days=number))


def _hours(day: Day) -> str:
    said = [pgettext("hours", "%(start)s to %(end)s") % {"start": start, "end": end} for start, end in day]
    return reduce(
        lambda first, last: pgettext("hours", "%(first)s and %(last)s") % {"first": first, "last": last}, said
    )


def _joined(stretches: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    begin, until = stretches[0]
    for start, end in stretches[1:]:
        if start > until:
            yield begin, until
            begin = start
        until = end
    yield begin, until


def _minutes(hour: str, minute: str | None) -> int:
    found = int(hour) * 60 + int(minute or 0)
    if int(minute or 0) > 59 or found > WHOLE_DAY:
        raise Unreadable(hour)
    return found


def _clock(found: int) -> str:
    return f"{found // 60:02d}:{found % 60:02d}"


def _short(found: int) -> str:
    return f"{found // 60}:{found % 60:02d}" if found % 60 else f"{found // 60}"
