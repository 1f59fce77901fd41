"""Who has to be called: noted once, gone when it is done or no longer needed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from booking.actions import bookings, calls, delivery, illness
from booking.actions.errors import NotFound, WrongState
from booking.enums import Actor, CallReason, Occasion, OutboxStatus, Status, Weekday
from booking.models import Booking, Call, Host, Office, OutboxMessage, Service, Slot
from tests import factories

pytestmark = pytest.mark.django_db
MINUTE = timedelta(seconds=60)


def strand(booking: Booking, status: OutboxStatus = OutboxStatus.FAILED) -> None:
    OutboxMessage.objects.filter(booking=booking, recipient=booking.email).update(status=status)


@pytest.mark.parametrize("status", [OutboxStatus.FAILED, OutboxStatus.UNCERTAIN])
def test_a_mail_that_did_not_arrive_becomes_one_call(
    slots: list[Slot], now: datetime, status: OutboxStatus
) -> None:
    booking = factories.make_booking(slots[0])
    factories.make_booking(slots[1], email="bruno@example.org")
    strand(booking, status)
    assert [calls.collect(now) for _ in range(3)] == [1, 0, 0]
    call = Call.objects.get()
    assert (call.booking, call.reason, call.created_at) == (booking, CallReason.MAIL_FAILED, now)


def test_a_mail_to_the_host_is_no_reason_to_call_the_resident(slots: list[Slot], now: datetime) -> None:
    factories.make_booking(slots[0])
    OutboxMessage.objects.filter(occasion=Occasion.HOST_BOOKED).update(status=OutboxStatus.FAILED)
    assert calls.collect(now) == 0


def test_what_is_over_or_was_cancelled_by_the_resident_needs_no_call(
    slots: list[Slot], now: datetime
) -> None:
    over, cancelled, called_off = (
        factories.make_booking(slot, email=f"{n}@example.org")
        for n, slot in enumerate((slots[0], slots[4], slots[5]))
    )
    bookings.cancel(cancelled.pk, Actor.RESIDENT, now)
    bookings.cancel(called_off.pk, Actor.OFFICE, now)
    for booking in (over, cancelled, called_off):
        strand(booking)
    assert calls.collect(slots[0].end) == 1
    assert Call.objects.get().booking == called_off


def test_a_mail_that_went_out_after_all_takes_the_call_away(slots: list[Slot], now: datetime) -> None:
    booking = factories.make_booking(slots[0])
    strand(booking)
    calls.collect(now)
    mail = OutboxMessage.objects.get(booking=booking, recipient=booking.email)
    delivery.resend(mail.id, now)
    calls.collect(now)
    assert Call.objects.count() == 0


def test_a_call_that_was_made_stays_made(slots: list[Slot], now: datetime) -> None:
    booking = factories.make_booking(slots[0])
    strand(booking)
    calls.collect(now)
    call = Call.objects.get()
    calls.tick(call.pk, is_done=True, now=now)
    calls.tick(call.pk, is_done=True, now=now + MINUTE)
    assert calls.collect(now + MINUTE) == 0
    call.refresh_from_db()
    assert call.done_at == now
    calls.tick(call.pk, is_done=False, now=now + MINUTE)
    call.refresh_from_db()
    assert call.done_at is None


@pytest.fixture
def call(slots: list[Slot], host: Host, service: Service, office: Office, now: datetime) -> Call:
    """A call about an appointment that fell out, with another time held."""
    bruno = factories.make_host(office, "Bruno Brück")
    pattern = factories.make_pattern(weekdays=(Weekday.WEDNESDAY,), first_on=date(2026, 11, 25))
    factories.make_slots(bruno, service, pattern)
    factories.make_booking(slots[0], email="")
    illness.report(host, now, now + timedelta(days=2), now - MINUTE)
    illness.carry_out(now)
    return Call.objects.get()


@pytest.mark.parametrize(("accepts", "status"), [(True, Status.CONFIRMED), (False, Status.CANCELLED)])
def test_the_office_answers_for_the_person_on_the_phone(
    call: Call, now: datetime, accepts: bool, status: Status
) -> None:
    answered = calls.answer_for(call.pk, accepts=accepts, now=now + MINUTE)
    call.refresh_from_db()
    assert (answered.replaces, answered.status, call.done_at) == (call.booking, status, now + MINUTE)
    with pytest.raises(WrongState):
        calls.answer_for(call.pk, accepts=accepts, now=now + MINUTE)


def test_a_held_time_that_has_run_out_cannot_be_accepted(call: Call, now: datetime) -> None:
    with pytest.raises(WrongState):
        calls.answer_for(call.pk, accepts=True, now=now + timedelta(days=2))
    with pytest.raises(NotFound):
        calls.answer_for(0, accepts=True, now=now)
    call.refresh_from_db()
    assert call.done_at is None
