"""A year of an office, written straight into the tables: bookings in every state, at every edge of a month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from booking.actions import publishing
from booking.enums import Actor, Attendance, Channel, SlotOffer, Status
from booking.models import Booking, Host, Office, OfficeHours, Service, Slot, Visit
from tests import factories

FIRST, LAST = date(2025, 12, 31), date(2027, 1, 1)
# Too far away to be published.
AFTER_ALL = date(2027, 3, 2)
# Each clock change, in the hour that is missing or comes twice.
CLOCK_CHANGES = (date(2026, 3, 29), date(2026, 10, 25))
STATES = (
    *((Status.CONFIRMED, None),) * 6,
    *((Status.CANCELLED, Actor.RESIDENT),) * 2,
    (Status.CANCELLED, Actor.OFFICE),
    (Status.CANCELLED, Actor.SYSTEM),
    (Status.PENDING, None),
)
TOPICS = ("wohnen", "wohnen", "wohnen", "arbeit", "arbeit", "familie", "", "anderes")
LANGUAGES = ("de", "de", "de", "en", "tr", "")


def fill(office: Office, hosts: list[Host], services: list[Service], seed: int, days: int = 1) -> None:
    """Give every host office hours on each n-th day and at the edges of all months, with people who came or not."""
    chance = Random(seed)  # noqa: S311 - the same year on every run
    for host in hosts:
        for number, service in enumerate(services):
            _hours(host, service, chance, number, days)
    visits = []
    for start in _days(days):
        moment = datetime.combine(start, time(chance.randrange(24), 30), office.zone)
        visits += [
            Visit(
                office=office,
                came_at=moment,
                service=chance.choice([None, *services]),
                channel=chance.choice(list(Channel)),
                topic=chance.choice(TOPICS),
                language=chance.choice(LANGUAGES),
                request_id=UUID(int=chance.getrandbits(128)),
            )
            for _ in range(chance.randrange(3))
        ]
    Visit.objects.bulk_create(visits)


def _days(step: int) -> Iterator[date]:
    for number in range(0, (LAST - FIRST).days + 1, step):
        yield FIRST + timedelta(days=number)


def _hours(host: Host, service: Service, chance: Random, number: int, step: int) -> None:
    pattern = factories.make_pattern(first_on=AFTER_ALL)
    series = publishing.open_series(factories.make_series(host, service, pattern), factories.NOW).availability
    hours = [
        OfficeHours(
            availability=series,
            host=host,
            original_start=start,
            start=start,
            end=start + timedelta(minutes=20),
        )
        for start in sorted(set(_starts(host.office, number, step)))
    ]
    made = OfficeHours.objects.bulk_create(hours)
    slots = Slot.objects.bulk_create(
        Slot(office_hours=each, start=each.start, end=each.end, capacity=4, offer=SlotOffer.WEB)
        for each in made
    )
    Booking.objects.bulk_create(booking for slot in slots for booking in _bookings(slot, chance))


def _starts(office: Office, number: int, step: int) -> Iterator[datetime]:
    minutes = 20 * number
    for day in _days(step):
        yield _utc(office, day, time(10, minutes))
    for day in CLOCK_CHANGES:
        first = _utc(office, day, time(1, minutes))
        yield from (first, first + timedelta(hours=1), first + timedelta(hours=2))
    for month in range(1, 13):
        edge = _utc(office, date(2026, month, 1), time(0, minutes))
        yield from (edge, edge - timedelta(hours=1))


def _utc(office: Office, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, office.zone).astimezone(UTC)


def _bookings(slot: Slot, chance: Random) -> Iterator[Booking]:
    for seat in range(1, chance.randrange(5)):
        status, cancelled_by = chance.choice(STATES)
        was_held = status == Status.PENDING or cancelled_by == Actor.SYSTEM
        yield Booking(
            slot=slot,
            seat=seat,
            status=status,
            channel=chance.choice(list(Channel)),
            name="Amira Yılmaz",
            phone="0171 2345678",
            topic=chance.choice(TOPICS),
            language=chance.choice(LANGUAGES[:-1]),
            code=f"{chance.getrandbits(100):x}",
            request_id=UUID(int=chance.getrandbits(128)),
            held_until=slot.start if was_held else None,
            cancelled_by=cancelled_by or "",
            cancelled_at=slot.start - timedelta(days=1) if cancelled_by else None,
            attendance=chance.choice([*Attendance.values, ""]) if status == Status.CONFIRMED else "",
            created_at=slot.start - timedelta(days=2),
            scheduled_at=slot.start - timedelta(days=2),
        )
