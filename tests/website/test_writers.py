"""Those who write the website: the menu, the lists, the forms and what is left to do."""

from __future__ import annotations

from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import polib
import pytest
import wagtail.admin
from django.test import Client
from django.urls import reverse
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale
from wagtail.users.models import UserProfile

from booking.models import Office
from booking.staff import roles
from qmportal.accounts.models import User
from qmportal.website.models import EventIndexPage, EventPage, HomePage, NewsIndexPage, NewsPage
from qmportal.website.staff.words import WITHOUT_GERMAN
from tests import factories
from tests.website import pages
from tests.website.forms import form_of_event, form_of_news
from tests.website.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("on_monday")]
START = "/verwaltung/"
TODAY = date(2026, 11, 23)


def shown(client: Client, path: str = START) -> Page:
    response = client.get(path)
    assert response.status_code == HTTPStatus.OK
    return Page(response)


def test_one_click_leads_to_the_form_of_a_new_piece_of_news(editor: Client, news: NewsIndexPage) -> None:
    way = reverse("news:choose_parent")
    assert way in shown(editor).links().values()
    answer = editor.get(way)
    assert answer.headers["Location"] == reverse(
        "wagtailadmin_pages:add", args=["website", "newspage", news.pk]
    )
    form = editor.get(answer.headers["Location"])
    assert form.status_code == HTTPStatus.OK
    assert form.context["form"].initial["day"] == TODAY


def test_an_editor_publishes_news_with_a_picture(editor: Client, news: NewsIndexPage) -> None:
    form = editor.get(reverse("news:choose_parent")).headers["Location"]
    picture = pages.make_picture()
    data = form_of_news(
        title="Straßenfest", slug="strassenfest", lead="Am Samstag.", picture=picture.pk, tags="Fest, Verkehr"
    )
    assert editor.post(form, {**data, "action-publish": "1"}).status_code == HTTPStatus.FOUND
    page = NewsPage.objects.get(title="Straßenfest")
    assert (page.live, page.day, page.picture) == (True, TODAY, picture)
    assert sorted(page.tags.names()) == ["Fest", "Verkehr"]
    assert shown(Client(), "/aktuelles/strassenfest/").headings(1) == ["Straßenfest"]
    assert "Straßenfest" in shown(editor, reverse("news:index")).soup.get_text()


def test_the_button_of_the_editor_publishes_and_dates_are_written_as_here(
    editor: Client, news: NewsIndexPage
) -> None:
    form = shown(editor, editor.get(reverse("news:choose_parent")).headers["Location"]).soup
    assert form.select_one("footer button[type=submit]").get_text(strip=True) == "Veröffentlichen"
    assert form.select_one("#id_day")["value"] == "23.11.2026"


@pytest.mark.parametrize("language", ["de", "en"])
def test_dates_are_understood_as_they_are_shown(editor: Client, news: NewsIndexPage, language: str) -> None:
    user = User.objects.get()
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})
    form = editor.get(reverse("news:choose_parent")).headers["Location"]
    data = form_of_news(title="Fest", slug="fest", lead="Kurz.", day="04.12.2026")
    assert editor.post(form, {**data, "action-publish": "1"}).status_code == HTTPStatus.FOUND
    assert NewsPage.objects.get().day == date(2026, 12, 4)


def test_lists_say_when_in_figures(editor: Client, news: NewsIndexPage, events: EventIndexPage) -> None:
    pages.make_news(news, "Straßenfest")
    pages.make_event(events)
    for page, words in (("news:index", "23.11.2026"), ("events:index", "28.11.2026 14:00")):
        listing = shown(editor, reverse(page)).soup
        assert words in [cell.get_text(strip=True) for cell in listing.select("td")]
        assert listing.select_one("th.title").get_text(" ", strip=True).startswith("Titel 1–1 von 1 ")


def test_the_pages_begin_at_the_german_home_page(editor: Client, start: HomePage) -> None:
    way = editor.get(reverse("website_pages"))
    assert way.headers["Location"] == reverse("wagtailadmin_explore", args=[start.pk])


def test_a_picture_of_too_many_pixels_is_refused(editor: Client, start: HomePage) -> None:
    small = get_test_image_file(size=(9000, 6000))
    answer = editor.post(reverse("wagtailimages:add"), {"title": "Riesig", "file": small})
    assert list(answer.context["form"].errors) == ["file"]


