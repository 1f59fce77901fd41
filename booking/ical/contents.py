"""What the public calendar holds: read from the database, as of a moment.

Beside the rows only the clock changes what an entry says: a time passes, a later day opens for booking, office
hours end. Those moments count as changes too, so that version, DTSTAMP and content always move together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils.translation import get_language

from booking import links
from booking.dates import spoken_day, spoken_hour
from booking.enums import Status
from booking.ical.feed import Entry, Offer, dialect
from booking.models import Availability, Host, Office, OfficeHours, Service, Slot
from booking.models.office import local

PAST, AHEAD = timedelta(days=14), timedelta(weeks=12)
SERVICE = "availability__service"


@dataclass(frozen=True)
class Selection:
    """Which office hours a feed shows, of which stretch of days; its ends are local midnights."""

    office: Office
    now: datetime
    service: Service | None = None
    host: Host | None = None

    @property
    def today(self) -> datetime:
        """The last local midnight."""
        return datetime.combine(self.now.astimezone(self.office.zone), time.min, self.office.zone)

    @property
    def first(self) -> datetime:
        """The start of the first day shown."""
        return self.today - PAST

    @property
    def last(self) -> datetime:
        """The end of the last day shown."""
        return self.today + AHEAD + timedelta(days=1)

    def hours(self) -> QuerySet[OfficeHours]:
        """Return the office hours of the feed."""
        hours = OfficeHours.objects.filter(
            host__office=self.office, start__gte=self.first, start__lt=self.last
        ).order_by("start", "pk")
        if self.service:
            hours = hours.filter(availability__service=self.service)
        return hours.filter(host=self.host) if self.host else hours


@dataclass(frozen=True)
class Version:
    """The state of a feed: the same tag is the same bytes."""

    tag: str
    modified_at: datetime


def version(selection: Selection) -> Version:
    """Return the feed's state from sums and maxima of its rows, without drawing an entry."""
    rows = _sums(selection)
    moments = [selection.today, selection.office.updated_at, *_passed(selection, rows)]
    # Of all series, those without office hours left too: the state must not look older when a date vanishes.
    series = Availability.objects.filter(host__office=selection.office)
    moments += [value for value in series.aggregate(Max("updated_at")).values() if value]
    moments += [value for row in rows for value in row.values() if isinstance(value, datetime)]
    language = get_language() or settings.LANGUAGE_CODE
    facts = (rows, sorted(moments), settings.SITE_URL, language, dialect(language))
    scope = (selection.service and selection.service.pk, selection.host and selection.host.pk)
    return Version(sha256(repr((facts, scope)).encode()).hexdigest()[:32], max(moments))


def _sums(selection: Selection) -> list[dict[str, Any]]:
    """Return one row for each service in the feed, which any change of its office hours changes."""
    return list(
        selection.hours()
        .order_by(f"{SERVICE}_id")
        .values(f"{SERVICE}_id", f"{SERVICE}__notice_hours", f"{SERVICE}__horizon_weeks")
        .annotate(
            hours=Count("pk"),
            ids=Sum("pk"),
            revisions=Sum("revision"),
            changed=Max("modified_at"),
            service=Max(f"{SERVICE}__updated_at"),
            person=Max("host__updated_at"),
            ended=Max("end", filter=Q(end__lte=selection.now)),
        )
    )


def _passed(selection: Selection, rows: list[dict[str, Any]]) -> list[datetime]:
    """Return for each service when a time last opened for booking, and when one last closed."""
    lasting: dict[str, timedelta] = {}
    maxima: dict[str, Max] = {}
    for row in rows:
        service = Q(**{f"office_hours__{SERVICE}": row[f"{SERVICE}_id"]})
        for name, ahead in [
            ("closed", timedelta(hours=row[f"{SERVICE}__notice_hours"])),
            ("opened", timedelta(weeks=row[f"{SERVICE}__horizon_weeks"])),
        ]:
            key = f"{name}_{row[f'{SERVICE}_id']}"
            lasting[key] = ahead
            maxima[key] = Max("start", filter=service & Q(start__lte=selection.now + ahead))
    slots = Slot.objects.filter(office_hours__in=selection.hours().order_by())
    found = slots.aggregate(**maxima) if maxima else {}
    return [start - lasting[key] for key, start in found.items() if start]


