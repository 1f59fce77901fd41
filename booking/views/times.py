"""How free times are laid out: days of a list, columns of a week, fields of a month.

Everything that a template shows of a time is a finished text here: a thousand times on a page are a thousand
times a date filter otherwise.
"""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.db.models.functions import ExtractHour, TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking import dates
from booking.enums import Channel
from booking.forms import Search
from booking.models import Closure, Host, Office, OfficeHours
from booking.models.office import local
from booking.models.slot import SlotQuerySet
from booking.public_holidays import public_holiday
from booking.reasons import Reason, spoken

# Office hours, start, id, capacity, free seats.
Row = tuple[int, datetime, int, int, int]

DAYS_ON_A_PAGE = 7
ONE_DAY = timedelta(days=1)
OPEN = Reason()


@dataclass(frozen=True)
class Time:
    """One time to choose."""

    id: int
    url: str
    hour: str
    rest: str
    seats: str
    moment: str

    @property
    def clock(self) -> str:
        """The hour without a word, for lists in which every entry is a time."""
        return self.moment[11:16]


@dataclass(frozen=True)
class Group:
    """Times that share service, person and ways."""

    service: str
    host: str
    ways: str
    place: str
    times: list[Time]


@dataclass(frozen=True)
class Day:
    """One day, what is free on it, and why nothing is where it is closed."""

    date: date
    title: str
    short: str
    groups: list[Group]
    is_today: bool = False
    closed: Reason = OPEN

    @property
    def anchor(self) -> str:
        """The name of the day within the page."""
        return f"tag-{self.date.isoformat()}"


