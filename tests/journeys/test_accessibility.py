"""Each page of the booking path before axe, in light and dark, on a phone and on a desk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from booking import links
from booking.actions import bookings
from booking.enums import Actor, Channel
from booking.models import Booking, Office, Slot
from tests.factories import make_booking

pytestmark = [pytest.mark.browser, pytest.mark.once]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# All that changes with the colours; the page is the same in both.
OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
SMALLEST_TARGET = 44
PHONE = 390
Way = Callable[[Page], None]


@pytest.fixture(params=[PHONE, 1280], ids=["phone", "desk"])
def width(request: pytest.FixtureRequest) -> int:
    """The width of the window."""
    return int(request.param)


@pytest.fixture
def eyes(browser: Browser, browser_context_args: dict[str, object], width: int) -> Iterator[Page]:
    """A page as people see it in that window."""
    look = {"viewport": {"width": width, "height": 844}, "color_scheme": "light"}
    context = browser.new_context(**{**browser_context_args, **look})  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def violations(page: Page, rules: dict[str, object] = RULES) -> list[str]:
    """Return what axe finds, one line for each element."""
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def in_the_dark(page: Page) -> list[str]:
    """Return what axe finds in the dark colours, which are then put out again."""
    page.emulate_media(color_scheme="dark")
    found = [f"dark {line}" for line in violations(page, OF_COLOURS)]
    page.emulate_media(color_scheme="light")
    return found


@pytest.fixture
def ways(
    live_server: LiveServer, open_hours: list[Slot], booked: Booking, office: Office, today: datetime
) -> dict[str, Way]:
    """The ways to each page, by the name of the page."""
    Office.objects.update(map_url="https://map.example/nord")
    own = f"/buchung/{links.token(booked)}/"
    by_video = make_booking(open_hours[9], today, channel=Channel.VIDEO)
    cancelled = make_booking(open_hours[10], today)
    bookings.cancel(cancelled.pk, Actor.OFFICE, today)

    def to(path: str) -> Way:
        return lambda page: void(page.goto(live_server.url + path))

    def sent(path: str, button: str = "main form[method=post] button[type=submit]") -> Way:
        def go(page: Page) -> None:
            page.goto(live_server.url + path)
            page.wait_for_timeout(2_100)
            page.locator(button).last.click()

        return go

    def too_late(page: Page) -> None:
        Office.objects.update(change_until_hours=168)
        page.goto(live_server.url + own + "absagen/")

    def gone(page: Page) -> None:
        page.goto(f"{live_server.url}/termine/{open_hours[0].pk}/")
        page.locator("input[name=name]").fill("Karim")
        page.locator("input[name=phone]").fill("0171 2345678")
        page.locator("input[name=channel][value=phone]").check()
        make_booking(open_hours[0], today)
        page.wait_for_timeout(2_100)
        page.locator("main form[method=post] button[type=submit]").click()

    day = open_hours[0].start.date().isoformat()
    return {
        "list": to("/termine/"),
        "week": to(f"/termine/?ansicht=woche&ab={day}"),
        "month": to(f"/termine/?ansicht=monat&ab={day}"),
        "filtered": to("/termine/?kanal=phone&angebot=gibtsnicht"),
        "empty": to("/termine/?zeit=vormittag"),
        "form": to(f"/termine/{open_hours[0].pk}/"),
        "errors": sent(f"/termine/{open_hours[0].pk}/"),
        "gone": gone,
        "booking": to(own),
        "video": to(f"/buchung/{links.token(by_video)}/video/"),
        "called off": to(f"/buchung/{links.token(cancelled)}/"),
        "cancel": to(own + "absagen/"),
        "move": to(own + "verschieben/"),
        "move without a choice": sent(own + "verschieben/"),
        "data": to(own + "daten/"),
        "find": to("/buchung/"),
        "not found": sent("/buchung/"),
        "not there": to("/buchung/x/"),
        "too late": too_late,
    }


def void(_value: object) -> None:
    """Forget a value that nobody asked for."""


def test_axe_finds_nothing(ways: dict[str, Way], eyes: Page, width: int) -> None:
    found = {}
    for name, way in ways.items():
        way(eyes)
        if wrong := violations(eyes) + in_the_dark(eyes):
            found[name] = wrong
        # A phone must do with 320 pixels.
        narrowest = width if width > PHONE else 320
        eyes.set_viewport_size({"width": narrowest, "height": 844})
        assert eyes.evaluate("document.documentElement.scrollWidth") <= narrowest, f"{name} scrolls sideways"
        eyes.set_viewport_size({"width": width, "height": 844})
        assert eyes.locator("h1").count() == 1, name
        assert re.match(r"\S.* · Quartiersmanagement", eyes.title()), name
    assert found == {}


def test_axe_would_find_something(live_server: LiveServer, office: Office, page: Page) -> None:
    page.goto(f"{live_server.url}/buchung/")
    page.evaluate("document.querySelector('label').remove()")
    assert [line for line in violations(page) if line.startswith("label:")] != []


def test_axe_would_find_pale_words_in_the_dark(live_server: LiveServer, office: Office, page: Page) -> None:
    page.goto(f"{live_server.url}/buchung/")
    page.evaluate("document.querySelector('label').setAttribute('class', 'pale')")
    page.evaluate(
        "const sheet = new CSSStyleSheet();"
        "sheet.replaceSync('@media (prefers-color-scheme: dark) { .pale { color: #333 !important } }');"
        "document.adoptedStyleSheets = [sheet]"
    )
    assert [line for line in in_the_dark(page) if line.startswith("dark color-contrast:")] != []


def test_times_are_large_enough_for_every_thumb(ways: dict[str, Way], page: Page) -> None:
    for name in ("list", "week", "move", "gone"):
        ways[name](page)
        boxes = [box.bounding_box() for box in page.locator(".qm-slot").all()]
        sizes = [(box["width"], box["height"]) for box in boxes if box]
        assert len(sizes) >= 6
        assert [size for size in sizes if min(size) < SMALLEST_TARGET] == [], name
