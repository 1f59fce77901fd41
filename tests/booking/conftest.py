"""Fixtures of the tests that visit pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse

from booking import links
from booking.models import Booking, Slot
from tests import factories
from tests.booking.visitor import Visitor


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
