"""The outbox: what becomes of a mail, whatever relay, worker, broker and database do."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks, Settings

from booking.actions import bookings, delivery, leases
from booking.enums import Actor, OutboxStatus
from booking.models import Booking, Office, OutboxMessage, Slot
from booking.relay import Answer, Outcome
from tests import factories
from tests.booking.outbox import make_message, queue, reload, rung
from tests.sink import Sink

MINUTE = timedelta(minutes=1)
LEASE = leases.LEASE + timedelta(seconds=1)


# --- into the outbox ---


def test_a_booking_rings_for_its_mails_once_it_is_committed(
    slots: list[Slot],
    now: datetime,
    bell: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        factories.make_booking(slots[0])
        assert rung() == []
    ids = OutboxMessage.objects.order_by("number").values_list("id", flat=True)
    assert rung() == [("booking.tasks.deliver", [str(id_)]) for id_ in ids]
    assert len(ids) == 2


def test_many_mails_at_once_ring_a_single_time(
    office: Office,
    now: datetime,
    bell: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        delivery.post([make_message(office, now) for _ in range(30)])
    assert rung() == [("booking.tasks.sweep", [])]


def test_no_mails_ring_for_nobody(
    db: None, bell: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        delivery.post([])
    assert rung() == []


def test_a_mail_that_is_there_already_is_not_written_again(office: Office, now: datetime) -> None:
    first = queue(office, now, dedupe_key="same", subject="Eins")
    queue(office, now, dedupe_key="same", subject="Zwei")
    assert list(OutboxMessage.objects.values_list("id", "subject")) == [(first.id, "Eins")]


def test_a_mail_that_the_database_refuses_is_an_error_on_every_database(
    office: Office, now: datetime
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        queue(office, now, subject=None)
    assert OutboxMessage.objects.count() == 0


def test_a_change_that_is_rolled_back_leaves_no_mail(slots: list[Slot]) -> None:
    with transaction.atomic():
        factories.make_booking(slots[0])
        assert OutboxMessage.objects.count() == 2
        transaction.set_rollback(True)
    assert (Booking.objects.count(), OutboxMessage.objects.count()) == (0, 0)


# --- out of the house ---


def test_a_mail_is_sent_once(office: Office, now: datetime, sink: Sink) -> None:
    message = queue(office, now)
    assert delivery.send(message.id, now) == Answer(Outcome.SENT)
    assert delivery.send(message.id, now + MINUTE) is None
    assert [taken.message_id for taken in sink.taken] == [message.message_id]
    sent = reload(message)
    assert (sent.status, sent.attempts, sent.claim_token, sent.last_error) == ("sent", 1, None, "")
    assert sent.sent_at is not None
    assert now <= sent.sent_at < now + MINUTE


def test_the_mails_of_a_booking_reach_resident_and_host(slots: list[Slot], now: datetime, sink: Sink) -> None:
    factories.make_booking(slots[0])
    assert delivery.sweep(now) == 2
    assert sorted(sink.recipients()) == ["amira@example.org", "hannah-helfrich@musterstadt.example"]


def test_a_mail_that_is_unknown_is_nobodys(db: None, now: datetime) -> None:
    assert delivery.send(uuid4(), now) is None


def test_a_busy_relay_is_asked_again_after_longer_and_longer_pauses(
    office: Office, now: datetime, sink: Sink
) -> None:
    sink.replies["RCPT"] = "451 4.3.0 later"
    message = queue(office, now)
    moment, pauses = now, []
    for _ in range(10):
        assert delivery.send(message.id, moment) == Answer(Outcome.AGAIN, "busy 451")
        waiting = reload(message)
        assert waiting.status == OutboxStatus.QUEUED
        pauses.append((waiting.next_attempt_at - moment).total_seconds())
        assert delivery.send(message.id, waiting.next_attempt_at - MINUTE / 60) is None
        moment = waiting.next_attempt_at
    steps = [30 * 2**n for n in range(7)] + [3600] * 3
    assert [step * 0.5 <= pause <= step * 1.5 + 1 for step, pause in zip(steps, pauses, strict=True)] == [
        True
    ] * 10


def test_a_mail_is_given_up_when_the_next_try_would_come_too_late(
    office: Office, now: datetime, sink: Sink
) -> None:
    sink.replies["MAIL"] = "451 later"
    message = queue(office, now, give_up_at=now + timedelta(seconds=10))
    delivery.send(message.id, now)
    given_up = reload(message)
    assert (given_up.status, given_up.last_error) == (OutboxStatus.FAILED, "busy 451")


def test_an_address_that_is_refused_fails_at_once(office: Office, now: datetime, sink: Sink) -> None:
    sink.replies["RCPT"] = "550 5.1.1 unknown"
    message = queue(office, now)
    delivery.send(message.id, now)
    assert (reload(message).status, reload(message).last_error) == ("failed", "refused-recipient 550")


def test_a_refused_login_burns_no_mail_and_raises_an_alarm(
    office: Office, now: datetime, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    sink = Sink(users={b"nord": b"right"})
    settings.EMAIL_URL = f"smtp://nord:wrong@127.0.0.1:{sink.port}"
    message = queue(office, now)
    with sink.running():
        delivery.send(message.id, now)
    assert reload(message).status == OutboxStatus.QUEUED
    alarms = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert alarms == [f"Mail {message.id} is kept back by a fault of our own: refused-login 535"]


def test_a_relay_that_never_answers_gets_three_copies_a_quarter_of_an_hour_apart(
    office: Office, now: datetime, sink: Sink, settings: Settings
) -> None:
    settings.EMAIL_ANSWER_SECONDS = 0.2
    sink.hangs.add("DATA")
    message = queue(office, now)
    moment = now
    for copies in (1, 2, 3):
        assert delivery.sweep(moment) == 1
        assert len(sink.taken) == copies
        assert delivery.sweep(moment + 14 * MINUTE) == 0
        moment += 16 * MINUTE
    ended = reload(message)
    assert (ended.status, ended.uncertain_attempts) == (OutboxStatus.UNCERTAIN, 3)
    assert delivery.sweep(moment + timedelta(days=1)) == 0
    assert len({taken.content for taken in sink.taken}) == 1


def test_a_line_cut_after_the_mail_is_tried_again_soon_but_not_often(
    office: Office, now: datetime, sink: Sink
) -> None:
    sink.cuts.add("DATA")
    message = queue(office, now)
    for minute in (0, 2, 5, 10):
        delivery.sweep(now + minute * MINUTE)
    assert reload(message).status == OutboxStatus.UNCERTAIN
    assert len(sink.taken) == 3


def test_a_mail_that_cannot_be_built_stops_no_other(office: Office, now: datetime, sink: Sink) -> None:
    bad = queue(office, now, subject="Zwei\nZeilen")
    good = queue(office, now)
    assert delivery.sweep(now) == 2
    assert (reload(bad).status, reload(bad).last_error) == (OutboxStatus.QUEUED, "not-built")
    assert reload(good).status == OutboxStatus.SENT


def test_no_personal_data_is_logged(
    office: Office, now: datetime, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    sink.replies["RCPT"] = "550 5.1.1 <amira@example.org> unknown"
    queue(office, now)
    queue(office, now, subject="Zwei\nZeilen Amira")
    delivery.sweep(now)
    assert len(caplog.records) == 2
    assert "amira" not in caplog.text.lower()


# --- in order ---


def test_a_later_mail_about_a_booking_waits_for_the_earlier_one(
    slots: list[Slot],
    now: datetime,
    sink: Sink,
    bell: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    booking = factories.make_booking(slots[0])
    bookings.cancel(booking.pk, Actor.RESIDENT, now)
    first, second = OutboxMessage.objects.filter(recipient="amira@example.org").order_by("number")
    assert delivery.send(second.id, now) is None
    sink.replies["RCPT"] = "451 later"
    delivery.send(first.id, now)
    assert delivery.send(second.id, now) is None
    sink.replies.clear()
    rung(drop=True)
    delivery.send(first.id, now + MINUTE)
    assert rung() == [("booking.tasks.deliver", [str(second.id)])]
    assert delivery.send(second.id, now + MINUTE) == Answer(Outcome.SENT)
    assert [str(taken.mail["Message-ID"]) for taken in sink.taken] == [first.message_id, second.message_id]


def test_mails_to_others_do_not_wait(slots: list[Slot], now: datetime, sink: Sink) -> None:
    factories.make_booking(slots[0])
    sink.replies["RCPT"] = "451 later"
    [resident, host] = OutboxMessage.objects.order_by("number")
    delivery.send(resident.id, now)
    sink.replies.clear()
    assert delivery.send(host.id, now) == Answer(Outcome.SENT)


# --- claims and leases ---


def test_a_dead_senders_mail_is_taken_over_when_its_lease_has_run_out(
    office: Office, now: datetime, sink: Sink
) -> None:
    message = queue(office, now)
    assert delivery.claim(message.id, now) is not None
    assert delivery.claim(message.id, now + leases.LEASE) is None
    assert delivery.sweep(now + LEASE) == 1
    sent = reload(message)
    assert (sent.status, sent.attempts, sent.uncertain_attempts) == (OutboxStatus.SENT, 2, 1)


def test_a_mail_that_kills_each_sender_stops_after_three(office: Office, now: datetime, sink: Sink) -> None:
    message = queue(office, now)
    claims = [delivery.claim(message.id, now + n * LEASE) is not None for n in range(5)]
    assert claims == [True, True, True, False, False]
    assert delivery.sweep(now + 5 * LEASE) == 0
    ended = reload(message)
    assert (ended.status, ended.uncertain_attempts, ended.last_error) == ("uncertain", 3, "sender-died")
    assert sink.taken == []


def test_a_sender_that_comes_back_late_overwrites_nothing(office: Office, now: datetime, sink: Sink) -> None:
    message = queue(office, now)
    late = delivery.claim(message.id, now)
    assert late is not None
    delivery.sweep(now + LEASE)
    assert leases.give_back(late, {"status": OutboxStatus.FAILED}) is False
    assert reload(message).status == OutboxStatus.SENT


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_renewed_while_the_sender_works(
    now: datetime, sink: Sink, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(leases, "RENEW_SECONDS", 0.1)
    monkeypatch.setattr("tests.sink.LONG", 1.0)
    sink.hangs.add("DATA")
    message = queue(factories.make_office(), now)
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(_alone, delivery.send, message.id, now)
        seen = set()
        while not sending.done():
            seen.add(reload(message).lease_until)
            time.sleep(0.05)
    assert sending.result() == Answer(Outcome.SENT)
    leased = sorted(moment for moment in seen if moment)
    assert leased[0] == now + leases.LEASE
    assert leased[-1] > now + leases.LEASE + timedelta(seconds=0.5)
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("lease")] == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_database_that_cuts_the_line_while_a_mail_is_sent_makes_no_copy(now: datetime, sink: Sink) -> None:
    message = queue(factories.make_office(), now)
    senders: list[int] = []

    def send() -> Answer | None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            senders.extend(cursor.fetchone())
        return delivery.send(message.id, now)

    def cut() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", senders)
        connection.close()

    sink.on_taken = cut
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(_alone, send).result() == Answer(Outcome.SENT)
    assert reload(message).status == OutboxStatus.SENT
    assert delivery.sweep(now + LEASE) == 0
    assert len(sink.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_senders_one_gets_the_mail(now: datetime, sink: Sink) -> None:
    message = queue(factories.make_office(), now)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: _alone(delivery.send, message.id, now), range(8)))
    assert sorted(answers, key=str) == [Answer(Outcome.SENT), *[None] * 7]
    assert len(sink.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_many_sweeps_at_once_send_each_mail_once(now: datetime, sink: Sink) -> None:
    office = factories.make_office()
    recipients = [f"{n}@example.org" for n in range(60)]
    delivery.post([make_message(office, now, recipient=recipient) for recipient in recipients])
    with ThreadPoolExecutor(4) as pool:
        tried = list(pool.map(lambda _: _alone(delivery.sweep, now), range(4)))
    assert sum(tried) == 60
    assert sorted(sink.recipients()) == sorted(recipients)


def _alone(call: Any, *args: Any) -> Any:
    """Call with a connection of this thread's own, closed afterwards."""
    try:
        return call(*args)
    finally:
        connection.close()


