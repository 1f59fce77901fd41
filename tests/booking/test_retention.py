"""What is forgotten, and when."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection

from booking.actions import bookings, delivery, illness, retention, throttling
from booking.actions.erasure import take_back
from booking.actions.reminders import remind
from booking.actions.retention import Erased, erase
from booking.enums import Actor, Occasion, OutboxStatus
from booking.models import (
    Absence,
    Booking,
    Call,
    Closure,
    Host,
    Office,
    OutboxMessage,
    Service,
    Slot,
    Throttle,
)
from tests import factories
from tests.booking.outbox import make_message

DAY = timedelta(days=1)
LONG_BEFORE = factories.NOW - timedelta(days=14)
# Seeded, and in no word of the product or of its texts.
TRACES = ("yılmaz", "quittenbaum", "4711081", "wasserschaden")


def traces_in_database() -> dict[str, list[str]]:
    """Return, by table and column, which seeded words stand anywhere in the database."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for column in connection.introspection.get_table_description(cursor, table):
                name = connection.ops.quote_name
                cursor.execute(f"SELECT {name(column.name)} FROM {name(table)}")  # noqa: S608 - our own names
                text = " ".join(str(value) for (value,) in cursor.fetchall()).lower()
                if words := [word for word in TRACES if word in text]:
                    found[f"{table}.{column.name}"] = words
    return found


@pytest.fixture
def booking(host: Host, service: Service) -> Booking:
    """One for Tuesday 14:00, by somebody who left traces in every field that takes them."""
    Service.objects.update(asks_message=True)
    slot = factories.make_slots(host, service, now=LONG_BEFORE)[0]
    return factories.make_booking(
        slot,
        now=LONG_BEFORE,
        name="Amira Yılmaz",
        email="amira.quittenbaum@example.org",
        phone="0171 4711081",
        topic="wohnen",
        message="Wasserschaden in der Küche",
    )


def test_two_days_after_the_appointment_nothing_of_a_person_is_left_in_any_table(booking: Booking) -> None:
    start = booking.slot.start
    other = factories.slots_of(booking.slot.office_hours.availability)[1]
    bookings.reschedule(booking.pk, other.pk, Actor.RESIDENT, start - 3 * DAY)
    remind(start - DAY / 2)
    bookings.cancel(booking.pk, Actor.OFFICE, start - DAY / 4, word="Frau Yılmaz ist krank")
    throttling.allow("code", "amira.quittenbaum@example.org", 3, timedelta(hours=1), start)
    assert set(traces_in_database()) >= {
        "booking_booking.name",
        "booking_booking.email",
        "booking_booking.phone",
        "booking_booking.message",
        "booking_outboxmessage.recipient",
        "booking_outboxmessage.text",
        "booking_outboxmessage.html",
    }
    erased = erase(other.end + 2 * DAY)
    assert traces_in_database() == {}
    assert (erased.bookings, erased.counters) == (1, 1)


def test_counts_and_times_stay(booking: Booking) -> None:
    before = OutboxMessage.objects.count()
    erase(booking.slot.end + 2 * DAY)
    kept = Booking.objects.get()
    assert (kept.status, kept.topic, kept.code, kept.slot) == (
        "confirmed",
        "wohnen",
        booking.code,
        booking.slot,
    )
    assert kept.erased_at == booking.slot.end + 2 * DAY
    assert OutboxMessage.objects.count() == before == 2
    assert list(OutboxMessage.objects.values_list("occasion", flat=True).order_by("number")) == [
        Occasion.BOOKED,
        Occasion.HOST_BOOKED,
    ]


def test_a_cancelled_appointment_far_ahead_is_forgotten_days_after_the_cancellation(booking: Booking) -> None:
    bookings.cancel(booking.pk, Actor.RESIDENT, LONG_BEFORE)
    delivery.sweep(LONG_BEFORE)
    assert erase(LONG_BEFORE + 2 * DAY - timedelta(seconds=1)).bookings == 0
    assert erase(LONG_BEFORE + 2 * DAY).bookings == 1
    assert traces_in_database() == {}


