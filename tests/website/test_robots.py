"""What machines read: the map of the site, what they leave alone, and what each page says about itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as Xml

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from booking.models import Office
from qmportal.website.models import ContentPage, HomePage, SignLanguagePage
from qmportal.website.robots import OPEN_TO_ALL
from tests import factories
from tests.website.page import Page
from tests.website.pages import translate

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("on_monday")]
SITE = "http://127.0.0.1:8000"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def sitemap(client: Client) -> dict[str, dict[str, str]]:
    """Return for each address of the map those of its other languages."""
    response = client.get("/sitemap.xml")
    assert response.headers["Content-Type"] == "application/xml"
    return {
        url.findtext("s:loc", "", NAMES).removeprefix(SITE): {
            link.attrib["hreflang"]: link.attrib["href"].removeprefix(SITE)
            for link in url.findall("x:link", NAMES)
        }
        for url in Xml.fromstring(response.content)  # noqa: S314 - our own
    }


def test_the_map_has_each_page_in_the_languages_of_its_text(client: Client, home: HomePage) -> None:
    home.add_child(instance=ContentPage(title="Über uns", slug="ueber-uns", locale=home.locale))
    found = sitemap(client)
    assert found["/datenschutz/"] == {
        "de": "/datenschutz/",
        "en": "/en/datenschutz/",
        "x-default": "/datenschutz/",
    }
    assert "/en/datenschutz/" in found
    assert found["/ueber-uns/"] == {"de": "/ueber-uns/", "x-default": "/ueber-uns/"}
    assert {"ar", "uk"} < set(found["/termine/"])
    assert "/ar/termine/" in found


def test_the_map_leaves_out_what_nobody_should_find(client: Client, home: HomePage) -> None:
    home.add_child(instance=SignLanguagePage(title="Gebärden", slug="gebaerdensprache", locale=home.locale))
    home.add_child(instance=ContentPage(title="Alt", slug="alt", locale=home.locale, live=False))
    assert [
        p for p in sitemap(client) if "buchung" in p or "suche" in p or p in ("/gebaerdensprache/", "/alt/")
    ] == []


def test_the_map_asks_the_same_number_of_queries_for_more_pages(
    client: Client, home: HomePage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/sitemap.xml")
    with django_assert_num_queries(10, exact=False) as first:
        client.get("/sitemap.xml")
    for number in range(30):
        home.add_child(
            instance=ContentPage(title=f"Seite {number}", slug=f"seite-{number}", locale=home.locale)
        )
    with django_assert_num_queries(len(first), exact=True):
        assert "/seite-29/" in sitemap(client)


def test_robots_are_told_what_to_leave_alone(client: Client, db: None) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert f"Sitemap: {SITE}/sitemap.xml" in lines
    assert {
        "Disallow: /buchung/",
        "Disallow: /verwaltung/",
        "Disallow: /suche/",
        "Disallow: /*/suche/",
    } < set(lines)
    assert [line for line in lines if "kalender" in line] == []


def test_holes_are_told_to_the_office_for_less_than_a_year(client: Client, office: Office) -> None:
    response = client.get("/.well-known/security.txt")
    told = dict(line.split(": ", 1) for line in response.content.decode().splitlines() if line)
    assert (told["Contact"], told["Preferred-Languages"]) == (f"mailto:{office.email}", "de, en")
    until = datetime.strptime(told["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=90) < until - factories.NOW < timedelta(days=365)


def head(client: Client, path: str) -> dict[str, str]:
    """Return what the page says about itself."""
    soup = Page(client.get(path)).soup
    said = {
        meta.get("name") or meta.get("property"): meta["content"]
        for meta in soup.head.find_all("meta", content=True)
    }
    links = soup.head.find_all("link", rel="canonical")
    return said | ({"canonical": links[0]["href"]} if links else {})


def test_a_page_says_its_one_address_and_what_it_is_about(
    client: Client, home: HomePage, office: Office
) -> None:
    home.search_description = "{name}: alles auf einen Blick."
    home.save()
    said = head(client, "/?utm_source=brief")
    assert (said["canonical"], said["og:url"]) == (f"{SITE}/", f"{SITE}/")
    assert (said["description"], said["og:type"], said["og:locale"]) == (
        f"{office.name}: alles auf einen Blick.",
        "website",
        "de_DE",
    )
    assert head(client, "/en/datenschutz/")["canonical"] == f"{SITE}/en/datenschutz/"


@pytest.mark.parametrize("name", OPEN_TO_ALL)
def test_a_page_of_the_product_is_shared_with_its_own_words(
    client: Client, home: HomePage, office: Office, name: str
) -> None:
    with translation.override("en"):
        path = reverse(name)
    page = Page(client.get(path))
    meta = {tag.get("property"): tag["content"] for tag in page.soup.head.find_all("meta", property=True)}
    shown = [" ".join(tag.get_text().split()) for tag in page.soup.main.select("h1, .qm-lead")]
    assert [meta["og:title"], meta["og:description"]] == shown[:2]


def test_a_page_that_nobody_translated_is_the_german_one(client: Client, home: HomePage) -> None:
    home.add_child(instance=ContentPage(title="Über uns", slug="ueber-uns", locale=home.locale))
    assert head(client, "/ar/ueber-uns/")["canonical"] == f"{SITE}/ueber-uns/"


def other_languages(client: Client, path: str) -> dict[str, str]:
    links = Page(client.get(path)).soup.head.find_all("link", rel="alternate", hreflang=True)
    return {link["hreflang"]: link["href"].removeprefix(SITE) for link in links}


def test_a_page_names_the_languages_that_it_is_written_in(client: Client, home: HomePage) -> None:
    page = ContentPage(title="Über uns", slug="ueber-uns", locale=home.locale)
    home.add_child(instance=page)
    german = {"de": "/ueber-uns/", "x-default": "/ueber-uns/"}
    assert other_languages(client, "/ar/ueber-uns/") == german
    translate(page, "tr", title="Biz kimiz")
    assert other_languages(client, "/ueber-uns/?von=brief") == german | {"tr": "/tr/ueber-uns/"}
    assert other_languages(client, "/termine/?ansicht=monat")["ar"] == "/ar/termine/"
    assert other_languages(client, "/buchung/") == {}


def test_only_pages_for_everybody_have_an_address(client: Client, home: HomePage) -> None:
    assert head(client, "/termine/?ansicht=monat")["canonical"] == f"{SITE}/termine/"
    assert "canonical" not in head(client, "/buchung/")
    assert "canonical" not in head(client, "/gibt-es-nicht/")
