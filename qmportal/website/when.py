"""What comes next in the quarter, and when it is, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.dates import spoken_day, spoken_day_of_year, spoken_hour
from booking.models import Office, OfficeHours, Slot
from booking.models.office import local
from qmportal.website.models import EventPage
from qmportal.website.models.tree import active_language, told_in

EVENTS: Final = 2


@dataclass(frozen=True)
class Date:
    """One thing that one can go to. `language` is that of its title."""

    start: datetime
    day: date
    hours: str
    title: str
    language: str
    place: str
    url: str
    is_cancelled: bool = False


def span(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """Return day and hours, for more than one day those of both ends."""
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    if first == last:
        about = {"day": spoken_day_of_year(first), "hours": hours(start, end, zone)}
        return _("%(day)s, %(hours)s") % about
    about = {
        "first_day": spoken_day(first) if first.year == last.year else spoken_day_of_year(first),
        "first_hour": spoken_hour(start, zone),
        "last_day": spoken_day_of_year(last),
        "last_hour": spoken_hour(end, zone),
    }
    return _("%(first_day)s, %(first_hour)s, to %(last_day)s, %(last_hour)s") % about


def hours(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """Return from when until when, on one day."""
    about = {"start": f"{start.astimezone(zone):%H:%M}", "end": f"{end.astimezone(zone):%H:%M}"}
    return _("%(start)s–%(end)s") % about


def coming(office: Office, now: datetime, count: int) -> list[Date]:
    """Return the next events and office hours with free times, in one list by time.

    Office hours are every day: the next two events are there however many of those come first.
    """
    events, hours_of_office = _events(office, now, count), _office_hours(office, now, count)
    rest = sorted([*events[EVENTS:], *hours_of_office], key=_start)
    return sorted([*events[:EVENTS], *rest][:count], key=_start)


def _start(each: Date) -> datetime:
    return each.start


def _events(office: Office, now: datetime, count: int) -> list[Date]:
    pages = EventPage.objects.shown().coming(now)[:count]
    return [
        Date(
            start=event.starts_at,
            day=event.starts_at.astimezone(office.zone).date(),
            hours=_hours_of_event(event, office.zone),
            title=page.title,
            language=page.language,
            place=page.place,
            url=page.get_url() or "",
            is_cancelled=event.is_cancelled,
        )
        for page in told_in(pages, active_language())
        if (event := page.original.specific)
    ]


def _hours_of_event(event: EventPage, zone: ZoneInfo) -> str:
    is_of_one_day = event.starts_at.astimezone(zone).date() == event.ends_at.astimezone(zone).date()
    if is_of_one_day:
        return hours(event.starts_at, event.ends_at, zone)
    return span(event.starts_at, event.ends_at, zone)


def _office_hours(office: Office, now: datetime, count: int) -> list[Date]:
    bookable = Slot.objects.bookable(now).filter(office_hours__host__office=office)
    by_hours = bookable.order_by().values("office_hours").annotate(seats=Sum("free_seats"))
    free = dict(by_hours.order_by("office_hours__start").values_list("office_hours", "seats")[:count])
    shown = OfficeHours.objects.filter(pk__in=free).select_related("availability__service", "host")
    return [_of_hours(each, office.zone, free[each.pk]) for each in shown]


def _of_hours(office_hours: OfficeHours, zone: ZoneInfo, seats: int) -> Date:
    day = office_hours.start.astimezone(zone).date()
    title = ngettext(
        "%(service)s, %(host)s – %(count)d free", "%(service)s, %(host)s – %(count)d free", seats
    ) % {
        "service": local(office_hours.availability.service.title),
        "host": office_hours.host.introduced,
        "count": seats,
    }
    return Date(
        start=office_hours.start,
        day=day,
        hours=hours(office_hours.start, office_hours.end, zone),
        title=title,
        language=active_language(),
        place=local(office_hours.where),
        url=f"{reverse('booking:slots')}?ab={day.isoformat()}&person={office_hours.host.slug}",
    )
