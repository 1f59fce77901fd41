"""News: their list, one of them, and the feed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from booking.models import Office
from qmportal.website.models import HomePage, NewsIndexPage
from qmportal.website.tasks import publish_scheduled
from tests.website import pages
from tests.website.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("on_monday")]
DAY = date(2026, 11, 20)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def start(office: Office) -> HomePage:
    """A home page without sections."""
    return pages.make_home()


@pytest.fixture
def index(start: HomePage) -> NewsIndexPage:
    """The list of news."""
    return pages.make_news_index(start)


def shown(client: Client, path: str = "/aktuelles/") -> Page:
    response = client.get(path)
    assert response.status_code == 200
    return Page(response)


def titles(client: Client, path: str = "/aktuelles/") -> list[str]:
    found = shown(client, path).soup.select(".qm-item__title")
    return [heading.get_text(strip=True) for heading in found]


def test_pinned_news_come_first_then_the_latest(client: Client, index: NewsIndexPage) -> None:
    pages.make_news(index, "Alt", DAY - timedelta(days=9))
    pages.make_news(index, "Neu", DAY)
    pages.make_news(index, "Wichtig", DAY - timedelta(days=30), is_pinned=True)
    assert titles(client) == ["Wichtig", "Neu", "Alt"]


def test_ten_stand_on_a_page_whose_title_says_which(client: Client, index: NewsIndexPage) -> None:
    for number in range(12):
        pages.make_news(index, f"Meldung {number:02}", DAY - timedelta(days=number))
    first, second = shown(client), shown(client, "/aktuelles/?seite=2")
    assert len(first.soup.select(".qm-item")) == 10
    assert first.soup.select_one("a[rel=next]")["href"] == "?seite=2"
    assert [each.get_text(strip=True) for each in second.soup.select(".qm-item__title")] == [
        "Meldung 10",
        "Meldung 11",
    ]
    assert "2" not in first.title()
    assert "2" in second.title()
    assert titles(client, "/aktuelles/?seite=quatsch") == titles(client)


def test_a_tag_shows_its_news_only(client: Client, index: NewsIndexPage) -> None:
    pages.make_news(index, "Zebrastreifen", tags=["Verkehr"])
    pages.make_news(index, "Hochbeete", tags=["Grün", "Verkehr und mehr"])
    assert shown(client).links()["Verkehr"] == "/aktuelles/?thema=verkehr"
    assert titles(client, "/aktuelles/?thema=verkehr") == ["Zebrastreifen"]
    chosen = shown(client, "/aktuelles/?thema=verkehr").soup.select_one(".qm-tags [aria-current]")
    assert chosen.get_text(strip=True) == "Verkehr"


def test_an_unknown_tag_shows_all_and_says_so(client: Client, index: NewsIndexPage) -> None:
    pages.make_news(index, "Zebrastreifen", tags=["Verkehr"])
    assert titles(client, "/aktuelles/?thema=nichts") == ["Zebrastreifen"]
    assert shown(client, "/aktuelles/?thema=nichts").soup.select_one(".kern-alert") is not None
    assert shown(client).soup.select_one(".kern-alert") is None


def test_an_empty_list_says_so(client: Client, index: NewsIndexPage) -> None:
    assert len(shown(client).soup.select(".qm-empty")) == 1


def test_a_piece_of_news_leads_to_those_beside_it(client: Client, index: NewsIndexPage) -> None:
    for number, title in enumerate(["Vorher", "Mittlere", "Neuere", "Neueste"]):
        pages.make_news(index, title, DAY + timedelta(days=number // 3))
    soup = shown(client, "/aktuelles/mittlere/").soup
    assert soup.select_one("main a[rel=prev]")["href"] == "/aktuelles/neuere/"
    assert soup.select_one("main a[rel=next]")["href"] == "/aktuelles/vorher/"
    last = shown(client, "/aktuelles/neueste/").soup
    assert last.select_one("main a[rel=prev]") is None
    assert last.select_one("main a[rel=next]")["href"] == "/aktuelles/neuere/"


def test_a_shared_link_shows_title_words_and_picture(client: Client, index: NewsIndexPage) -> None:
    pages.make_news(index, "Fest", picture=pages.make_picture(), picture_text="Ein langer Tisch")
    soup = shown(client, "/aktuelles/fest/").soup
    meta = {each["property"]: each["content"] for each in soup.find_all("meta", property=True)}
    assert meta["og:title"] == "Fest"
    assert meta["og:description"] == "Fest, kurz."
    assert meta["og:url"] == "http://127.0.0.1:8000/aktuelles/fest/"
    assert meta["og:image"].startswith("http://127.0.0.1:8000/media/images/")
    assert soup.select_one("main img")["alt"] == "Ein langer Tisch"


def test_news_speak_the_language_of_the_address_where_they_can(client: Client, index: NewsIndexPage) -> None:
    street = pages.make_news(index, "Straßenfest", slug="strassenfest")
    pages.make_news(index, "Hochbeete")
    pages.translate(street, "en", title="Street party", slug="street-party")
    found = shown(client, "/en/aktuelles/")
    links = found.links()
    assert links["Street party"] == "/en/aktuelles/strassenfest/"
    assert links["Hochbeete"] == "/en/aktuelles/hochbeete/"
    marked = {each.get_text(strip=True): each.get("lang") for each in found.soup.select(".qm-item__title")}
    assert marked == {"Street party": None, "Hochbeete": "de"}
    assert shown(client, "/en/aktuelles/strassenfest/").headings(1) == ["Street party"]


def test_a_time_set_by_the_editor_publishes_and_takes_back(client: Client, index: NewsIndexPage) -> None:
    now = timezone.now()
    early = pages.make_news(index, "Zu früh")
    early.unpublish()
    early.go_live_at = now - timedelta(minutes=1)
    early.save_revision(approved_go_live_at=early.go_live_at)
    late = pages.make_news(index, "Zu spät")
    late.expire_at = now - timedelta(minutes=1)
    late.save()
    assert titles(client) == ["Zu spät"]
    publish_scheduled()
    assert titles(client) == ["Zu früh"]


def test_the_list_asks_the_same_number_of_queries_for_1_and_10_items(
    client: Client, index: NewsIndexPage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    picture = pages.make_picture()
    pages.make_news(index, "Meldung 0", picture=picture, tags=["Fest"])
    client.get("/en/aktuelles/")
    with django_assert_num_queries(60, exact=False) as one:
        shown(client, "/en/aktuelles/")
    for number in range(1, 10):
        pages.make_news(index, f"Meldung {number}", picture=picture, tags=["Fest", f"Thema {number}"])
    with django_assert_num_queries(len(one)):
        assert len(titles(client, "/en/aktuelles/")) == 10


def feed(client: Client, path: str = "/aktuelles/feed/", **headers: str) -> HttpResponse:
    return client.get(path, headers=headers)  # type: ignore[return-value]


def entries(response: HttpResponse) -> list[ElementTree.Element]:
    return ElementTree.fromstring(response.content).findall(f"{ATOM}entry")  # noqa: S314 - we wrote it


def test_the_feed_has_the_latest_news_first(client: Client, index: NewsIndexPage, office: Office) -> None:
    old = pages.make_news(index, "Alt", DAY - timedelta(days=9), is_pinned=True)
    pages.make_news(index, "Neu & <neu>", DAY)
    response = feed(client)
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    first, second = entries(response)
    assert first.findtext(f"{ATOM}title") == "Neu & <neu>"
    assert second.findtext(f"{ATOM}id") == f"urn:uuid:{old.translation_key}"
    assert second.findtext(f"{ATOM}summary") == "Alt, kurz."
    assert second.findtext(f"{ATOM}updated") == "2026-11-23T08:00:00+00:00"
    assert second.find(f"{ATOM}link").attrib["href"] == "http://127.0.0.1:8000/aktuelles/alt/"  # type: ignore[union-attr]
    assert office.name in re.findall("<title>([^<]+)", response.content.decode())[0]
    assert re.findall("<author><name>([^<]+)", response.content.decode()) == [office.name]


def test_the_feed_of_a_language_says_what_is_in_another(client: Client, index: NewsIndexPage) -> None:
    street = pages.make_news(index, "Straßenfest", slug="strassenfest")
    pages.make_news(index, "Hochbeete", DAY)
    pages.translate(street, "en", title="Street party")
    found = entries(feed(client, "/en/aktuelles/feed/"))
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [(each.findtext(f"{ATOM}title"), each.get(language)) for each in found] == [
        ("Street party", "en"),
        ("Hochbeete", "de"),
    ]
    assert found[0].findtext(f"{ATOM}id") == f"urn:uuid:{street.translation_key}"
    assert found[0].find(f"{ATOM}link").attrib["href"].endswith("/en/aktuelles/strassenfest/")  # type: ignore[union-attr]


def test_an_unchanged_feed_is_not_sent_again(client: Client, index: NewsIndexPage) -> None:
    page = pages.make_news(index, "Straßenfest", slug="strassenfest")
    tag = feed(client).headers["ETag"]
    again = feed(client, if_none_match=tag)
    assert (again.status_code, again.content) == (304, b"")
    page.unpublish()
    assert feed(client, if_none_match=tag).status_code == 200


def test_signs_that_xml_cannot_say_do_not_break_the_feed(client: Client, index: NewsIndexPage) -> None:
    pages.make_news(index, "Von\x0bWord", lead="Seite\x0czwei")
    entry = entries(feed(client))[0]
    assert [entry.findtext(f"{ATOM}{name}") for name in ("title", "summary")] == ["Von Word", "Seite zwei"]


@pytest.mark.parametrize("path", ["/en/aktuelles/", "/en/"])
def test_pages_tell_readers_of_the_feed(client: Client, index: NewsIndexPage, path: str) -> None:
    link = shown(client, path).soup.find("link", type="application/atom+xml")
    assert link["href"] == "/en/aktuelles/feed/"


def test_without_a_list_there_is_no_feed(client: Client, start: HomePage) -> None:
    assert feed(client).status_code == 404


def test_a_pinned_piece_says_why_it_stands_on_top(client: Client, index: NewsIndexPage) -> None:
    pages.make_news(index, "Alt", DAY - timedelta(days=30), is_pinned=True)
    pages.make_news(index, "Neu", DAY)
    labels = [len(item.select(".qm-badge")) for item in shown(client).soup.select(".qm-item")]
    assert labels == [1, 0]


def test_a_list_says_once_that_some_of_it_is_in_german(client: Client, index: NewsIndexPage) -> None:
    street = pages.make_news(index, "Straßenfest", slug="strassenfest")
    pages.translate(street, "en", title="Street party", slug="street-party")
    before = len(shown(client, "/en/aktuelles/").soup.select(".qm-only"))
    pages.make_news(index, "Hochbeete")
    pages.make_news(index, "Zebrastreifen")
    assert len(shown(client, "/en/aktuelles/").soup.select(".qm-only")) == before + 1
    assert shown(client).soup.select(".qm-only") == []


def test_a_piece_of_news_has_its_day_above_its_title(client: Client, index: NewsIndexPage) -> None:
    pages.make_news(index, "Fest", DAY)
    head = shown(client, "/aktuelles/fest/").soup.select_one(".qm-page-head")
    assert [each.name for each in head.find_all(["time", "h1"])] == ["time", "h1"]
    assert head.time["datetime"] == "2026-11-20"
