from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from qmportal.website.models import HomePage

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
PAGES = ("/", "/en/", "/datenschutz/", "/konto/login/", "/konto/password/reset/")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# All that changes with the colours; the page is the same in both.
OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def opened(browser: Browser, **context: Any) -> Page:
    return browser.new_context(locale="de-DE", **context).new_page()


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(browser: Browser, live_server: LiveServer, home: HomePage, width: int) -> None:
    page = opened(browser, color_scheme="light", viewport={"width": width, "height": 844})
    found = {}
    for path in PAGES:
        page.goto(live_server.url + path)
        faults = Axe().run(page, options=RULES).response["violations"]
        page.emulate_media(color_scheme="dark")
        faults += Axe().run(page, options=OF_COLOURS).response["violations"]
        page.emulate_media(color_scheme="light")
        found[path] = [fault["id"] for fault in faults]
    assert found == {path: [] for path in PAGES}


def test_the_first_screen_of_a_small_phone_leads_to_a_booking(
    browser: Browser, live_server: LiveServer, home: HomePage
) -> None:
    page = opened(browser, viewport={"width": 390, "height": 844})
    page.goto(live_server.url)
    for part in (".qm-brand", "h1", ".qm-lead", ".qm-hero .kern-btn--primary", ".qm-next a"):
        box = page.locator(part).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 844, part


def test_nothing_is_cut_off_at_320_pixels(browser: Browser, live_server: LiveServer, home: HomePage) -> None:
    page = opened(browser, viewport={"width": 320, "height": 640})
    for path in PAGES:
        page.goto(live_server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_the_page_asks_nobody_else_and_needs_three_files_at_most(
    browser: Browser, live_server: LiveServer, home: HomePage
) -> None:
    page = opened(browser)
    asked: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.append((request.resource_type, request.url)))
    page.goto(live_server.url, wait_until="networkidle")
    here = urlsplit(live_server.url).netloc
    assert [url for _, url in asked if urlsplit(url).netloc != here] == []
    assert len([url for kind, url in asked if kind in ("stylesheet", "script")]) <= 3


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
