"""Days as the office lives them: office hours, who comes, what is closed, who is away, which holiday it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from booking.models import Booking, Closure, Host, Office, OfficeHours, Slot
from booking.public_holidays import public_holiday
from booking.staff import agenda

FAR = timedelta(days=5 * 365)
WEEK, SATURDAY = 7, 5


@dataclass(frozen=True)
class Off:
    """What is closed on a day; from when and until when, where that is not the whole day."""

    closure: Closure
    start: datetime | None
    end: datetime | None

    @property
    def host(self) -> Host | None:
        """Who is away; None when the office is closed."""
        return self.closure.host

    @property
    def words(self) -> str:
        """Why."""
        if hasattr(self.closure, "absence"):
            return _("absent")
        return self.closure.reason or (_("not there") if self.closure.host_id else _("closed"))


@dataclass(frozen=True)
class Day:
    """One day, with its office hours in the order of their start."""

    date: date
    is_today: bool
    holiday: str
    offs: list[Off]
    stretches: list[agenda.Stretch]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say about it."""
        return not (self.holiday or self.offs or self.stretches)

    @property
    def booked(self) -> list[tuple[Slot, Booking]]:
        """Every booking with its slot, in the order of time."""
        pairs = chain.from_iterable(stretch.booked for stretch in self.stretches)
        return sorted(pairs, key=lambda pair: (pair[0].start, pair[1].seat))

    @property
    def free(self) -> int:
        """How many seats can still be given."""
        return sum(stretch.free for stretch in self.stretches)

    def next_booked(self, now: datetime) -> tuple[Slot, Booking] | None:
        """Return the appointment that is on or comes next today."""
        coming = (pair for pair in self.booked if pair[0].end > now)
        return next(coming, None) if self.is_today else None


def monday_of(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def wanted_day(typed: str, today: date) -> date:
    """Return the day that an address names; today for what is none, or too far away to mean anything."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return today
    return day if abs(day - today) < FAR else today


def read(office: Office, first: date, count: int, host: Host | None, now: datetime) -> list[Day]:
    """Return so many days from the first on, of everybody or of one host, in four queries."""
    start = midnight(first, office.zone)
    end = midnight(first + timedelta(days=count), office.zone)
    hours = agenda.in_office(office).filter(start__gte=start, start__lt=end)
    found = agenda.stretches(hours.filter(host=host) if host else hours, now)
    stretches = dict(agenda.by_day([each for each in found if _says_something(each)]))
    closures = list(_closures(office, host, start, end))
    today = now.astimezone(office.zone).date()
    dates = [first + timedelta(days=n) for n in range(count)]
    return [
        Day(
            day,
            day == today,
            public_holiday(office.state, day),
            list(_offs(closures, day, office.zone)),
            stretches.get(day, []),
        )
        for day in dates
    ]


def next_hours(office: Office, host: Host | None, since: datetime) -> OfficeHours | None:
    """Return the first office hours that begin at that moment or later and are still offered."""
    offered = (
        agenda.in_office(office).live().filter(start__gte=since, withdrawn_at=None, host__is_active=True)
    )
    return (offered.filter(host=host) if host else offered).first()


def first_sight(fortnight: list[Day], now: datetime) -> list[Day]:
    """Return the week to show first of two: the coming one when nothing is left to say about this one."""
    this, coming = fortnight[:WEEK], fortnight[WEEK:]
    today = next(n for n, day in enumerate(this) if day.is_today)
    rest = this[today:]
    if any(_takes_place(day, now) for day in rest):
        return this
    if today >= SATURDAY:
        return coming
    is_closed = any(day.offs for day in rest)
    return coming if not is_closed and any(_takes_place(day, now) for day in coming) else this


def _takes_place(day: Day, now: datetime) -> bool:
    return any(stretch.hours.is_live and stretch.hours.end > now for stretch in day.stretches)


def working(days: Iterable[Day]) -> list[Day]:
    """Return Monday to Friday, and the days of the weekend on which there are office hours."""
    return [day for day in days if day.date.weekday() < SATURDAY or day.stretches]


def _says_something(stretch: agenda.Stretch) -> bool:
    """Tell those that take place, or fell out, from those that are only no longer offered."""
    return stretch.takes_bookings or bool(stretch.booked) or stretch.hours.closure_id is not None


def _closures(office: Office, host: Host | None, start: datetime, end: datetime) -> QuerySet[Closure]:
    concerned = Q(host=host) | Q(host=None) if host else Q()
    closures = Closure.objects.filter(concerned, office=office, start__lt=end, end__gt=start)
    return closures.select_related("host", "absence").order_by("start", "pk")


def _offs(closures: list[Closure], day: date, zone: ZoneInfo) -> Iterator[Off]:
    start, end = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    for closure in closures:
        if closure.start <= start and closure.end >= end:
            yield Off(closure, None, None)
        elif closure.start < end and closure.end > start:
            from_then = closure.start if closure.start > start else None
            yield Off(closure, from_then, closure.end if closure.end < end else None)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which the day begins there."""
    return datetime.combine(day, time.min, zone)
