"""What an office tells its neighbourhood: news with a picture, an event, other hours; and where all that arrives."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route
from pytest_django.live_server_helper import LiveServer
from wagtail.images.tests.utils import get_test_image_file

from booking.models import Office
from booking.staff.roles import EDIT_OFFICE, editors_group, permissions
from qmportal.accounts.models import User
from qmportal.website.models import EventIndexPage, EventPage, NewsIndexPage, NewsPage
from tests.journeys.hand import Hand
from tests.website import pages

pytestmark = [pytest.mark.browser, pytest.mark.once]
SECTIONS = ("latest_news", "coming_dates")
WALK_IN = ("walk_in", {"heading": "Ohne Termin", "text": "Kommen Sie einfach."})
MINUTES = 10
# Seconds until a draft saves itself, on a busy machine.
PATIENCE = 30
# Wagtail waits a moment before it watches what is typed, and says so only to scripts.
MARK_WATCHED = "addEventListener('w-unsaved:watch-edits', ({ target }) => target.classList.add('watching'))"


@pytest.fixture
def website(live_server: LiveServer, office: Office) -> LiveServer:
    """A home page that fills itself, with empty lists of news and events."""
    sections = [(kind, {"heading": "Es gibt Neues"}) for kind in SECTIONS]
    home = pages.make_home(body=[WALK_IN, *sections])
    pages.make_news_index(home)
    pages.make_event_index(home)
    return live_server


@pytest.fixture
def desk(browser: Browser, browser_context_args: dict[str, object], website: LiveServer) -> Iterator[Page]:
    """The browser of somebody who writes the website and keeps the hours; faults of a page fail the test."""
    user = User.objects.create_user("redaktion@musterstadt.example", first_name="Nele")
    user.groups.add(editors_group())
    user.user_permissions.add(*permissions(EDIT_OFFICE))
    client = Client()
    client.force_login(user)
    look = {"viewport": {"width": 1280, "height": 900}, "base_url": website.url}
    context = browser.new_context(**{**browser_context_args, **look})  # type: ignore[arg-type]
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": website.url}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if is_fault(line) else None)
    yield page
    context.close()
    assert faults == []


def is_fault(line: ConsoleMessage) -> bool:
    """Tell whether the browser complains; not of a draft whose fields are not filled yet, which Wagtail refuses."""
    of_a_draft = "/verwaltung/pages/" in line.location["url"] and "status of 400" in line.text
    return line.type == "error" and not of_a_draft


def test_news_an_event_and_other_hours_are_everywhere_at_once(
    desk: Page, office: Office, today: datetime, tmp_path: Path
) -> None:
    hand = Hand(desk)
    photo = tmp_path / "fest.png"
    photo.write_bytes(get_test_image_file().file.getvalue())
    day = timezone.localdate(today) + timedelta(days=5)
    write_news(hand, photo)
    announce_event(hand, day)
    change_hours(hand)
    assert hand.seconds < MINUTES * 60
    assert_it_is_everywhere(day)


def test_publishing_waits_for_the_draft_that_saves_itself(desk: Page, today: datetime) -> None:
    """A slow line: the draft is in the database, the answer is not back yet, and the button is pressed."""

    saved: list[int] = []

    def answer_late(route: Route) -> None:
        answer = route.fetch()
        if answer.ok and saves_itself(route.request):
            saved.append(answer.status)
            desk.locator("button[name=action-publish]").first.click()
        route.fulfill(response=answer)

    desk.add_init_script(MARK_WATCHED)
    desk.route("**/verwaltung/pages/**", answer_late)
    hand = Hand(desk)
    desk.goto("/verwaltung/")
    hand.click("text=Neue Veranstaltung >> visible=true")
    hand.fill("#id_title", "Laternenbasteln")
    hand.fill("#id_starts_at", f"{timezone.localdate(today) + timedelta(days=5):%d.%m.%Y} 15:00")
    desk.locator("#page-edit-form.watching").wait_for()
    # Only now is the form complete, and the draft is saved.
    hand.fill("#id_lead", "Wir basteln Laternen")
    type_until(desk, lambda: bool(saved))
    desk.locator(".messages .success").wait_for()
    assert list(EventPage.objects.values_list("title", "live")) == [("Laternenbasteln", True)]


def test_ones_own_draft_is_no_newer_version_of_another_window(desk: Page, website: LiveServer) -> None:
    """A slow line: the page asks who else is writing, and is answered once its draft is in the database."""
    questions: list[Route] = []
    desk.add_init_script(MARK_WATCHED)
    desk.route("**/editing-sessions/ping/**", lambda route: questions.append(route))
    page = pages.make_news(NewsIndexPage.objects.get(), "Lichterfest")
    page.save_revision()
    desk.goto(f"/verwaltung/pages/{page.pk}/edit/")
    desk.locator("#page-edit-form.watching").wait_for()
    desk.fill("#id_lead", "Am Samstag leuchtet der Park")
    type_until(desk, lambda: desk.locator("[data-w-autosave-state-value=saved]").count() == 1)
    for question in questions:
        question.fulfill(response=question.fetch())
    publish(Hand(desk))
    page.refresh_from_db()
    assert page.lead.rstrip("!") == "Am Samstag leuchtet der Park"


def test_the_last_words_of_a_text_are_sent_too(desk: Page, website: LiveServer) -> None:
    """The keys for saving right after the last letter: the field behind the text lags."""
    page = pages.make_event(EventIndexPage.objects.get())
    desk.goto(f"/verwaltung/pages/{page.pk}/edit/")
    desk.locator("[data-contentpath=outcome] [role=textbox]").click()
    desk.keyboard.type("Die Ampel kommt im Mai.")
    desk.keyboard.press("Control+s")
    desk.locator(".messages .success").wait_for()
    assert "Die Ampel kommt im Mai." in EventPage.objects.get().get_latest_revision_as_object().outcome


def test_a_pasted_list_is_as_many_tags_as_it_names(desk: Page, website: LiveServer) -> None:
    page = pages.make_news(NewsIndexPage.objects.get(), "Lichterfest")
    desk.goto(f"/verwaltung/pages/{page.pk}/edit/")
    desk.locator(".tagit-new input").click()
    desk.keyboard.insert_text("Fest, Garten; Kinder und Eltern")
    publish(Hand(desk))
    assert sorted(NewsPage.objects.get().tags.names()) == ["Fest", "Garten", "Kinder und Eltern"]


def type_until(desk: Page, is_saved: Callable[[], bool]) -> None:
    """Type on in the field until the draft saves itself.

    Wagtail may look at the untouched form twice, and takes for untouched what is typed in between.
    """
    for _ in range(PATIENCE):
        if is_saved():
            return
        desk.keyboard.type("!")
        desk.wait_for_timeout(1000)
    raise AssertionError("No draft saved itself.")


def saves_itself(request: Request) -> bool:
    """Tell whether the request saves a draft without anybody pressing a button."""
    return request.method == "POST" and request.headers["accept"] == "application/json"


def write_news(hand: Hand, photo: Path) -> None:
    hand.page.goto("/verwaltung/")
    hand.click("text=Neue Meldung schreiben >> visible=true")
    hand.fill("#id_title", "Lichterfest im Park")
    hand.fill("#id_lead", "Am Samstag leuchtet der Park.")
    hand.click("button:has-text('Bild auswählen')")
    hand.click(".modal [role=tab]:has-text('Hochladen')")
    hand.page.set_input_files(".modal input[type=file]", photo)
    hand.fill(".modal input[name$=title]", "Lampions")
    hand.fill(".modal input[name$=description]", "Lampions im Park")
    hand.click(".modal [role=tabpanel]:not([hidden]) button[type=submit]")
    hand.page.locator(".modal").wait_for(state="detached")
    hand.fill("#id_picture_text", "Lampions in den Bäumen")
    publish(hand)


def announce_event(hand: Hand, day: date) -> None:
    hand.page.goto("/verwaltung/")
    hand.click("text=Neue Veranstaltung >> visible=true")
    hand.fill("#id_title", "Laternenbasteln")
    hand.fill("#id_starts_at", f"{day:%d.%m.%Y} 15:00")
    hand.fill("#id_lead", "Wir basteln Laternen.")
    publish(hand)


def publish(hand: Hand) -> None:
    """Press the one button below the form, once a calendar that opened is closed again."""
    hand.page.keyboard.press("Escape")
    hand.click("[data-controller] button[name=action-publish]")
    hand.page.locator(".messages .success").wait_for()


def change_hours(hand: Hand) -> None:
    hand.page.goto("/verwaltung/buero/")
    hand.fill("[name=opening_times_0]", "10-11:30")
    hand.click("main .st-actions button[type=submit]")
    hand.page.locator(".messages .success").wait_for()


def assert_it_is_everywhere(day: date) -> None:
    client = Client()
    home = BeautifulSoup(client.get("/").content, "html.parser")
    titles = [link.get_text(strip=True) for link in home.select("main h3 a, main li a")]
    assert "Lichterfest im Park" in titles
    assert "Laternenbasteln" in home.select_one("main").get_text()  # type: ignore[union-attr]
    assert "Montag: 10:00 bis 11:30 Uhr" in [line.get_text() for line in home.select("footer .qm-hours")]
    office = json.loads(home.select_one("script[type='application/ld+json']").string or "")  # type: ignore[union-attr]
    assert [(each["opens"], each["closes"]) for each in office["openingHoursSpecification"]] == [
        ("10:00", "11:30")
    ]
    news = BeautifulSoup(client.get("/aktuelles/lichterfest-im-park/").content, "html.parser")
    assert news.select_one("main img")["alt"] == "Lampions in den Bäumen"  # type: ignore[index]
    assert "Lichterfest im Park" in client.get("/aktuelles/feed/").content.decode()
    assert "Laternenbasteln" in client.get("/veranstaltungen/").content.decode()
    for feed in ("veranstaltungen", "termine"):
        lines = client.get(f"/kalender/{feed}.ics").content.decode().split("\r\n")
        assert "SUMMARY:Laternenbasteln" in lines
        assert f"DTSTART;TZID=Europe/Berlin:{day:%Y%m%d}T150000" in lines
