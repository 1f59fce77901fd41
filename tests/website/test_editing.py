"""What those who write twice a month get wrong, and what the editor makes of it."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageLogEntry
from wagtail.test.utils.form_data import rich_text, streamfield

from qmportal.uploads import MOST_BYTES, MOST_BYTES_OF_STRANGERS
from qmportal.website.models import EventIndexPage, EventPage, NewsIndexPage, NewsPage
from qmportal.website.models.address import in_plain_letters
from tests.website import pages
from tests.website.forms import form_of_event, form_of_news
from tests.website.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("on_monday")]
PUBLISH = {"action-publish": "1"}


def add_news(editor: Client, **fields: Any) -> Any:
    form = editor.get(reverse("news:choose_parent")).headers["Location"]
    return editor.post(form, {**form_of_news(**{"lead": "Kurz.", **fields}), **PUBLISH})


def save(editor: Client, page: Any, data: dict[str, Any]) -> Any:
    return editor.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), {**data, **PUBLISH})


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("Lichterfest für alle", "lichterfest-fuer-alle"),
        ("Übung & Größe – Straße", "uebung-groesse-strasse"),
        ("Ärger im Cafe\u0301 a\u0308", "aerger-im-cafe-ae"),
        ("حفلة", "seite"),
        ("x" * 300, "x" * 100),
    ],
)
def test_an_address_has_letters_of_every_keyboard(words: str, address: str) -> None:
    assert in_plain_letters(words) == address


def test_the_title_makes_the_address_and_a_number_tells_two_apart(
    editor: Client, news: NewsIndexPage
) -> None:
    for _time in range(3):
        assert add_news(editor, title="Fest für alle").status_code == HTTPStatus.FOUND
    assert sorted(NewsPage.objects.values_list("slug", flat=True)) == [
        "fest-fuer-alle",
        "fest-fuer-alle-2",
        "fest-fuer-alle-3",
    ]
    assert Page(Client().get("/aktuelles/fest-fuer-alle/")).headings(1) == ["Fest für alle"]  # type: ignore[arg-type]


def test_an_address_with_umlauts_from_older_days_stays(editor: Client, news: NewsIndexPage) -> None:
    page = pages.make_news(news, "Fest", slug="für-alle")
    assert save(editor, page, form_of_news(title="Feste", slug="für-alle", lead="Kurz.")).status_code == 302
    assert Page(Client().get("/aktuelles/für-alle/")).headings(1) == ["Feste"]  # type: ignore[arg-type]


def test_a_new_address_leads_on_from_the_old_one(
    editor: Client,
    news: NewsIndexPage,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    page = pages.make_news(news, "Fest", slug="für-alle")
    with django_capture_on_commit_callbacks(execute=True):
        save(editor, page, form_of_news(title="Fest", slug="für-große", lead="Kurz."))
    assert Redirect.objects.exists()
    for prefix in ("", "/tr"):
        answer = Client().get(f"{prefix}/aktuelles/für-alle/", follow=True)
        assert answer.request["PATH_INFO"] == f"{prefix}/aktuelles/fuer-grosse/"


def test_without_a_title_only_the_title_is_asked_for(editor: Client, news: NewsIndexPage) -> None:
    answer = add_news(editor, title="")
    assert list(answer.context["form"].errors) == ["title"]


def test_a_picture_without_words_gets_those_of_the_library(editor: Client, news: NewsIndexPage) -> None:
    add_news(editor, title="Fest", picture=pages.make_picture().pk)
    assert NewsPage.objects.get().picture_text == "Menschen am Tisch"


def test_nobody_publishes_a_picture_that_only_some_can_see(editor: Client, news: NewsIndexPage) -> None:
    picture = pages.make_picture()
    type(picture).objects.update(description="")
    answer = add_news(editor, title="Fest", picture=picture.pk)
    assert list(answer.context["form"].errors) == ["picture_text"]
    form = editor.get(reverse("news:choose_parent")).headers["Location"]
    draft = form_of_news(title="Fest", lead="Kurz.", picture=picture.pk)
    assert editor.post(form, draft).status_code == HTTPStatus.FOUND


@pytest.mark.parametrize(
    ("ends_at", "length"),
    [
        ("28.11.2026 16:00", timedelta(hours=2)),
        ("29.11.2026 18:00", timedelta(hours=3)),
        ("", timedelta(hours=2)),
    ],
)
def test_the_end_moves_with_the_beginning_unless_it_is_changed_too(
    editor: Client, events: EventIndexPage, ends_at: str, length: timedelta
) -> None:
    page = pages.make_event(events)
    data = form_of_event(
        title="Fest", slug=page.slug, lead="Kurz.", starts_at="29.11.2026 15:00", ends_at=ends_at
    )
    assert save(editor, page, data).status_code == HTTPStatus.FOUND
    page = EventPage.objects.get()
    assert page.starts_at == pages.SATURDAY + timedelta(days=1, hours=1)
    assert page.ends_at - page.starts_at == length


def test_a_draft_that_saves_itself_shows_what_was_made_of_it(editor: Client, events: EventIndexPage) -> None:
    form = editor.get(reverse("events:choose_parent")).headers["Location"]
    data = form_of_event(title="Fest für alle", lead="Kurz.", starts_at="28.11.2026 14:00")
    answer = editor.post(form, data, headers={"accept": "application/json"})
    assert answer.json()["field_updates"] == {"slug": "fest-fuer-alle", "ends_at": "28.11.2026 16:00"}


def test_what_a_page_said_before_its_first_editor_can_be_brought_back(
    editor: Client, news: NewsIndexPage
) -> None:
    page = NewsPage(title="Alt", slug="alt", lead="Alt.", locale=news.locale)
    news.add_child(instance=page)
    for title in ("Neu", "Neuer"):
        save(editor, page, form_of_news(title=title, slug="alt", lead="Kurz."))
    first = PageLogEntry.objects.get(page=page.pk, action="wagtail.create").revision
    assert first.as_object().title == "Alt"
    history = editor.get(reverse("wagtailadmin_pages:history", args=[page.pk])).content.decode()
    assert reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, first.pk]) in history
    assert page.revisions.count() == 3


def test_a_draft_saves_itself_after_the_first_change_of_a_page_was_refused(
    editor: Client, news: NewsIndexPage
) -> None:
    page = NewsPage(title="Alt", slug="alt", lead="Alt.", locale=news.locale)
    news.add_child(instance=page)
    refused = Page(save(editor, page, form_of_news(title="Neu", slug="alt", lead="")))
    sent_back = {each["name"]: each["value"] for each in refused.soup.select("[name^=loaded_revision]")}
    form = {**form_of_news(title="Neu", slug="alt", lead="Kurz."), **sent_back}
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert editor.post(address, form, headers={"accept": "application/json"}).json()["success"] is True


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("youtube.com/watch?v=abcdefghijk", "https://youtube.com/watch?v=abcdefghijk"),
        ("https://www.ardmediathek.de/video/x", "https://www.ardmediathek.de/video/x"),
        ("https://www.youtube.com/@kanal", None),
        ("https://vimeo.com/channels/staffpicks", None),
        ("hallo", None),
    ],
)
def test_the_address_of_a_video_is_understood_or_told_what_to_do(
    editor: Client, news: NewsIndexPage, address: str, kept: str | None
) -> None:
    video = {
        "heading": "Der Film",
        "address": address,
        "picture": {"image": "", "decorative": "", "alt_text": ""},
        "transcript": rich_text("<p>Wir hören zu.</p>"),
    }
    answer = add_news(editor, title="Film", body=streamfield([("foreign_video", video)]))
    if kept is None:
        assert list(answer.context["form"].errors) == ["body"]
    else:
        assert NewsPage.objects.get().body[0].value["address"] == kept


def test_a_document_that_nobody_would_wait_for_is_refused_in_words(
    editor: Client, news: NewsIndexPage
) -> None:
    form = reverse("wagtaildocs:add")
    small, large = (
        SimpleUploadedFile("plan.pdf", b"%PDF-1.4" + b"x" * size, "application/pdf")
        for size in (MOST_BYTES_OF_STRANGERS, MOST_BYTES)
    )
    assert editor.post(form, {"title": "Plan", "file": small}).status_code == HTTPStatus.FOUND
    assert list(editor.post(form, {"title": "Plan", "file": large}).context["form"].errors) == ["file"]


def test_two_versions_are_compared_in_words(editor: Client, events: EventIndexPage) -> None:
    page = pages.make_event(events)
    data = form_of_event(title="Fest", slug=page.slug, lead="Kurz.", starts_at="29.11.2026 15:00", ends_at="")
    save(editor, page, {**data, "is_cancelled": "on"})
    versions = [page.pk, "earliest", "latest"]
    answer = Page(editor.get(reverse("wagtailadmin_pages:revisions_compare", args=versions)))
    changes = [" ".join(cell.get_text().split()) for cell in answer.soup.select("td.comparison")]
    assert "28. November 2026 14:00 29. November 2026 15:00" in changes
    assert "Nein Ja" in changes
