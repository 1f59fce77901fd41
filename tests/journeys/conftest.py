"""What every journey needs: an office that is open, and a browser that is watched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Request

from booking.enums import Rhythm, Weekday
from booking.models import Booking, Host, Service, Slot
from tests import factories

DAY = timedelta(days=1)


@pytest.fixture
def today(transactional_db: None) -> datetime:
    """The moment of the journey, on the clocks of the office: browsers live in real time."""
    return timezone.localtime()


@pytest.fixture
def open_hours(today: datetime, host: Host, service: Service) -> list[Slot]:
    """Two hours of every day from tomorrow on, four times of 30 minutes each."""
    first_on = timezone.localdate(today) + DAY
    pattern = factories.make_pattern(
        Rhythm.WEEKLY, tuple(Weekday), time(14), time(16), first_on, first_on + 20 * DAY
    )
    return factories.make_slots(host, service, pattern, today, slot_minutes=30)


@pytest.fixture
def booked(open_hours: list[Slot], today: datetime) -> Booking:
    """An appointment far enough away to be changed."""
    return factories.make_booking(open_hours[8], today)


@pytest.fixture
def without_scripts(browser: Browser, browser_context_args: dict[str, object]) -> Iterator[BrowserContext]:
    """A browser in which no script runs."""
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})  # type: ignore[arg-type]
    yield context
    context.close()


@pytest.fixture
def asked_hosts(page: Page) -> list[str]:
    """The hosts that the browser asks for anything, as it goes."""
    hosts: list[str] = []

    def note(request: Request) -> None:
        host = request.url.split("/")[2]
        if host not in hosts:
            hosts.append(host)

    page.on("request", note)
    return hosts
