"""The outbox from the command line."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from booking.actions import delivery
from booking.enums import Occasion, OutboxStatus
from booking.models import DeliveryState, Office, OutboxMessage, Slot
from tests import factories
from tests.sink import Sink

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def mail(*args: str) -> str:
    """Run the command and return what it said."""
    said = StringIO()
    call_command("mail", *args, stdout=said)
    return said.getvalue()


@contextmanager
def worker() -> Iterator[None]:
    """Sweep in the background, as a worker does."""
    done = threading.Event()

    def work() -> None:
        while not done.wait(0.1):
            delivery.sweep(timezone.now())
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def test_hold_and_release(slots: list[Slot]) -> None:
    factories.make_booking(slots[0])
    assert mail("hold", "--reason", "restored") == "No mail leaves until it is released or discarded.\n"
    assert DeliveryState.objects.get().reason == "restored"
    assert mail("release") == "2 mails are on their way.\n"
    assert DeliveryState.objects.get().on_hold is False


def test_hold_and_discard(slots: list[Slot], now: object) -> None:
    factories.make_booking(slots[0])
    delivery.hold("restored", factories.NOW + timedelta(minutes=1))
    assert mail("discard") == "2 mails were discarded.\n"
    assert set(OutboxMessage.objects.values_list("status", flat=True)) == {OutboxStatus.DISCARDED}


@pytest.mark.parametrize("command", ["release", "discard"])
def test_an_open_outbox_needs_neither(db: None, command: str) -> None:
    with pytest.raises(CommandError, match=r"^Mail is not on hold\. Nothing was done\.$"):
        mail(command)


@pytest.mark.django_db(transaction=True)
def test_a_test_mail_takes_the_ordinary_way(settings: Settings) -> None:
    factories.make_office()
    sink = Sink()
    settings.EMAIL_URL = sink.url
    with sink.running(), worker():
        said = mail("test", "it@musterstadt.example")
    assert said == f"Mail goes to: smtp://127.0.0.1:{sink.port}\nThe mail was sent.\n"
    assert sink.recipients() == ["it@musterstadt.example"]
    assert OutboxMessage.objects.get().occasion == Occasion.TEST


@pytest.mark.django_db(transaction=True)
def test_a_test_mail_tells_what_the_relay_did_not_like(settings: Settings) -> None:
    factories.make_office()
    sink = Sink(users={b"nord": b"right"})
    settings.EMAIL_URL = f"smtp://nord:secret@127.0.0.1:{sink.port}"
    with sink.running(), worker(), pytest.raises(CommandError) as refused:
        mail("test", "it@musterstadt.example")
    assert str(refused.value) == (
        "The mail server does not accept our password. Please tell your IT. (refused-login 535)"
    )


def test_a_test_mail_without_a_worker_says_so(office: Office) -> None:
    with pytest.raises(CommandError, match="Does the worker run"):
        mail("test", "it@musterstadt.example", "--wait", "0")


def test_a_test_mail_to_no_address_is_refused(office: Office) -> None:
    with pytest.raises(CommandError, match="not a valid address"):
        mail("test", "musterstadt")
    assert OutboxMessage.objects.count() == 0


def test_a_test_mail_during_a_hold_is_refused(office: Office) -> None:
    mail("hold")
    with pytest.raises(CommandError, match="on hold"):
        mail("test", "it@musterstadt.example")


def test_a_test_mail_needs_an_office(db: None) -> None:
    with pytest.raises(CommandError, match="no office yet"):
        mail("test", "it@musterstadt.example")


def test_status_tells_what_waits_and_why_and_keeps_the_password(
    slots: list[Slot], settings: Settings
) -> None:
    settings.EMAIL_URL = "smtp+tls://nord:secret@relay.example:587"
    factories.make_booking(slots[0])
    OutboxMessage.objects.update(last_error="refused-login 535", created_at=timezone.now())
    assert mail("status").splitlines() == [
        "Mail goes to: smtp+tls://relay.example:587",
        "Not on hold",
        "       2 waiting",
        "The oldest waits for 0 minutes.",
        "       2 The mail server does not accept our password. Please tell your IT. (refused-login 535)",
    ]


def test_status_names_the_hold(db: None) -> None:
    mail("hold", "--reason", "restored")
    assert mail("status").splitlines()[1:] == ["On hold: restored"]
