"""What visitors find, on both databases, however they write it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Locale, PageViewRestriction

from booking.models import Host, Service
from qmportal.website import words
from qmportal.website.models import (
    ContentPage,
    EventIndexPage,
    EventPage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    SignLanguagePage,
)
from qmportal.website.search import MOST, search
from tests import factories
from tests.website.page import Page
from tests.website.pages import make_picture

pytestmark = pytest.mark.usefixtures("on_monday")


@pytest.fixture
def news(home: HomePage) -> NewsIndexPage:
    index = NewsIndexPage(title="Aktuelles", slug="aktuelles", locale=home.locale)
    home.add_child(instance=index)
    return index


def written(index: NewsIndexPage, title: str, slug: str = "meldung", **fields: Any) -> NewsPage:
    """Publish a piece of news."""
    page = NewsPage(title=title, slug=slug, locale=index.locale, **{"lead": "Kurz gesagt.", **fields})
    index.add_child(instance=page)
    return page


def described(text: str = "Ein Baum") -> Any:
    """Return a picture, ready for a block."""
    picture = make_picture()
    picture.contextual_alt_text, picture.decorative = text, False
    return picture


def found_number(page: Page) -> str:
    return " ".join(page.soup.main.h2.get_text().split())


def titles(query: str, language: str = "de") -> list[str]:
    return [found.title for found in search(query, language)]


@pytest.mark.parametrize(
    "query",
    ["Frühstück", "frühstück", "fruehstueck", "fruhstuck", "FRÜHSTÜCKEN", "früh", "frühstück bürgerhaus"],
)
def test_a_word_is_found_with_and_without_umlauts_endings_and_capitals(
    news: NewsIndexPage, query: str
) -> None:
    written(news, "Frühstück für alle", lead="Im Bürgerhaus, mit Kaffee.")
    assert "Frühstück für alle" in titles(query)


def test_every_word_has_to_be_there(news: NewsIndexPage) -> None:
    written(news, "Frühstück für alle")
    assert titles("Frühstück Flohmarkt") == []


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("Straßenfest", "strasse"),
        ("Plätze", "platz"),
        ("Дитячий майданчик", "майданчик"),
        ("Danışma", "danisma"),
        ("IŞIK", "isik"),
        ("Łódź", "lodz"),
        ("مُوعد", "موعد"),
        ("ساعات الاستشارة", "استشارة"),
        ("استشاره", "والاستشارة"),
        ("کتاب‌خانهٔ ایرانی", "كتاب"),
    ],
)
def test_words_fold_alike_in_texts_and_queries(said: str, query: str) -> None:
    assert words.answers(said, words.asked(query))


def test_a_title_counts_more_than_a_text(news: NewsIndexPage) -> None:
    written(
        news, "Neues vom Markt", "eins", body=[("text", "<p>Linden, Linden, Linden und noch eine Linde.</p>")]
    )
    written(
        news, "Drei Linden", "zwei", body=[("text", "<p>Ein langer Text über ganz andere Dinge.</p>" * 5)]
    )
    assert titles("Linde") == ["Drei Linden", "Neues vom Markt"]


def test_a_page_is_found_once_in_the_language_that_is_read(home: HomePage) -> None:
    original = ContentPage(title="Über uns", slug="ueber-uns", locale=home.locale)
    home.add_child(instance=original)
    english = original.copy_for_translation(Locale.objects.get(language_code="en"))
    english.title, english.lead = "About us", "Who we are, also called Über uns."
    english.save_revision().publish()
    assert [(found.title, found.url, found.language) for found in search("Über uns", "en")][:1] == [
        ("About us", "/ueber-uns/", "en")
    ]
    assert titles("about us", "de") == []


def test_what_is_hidden_is_not_found(news: NewsIndexPage, home: HomePage) -> None:
    written(news, "Geheimsache vorbei", "eins", live=False, expired=True)
    written(news, "Geheimsache später", "zwei", live=False)
    private = written(news, "Geheimsache privat", "drei")
    PageViewRestriction.objects.create(page=private, password="x", restriction_type="password")
    home.add_child(instance=SignLanguagePage(title="Geheimsache", slug="zeichen", locale=home.locale))
    assert titles("Geheimsache") == []


def test_services_people_and_ways_are_found_too(home: HomePage, host: Host, service: Service) -> None:
    assert (str(service), f"/termine/?angebot={service.slug}") in [
        (found.title, found.url) for found in search(str(service), "de")
    ]
    assert [(found.title, found.url) for found in search(host.name, "de")] == [
        (host.name, f"/termine/?person={host.slug}")
    ]
    assert ("Termine", "/termine/") in [(found.title, found.url) for found in search("Termin", "de")]
    Service.objects.update(is_active=False)
    Host.objects.update(is_active=False)
    assert titles(host.name) == []


def test_the_page_says_kind_day_and_number(client: Client, news: NewsIndexPage, home: HomePage) -> None:
    index = EventIndexPage(title="Veranstaltungen", slug="veranstaltungen", locale=home.locale)
    home.add_child(instance=index)
    starts = factories.NOW + timedelta(days=5)
    fields = {"starts_at": starts, "ends_at": starts + timedelta(hours=2), "lead": "Für alle."}
    index.add_child(instance=EventPage(title="Lindenfest", slug="lindenfest", locale=home.locale, **fields))
    page = Page(client.get("/suche/", {"q": "linden"}))
    assert found_number(page) == "1 Ergebnis"
    assert page.links()["Lindenfest"] == "/veranstaltungen/lindenfest/"
    assert page.soup.find("time")["datetime"] == "2026-11-28"
    assert page.soup.find("meta", attrs={"name": "robots"})["content"] == "noindex"
    assert page.soup.find("input", type="search")["value"] == "linden"


def test_nothing_found_leads_on(client: Client, home: HomePage) -> None:
    page = Page(client.get("/suche/", {"q": "Quastenflosser"}))
    assert found_number(page) == "Nichts gefunden"
    assert page.links()["Termin buchen"] == "/termine/"


@pytest.mark.parametrize(
    "query", ["", "   ", "!?", '"', "a' OR 1=1 --", "%", "\x00", "x" * 5000, "* AND (", "-", "ﷺ½"]
)
def test_odd_queries_are_answered(client: Client, news: NewsIndexPage, query: str) -> None:
    response = client.get("/suche/", {"q": query})
    assert response.status_code == 200
    assert len(Page(response).soup.find("input", type="search")["value"]) <= 100


@pytest.mark.parametrize("query", ["linde", "kastanie"], ids=["title", "text"])
def test_one_and_thirty_results_ask_the_same_number_of_queries(
    client: Client, news: NewsIndexPage, query: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    body = [("text", "<p>Unter der Kastanie.</p>"), ("picture", {"picture": described(), "caption": "Hof"})]
    written(news, "Linde 0", "linde-0", body=body)
    client.get("/suche/", {"q": query})
    with django_assert_num_queries(30, exact=False) as first:
        client.get("/suche/", {"q": query})
    for number in range(1, 30):
        written(news, f"Linde {number}", f"linde-{number}", body=body)
    with django_assert_num_queries(len(first), exact=True):
        page = Page(client.get("/suche/", {"q": query}))
    assert found_number(page) == "30 Ergebnisse"


def test_what_a_page_says_is_read_without_asking_for_its_pictures_and_films(
    home: HomePage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    film = {"heading": "Anderswo", "address": "https://example.org/film", "picture": described("Vorschau")}
    body = [
        ("heading", "Im Hof"),
        ("text", "<p>Unter der <b>Kastanie</b>.</p>"),
        ("picture", {"picture": described("Ein Baum"), "caption": "Der Hof"}),
        ("foreign_video", film | {"transcript": "<p>Wir hören zu.</p>"}),
        ("foreign_video", film | {"transcript": "<p>Ohne Bild.</p>", "picture": None}),
        ("steps", {"heading": "So geht es", "steps": [{"title": "Kommen", "text": "Um drei."}] * 2}),
        (
            "tasks",
            {"heading": "Wir", "tasks": [{"pictogram": "heart", "title": "Da sein", "text": "Immer."}]},
        ),
        ("questions", {"questions": [{"question": "Warum?", "answer": "<p>Darum.</p>"}]}),
    ]
    home.add_child(
        instance=ContentPage(title="Der Hof", slug="hof", body=body, lead="Grün.", locale=home.locale)
    )
    page = ContentPage.objects.get(slug="hof")
    with django_assert_num_queries(0):
        said = page.told
    by_wagtail = page._meta.get_field("body").get_searchable_content(page.body)
    assert said == " ".join(["Der Hof", "Grün.", *by_wagtail])
    assert {"Kastanie.", "Baum", "Vorschau", "zu.", "Darum."} < set(said.split())


def test_more_than_fit_are_cut(news: NewsIndexPage) -> None:
    for number in range(MOST + 2):
        written(news, f"Linde {number}", f"linde-{number}")
    assert len(titles("linde")) == MOST


def test_an_excerpt_keeps_headings_and_entries_apart(news: NewsIndexPage) -> None:
    text = (
        "<h3>Was wir brauchen</h3><ul><li>Hämmer</li><li>Nägel</li></ul><p>Alles ist da.</p><p>Bis bald</p>"
    )
    written(news, "Werkstatt", lead="Wir bauen.", body=[("heading", "Am Samstag"), ("text", text)])
    assert [found.excerpt for found in search("Hämmer", "de")] == [
        "Wir bauen. Am Samstag · Was wir brauchen · Hämmer · Nägel · Alles ist da. Bis bald"
    ]
