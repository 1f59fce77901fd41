"""Fixtures of the tests that visit pages or send mail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse
from pytest_django.fixtures import Settings

from booking import links
from booking.actions.doorbell import doorbell
from booking.models import Booking, Slot
from tests import factories
from tests.booking.outbox import rung
from tests.booking.visitor import Visitor
from tests.sink import Sink


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock of the house, standing still at Monday, 9:00, until a test moves it."""
    with time_machine.travel(factories.NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def visitor(clock: time_machine.Traveller) -> Visitor:
    """Somebody who comes for the first time."""
    return Visitor(clock)


@pytest.fixture
def booking(slots: list[Slot]) -> Booking:
    """An appointment on Tuesday, 14:00, at the office."""
    return factories.make_booking(slots[0])


@pytest.fixture
def own(booking: Booking) -> str:
    """The address of the booking's own page."""
    return reverse("booking:booking", kwargs={"token": links.token(booking)})


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    """A relay that takes what is sent, or answers as a test wants."""
    sink = Sink()
    settings.EMAIL_URL = sink.url
    with sink.running():
        yield sink


@pytest.fixture
def bell() -> Iterator[list[tuple[str, list[str]]]]:
    """What was rung for, read from the broker; call it with `rung`."""
    rung(drop=True)
    doorbell.silent_until = 0.0
    yield []
    rung(drop=True)
