"""What decides whether a date of a series can be held, and into which times it is cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from booking.enums import SkipReason, SlotOffer
from booking.models import Availability, Closure, Host, OfficeHours, Slot
from booking.public_holidays import public_holiday, school_holiday
from booking.recurrence import Window


@dataclass(frozen=True)
class Skip:
    """A date of the series on which no office hours were made, and why; `detail` names the holiday or closure."""

    day: date
    reason: SkipReason
    detail: str = ""


class Busy(NamedTuple):
    """Other office hours of the host: from when until when, and of which series."""

    start: datetime
    end: datetime
    series: int


def busy_in(hours: QuerySet[OfficeHours]) -> list[Busy]:
    """Read them as what they are here: a host may have hundreds."""
    return [Busy(*row) for row in hours.order_by().values_list("start", "end", "availability")]


@dataclass
class Diary:
    """Everything that decides whether a date of the series can be held; the host is locked."""

    availability: Availability
    made: dict[datetime, OfficeHours]
    busy: list[Busy]
    closures: list[Closure]

    @classmethod
    def of(cls, host: Host, availability: Availability, dates: list[Window]) -> Diary:
        """Read it in a fixed number of queries, and only as far as dates are missing."""
        made = OfficeHours.objects.filter(
            availability=availability, original_start__in=[window.start for window in dates]
        )
        diary = cls(availability, {hours.original_start: hours for hours in made}, [], [])
        missing = [window for window in dates if window.start not in diary.made]
        if missing:
            start, end = missing[0].start, missing[-1].end
            diary.busy = busy_in(OfficeHours.objects.filter(host=host).live().overlapping(start, end))
            diary.closures = list(Closure.objects.in_force(host, start, end))
        return diary

    def obstacle(self, window: Window, now: datetime) -> Skip | None:
        """Return why nothing can be held then, None if something can."""
        if window.start in self.made:
            return Skip(window.day, SkipReason.CANCELLED)
        if window.start <= now:
            return Skip(window.day, SkipReason.PAST)
        return (
            self.day_off(window.day) or self.shut(window) or self.clash(window.day, window.start, window.end)
        )

    def day_off(self, day: date) -> Skip | None:
        """Return the holiday on which the series is not held."""
        state = self.availability.host.office.state
        if self.availability.skip_holidays and (name := public_holiday(state, day)):
            return Skip(day, SkipReason.HOLIDAY, name)
        if self.availability.skip_school_holidays and (name := school_holiday(state, day)):
            return Skip(day, SkipReason.SCHOOL_HOLIDAY, name)
        return None

    def shut(self, window: Window) -> Skip | None:
        """Return the closure under which every slot of the stretch falls."""
        closed = [self.closure_of(*interval) for interval in self.intervals(window.start, window.end)]
        if closed and all(closed):
            return Skip(window.day, SkipReason.CLOSED, closed[0].reason if closed[0] else "")
        return None

    def clash(self, day: date, start: datetime, end: datetime) -> Skip | None:
        """Return the other office hours of the host that share a moment with the stretch."""
        for other in self.busy:
            if other.start < end and other.end > start:
                return Skip(day, SkipReason.OVERLAP, self._name(other))
        return None

    def _name(self, other: Busy) -> str:
        if other.series == self.availability.pk:
            return str(self.availability.service)
        return str(Availability.objects.select_related("service").get(pk=other.series).service)

    def closure_of(self, start: datetime, end: datetime) -> Closure | None:
        """Return the closure that a slot falls under."""
        return next((c for c in self.closures if c.start < end and c.end > start), None)

    def intervals(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Cut the stretch into slots, in UTC: a step is as long as it says on both sides of a clock change.

        After a break the cutting begins anew.
        """
        length = timedelta(minutes=self.availability.slot_minutes)
        step = length + timedelta(minutes=self.availability.buffer_minutes)
        for pause_start, pause_end in [*self._pauses(start), (end, end)]:
            while start + length <= min(pause_start, end):
                yield start, start + length
                start += step
            start = max(start, pause_end)

    def _pauses(self, start: datetime) -> list[tuple[datetime, datetime]]:
        """Return the breaks of the local day on which the stretch begins, as moments."""
        zone = self.availability.host.office.zone
        day = start.astimezone(zone).date()
        return [
            (_moment(day, begin, zone), _moment(day, finish, zone))
            for begin, finish in self.availability.pauses
            if _moment(day, finish, zone) > start
        ]

    def enter(self, window: Window, now: datetime) -> OfficeHours:
        """Put new office hours down, unsaved, so that no later date of the run overlaps them."""
        hours = OfficeHours(
            availability=self.availability,
            host=self.availability.host,
            original_start=window.start,
            start=window.start,
            end=window.end,
            modified_at=now,
        )
        self.busy.append(Busy(window.start, window.end, self.availability.pk))
        return hours

    def slots(self, hours: OfficeHours) -> Iterator[Slot]:
        """Return the slots of saved office hours, unsaved; those under a closure are marked so."""
        return self.cut(hours, hours.start, hours.end)

    def cut(self, hours: OfficeHours, stretch_start: datetime, stretch_end: datetime) -> Iterator[Slot]:
        """Return the slots into which the office hours are cut if they go from-to, unsaved."""
        every = self.availability.desk_every
        for number, (start, end) in enumerate(self.intervals(stretch_start, stretch_end), start=1):
            is_kept_back = every > 0 and number % every == 0
            yield Slot(
                office_hours=hours,
                start=start,
                end=end,
                capacity=self.availability.capacity,
                offer=SlotOffer.DESK if is_kept_back else SlotOffer.WEB,
                closure=self.closure_of(start, end),
            )


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