# --- the sweep ---


def test_a_sweep_takes_a_hundred_and_the_next_one_the_rest(office: Office, now: datetime, sink: Sink) -> None:
    delivery.post([make_message(office, now) for _ in range(105)])
    assert [delivery.sweep(now), delivery.sweep(now), delivery.sweep(now)] == [100, 5, 0]


def test_a_sweep_ends_in_time_to_let_the_next_one_look(
    office: Office, now: datetime, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "SWEEP_SECONDS", 0.0)
    delivery.post([make_message(office, now) for _ in range(3)])
    assert delivery.sweep(now) == 0


def test_what_would_come_after_the_appointment_is_not_sent(
    slots: list[Slot], now: datetime, sink: Sink
) -> None:
    factories.make_booking(slots[0])
    assert delivery.sweep(slots[0].start + timedelta(hours=4)) == 0
    errors = OutboxMessage.objects.values_list("status", "last_error")
    assert list(errors) == [("failed", "expired"), ("failed", "expired")]


def test_mail_that_waited_for_days_before_its_appointment_is_still_sent(
    host: Any, service: Any, now: datetime, sink: Sink
) -> None:
    pattern = factories.make_pattern(first_on=factories.TUESDAY + timedelta(days=14))
    factories.make_booking(factories.make_slots(host, service, pattern)[0])
    assert delivery.sweep(now + timedelta(days=4)) == 2
