from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from booking.models import Office
from qmportal.website.models import HomePage

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def opened(browser: Browser, **context: Any) -> Page:
    return browser.new_context(locale="de-DE", **context).new_page()


def test_the_first_screen_of_a_small_phone_leads_to_a_booking(
    browser: Browser, live_server: LiveServer, home: HomePage
) -> None:
    page = opened(browser, viewport={"width": 390, "height": 844})
    page.goto(live_server.url)
    for part in (".qm-brand", "h1", ".qm-lead", ".qm-hero .kern-btn--primary", ".qm-next a"):
        box = page.locator(part).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 844, part


def test_a_refused_login_moves_the_focus_to_the_reason_without_javascript(
    browser: Browser, live_server: LiveServer, home: HomePage
) -> None:
    page = opened(browser, java_script_enabled=False)
    page.goto(live_server.url + "/konto/login/")
    page.fill("input[name=login]", "niemand@musterstadt.example")
    page.fill("input[name=password]", "falsch")
    page.click("button[type=submit]")
    assert "#" not in page.url
    assert page.locator("#fehler:focus").count() == 1
    assert page.input_value("input[name=login]") == "niemand@musterstadt.example"


def test_letters_twice_as_large_leave_nothing_to_scroll_sideways(
    browser: Browser, live_server: LiveServer, home: HomePage, office: Office
) -> None:
    page = opened(browser, viewport={"width": 195, "height": 422})
    for path in ("/", "/termine/", "/anfrage/"):
        page.goto(live_server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 195, path
