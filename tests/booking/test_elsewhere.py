"""The free times at other places: in a frame on other websites, and on paper in the window."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from booking.enums import Rhythm, Weekday
from booking.models import Closure, Host, Office, Service, Slot
from booking.reasons import Reason
from booking.views.poster import SIZES, laid_out
from booking.views.times import Day, Group, Time
from qmportal.origins import origins
from tests.booking.visitor import Page, Visitor
from tests.factories import TUESDAY, make_booking, make_host, make_pattern, make_service, make_slots

pytestmark = pytest.mark.once

A3 = (841.92, 1191.12)
POLICY = "Content-Security-Policy"


def ancestors(page: Page) -> str:
    policy: str = page.response.headers[POLICY]
    return next(part.strip() for part in policy.split(";") if "frame-ancestors" in part)


# --- The frame ---


def test_who_may_frame_it_stands_in_the_settings(
    slots: list[Slot], visitor: Visitor, settings: Settings
) -> None:
    assert ancestors(visitor.open("/einbetten/")) == "frame-ancestors 'none'"
    settings.EMBED_ORIGINS = ["https://stadt.example", "https://traeger.example:8443"]
    page = visitor.open("/einbetten/")
    assert ancestors(page) == "frame-ancestors https://stadt.example https://traeger.example:8443"
    assert ancestors(visitor.open("/termine/")) == "frame-ancestors 'none'"


def test_the_frame_sets_no_cookie_and_may_be_kept_for_a_minute(slots: list[Slot], visitor: Visitor) -> None:
    headers = visitor.open("/einbetten/").response
    assert not headers.cookies
    assert "Cookie" not in headers.headers.get("Vary", "")
    assert headers.headers["Cache-Control"] == "public, max-age=60"
    assert headers.headers["X-Robots-Tag"] == "noindex"
    assert "X-Frame-Options" not in headers.headers


def test_every_link_in_the_frame_opens_our_site_in_a_new_tab_and_says_so(
    slots: list[Slot], visitor: Visitor
) -> None:
    page = visitor.open("/en/einbetten/")
    links = list(page.tree.iter("a"))
    assert [link.get("href") for link in links] == [
        *(f"/en/termine/{slot.pk}/" for slot in slots),
        "/en/termine/?",
    ]
    for link in links:
        assert (link.get("target"), link.get("rel")) == ("_blank", "noopener")
        assert "new tab" in "".join(link.itertext())


def test_the_frame_can_be_narrowed_and_is_short(
    slots: list[Slot], host: Host, service: Service, office: Office, visitor: Visitor
) -> None:
    daily = make_pattern(Rhythm.WEEKLY, tuple(Weekday), time(8), time(10), last_on=TUESDAY + timedelta(30))
    make_slots(host, make_service(office, "energie"), daily, slot_minutes=15)
    page = visitor.open("/einbetten/?angebot=energie")
    assert len(page.with_class("qm-slot")) == 40
    other = visitor.open("/einbetten/?angebot=sprechstunde&ab=2026-11-24")
    assert len(other.with_class("qm-slot")) == len(slots)


def test_the_frame_asks_as_often_for_one_time_as_for_nine(slots: list[Slot], visitor: Visitor) -> None:
    visitor.open("/einbetten/")

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            visitor.open("/einbetten/")
        return len(captured)

    many = asked()
    for slot in slots[1:]:
        make_booking(slot)
    assert asked() == many


def test_an_empty_frame_says_whom_to_call(office: Office, visitor: Visitor) -> None:
    assert office.phone in visitor.open("/einbetten/").text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", []),
        (
            "https://stadt.example, https://www.traeger.example:8443/",
            ["https://stadt.example", "https://www.traeger.example:8443"],
        ),
        ("https://Stadt.example\n", ["https://stadt.example"]),
    ],
)
def test_origins_are_read_from_the_environment(typed: str, read: list[str]) -> None:
    assert origins(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "http://stadt.example",
        "stadt.example",
        "*",
        "https://*.stadt.example",
        "https://stadt.example/termine",
        "https://user@stadt.example",
        "https://stadt.example;script-src *",
        "https://stadt.example:port",
        "https://",
    ],
)
def test_what_is_no_origin_stops_the_start(typed: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMBED_ORIGINS"):
        origins(f"https://gut.example {typed}")


@pytest.mark.browser
def test_a_browser_shows_the_frame_on_the_named_website_alone(
    slots: list[Slot], live_server: LiveServer, browser: Browser, settings: Settings
) -> None:
    # The same server under another name is another website; this page of it forbids no frames.
    city = live_server.url.replace("localhost", "127.0.0.1")
    page = browser.new_context().new_page()
    seen = {}
    for allowed in ([], [city]):
        settings.EMBED_ORIGINS = allowed
        page.goto(f"{city}/health/live")
        # Another address each time, since browsers keep the frame for a minute.
        page.set_content(f'<iframe src="{live_server.url}/einbetten/?n={len(allowed)}"></iframe>')
        seen[len(allowed)] = page.frame_locator("iframe").locator(".qm-embedded").count()
    page.context.close()
    assert seen == {0: 0, 1: 1}


# --- The poster ---


def one_day(number: int, groups: int, times_each: int, title: str = "Sprechstunde") -> Day:
    day = date(2026, 11, 23) + timedelta(number)
    time_ = Time(1, "", "09:00 Uhr", "", "", "2026-11-24T09:00")
    group = Group(title, "Hannah Helfrich", "vor Ort, Telefon", "", [time_] * times_each)
    return Day(day, "Dienstag, 24. November", "Di 24.", [group] * groups)


def test_few_times_are_written_larger_than_many_and_too_many_are_cut() -> None:
    few = laid_out([one_day(0, 1, 5)])
    many = laid_out([one_day(n, 2, 6) for n in range(5)])
    assert (few.size, few.is_large, few.is_cut) == (max(SIZES), True, False)
    assert many.size < few.size
    assert (many.is_large, many.is_cut) == (False, False)
    too_many = laid_out([one_day(n, 6, 20) for n in range(7)])
    assert (too_many.size, too_many.is_cut) == (min(SIZES), True)
    assert 0 < len(too_many.days) < 7


def test_closed_days_are_left_out_where_they_would_make_letters_much_smaller() -> None:
    closed = replace(one_day(6, 0, 0), closed=Reason("Ausflug"))
    weeks = [[one_day(n, 1, 5) for n in range(days)] for days in range(1, 6)]
    sheets = [(laid_out(week), laid_out([closed, closed, *week])) for week in weeks]
    sizes = list(SIZES)
    assert {sizes.index(other.size) - sizes.index(one.size) for one, other in sheets} <= {0, 1}
    assert {len(other.days) - len(one.days) for one, other in sheets} == {0, 2}


def close(office: Office, start: datetime, days: int, reason: str) -> None:
    Closure.objects.create(office=office, start=start, end=start + timedelta(days), reason=reason)


def test_the_poster_says_why_a_coming_day_is_closed(
    office: Office, slots: list[Slot], visitor: Visitor
) -> None:
    monday = datetime(2026, 11, 23, tzinfo=office.zone)
    close(office, monday, 1, "Neujahr")
    close(office, monday + timedelta(5), 1, "Basar")
    close(office, monday + timedelta(7), 7, "Umbau")
    page = visitor.open("/ar/aushang/")
    assert "لا شيء متاح · رأس السنة الميلادية" in page.text
    assert "Basar" not in page.text
    following = visitor.open("/aushang/?woche=2026-W49")
    assert following.text.count("nichts frei · Umbau") == 5
    assert following.with_class("nothing")


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("", "Montag, 23. November –"),
        ("?woche=2026-W49", "Montag, 30. November –"),
        ("?ab=2026-11-24", "Dienstag, 24. November –"),
        ("?woche=2026-W54", "Montag, 23. November –"),
        ("?ab=gestern", "Montag, 23. November –"),
    ],
)
def test_the_poster_begins_on_the_day_asked_for(
    slots: list[Slot], visitor: Visitor, query: str, first: str
) -> None:
    page = visitor.open(f"/aushang/{query}")
    assert page.status == 200
    assert first in page.text


def test_the_poster_says_where_to_book_in_its_language(slots: list[Slot], visitor: Visitor) -> None:
    page = visitor.open("/en/aushang/")
    assert "/en/termine/" in page.text
    assert "14:00" in page.text
    assert "<svg" in page.html


def sheet_of(browser: Browser, url: str) -> dict[str, Any]:
    """Print a poster; answers the number and size of its pages and what it has no room for."""
    page = browser.new_context(viewport={"width": 1010, "height": 1478}).new_page()
    page.goto(url)
    printed = page.pdf(prefer_css_page_size=True)
    page.emulate_media(media="print")
    hidden = page.evaluate(
        """() => {
            const foot = document.querySelector('footer').getBoundingClientRect();
            const days = document.querySelector('.days');
            const last = days.lastElementChild.getBoundingClientRect();
            const sheet = document.querySelector('.sheet').getBoundingClientRect();
            return last.bottom > foot.top || foot.bottom > sheet.bottom + 1 || days.scrollWidth > days.clientWidth;
        }"""
    )
    page.context.close()
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    return {
        "pages": len(re.findall(rb"/Type /Page\b", printed)),
        "size": {tuple(round(float(side)) for side in box) for box in boxes},
        "hidden": hidden,
    }


@pytest.mark.browser
def test_few_and_many_times_fit_on_one_sheet_of_a3(
    office: Office, host: Host, service: Service, live_server: LiveServer, browser: Browser
) -> None:
    Office.objects.update(
        opening_times=[[["09:00", "12:00"], [f"{13 + n}:00", "18:00"]] for n in range(5)] + [[], []],
        name="Quartiersmanagement Musterstadt Nord-Ost am Alten Güterbahnhof",
    )
    tomorrow = timezone.localdate() + timedelta(1)
    once = make_pattern(first_on=tomorrow, starts_at=time(10), ends_at=time(11, 40))
    make_slots(host, service, once)
    wanted = {"pages": 1, "size": {(842, 1191)}, "hidden": False}
    assert sheet_of(browser, f"{live_server.url}/aushang/?ab={tomorrow}") == wanted
    other = make_host(office, "Dr. Konstantina Papadopoulou", organisation="Verbraucherzentrale Musterstadt")
    advice = make_service(office, "energie", title={"de": "Beratung zu Energie, Heizung und Stromkosten"})
    daily = make_pattern(Rhythm.WEEKLY, tuple(Weekday), time(8), time(9, 40), tomorrow)
    make_slots(other, advice, daily, skip_holidays=False)
    later = make_pattern(Rhythm.WEEKLY, tuple(Weekday), time(14), time(15), tomorrow)
    make_slots(host, service, later, skip_holidays=False)
    for language in ("", "/ru"):
        assert sheet_of(browser, f"{live_server.url}{language}/aushang/?ab={tomorrow}") == wanted
