"""Somebody calls or stands at the desk: booked, counted and noted in a few taps, on a phone and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from booking.models import Booking, Host, Slot, Visit
from booking.staff.roles import managers_group
from qmportal.accounts.models import User
from tests.journeys.hand import Hand
from tests.journeys.still import violations

pytestmark = [pytest.mark.browser, pytest.mark.once]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
A6_IN_PIXELS = {"width": 397, "height": 559}


def logged_in(context: BrowserContext, host: Host, live_server: LiveServer) -> None:
    user = User.objects.create_user("hannah@musterstadt.example", first_name="Hannah")
    user.groups.add(managers_group())
    Host.objects.filter(pk=host.pk).update(user=user)
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])


@pytest.fixture
def desk(
    browser: Browser, browser_context_args: dict[str, object], live_server: LiveServer, host: Host
) -> Iterator[Page]:
    """The manager's browser on a phone."""
    context = browser.new_context(**{**browser_context_args, "base_url": live_server.url})  # type: ignore[arg-type]
    logged_in(context, host, live_server)
    yield context.new_page()
    context.close()


def test_somebody_who_calls_has_her_code_in_under_20_seconds(desk: Page, open_hours: list[Slot]) -> None:
    desk.goto(reverse("wagtailadmin_home"))
    hand = Hand(desk)
    hand.click(f'main a[href="{reverse("staff:book")}"]')
    hand.click("a.st-free-time")
    desk.locator("[name=name]:focus").wait_for()
    hand.type_in("Olena Koval")
    hand.type_in("0171 2345678")
    hand.click("main .st-actions button")
    code = desk.locator(".st-spoken-code").inner_text()
    booking = Booking.objects.get()
    assert (code, booking.name, booking.phone) == (booking.code, "Olena Koval", "0171 2345678")
    assert (booking.slot_id, hand.clicks, hand.fields) == (open_hours[0].pk, 3, 2)
    assert hand.seconds < 20


def test_without_scripts_a_time_just_taken_costs_one_more_click(
    without_scripts: BrowserContext, live_server: LiveServer, host: Host, open_hours: list[Slot]
) -> None:
    logged_in(without_scripts, host, live_server)
    page = without_scripts.new_page()
    page.goto(f"{live_server.url}{reverse('staff:book')}?zeit={open_hours[0].pk}")
    page.locator("[name=name]").fill("Olena Koval")
    Slot.objects.filter(pk=open_hours[0].pk).update(offer="none")
    page.locator("main .st-actions button").click()
    page.locator("#fehler").wait_for()
    page.locator("button.st-free-time").first.click()
    page.locator(".st-spoken-code").wait_for()
    booking = Booking.objects.get()
    assert (booking.name, booking.slot_id) == ("Olena Koval", open_hours[1].pk)


def test_who_comes_is_counted_and_who_came_is_noted_with_one_tap(
    desk: Page, booked: Booking, today: datetime
) -> None:
    desk.goto(reverse("staff:visits"))
    desk.locator(".st-walk-in button").click()
    desk.locator(".st-choices button").first.click()
    desk.locator('[aria-pressed="true"]').first.wait_for()
    assert Visit.objects.filter(service__isnull=False).count() == 1
    Slot.objects.filter(pk=booked.slot_id).update(start=today - timedelta(minutes=5))
    desk.goto(reverse("staff:hours", args=[booked.slot.office_hours_id]))
    desk.locator(".st-came__button").first.click()
    desk.locator('.st-came__button[aria-pressed="true"]').wait_for()
    booked.refresh_from_db()
    assert booked.attendance == "came"
    assert violations(desk, RULES) == []


def test_the_slip_fits_on_one_small_sheet(desk: Page, booked: Booking) -> None:
    desk.goto(reverse("staff:booking_slip", args=[booked.pk]))
    assert violations(desk, RULES) == []
    assert b"/Count 1" in desk.pdf(prefer_css_page_size=True)
    desk.set_viewport_size(A6_IN_PIXELS)  # type: ignore[arg-type]
    assert desk.evaluate("document.querySelector('main').scrollWidth > innerWidth") is False
