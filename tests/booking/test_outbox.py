"""What people may do with the outbox: hold it, release or discard what waits, send a mail once more."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from booking.actions import bookings, delivery
from booking.actions.errors import NotOnHold, NotSendable
from booking.enums import Actor, OutboxStatus
from booking.models import DeliveryState, Office, OutboxMessage, Slot
from tests import factories
from tests.booking.outbox import queue, reload, rung
from tests.sink import Sink

MINUTE = timedelta(minutes=1)


# --- hold, release, discard ---


def test_nothing_leaves_while_the_outbox_is_on_hold(office: Office, now: datetime, sink: Sink) -> None:
    message = queue(office, now)
    delivery.hold("Restored from the backup of Monday", now)
    assert (delivery.sweep(now), delivery.send(message.id, now), sink.taken) == (0, None, [])
    state = DeliveryState.objects.get()
    assert (state.on_hold, state.reason, state.changed_at) == (
        True,
        "Restored from the backup of Monday",
        now,
    )


def test_what_was_on_hold_is_sent_when_it_is_released(
    office: Office,
    now: datetime,
    sink: Sink,
    bell: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    delivery.hold("restored", now)
    message = queue(office, now)
    later = now + timedelta(days=5)
    with django_capture_on_commit_callbacks(execute=True):
        assert delivery.release(later) == 1
    assert rung() == [("booking.tasks.sweep", [])]
    assert delivery.sweep(later) == 1
    assert reload(message).status == OutboxStatus.SENT


def test_a_hold_that_outlasts_the_appointment_sends_no_old_news(
    slots: list[Slot], now: datetime, sink: Sink
) -> None:
    factories.make_booking(slots[0])
    delivery.hold("restored", now)
    later = slots[0].start + timedelta(days=2)
    assert delivery.sweep(later) == 0
    assert OutboxMessage.objects.unsent().count() == 2
    delivery.release(later)
    assert delivery.sweep(later) == 0
    assert OutboxMessage.objects.filter(status=OutboxStatus.FAILED).count() == 2


def test_discarding_takes_what_was_there_before_the_hold_and_nothing_newer(
    office: Office, now: datetime, sink: Sink
) -> None:
    old = queue(office, now)
    delivery.hold("restored", now + MINUTE)
    new = queue(office, now + 2 * MINUTE)
    assert delivery.discard_held(now + 3 * MINUTE) == 1
    assert delivery.sweep(now + 3 * MINUTE) == 1
    assert [reload(message).status for message in (old, new)] == ["discarded", "sent"]


def test_what_is_being_sent_is_not_discarded(office: Office, now: datetime) -> None:
    message = queue(office, now)
    delivery.claim(message.id, now)
    delivery.hold("restored", now)
    assert delivery.discard_held(now) == 0
    assert reload(message).status == OutboxStatus.INFLIGHT


def test_an_open_outbox_can_be_neither_released_nor_discarded(office: Office, now: datetime) -> None:
    message = queue(office, now)
    with pytest.raises(NotOnHold):
        delivery.release(now)
    with pytest.raises(NotOnHold):
        delivery.discard_held(now)
    assert reload(message).status == OutboxStatus.QUEUED


# --- once more ---


@pytest.mark.parametrize("status", ["failed", "uncertain", "discarded", "sent"])
def test_an_ended_mail_can_be_sent_again_with_the_same_id(
    office: Office, now: datetime, sink: Sink, status: str
) -> None:
    message = queue(office, now, status=status, attempts=9, uncertain_attempts=3)
    delivery.resend(message.id, now + timedelta(days=3))
    assert delivery.sweep(now + timedelta(days=3)) == 1
    assert [taken.message_id for taken in sink.taken] == [message.message_id]
    assert (reload(message).status, reload(message).attempts) == (OutboxStatus.SENT, 1)


@pytest.mark.parametrize(
    "fields", [{"status": "queued"}, {"status": "inflight"}, {"status": "sent", "text": ""}]
)
def test_a_mail_on_its_way_or_without_words_cannot_be_sent_again(
    office: Office, now: datetime, fields: dict[str, str]
) -> None:
    message = queue(office, now, **fields)
    with pytest.raises(NotSendable):
        delivery.resend(message.id, now)
    assert reload(message).status == fields["status"]


def test_an_invitation_overtaken_by_a_newer_one_cannot_be_sent_again(
    slots: list[Slot], now: datetime, sink: Sink
) -> None:
    booking = factories.make_booking(slots[0])
    sink.replies["RCPT"] = "550 unknown"
    delivery.sweep(now)
    sink.replies.clear()
    bookings.reschedule(booking.pk, slots[1].pk, Actor.RESIDENT, now)
    delivery.sweep(now)
    first = OutboxMessage.objects.filter(recipient="amira@example.org").earliest("number")
    with pytest.raises(NotSendable):
        delivery.resend(first.id, now)
