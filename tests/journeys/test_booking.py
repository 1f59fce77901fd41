"""From the list of free times to the appointment, its move and its end, in a real browser."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from booking import links
from booking.enums import Status
from booking.models import Booking, Slot

pytestmark = pytest.mark.browser
READING = 2_100
OWN_PAGE = re.compile(r"/buchung/[\w=-]{64}/$")


def press_until(page: Page, selector: str, key: str = "Tab") -> None:
    """Press a key until the element has the focus, as somebody without a mouse does."""
    for _number in range(80):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"no way to {selector} by keyboard")


@pytest.mark.parametrize(("language", "prefix"), [("de", ""), ("en", "/en")])
def test_a_resident_books_moves_and_cancels_without_scripts(
    live_server: LiveServer,
    without_scripts: BrowserContext,
    open_hours: list[Slot],
    language: str,
    prefix: str,
) -> None:
    page = without_scripts.new_page()
    with override(language):
        page.goto(f"{live_server.url}{prefix}/termine/")
        page.locator("a.qm-slot").nth(2).click()
        page.get_by_label(_("Name"), exact=True).fill("Amira Yılmaz")
        page.get_by_label(_("E-mail address"), exact=True).fill("amira@example.org")
        page.locator("input[name=channel][value=office]").check()
        page.wait_for_timeout(READING)
        page.get_by_role("button", name=_("Book this appointment")).click()
        expect(page).to_have_url(OWN_PAGE)
        booking = Booking.objects.get()
        expect(page.locator(".qm-code strong")).to_have_text(booking.code)
        assert (booking.slot, booking.language) == (open_hours[2], language)

        page.get_by_role("link", name=pgettext("appointment", "Move"), exact=True).click()
        page.locator(f"input[name=slot][value='{open_hours[6].pk}']").check()
        page.get_by_role("button", name=_("Move to the chosen time")).click()
        expect(page).to_have_url(OWN_PAGE)
        booking.refresh_from_db()
        assert (booking.slot, booking.sequence) == (open_hours[6], 1)

        page.get_by_role("link", name=pgettext("appointment", "Cancel"), exact=True).click()
        page.get_by_role("button", name=_("Cancel the appointment")).click()
        expect(page.locator("h1")).to_have_text(_("Your appointment is cancelled"))
    booking.refresh_from_db()
    assert booking.status == Status.CANCELLED


def test_the_whole_way_needs_no_mouse(live_server: LiveServer, page: Page, open_hours: list[Slot]) -> None:
    page.goto(f"{live_server.url}/termine/")
    press_until(page, "a.qm-slot")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/termine/\d+/$"))
    page.wait_for_timeout(READING)
    press_until(page, "button[type=submit]")
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^" + _("Error:")))
    assert page.evaluate("document.activeElement.id") == "fehler"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "name"
    page.keyboard.type("Amira")
    press_until(page, "input[name=phone]")
    page.keyboard.type("0171 2345678")
    press_until(page, "input[name=channel]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(OWN_PAGE)
    booking = Booking.objects.get()
    assert (booking.slot, booking.name, booking.channel) == (open_hours[0], "Amira", "phone")

    press_until(page, "a[href$='/verschieben/']")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/verschieben/$"))
    press_until(page, "input[name=slot]")
    page.keyboard.press("ArrowDown")
    press_until(page, "button[type=submit]")
    page.keyboard.press("Enter")
    expect(page).to_have_url(OWN_PAGE)
    booking.refresh_from_db()
    assert booking.sequence == 1


def test_who_comes_second_books_the_next_time_with_what_she_typed(
    live_server: LiveServer, without_scripts: BrowserContext, open_hours: list[Slot], booked: Booking
) -> None:
    page = without_scripts.new_page()
    page.goto(f"{live_server.url}/termine/{open_hours[0].pk}/")
    page.get_by_label(_("Name"), exact=True).fill("Karim")
    page.get_by_label(_("Phone number"), exact=True).fill("0171 2345678")
    page.locator("input[name=channel][value=phone]").check()
    Booking.objects.filter(pk=booked.pk).update(slot=open_hours[0])
    page.wait_for_timeout(READING)
    page.get_by_role("button", name=_("Book this appointment")).click()
    expect(page).to_have_title(re.compile("^" + _("Error:")))
    expect(page.locator("input[name=name]")).to_have_value("Karim")
    page.locator("button.qm-slot").first.click()
    expect(page).to_have_url(OWN_PAGE)
    assert Booking.objects.get(name="Karim").slot == open_hours[1]


def test_a_booking_is_found_by_what_can_be_said_on_the_phone(
    live_server: LiveServer, without_scripts: BrowserContext, booked: Booking
) -> None:
    page = without_scripts.new_page()
    page.goto(f"{live_server.url}/buchung/")
    page.get_by_label(_("Code"), exact=True).fill(booked.code.lower().replace("-", " "))
    page.locator("input[name=proof]").fill("678")
    page.get_by_role("button", name=_("Show my booking")).click()
    expect(page.locator(".qm-code strong")).to_have_text(booked.code)


def test_a_page_stays_itself_in_the_other_language(
    live_server: LiveServer, page: Page, booked: Booking
) -> None:
    page.goto(f"{live_server.url}/buchung/{links.token(booked)}/absagen/")
    page.locator(".qm-languages summary").click()
    page.locator("a[hreflang=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_text("Cancel this appointment?")


def test_no_page_asks_another_host_for_anything(
    live_server: LiveServer, page: Page, booked: Booking, asked_hosts: list[str]
) -> None:
    token = links.token(booked)
    for path in ("/termine/", f"/termine/{booked.slot_id + 1}/", f"/buchung/{token}/", "/buchung/"):
        page.goto(live_server.url + path)
    assert asked_hosts == [live_server.url.split("/")[2]]


@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_an_appointment_takes_one_sheet_of_paper(
    live_server: LiveServer, page: Page, booked: Booking, prefix: str
) -> None:
    page.goto(f"{live_server.url}{prefix}/buchung/{links.token(booked)}/")
    assert b"/Count 1" in page.pdf(prefer_css_page_size=True)


def test_the_button_stays_in_sight_once_a_time_is_chosen(
    live_server: LiveServer, page: Page, booked: Booking
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/buchung/{links.token(booked)}/verschieben/")
    button = page.get_by_role("button", name=_("Move to the chosen time"))
    expect(button).not_to_be_in_viewport()
    page.locator("label.qm-slot").first.click()
    expect(button).to_be_in_viewport()