def test_wagtail_still_lacks_the_german_texts_that_we_lend_it() -> None:
    catalogue = polib.pofile(str(Path(wagtail.admin.__file__).parent / "locale/de/LC_MESSAGES/django.po"))
    assert {entry.msgid for entry in catalogue if entry.translated()} & set(WITHOUT_GERMAN) == set()


def test_an_event_without_an_end_takes_two_hours(editor: Client, events: EventIndexPage) -> None:
    form = editor.get(reverse("events:choose_parent")).headers["Location"]
    data = form_of_event(title="Fest", slug="fest", lead="Am Samstag.", starts_at="2026-11-28 14:00")
    assert editor.post(form, {**data, "action-publish": "1"}).status_code == HTTPStatus.FOUND
    page = EventPage.objects.get()
    assert (page.starts_at, page.ends_at) == (pages.SATURDAY, pages.SATURDAY + timedelta(hours=2))
    assert edit(page) in shown(editor, reverse("events:index")).links().values()


@pytest.mark.parametrize(
    ("starts_at", "utc"),
    [
        ("2027-03-27 14:00", "2027-03-27T13:00"),
        ("2027-03-28 14:00", "2027-03-28T12:00"),
        ("2026-10-24 14:00", "2026-10-24T12:00"),
        ("2026-10-25 14:00", "2026-10-25T13:00"),
    ],
)
def test_times_are_those_of_the_clock_on_the_wall(
    editor: Client, events: EventIndexPage, starts_at: str, utc: str
) -> None:
    form = editor.get(reverse("events:choose_parent")).headers["Location"]
    data = form_of_event(title="Fest", slug="fest", lead="Kurz.", starts_at=starts_at)
    editor.post(form, {**data, "action-publish": "1"})
    assert EventPage.objects.get().starts_at.isoformat().startswith(utc)


@pytest.mark.parametrize("starts_at", ["2027-03-28 02:30", "2026-10-25 02:30"])
def test_a_time_that_is_not_there_or_there_twice_is_asked_again(
    editor: Client, events: EventIndexPage, starts_at: str
) -> None:
    form = editor.get(reverse("events:choose_parent")).headers["Location"]
    answer = editor.post(form, form_of_event(title="Fest", slug="fest", lead="Kurz.", starts_at=starts_at))
    assert answer.status_code == HTTPStatus.OK
    assert list(answer.context["form"].errors) == ["starts_at"]
    assert answer.context["form"]["title"].value() == "Fest"


def test_an_end_before_the_beginning_is_told_in_words(editor: Client, events: EventIndexPage) -> None:
    form = editor.get(reverse("events:choose_parent")).headers["Location"]
    times = {"starts_at": "2026-11-28 14:00", "ends_at": "2026-11-28 13:00"}
    answer = editor.post(
        form, form_of_event(title="Fest", slug="fest", lead="Kurz.", **times, **{"action-publish": "1"})
    )
    assert list(answer.context["form"].errors) == ["ends_at"]


def test_without_its_list_the_menu_says_what_is_missing(editor: Client) -> None:
    answer = editor.get(reverse("news:choose_parent"), follow=True)
    assert answer.status_code == HTTPStatus.OK
    assert len(list(answer.context["messages"])) == 1


def test_the_menu_without_javascript_has_the_website(editor: Client) -> None:
    links = [link["href"] for link in shown(editor).soup.select("noscript a")]
    for page in ("news:choose_parent", "events:index", "wagtailsnippets_website_video:list"):
        assert reverse(page) in links
        assert editor.get(reverse(page)).status_code in {HTTPStatus.OK, HTTPStatus.FOUND}


def test_who_sees_only_bookings_has_no_menu_of_the_website(office: Office, client: Client) -> None:
    user = User.objects.create_user("zahlen@musterstadt.example")
    user.user_permissions.add(*roles.permissions(roles.ENTER, roles.SEE_BOOKINGS))
    client.force_login(user)
    page = shown(client)
    assert reverse("news:choose_parent") not in page.links().values()
    assert page.soup.find(id="website") is None