def test_nothing_goes_before_its_time_and_nothing_twice(booking: Booking) -> None:
    assert erase(booking.slot.end + 2 * DAY - timedelta(seconds=1)) == Erased(0, 0, 0, 0, 0, 0)
    assert erase(booking.slot.end + 2 * DAY).bookings == 1
    assert erase(booking.slot.end + 3 * DAY) == Erased(0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize("days", [0, 30])
def test_the_office_says_for_how_long(booking: Booking, days: int) -> None:
    Office.objects.update(retention_days=days)
    assert erase(booking.slot.end + days * DAY - timedelta(seconds=1)).bookings == 0
    assert erase(booking.slot.end + days * DAY).bookings == 1


def test_mail_that_nobody_is_left_to_get_is_discarded(booking: Booking, now: datetime) -> None:
    erase(booking.slot.end + 2 * DAY)
    assert set(OutboxMessage.objects.values_list("status", flat=True)) == {OutboxStatus.DISCARDED}
    assert delivery.sweep(booking.slot.end + 2 * DAY) == 0


def test_an_erased_mail_tells_its_recipient_not_even_by_its_key(booking: Booking) -> None:
    before = set(OutboxMessage.objects.values_list("dedupe_key", flat=True))
    erase(booking.slot.end + 2 * DAY)
    after = set(OutboxMessage.objects.values_list("dedupe_key", flat=True))
    assert len(after) == 2
    assert before.isdisjoint(after)


def test_many_are_erased_in_batches(host: Host, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 4)
    slot: Slot = factories.make_slots(host, service, now=LONG_BEFORE, capacity=10)[0]
    for n in range(10):
        factories.make_booking(slot, now=LONG_BEFORE, email=f"{n}@example.org")
    assert erase(slot.end + 2 * DAY).bookings == 10
    assert Booking.objects.exclude(email="").count() == 0


def test_the_words_of_a_sent_mail_go_after_a_week_its_traces_of_delivery_stay(
    office: Office, now: datetime
) -> None:
    message = make_message(office, now, status=OutboxStatus.SENT, sent_at=now, ics="BEGIN:VCALENDAR")
    message.save()
    assert erase(now + 7 * DAY - timedelta(seconds=1)).words == 0
    assert erase(now + 7 * DAY).words == 1
    message.refresh_from_db()
    assert (message.text, message.html, message.ics) == ("", "", "")
    assert (message.subject, message.recipient, message.sent_at) == ("Ihr Termin", "amira@example.org", now)


def test_a_failed_mail_keeps_its_words_so_that_it_can_be_sent_again(office: Office, now: datetime) -> None:
    make_message(office, now, status=OutboxStatus.FAILED).save()
    assert erase(now + 8 * DAY).words == 0


def test_a_mail_about_no_booking_is_emptied_after_a_month(office: Office, now: datetime) -> None:
    make_message(office, now, status=OutboxStatus.FAILED).save()
    assert erase(now + 30 * DAY - timedelta(seconds=1)).mails == 0
    assert erase(now + 30 * DAY).mails == 1
    assert OutboxMessage.objects.get().recipient == ""


def test_who_takes_her_data_back_still_gets_the_last_mail_and_is_forgotten_then(booking: Booking) -> None:
    long_before = booking.slot.start - 5 * DAY
    OutboxMessage.objects.update(status=OutboxStatus.SENT, sent_at=LONG_BEFORE)
    take_back(booking.pk, long_before)
    erase(long_before + timedelta(hours=1))
    waiting = OutboxMessage.objects.unsent()
    assert "amira.quittenbaum@example.org" in set(waiting.values_list("recipient", flat=True))
    waiting.update(status=OutboxStatus.SENT, sent_at=long_before + timedelta(hours=1))
    erase(long_before + timedelta(hours=2))
    assert traces_in_database() == {}


def test_counters_of_tries_go_when_their_window_is_over(db: None, now: datetime) -> None:
    throttling.allow("code", "somebody", 3, timedelta(hours=1), now)
    erase(now + timedelta(minutes=59))
    assert Throttle.objects.count() == 1
    erase(now + timedelta(hours=1))
    assert Throttle.objects.count() == 0


def test_a_month_after_somebody_was_ill_nothing_says_so_any_more(booking: Booking) -> None:
    Office.objects.update(retention_days=30)
    slot = booking.slot
    absence = illness.report(slot.office_hours.host, slot.start, slot.end, LONG_BEFORE)
    illness.carry_out(LONG_BEFORE + timedelta(minutes=1))
    assert Booking.objects.get(pk=booking.pk).absence == absence
    assert erase(slot.end + 30 * DAY - timedelta(seconds=1)).absences == 0
    later = erase(slot.end + 30 * DAY)
    assert (later.absences, Absence.objects.count(), Closure.objects.count()) == (1, 0, 1)
    fallen = Booking.objects.get(pk=booking.pk)
    assert (fallen.absence, fallen.status, fallen.erased_at is None) == (None, "cancelled", False)


def test_an_absence_that_is_not_carried_out_yet_is_kept(booking: Booking) -> None:
    slot = booking.slot
    illness.report(slot.office_hours.host, slot.start, slot.end, LONG_BEFORE)
    assert erase(slot.end + 60 * DAY).absences == 0


def test_nobody_is_forgotten_before_she_was_called_or_her_time_is_over(host: Host, service: Service) -> None:
    """Reported on a Friday, without an address: on Monday somebody has to know whom to call."""
    slot = factories.make_slots(host, service, now=LONG_BEFORE)[0]
    booking = factories.make_booking(slot, now=LONG_BEFORE, email="", phone="0171 4711081")
    illness.report(host, slot.start, slot.end, LONG_BEFORE)
    illness.carry_out(LONG_BEFORE + timedelta(minutes=1))
    assert erase(LONG_BEFORE + 3 * DAY).bookings == 0
    call = Call.objects.get(booking=booking)
    assert (list(Call.objects.open(host.office)), call.booking.phone) == ([call], "0171 4711081")
    assert erase(slot.end - timedelta(seconds=1)).bookings == 0
    Call.objects.update(done_at=LONG_BEFORE + 3 * DAY)
    assert erase(LONG_BEFORE + 4 * DAY - timedelta(seconds=1)).bookings == 0
    Call.objects.update(done_at=None)
    assert erase(slot.end).bookings == 1


def test_who_was_called_is_forgotten_a_day_later(host: Host, service: Service) -> None:
    slot = factories.make_slots(host, service, now=LONG_BEFORE)[0]
    factories.make_booking(slot, now=LONG_BEFORE, email="", phone="0171 4711081")
    illness.report(host, slot.start, slot.end, LONG_BEFORE)
    illness.carry_out(LONG_BEFORE + timedelta(minutes=1))
    Call.objects.update(done_at=LONG_BEFORE + 3 * DAY)
    assert erase(LONG_BEFORE + 4 * DAY).bookings == 1
    assert traces_in_database() == {}