def entries(selection: Selection) -> Iterator[Entry]:
    """Yield the entries of the feed in order, their texts in the active language."""
    language = get_language() or settings.LANGUAGE_CODE
    slots = defaultdict(list)
    for hours_id, start, capacity, taken in _slots(selection):
        slots[hours_id].append(_Time(start, capacity, capacity - taken))
    parts = selection.hours().select_related("availability__service", "host", "closure")
    for hours in parts:
        hours.host.office = selection.office
        yield _entry(hours, slots[hours.pk], selection.now, language)


def _slots(selection: Selection) -> QuerySet[Slot, tuple[int, datetime, int, int]]:
    """Return id of office hours, start, seats and seats taken of each slot that is not closed.

    A hold counts until it is swept, since the sweep, not the clock, makes the new version.
    """
    taken = Count("bookings", filter=~Q(bookings__status=Status.CANCELLED))
    open_ones = Slot.objects.filter(office_hours__in=selection.hours().order_by(), closure=None)
    return (
        open_ones.annotate(taken=taken)
        .values_list("office_hours_id", "start", "capacity", "taken")
        .order_by("start")
    )


@dataclass(frozen=True)
class _Time:
    start: datetime
    capacity: int
    free: int


def _entry(hours: OfficeHours, times: list[_Time], now: datetime, language: str) -> Entry:
    service, office, host = hours.availability.service, hours.host.office, hours.host
    notice, horizon = timedelta(hours=service.notice_hours), timedelta(weeks=service.horizon_weeks)
    rows = [
        hours.modified_at,
        hours.availability.updated_at,
        service.updated_at,
        host.updated_at,
        office.updated_at,
    ]
    clock = [hours.end, *(moment for each in times for moment in (each.start - notice, each.start - horizon))]
    offer, free = _offer(hours, [] if hours.withdrawn_at else times, now)
    return Entry(
        uid=str(hours.uid),
        start=hours.start,
        end=hours.end,
        zone=office.time_zone,
        changed_at=max(*rows, *(moment for moment in clock if moment <= now)),
        sequence=hours.sequence,
        language=language,
        offer=offer,
        title=local(service.title),
        host=host.name,
        place=local(hours.availability.place) or f"{office.name}, {office.address}",
        channels=tuple(str(channel.label) for channel in hours.availability.channels),
        reason=hours.closure.reason if hours.closure else "",
        opens_on=spoken_day((hours.start - horizon).astimezone(office.zone).date()),
        free=tuple((spoken_hour(each.start, office.zone), each.free) for each in free),
        seats=max((each.capacity for each in times), default=1),
        url=f"{links.hours_url(hours)}&person={host.slug}",
    )


def _offer(hours: OfficeHours, times: list[_Time], now: datetime) -> tuple[Offer, list[_Time]]:
    """Return what residents can do about the office hours, and the times they can book now."""
    service = hours.availability.service
    notice, horizon = timedelta(hours=service.notice_hours), timedelta(weeks=service.horizon_weeks)
    in_time = [each for each in times if each.start - notice > now]
    free = [each for each in in_time if each.free > 0]
    bookable = [each for each in free if each.start - horizon <= now]
    if not hours.is_live:
        return Offer.CANCELLED, []
    if bookable:
        return Offer.FREE, bookable
    if free:
        return Offer.LATER, []
    # All its times closed or withdrawn: it takes place for those who have booked.
    is_kept = not times and hours.end > now
    return (Offer.FULL if in_time or is_kept else Offer.OVER), []