def test_an_editor_translates_into_a_language_that_was_not_there(editor: Client, news: NewsIndexPage) -> None:
    page = pages.make_news(news, "Straßenfest", slug="strassenfest")
    turkish = pages.translate(news, "tr", title="Haberler").locale
    submit = reverse("simple_translation:submit_page_translation", args=[page.pk])
    assert editor.post(submit, {"locales": [turkish.pk]}).status_code == HTTPStatus.FOUND
    translation = page.get_translation(turkish)
    edit = reverse("wagtailadmin_pages:edit", args=[translation.pk])
    data = form_of_news(title="Sokak şenliği", slug="strassenfest", lead="Cumartesi günü.")
    assert editor.post(edit, {**data, "action-publish": "1"}).status_code == HTTPStatus.FOUND
    assert shown(Client(), "/tr/aktuelles/strassenfest/").headings(1) == ["Sokak şenliği"]


def test_who_translates_reads_of_languages_and_of_the_page_above(editor: Client, news: NewsIndexPage) -> None:
    page = pages.make_news(news, "Straßenfest")
    Locale.objects.get_or_create(language_code="tr")
    form = shown(editor, reverse("simple_translation:submit_page_translation", args=[page.pk])).soup
    words = form.select_one("main").get_text(" ", strip=True)
    assert ("Sprachen" in words, "Locale" in words) == (True, False)
    way = reverse("simple_translation:submit_page_translation", args=[news.pk])
    assert way in [link["href"].partition("?")[0] for link in form.select("main a[href]")]


def test_the_preview_shows_what_is_not_published(editor: Client, news: NewsIndexPage) -> None:
    preview = reverse("wagtailadmin_pages:preview_on_add", args=["website", "newspage", news.pk])
    editor.post(preview, form_of_news(title="Noch geheim", slug="geheim", lead="Kurz."))
    answer = editor.get(preview)
    assert "Noch geheim" in answer.content.decode()
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]


def test_the_preview_of_an_event_works_before_it_is_saved(editor: Client, events: EventIndexPage) -> None:
    preview = reverse("wagtailadmin_pages:preview_on_add", args=["website", "eventpage", events.pk])
    editor.post(preview, form_of_event(title="Fest", slug="fest", lead="Kurz.", starts_at="2026-11-28 14:00"))
    assert Page(editor.get(preview)).headings(1) == ["Fest"]  # type: ignore[arg-type]


def reminders(client: Client) -> list[str]:
    found = shown(client).soup.select(".st-website .st-note a")
    return [link["href"] for link in found]


def edit(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_nothing_is_left_to_do_on_a_fresh_website(editor: Client, start: HomePage) -> None:
    assert reminders(editor) == []


@pytest.mark.parametrize(("given", "is_old"), [(date(2024, 11, 23), True), (date(2024, 11, 24), False)])
def test_a_consent_of_two_years_ago_is_to_be_asked_for_again(
    editor: Client, start: HomePage, given: date, is_old: bool
) -> None:
    voice = {"quote": "Schön hier.", "name": "Ali", "consent_on": given}
    start.body = [("voices", {"heading": "Stimmen", "voices": [voice]})]
    start.save_revision().publish()
    pages.translate(start, "en")
    assert reminders(editor) == ([edit(start)] if is_old else [])


def test_a_fund_without_a_coming_deadline_asks_for_one(editor: Client, start: HomePage) -> None:
    fund = pages.make_fund(
        start, deadlines=[("deadline", {"day": TODAY - timedelta(days=1), "text": "Frühling"})]
    )
    assert reminders(editor) == [edit(fund)]
    fund.deadlines.append(("deadline", {"day": TODAY, "text": "Winter"}))
    fund.save_revision().publish()
    assert reminders(editor) == []


def test_a_month_after_a_say_somebody_has_to_tell_what_came_of_it(
    editor: Client, events: EventIndexPage
) -> None:
    told = {"is_participation": True}
    page = pages.make_event(events, "Runde", factories.NOW - timedelta(days=31), **told)
    pages.make_event(events, "Frisch", factories.NOW - timedelta(days=29), **told)
    pages.make_event(events, "Ausgefallen", factories.NOW - timedelta(days=40), is_cancelled=True, **told)
    pages.make_event(events, "Fest", factories.NOW - timedelta(days=40))
    assert reminders(editor) == [edit(page)]
    page.outcome = "<p>Die Bank kommt.</p>"
    page.save_revision().publish()
    assert reminders(editor) == []
