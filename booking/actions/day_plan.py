"""The plan of the day: what is booked with a host today, mailed on the mornings of working days."""

from __future__ import annotations

import logging
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Prefetch

from booking import mails
from booking.actions import delivery
from booking.failures import trace
from booking.models import Booking, Host, Office, OfficeHours, OutboxMessage, Slot
from booking.public_holidays import public_holiday

logger = logging.getLogger(__name__)

# Local times of the office. Later than that the day has begun, and the plan is of no use.
FROM: Final = time(7)
UNTIL: Final = time(10)
SATURDAY: Final = 5


def write_day_plans(now: datetime) -> int:
    """Write today's plans in every office where it is a working morning; answers how many were written.

    Once a host and day, however often it is called; none where she has no office hours that day.
    """
    written = 0
    for office in Office.objects.order_by("pk"):
        for host in _waiting(office, now):
            try:
                written += _write(host, now)
            except Exception as error:  # noqa: BLE001 - the others get theirs, this one is tried again soon
                logger.error("Host %s: no plan of the day can be written: %s", host.pk, trace(error))
    return written


def _waiting(office: Office, now: datetime) -> list[Host]:
    """Return the hosts who want a plan and have none yet, if it is the time for it."""
    local = now.astimezone(office.zone)
    if not FROM <= local.time() < UNTIL or not _is_working_day(office, local.date()):
        return []
    hosts = office.hosts.filter(wants_day_plan=True).exclude(email="").select_related("office").order_by("pk")
    keys = {host: mails.day_plan_key(host, local.date()) for host in hosts}
    written = set(
        OutboxMessage.objects.filter(dedupe_key__in=keys.values()).values_list("dedupe_key", flat=True)
    )
    return [host for host, key in keys.items() if key not in written]


def _is_working_day(office: Office, day: date) -> bool:
    return day.weekday() < SATURDAY and not public_holiday(office.state, day)


@transaction.atomic
def _write(host: Host, now: datetime) -> bool:
    """Write one plan, unless the host has nothing to do that day."""
    zone = host.office.zone
    day = now.astimezone(zone).date()
    hours = _office_hours(host, day, now)
    if not hours:
        return False
    delivery.post(mails.day_plan(host, day, hours, datetime.combine(day, UNTIL, zone), now))
    return True


def _office_hours(host: Host, day: date, now: datetime) -> list[OfficeHours]:
    """Return the day's office hours that are still offered, or in which somebody comes, with their bookings."""
    midnight = datetime.combine(day, time.min, host.office.zone)
    tomorrow = datetime.combine(day + timedelta(days=1), time.min, host.office.zone)
    bookings = Booking.objects.live(now).order_by("seat")
    hours = host.office_hours.filter(start__gte=midnight, start__lt=tomorrow).order_by("start", "pk")
    parts = hours.select_related("availability__service").prefetch_related(
        Prefetch("slots", Slot.objects.order_by("start", "pk")), Prefetch("slots__bookings", bookings)
    )
    return [each for each in parts if _takes_place(each)]


def _takes_place(hours: OfficeHours) -> bool:
    is_open = hours.is_live and hours.withdrawn_at is None
    return is_open or any(slot.bookings.all() for slot in hours.slots.all())
