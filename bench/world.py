"""The office that is measured: 60 weekly series over 12 weeks, some thousand slots, a tenth of them booked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import uuid4

from django.core.management import call_command
from django.utils import timezone

from booking import recurrence
from booking.actions import publishing, revising
from booking.actions.bookings import Claim, book
from booking.actions.publishing import Series
from booking.enums import BookedTimes, Channel, Rhythm, Weekday
from booking.models import Availability, Booking, Host, Office, Service, Slot
from booking.recurrence import Pattern

HOSTS = 4
SERIES_EACH = 15
WORKDAYS = list(Weekday)[:5]


def claim(number: int) -> Claim:
    """Return the claim of an invented resident."""
    return Claim(
        name=f"Resident {number}",
        email=f"resident-{number}@example.org",
        phone="",
        channel=Channel.OFFICE,
        language="de",
        request_id=uuid4(),
    )


def build(now: datetime) -> Office:
    """Fill the scratch database."""
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    office = Office.objects.create(
        name="Bench", slug="bench", street="A 1", postal_code="1", city="B", state="NW", email="b@example.org",
        phone="1", is_default=True,
    )  # fmt: skip
    service = Service.objects.create(office=office, slug="s", title={"de": "Sprechstunde"})
    for number in range(HOSTS):
        calendar = recurrence.calendar_for(f"host-{number}", f"host-{number}")
        host = Host.objects.create(
            office=office, calendar=calendar, name=f"Host {number}", slug=f"host-{number}"
        )
        for pattern in _patterns(now):
            publishing.open_series(
                Series(host, service, pattern, 20, 0, 1, (Channel.OFFICE,), skip_holidays=False), now
            )
    for number, slot in enumerate(Slot.objects.bookable(now)[::10]):
        book(slot.pk, claim(number), now)
    return office


def _patterns(now: datetime) -> list[Pattern]:
    first_on = now.date()
    hours = [(time(8), time(11)), (time(12), time(15)), (time(15), time(18))]
    return [Pattern(Rhythm.WEEKLY, (day,), start, end, first_on) for day in WORKDAYS for start, end in hours]


def republish(now: datetime) -> int:
    """Publish everything again; answers how many series."""
    return len(publishing.extend(now))


def a_new_week(now: datetime) -> int:
    """Publish one week more; answers how many office hours were made."""
    return sum(len(done.created) for done in publishing.extend(now + timedelta(days=7)))


def shift_all(now: datetime) -> int:
    """Let every series begin ten minutes later, or at the full hour again; booked times stay.

    Answers how many dates were cut anew.
    """
    kept = dict.fromkeys(Booking.objects.live(now).values_list("pk", flat=True), BookedTimes.KEEP)
    changed = 0
    for each in Availability.objects.select_related("host__office", "service", "event__rule"):
        pattern = recurrence.pattern(each)
        later = replace(
            pattern, starts_at=time(pattern.starts_at.hour, 0 if pattern.starts_at.minute else 10)
        )
        series = Series(each.host, each.service, later, 20, 0, 1, (Channel.OFFICE,), skip_holidays=False)
        changed += len(revising.revise_series(each, series, now.date(), kept, now).changed)
    return changed


def size() -> str:
    """Say what was built."""
    return (
        f"{Availability.objects.count()} series, {Slot.objects.count()} slots, "
        f"{Slot.objects.bookable(timezone.now()).count()} bookable"
    )
