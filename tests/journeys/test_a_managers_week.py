"""All that a manager does in a week, one after the other: on a phone, without scripts, in German, and quickly."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from booking.actions import illness
from booking.enums import Occasion, Status
from booking.models import Availability, Booking, Call, Host, OutboxMessage, Service, Slot
from booking.staff.roles import managers_group
from qmportal.accounts.models import User
from tests.factories import make_booking
from tests.journeys.hand import Hand
from tests.journeys.still import violations

pytestmark = [pytest.mark.browser, pytest.mark.once]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PHONE = {"width": 390, "height": 844}
MAIN_BUTTON = "main .st-actions button"
# Common words of English that are none of German.
ENGLISH = re.compile(
    r"\b(the|and|your|you|with|for|from|not|this|that|are|have|has|will|save|delete|edit|cancel|search|page|more"
    r"|none|yes|of|to|is|on|by|at|or|be|it|settings|week|day|today|close|show|hide|add|remove|user|help)\b",
    re.IGNORECASE,
)


class Walk(Hand):
    """A hand, and a pair of eyes that look at every page it comes to.

    Axe is a script, and scripts do not run where the hand works: the eyes open a copy of what it sees.
    """

    def __init__(self, page: Page, eyes: Page) -> None:
        super().__init__(page)
        self.eyes = eyes
        self.found: dict[str, tuple[list[str], list[str], bool]] = {}

    def look(self, name: str) -> None:
        """Note what is wrong with the page: English words, faults that axe finds, something that is cut off."""
        english = ENGLISH.findall(self.page.locator("body").inner_text())
        copy = re.sub(r"<script.*?</script>", "", self.page.content(), flags=re.DOTALL)
        copy = copy.replace("<noscript", "<div").replace("</noscript", "</div")
        self.eyes.route(
            "**/kopie/", lambda route: route.fulfill(body=copy, content_type="text/html; charset=utf-8")
        )
        self.eyes.goto("/kopie/")
        axe = violations(self.eyes, RULES)
        is_cut_off = self.eyes.evaluate("document.documentElement.scrollWidth > innerWidth")
        self.found[name] = (english, [fault["id"] for fault in axe], is_cut_off)

    def go(self, page: str) -> None:
        """Take the way through the menu."""
        self.click(".st-menu summary")
        self.click(f'.st-menu a[href="{reverse(page)}"]')

    def press(self, step: str) -> None:
        """Press the button of a form; the first of its kind is for the enter key and not to be seen."""
        self.click(f'main .button[value="{step}"]')


@pytest.fixture
def walk(
    without_scripts: BrowserContext,
    browser: Browser,
    browser_context_args: dict[str, object],
    live_server: LiveServer,
    host: Host,
) -> Iterator[Walk]:
    """The manager with her phone, logged in; no script runs."""
    user = User.objects.create_user("hannah@musterstadt.example", first_name="Hannah")
    user.groups.add(managers_group())
    Host.objects.filter(pk=host.pk).update(user=user)
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}
    without_scripts.add_cookies([cookie])  # type: ignore[list-item]
    page = without_scripts.new_page()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{live_server.url}{reverse('wagtailadmin_home')}")
    look = {"viewport": PHONE, "base_url": live_server.url}
    eyes = browser.new_context(**{**browser_context_args, **look})  # type: ignore[arg-type]
    yield Walk(page, eyes.new_page())
    eyes.close()


def publish_a_series(walk: Walk, first_on: datetime) -> list[Slot]:
    """Publish every week four hours with a break."""
    walk.go("staff:publish")
    walk.look("publish")
    walk.click(f"[name=weekdays] >> nth={first_on.weekday()}")
    walk.fill("[name=starts_at]", "08:00")
    walk.fill("[name=ends_at]", "12:30")
    walk.fill("[name=first_on]", first_on.date().isoformat())
    walk.click("[name=skip_holidays]")
    walk.click("main summary")
    walk.fill("[name=break_1_from]", "10:00")
    walk.fill("[name=break_1_until]", "10:30")
    walk.press("preview")
    walk.look("preview")
    assert Availability.objects.count() == 0
    walk.press("publish")
    walk.look("published")
    return list(Slot.objects.order_by("start"))


def change_one_date(walk: Walk, booking: Booking) -> None:
    """End that day at eleven, and move who is booked later."""
    walk.go("staff:hours_list")
    walk.look("hours_list")
    walk.click(f'main a[href="{reverse("staff:hours", args=[booking.slot.office_hours_id])}"]')
    walk.look("hours")
    walk.click(f'main a[href="{reverse("staff:hours_revise", args=[booking.slot.office_hours_id])}"]')
    walk.look("hours_revise")
    walk.fill("[name=ends_at]", "11:00")
    walk.press("preview")
    walk.look("hours_revise, whom it affects")
    walk.click("main input[value=move]")
    walk.press("decided")
    walk.look("hours_revise, the result")
    walk.press("apply")
    walk.look("revised")


def fall_ill(walk: Walk, last_on: datetime) -> None:
    """Let everything until that day fall out."""
    walk.go("staff:illness")
    walk.look("illness")
    walk.click("[name=until][value=day]")
    walk.fill("[name=last_on]", last_on.date().isoformat())
    walk.press("show")
    walk.look("illness, who is affected")
    walk.click("main button.serious")
    walk.look("absence")
    walk.click('main form[action$="/senden/"] button')
    illness.carry_out(timezone.now())
    walk.page.reload()
    walk.look("absence, sent")
    walk.go("staff:calls")
    walk.look("calls")
    walk.click("main [name=erledigt]")
    walk.look("calls, one done")


def book_for_a_caller(walk: Walk) -> Booking:
    """Book the first free time for somebody on the phone."""
    walk.go("wagtailadmin_home")
    walk.look("start page")
    walk.click(f'main a[href="{reverse("staff:book")}"]')
    walk.look("book")
    walk.click("a.st-free-time")
    walk.fill("[name=name]", "Olena Koval")
    walk.fill("[name=phone]", "0171 2345678")
    walk.click(MAIN_BUTTON)
    walk.look("booking_made")
    return Booking.objects.get(code=walk.page.locator(".st-spoken-code").inner_text())


def note_who_came(walk: Walk, booking: Booking) -> None:
    """Note it on the page of the office hours."""
    walk.click(f'main a[href="{reverse("staff:booking", args=[booking.pk])}"]')
    walk.look("booking")
    walk.click(".st-came__button")
    walk.look("booking, came")


def print_the_day(walk: Walk, day: datetime) -> bytes:
    """Print the day as it stands on one sheet."""
    walk.go("staff:week")
    walk.look("week")
    walk.click(f'main a[href$="?tag={day.date().isoformat()}"]')
    walk.look("day")
    walk.click(f'main a[href^="{reverse("staff:day_sheet")}"]')
    walk.look("day_sheet")
    return walk.page.pdf(prefer_css_page_size=True)


def export_a_report(walk: Walk) -> list[list[str]]:
    """Download the report of the year and answer its lines."""
    walk.page.go_back()
    walk.go("staff:report")
    walk.look("report")
    with walk.page.expect_download() as download:
        walk.click('main a[href*="csv"]')
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_week_of_work_on_a_phone_without_scripts(walk: Walk, service: Service, today: datetime) -> None:
    walk.look("start page of the first day")
    tomorrow = timezone.localtime(today) + timedelta(days=1)
    slots = publish_a_series(walk, tomorrow)
    first, second = slots[:12], slots[12:24]
    assert {slot.start.date() for slot in first} == {tomorrow.date()}

    late = make_booking(second[11], today, email="late@example.org")
    change_one_date(walk, late)
    late.refresh_from_db()
    assert timezone.localtime(late.slot.start) < timezone.localtime(second[0].start).replace(hour=11)

    for number, slot in enumerate(first):
        make_booking(slot, today, email=f"r{number}@example.org" if number < 8 else "")
    fall_ill(walk, tomorrow)
    assert Booking.objects.filter(slot__in=first, status=Status.CANCELLED).count() == 12
    assert OutboxMessage.objects.filter(occasion=Occasion.FALLS_OUT).count() == 8
    assert (Call.objects.count(), Call.objects.filter(done_at=None).count()) == (4, 3)

    booking = book_for_a_caller(walk)
    Slot.objects.filter(pk=booking.slot_id).update(start=today - timedelta(minutes=5))
    note_who_came(walk, booking)
    booking.refresh_from_db()
    assert booking.attendance == "came"

    assert b"/Count 1" in print_the_day(walk, tomorrow)
    report = export_a_report(walk)
    assert report[0] == ["Tabelle", "Zeile", "mit Termin", "ohne Termin", "zusammen"]
    assert [line[2:] for line in report if line[0] == "Nach Angeboten"] == [["1", "0", "1"]]

    assert walk.found == dict.fromkeys(walk.found, ([], [], False))
    assert walk.seconds < 240