def begin(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment of the day in the zone."""
    return datetime.combine(day, time.min, tzinfo=zone)


def matching(slots: SlotQuerySet, office: Office, wanted: Search) -> SlotQuerySet:
    """Return those of the office that a visitor wants to see."""
    found = slots.filter(office_hours__host__office=office)
    if wanted.service:
        found = found.filter(office_hours__availability__service=wanted.service)
    if wanted.host:
        found = found.filter(office_hours__host=wanted.host)
    if wanted.channel:
        found = found.filter(**{f"office_hours__availability__offers_{wanted.channel.value}": True})
    if wanted.part:
        hours = wanted.part.hours
        local_hour = ExtractHour("start", tzinfo=office.zone)
        found = found.annotate(hour=local_hour).filter(hour__gte=hours.start, hour__lt=hours.stop)
    return found


def between(slots: SlotQuerySet, first: date, last: date, zone: ZoneInfo) -> SlotQuerySet:
    """Return those that begin on one of the days, both included."""
    return slots.filter(start__gte=begin(first, zone), start__lt=begin(last + ONE_DAY, zone))


def free_days(slots: SlotQuerySet, since: date, zone: ZoneInfo) -> list[date]:
    """Return the next days that have one of the slots, one more than a page shows."""
    coming = slots.filter(start__gte=begin(since, zone))
    return _days(coming, zone, "day")


def earlier_days(slots: SlotQuerySet, before: date, zone: ZoneInfo) -> list[date]:
    """Return the days of the page before, first one first."""
    gone = slots.filter(start__lt=begin(before, zone))
    return _days(gone, zone, "-day")[:DAYS_ON_A_PAGE][::-1]


def _days(slots: SlotQuerySet, zone: ZoneInfo, order: str) -> list[date]:
    days = slots.annotate(day=TruncDate("start", tzinfo=zone)).order_by(order)
    return list(days.values_list("day", flat=True).distinct()[: DAYS_ON_A_PAGE + 1])


def rows(slots: SlotQuerySet) -> list[Row]:
    """Read slots that know their `free_seats`."""
    return list(slots.values_list("office_hours", "start", "pk", "capacity", "free_seats"))  # type: ignore[misc]


def by_day(
    rows: list[Row],
    zone: ZoneInfo,
    today: date,
    days: Iterable[date] = (),
    closed: Mapping[date, Reason] | None = None,
) -> list[Day]:
    """Lay out times under their days, or under the given ones, empty and closed ones included. One query."""
    hours = OfficeHours.objects.select_related("host", "availability__service").in_bulk(
        {row[0] for row in rows}
    )
    found: dict[date, dict[int, list[Row]]] = {}
    for row in rows:
        on_that_day = found.setdefault(row[1].astimezone(zone).date(), {})
        on_that_day.setdefault(row[0], []).append(row)
    why = closed or {}
    return [_day(day, found.get(day, {}), hours, zone, today, why.get(day, OPEN)) for day in days or found]


def _day(
    day: date,
    found: dict[int, list[Row]],
    hours: dict[int, OfficeHours],
    zone: ZoneInfo,
    today: date,
    closed: Reason,
) -> Day:
    title = dates.spoken_day(day)
    groups = [_group(hours[pk], rows, title, zone) for pk, rows in found.items()]
    return Day(day, title, dates.short_day(day), groups, day == today, closed)


def _group(hours: OfficeHours, rows: list[Row], day: str, zone: ZoneInfo) -> Group:
    base = reverse("booking:slots")
    rest = dates.listed(["", day, hours.host.introduced])
    return Group(
        service=str(hours.availability.service),
        host=hours.host.introduced,
        ways=spoken_ways(hours.availability.channels),
        place=local(hours.where),
        times=[
            Time(
                pk,
                f"{base}{pk}/",
                dates.spoken_hour(start, zone),
                rest,
                spoken_seats(seats) if capacity > 1 else "",
                start.astimezone(zone).isoformat(timespec="minutes"),
            )
            for _hours, start, pk, capacity, seats in rows
        ],
    )


def spoken_ways(channels: Iterable[Channel]) -> str:
    """Return the ways as one text: "at the office, by phone"."""
    return dates.listed(channel.label for channel in channels)


def spoken_seats(seats: int) -> str:
    """Return how many seats are free: "5 free"."""
    return ngettext("%(count)s free", "%(count)s free", seats) % {"count": seats}


@dataclass(frozen=True)
class MonthDay:
    """One field of a month; `weekday` ends with a comma. `kind`: free, full, closed, none, past or outside."""

    iso: str
    weekday: str
    number: str
    kind: str
    text: str
    is_today: bool


def weekdays() -> list[tuple[str, str]]:
    """Return short and full names of the days, Monday first."""
    monday = date(2026, 11, 23)
    return [
        (dates.weekday_letters(monday + ONE_DAY * n), dates.weekday_name(monday + ONE_DAY * n))
        for n in range(7)
    ]


def month(
    office: Office, first: date, offered: SlotQuerySet, closed: Mapping[date, Reason], today: date
) -> list[list[MonthDay]]:
    """Lay out a month: seats left by day, and why there are none. `offered` slots know their `free_seats`."""
    zone = office.zone
    seats: Counter[date] = Counter()
    for start, free in offered.values_list("start", "free_seats"):  # type: ignore[misc]
        seats[start.astimezone(zone).date()] += max(free, 0)
    return [
        [_month_day(day, first, seats, closed.get(day, OPEN), today) for day in week]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]


def _month_day(day: date, first: date, seats: Counter[date], closed: Reason, today: date) -> MonthDay:
    kind, text = "none", ""
    if day.month != first.month:
        kind = "outside"
    elif day < today:
        kind = "past"
    elif seats[day]:
        kind, text = "free", spoken_seats(seats[day])
    elif day in seats:
        kind, text = "full", _("fully booked")
    elif closed:
        kind, text = "closed", closed.html
    weekday, number = dates.listed([dates.weekday_name(day), ""]), dates.day_of_month(day)
    return MonthDay(day.isoformat(), weekday, number, kind, text, is_today=day == today)


def closed_days(office: Office, days: Sequence[date], host: Host | None = None) -> dict[date, Reason]:
    """Return those of the days, given in order, on which office or host is away, and why. One query."""
    start, end = begin(days[0], office.zone), begin(days[-1] + ONE_DAY, office.zone)
    concerned = Q(host=None) | Q(host=host) if host else Q(host=None)
    closures = list(Closure.objects.filter(concerned, office=office, start__lt=end, end__gt=start))
    reasons = {day: _why_closed(office, day, closures) for day in days}
    return {day: reason for day, reason in reasons.items() if reason}


def _why_closed(office: Office, day: date, closures: list[Closure]) -> Reason:
    """Return the reason of a closure that falls on the day, or the public holiday."""
    zone = office.zone
    for closure in closures:
        if closure.start < begin(day + ONE_DAY, zone) and closure.end > begin(day, zone):
            return spoken(closure.reason) or Reason(_("closed"))
    return spoken(public_holiday(office.state, day))
