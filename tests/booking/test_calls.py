"""Who has to be called: noted once, gone when it is done or no longer needed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from booking.actions import bookings, calls, closing, delivery, illness, offers
from booking.actions.errors import NotFound, SlotTaken, WrongState
from booking.enums import (
    Actor,
    Answer,
    BookedTimes,
    CallReason,
    Occasion,
    OutboxStatus,
    SlotOffer,
    Status,
    Weekday,
)
from booking.models import Booking, Call, Host, Office, OfficeHours, OutboxMessage, Service, Slot
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


# --- whom the office changes something for ---


def listed() -> set[tuple[object, str]]:
    return set(Call.objects.filter(done_at=None).values_list("booking", "reason"))


@pytest.mark.parametrize("how", ["cancel", "move", "close", "withdraw"])
def test_whose_appointment_the_office_changes_and_no_mail_reaches_is_called(
    slots: list[Slot], host: Host, office: Office, now: datetime, how: str
) -> None:
    by_phone = factories.make_booking(slots[0], email="")
    factories.make_booking(slots[1])
    start, end = (datetime.combine(factories.TUESDAY, time(hour), office.zone) for hour in (0, 23))
    if how == "cancel":
        bookings.cancel(by_phone.pk, Actor.OFFICE, now)
    elif how == "move":
        bookings.reschedule(by_phone.pk, slots[5].pk, Actor.OFFICE, now)
    elif how == "close":
        closing.close(office, host, start, end, "", BookedTimes.CANCEL, now)
    else:
        closing.withdraw(slots[0].office_hours.availability, factories.TUESDAY, BookedTimes.CANCEL, now)
    assert listed() == {(by_phone.pk, CallReason.NO_EMAIL)}


def test_a_mail_an_hour_before_is_not_enough(slots: list[Slot]) -> None:
    booking = factories.make_booking(slots[3])
    bookings.cancel(booking.pk, Actor.OFFICE, slots[0].start)
    assert listed() == {(booking.pk, CallReason.SOON)}


def test_what_residents_change_themselves_needs_no_call(slots: list[Slot], now: datetime) -> None:
    moved, cancelled = (factories.make_booking(slot, email="") for slot in slots[:2])
    bookings.reschedule(moved.pk, slots[5].pk, Actor.RESIDENT, now)
    bookings.cancel(cancelled.pk, Actor.RESIDENT, now)
    assert listed() == set()


def test_who_was_called_before_is_called_again_when_it_falls_out(
    slots: list[Slot], host: Host, now: datetime
) -> None:
    booking = factories.make_booking(slots[0], email="")
    bookings.reschedule(booking.pk, slots[5].pk, Actor.OFFICE, now)
    calls.tick(Call.objects.get().pk, is_done=True, now=now)
    illness.report(host, now, now + timedelta(days=2), now)
    illness.carry_out(now + MINUTE)
    assert listed() == {(booking.pk, CallReason.NO_EMAIL)}


def test_a_later_mail_that_does_not_arrive_is_a_new_call(slots: list[Slot], now: datetime) -> None:
    booking = factories.make_booking(slots[0])
    strand(booking)
    calls.collect(now)
    calls.tick(Call.objects.get().pk, is_done=True, now=now)
    bookings.reschedule(booking.pk, slots[5].pk, Actor.OFFICE, now + MINUTE)
    strand(booking)
    assert [calls.collect(now + 2 * MINUTE) for _ in range(2)] == [1, 0]
    assert listed() == {(booking.pk, CallReason.MAIL_FAILED)}


# --- another time on the phone ---


def test_another_time_on_the_phone_moves_what_is_held_and_books_it(call: Call, now: datetime) -> None:
    held = Booking.objects.get(replaces=call.booking)
    other = Slot.objects.bookable(now).get(start=held.slot.start + timedelta(minutes=40))
    for _ in range(2):
        chosen = calls.choose_for(call.pk, other.pk, now + MINUTE)
    call.refresh_from_db()
    assert (chosen.pk, chosen.status, chosen.slot, call.done_at) == (
        held.pk,
        Status.CONFIRMED,
        other,
        now + MINUTE,
    )
    assert Slot.objects.bookable(now).filter(pk=held.slot_id).exists()
    assert offers.answer_of(chosen, now) == Answer.OTHER_TIME
    assert Booking.objects.live(now).count() == 1


def test_without_a_hold_what_is_kept_off_the_web_can_be_given_too(
    call: Call, slots: list[Slot], now: datetime
) -> None:
    held = Booking.objects.get(replaces=call.booking)
    Slot.objects.filter(pk=held.slot_id).update(offer=SlotOffer.DESK)
    kept_back = held.slot_id
    held.delete()
    chosen = calls.choose_for(call.pk, kept_back, now)
    assert (chosen.replaces, chosen.slot_id, chosen.status) == (call.booking, kept_back, Status.CONFIRMED)
    assert offers.answer_of(chosen, now) == Answer.OTHER_TIME


def test_a_time_that_has_just_gone_leaves_call_and_hold_as_they_are(call: Call, now: datetime) -> None:
    held = Booking.objects.get(replaces=call.booking)
    gone = Slot.objects.bookable(now).last()
    assert gone is not None
    factories.make_booking(gone)
    with pytest.raises(SlotTaken):
        calls.choose_for(call.pk, gone.pk, now)
    held.refresh_from_db()
    call.refresh_from_db()
    assert (held.status, call.done_at) == (Status.PENDING, None)
    with pytest.raises(WrongState):
        calls.choose_for(call.pk, gone.pk, now + timedelta(days=2))
    with pytest.raises(NotFound):
        calls.choose_for(0, gone.pk, now)


def test_the_feed_learns_of_both_dates_when_a_held_time_moves(call: Call, now: datetime) -> None:
    held = Booking.objects.get(replaces=call.booking)
    bruno = held.slot.office_hours.host
    friday = factories.make_pattern(weekdays=(Weekday.FRIDAY,), first_on=date(2026, 11, 27))
    (other, *_rest) = factories.make_slots(bruno, held.slot.office_hours.availability.service, friday)
    both = OfficeHours.objects.filter(slots__in=[held.slot, other]).order_by("pk")
    before = list(both.values_list("revision", flat=True))
    calls.choose_for(call.pk, other.pk, now)
    assert list(both.values_list("revision", flat=True)) == [revision + 1 for revision in before]
