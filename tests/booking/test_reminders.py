"""Who is reminded, when, and how often."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.actions import bookings
from booking.actions.reminders import remind
from booking.enums import Actor, Occasion
from booking.models import Booking, Host, Office, OutboxMessage, Service, Slot
from tests import factories

HOUR = timedelta(hours=1)
LONG_BEFORE = factories.NOW - timedelta(days=7)


def reminded() -> list[str]:
    """Return who was reminded, in the order of writing."""
    mails = OutboxMessage.objects.filter(occasion=Occasion.REMINDER).order_by("number")
    return list(mails.values_list("recipient", flat=True))


@pytest.fixture
def booking(host: Host, service: Service) -> Booking:
    """One for Tuesday 14:00, made a week before."""
    return factories.make_booking(factories.make_slots(host, service, now=LONG_BEFORE)[0], now=LONG_BEFORE)


def test_a_day_before_the_resident_is_reminded_once(booking: Booking) -> None:
    a_day_before = booking.slot.start - 24 * HOUR
    assert (remind(a_day_before - HOUR / 60), reminded()) == (0, [])
    assert (remind(a_day_before), reminded()) == (1, ["amira@example.org"])
    assert (remind(a_day_before + HOUR), len(reminded())) == (0, 1)


def test_a_reminder_that_was_missed_comes_late_but_not_after_the_start(booking: Booking) -> None:
    assert remind(booking.slot.start) == 0
    assert remind(booking.slot.start - HOUR) == 1


def test_the_office_says_how_long_before(booking: Booking, office: Office) -> None:
    Office.objects.update(reminder_hours=2)
    assert remind(booking.slot.start - 3 * HOUR) == 0
    assert remind(booking.slot.start - 2 * HOUR) == 1


def test_an_office_may_send_none(booking: Booking) -> None:
    Office.objects.update(sends_reminders=False)
    assert remind(booking.slot.start - HOUR) == 0


def test_who_books_inside_the_reminder_time_is_not_reminded(slots: list[Slot], now: datetime) -> None:
    start = slots[0].start
    factories.make_booking(slots[0], now=start - 23 * HOUR)
    assert remind(start - 22 * HOUR) == 0


def test_who_moves_inside_the_reminder_time_is_not_reminded_again(booking: Booking) -> None:
    a_day_before = booking.slot.start - 24 * HOUR
    assert remind(a_day_before) == 1
    other = factories.slots_of(booking.slot.office_hours.availability)[5]
    bookings.reschedule(booking.pk, other.pk, Actor.RESIDENT, a_day_before + 2 * HOUR)
    assert remind(other.start - HOUR) == 0


def test_who_moves_to_a_later_day_is_reminded_of_that_day(
    booking: Booking, host: Host, service: Service
) -> None:
    a_day_before = booking.slot.start - 24 * HOUR
    assert remind(a_day_before) == 1
    next_week = factories.make_pattern(first_on=factories.TUESDAY + timedelta(days=7))
    [later, *_] = factories.make_slots(host, service, next_week, now=LONG_BEFORE)
    bookings.reschedule(booking.pk, later.pk, Actor.RESIDENT, a_day_before)
    assert remind(a_day_before + HOUR) == 0
    assert remind(later.start - 24 * HOUR) == 1
    assert len(reminded()) == 2


def test_nobody_is_reminded_of_a_cancelled_appointment(booking: Booking) -> None:
    bookings.cancel(booking.pk, Actor.RESIDENT, LONG_BEFORE)
    assert remind(booking.slot.start - HOUR) == 0


def test_who_gave_no_address_is_not_reminded(host: Host, service: Service) -> None:
    slot = factories.make_slots(host, service, now=LONG_BEFORE)[0]
    factories.make_booking(slot, now=LONG_BEFORE, email="")
    assert remind(slot.start - HOUR) == 0


def test_a_hold_is_not_reminded_of(host: Host, service: Service) -> None:
    Service.objects.update(needs_confirmation=True)
    slot = factories.make_slots(host, service, now=LONG_BEFORE)[0]
    factories.make_booking(slot, now=LONG_BEFORE)
    assert remind(slot.start - HOUR) == 0


def test_each_is_reminded_in_her_own_language(host: Host, service: Service) -> None:
    slots = factories.make_slots(host, service, now=LONG_BEFORE)
    factories.make_booking(slots[0], now=LONG_BEFORE, language="de")
    factories.make_booking(slots[1], now=LONG_BEFORE, email="ben@example.org", language="en")
    assert remind(slots[0].start - HOUR) == 2
    mails = OutboxMessage.objects.filter(occasion=Occasion.REMINDER).order_by("number")
    assert list(mails.values_list("recipient", "language")) == [
        ("amira@example.org", "de"),
        ("ben@example.org", "en"),
    ]


def test_when_nobody_is_due_the_number_of_bookings_costs_no_query(host: Host, service: Service) -> None:
    counts = []
    slots = factories.make_slots(host, service, now=LONG_BEFORE, capacity=30)
    for seats in (1, 29):
        for n in range(seats):
            factories.make_booking(slots[0], now=LONG_BEFORE, email=f"{n}@example.org")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert remind(slots[0].start - 48 * HOUR) == 0
        counts.append(len(queries))
    assert counts == [2, 2]
