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
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils.translation import get_language

from booking import links
from booking.enums import SlotOffer, Status
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
            host__office=self.office,
            availability__is_extra=False,
            start__gte=self.first,
            start__lt=self.last,
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
    """Yield the entries of the feed in order, for the active language."""
    language, free_times = get_language() or settings.LANGUAGE_CODE, links.slots_url()
    times = defaultdict(list)
    for hours_id, start, capacity, taken in _slots(selection):
        times[hours_id].append(_Time(start, capacity, taken))
    for hours in selection.hours().select_related("availability__service", "host", "closure"):
        hours.host.office = selection.office
        day = hours.start.astimezone(selection.office.zone).date()
        url = f"{free_times}?ab={day.isoformat()}&person={hours.host.slug}"
        yield _entry(hours, times[hours.pk], selection.now, language, url)


def _slots(selection: Selection) -> QuerySet[Slot, tuple[int, datetime, int, int]]:
    """Return id of office hours, start, seats and seats taken of each slot on the web that is not closed.

    A hold counts until it is swept, since the sweep, not the clock, makes the new version.
    """
    taken = Count("bookings", filter=~Q(bookings__status=Status.CANCELLED))
    open_ones = Slot.objects.filter(
        office_hours__in=selection.hours().order_by(), closure=None, offer=SlotOffer.WEB
    )
    return (
        open_ones.annotate(taken=taken)
        .values_list("office_hours_id", "start", "capacity", "taken")
        .order_by("start")
    )


class _Time(NamedTuple):
    start: datetime
    capacity: int
    taken: int


def _entry(hours: OfficeHours, times: list[_Time], now: datetime, language: str, url: str) -> Entry:
    service, office, host = hours.availability.service, hours.host.office, hours.host
    rows = (hours, hours.availability, service, host, office)
    changes = [hours.modified_at, *(row.updated_at for row in rows[1:])]
    is_offered = hours.withdrawn_at is None and service.is_active and host.is_active
    offer, free = _offer(hours, times if is_offered else [], now)
    return Entry(
        uid=str(hours.uid),
        start=hours.start,
        end=hours.end,
        zone=office.time_zone,
        changed_at=max(*changes, *_clock(hours, times, now)),
        sequence=hours.sequence,
        language=language,
        offer=offer,
        title=local(service.title),
        host=host.introduced,
        place=local(hours.where) or f"{office.name}, {office.address}",
        channels=tuple(hours.availability.channels),
        reason=hours.closure.reason if hours.closure else "",
        opens_at=hours.start - timedelta(weeks=service.horizon_weeks),
        free=tuple((each.start, each.capacity - each.taken) for each in free),
        seats=max((each.capacity for each in times), default=1),
        url=url,
    )


def _clock(hours: OfficeHours, times: list[_Time], now: datetime) -> list[datetime]:
    """Return the moments not after now at which the clock alone changed the entry: the last of each kind."""
    service = hours.availability.service
    moments = [hours.end] if hours.end <= now else []
    for ahead in (timedelta(hours=service.notice_hours), timedelta(weeks=service.horizon_weeks)):
        passed = [each.start for each in times if each.start <= now + ahead]
        moments += [passed[-1] - ahead] if passed else []
    return moments


def _offer(hours: OfficeHours, times: list[_Time], now: datetime) -> tuple[Offer, list[_Time]]:
    """Return what residents can do about the office hours, and the times they can book now."""
    service = hours.availability.service
    closing, opening = (
        now + timedelta(hours=service.notice_hours),
        now + timedelta(weeks=service.horizon_weeks),
    )
    in_time = [each for each in times if each.start > closing]
    free = [each for each in in_time if each.taken < each.capacity]
    bookable = [each for each in free if each.start <= opening]
    if not hours.is_live:
        return Offer.CANCELLED, []
    if bookable:
        return Offer.FREE, bookable
    if free:
        return Offer.LATER, []
    # All its times closed or withdrawn: it takes place for those who have booked.
    is_kept = not times and hours.end > now
    return (Offer.FULL if in_time or is_kept else Offer.OVER), []
