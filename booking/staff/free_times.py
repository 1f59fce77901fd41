"""The times that the office can give away, laid out by day; in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db.models.functions import TruncDate
from django.utils import timezone

from booking.enums import Channel
from booking.models import Host, Office, OfficeHours, Service, Slot
from booking.models.slot import SlotQuerySet

DAYS_ON_A_PAGE = 7
NEXT_TIMES = 6


@dataclass(frozen=True)
class Group:
    """The free times of one stretch of office hours."""

    hours: OfficeHours
    slots: list[Slot]


@dataclass(frozen=True)
class Day:
    """One day with its free times."""

    date: date
    groups: list[Group]


@dataclass(frozen=True)
class Page:
    """The next days that have free times, and the day on which the page after this one begins."""

    days: list[Day]
    later: date | None


def at_desk(
    office: Office,
    now: datetime,
    *,
    service: Service | None = None,
    host: Host | None = None,
    channel: Channel | None = None,
) -> SlotQuerySet:
    """Return the free times that the office may give away now, narrowed to what somebody wants."""
    found = Slot.objects.at_desk(now).free(now).filter(office_hours__host__office=office)
    if service:
        found = found.filter(office_hours__availability__service=service)
    if host:
        found = found.filter(office_hours__host=host)
    if channel:
        found = found.filter(**{f"office_hours__availability__offers_{channel.value}": True})
    return found


def page(slots: SlotQuerySet, since: date, office: Office) -> Page:
    """Lay out the next seven days, from a local day on, that have one of the times. Two queries."""
    zone = office.zone
    coming = slots.filter(end__gt=datetime.combine(since, time.min, zone))
    days = coming.annotate(day=TruncDate("start", tzinfo=zone)).order_by("day").values_list("day", flat=True)
    found = list(days.distinct()[: DAYS_ON_A_PAGE + 1])
    shown = found[:DAYS_ON_A_PAGE]
    later = found[DAYS_ON_A_PAGE] if len(found) > DAYS_ON_A_PAGE else None
    if not shown:
        return Page([], None)
    end = datetime.combine(shown[-1] + timedelta(days=1), time.min, zone)
    return Page(list(by_day(list(coming.filter(start__lt=end)))), later)


def by_day(slots: list[Slot]) -> Iterator[Day]:
    """Group times that are sorted by their start, by their day in the active zone and their office hours."""
    for day, group in groupby(slots, key=lambda slot: timezone.localdate(slot.start)):
        found: dict[int, Group] = {}
        for slot in group:
            there = found.setdefault(slot.office_hours_id, Group(slot.office_hours, []))
            there.slots.append(slot)
        yield Day(day, list(found.values()))


def instead_of(gone: Slot, now: datetime) -> list[Day]:
    """Return the free times nearest after one that is gone, of the same service; else the first ones."""
    hours = gone.office_hours
    others = at_desk(hours.host.office, now, service=hours.availability.service).exclude(pk=gone.pk)
    found = list(others.filter(start__gte=gone.start)[:NEXT_TIMES]) or list(others[:NEXT_TIMES])
    return list(by_day(found))
