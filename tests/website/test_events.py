"""Events: what is to come, what is over, and one of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from booking.models import Office
from qmportal.website.models import EventIndexPage
from tests import factories, itip
from tests.website import pages
from tests.website.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("on_monday")]
LIST = "/veranstaltungen/"
FEST = "/veranstaltungen/nachbarschaftsfest/"


@pytest.fixture
def index(office: Office) -> EventIndexPage:
    """The list of events of an office's website."""
    return pages.make_event_index(pages.make_home())


def shown(client: Client, path: str = LIST) -> Page:
    response = client.get(path)
    assert response.status_code == 200
    return Page(response)


def titles(page: Page, section: str) -> list[str]:
    return [each.get_text(strip=True) for each in page.soup.select(f"section[aria-labelledby={section}] h3")]


def words(page: Page) -> str:
    return " ".join(page.soup.main.get_text().split())


def test_the_next_event_comes_first_and_what_is_over_stands_below(
    client: Client, index: EventIndexPage
) -> None:
    for name, days in [("Später", 9), ("Bald", 2), ("Vorgestern", -2), ("Letztes Jahr", -365)]:
        pages.make_event(index, name, factories.NOW + timedelta(days=days))
    page = shown(client)
    assert titles(page, "kommt") == ["Bald", "Später"]
    assert titles(page, "vorbei") == ["Vorgestern", "Letztes Jahr"]


def test_what_was_this_morning_still_counts_as_today(client: Client, index: EventIndexPage) -> None:
    pages.make_event(index, "Frühstück", factories.NOW - timedelta(hours=3))
    assert titles(shown(client), "kommt") == ["Frühstück"]


def test_the_archive_has_years_and_pages(client: Client, index: EventIndexPage) -> None:
    for number in range(11):
        pages.make_event(index, f"Fest {number:02}", datetime(2026, 5, 1 + number, 12, tzinfo=UTC))
    # Already 2026 in Berlin.
    pages.make_event(index, "Silvester", datetime(2025, 12, 31, 23, 30, tzinfo=UTC))
    pages.make_event(index, "Uralt", datetime(2024, 6, 1, 12, tzinfo=UTC))
    page = shown(client)
    assert page.links()["2024"] == f"{LIST}?jahr=2024#vorbei"
    assert "2025" not in page.links()
    assert len(titles(page, "vorbei")) == 10
    assert titles(shown(client, f"{LIST}?jahr=2024"), "vorbei") == ["Uralt"]
    second = shown(client, f"{LIST}?jahr=2026&seite=2")
    assert titles(second, "vorbei") == ["Fest 00", "Silvester"]
    assert second.soup.select_one("a[rel=prev]")["href"] == "?jahr=2026&seite=1"


def test_without_events_the_list_says_so(client: Client, index: EventIndexPage) -> None:
    page = shown(client)
    assert len(page.soup.select(".qm-empty")) == 1
    assert page.soup.find(id="vorbei") is None


def test_an_event_says_when_where_and_how_to_get_in(client: Client, index: EventIndexPage) -> None:
    pages.make_event(index, place="Stadtpark", access_note="Ohne Stufe")
    said = words(shown(client, FEST))
    for fact in ("Samstag, 28. November 2026", "14:00–16:00", "Stadtpark", "Ohne Stufe"):
        assert fact in said


def test_without_a_place_it_is_at_the_office(client: Client, index: EventIndexPage) -> None:
    pages.make_event(index)
    said = words(shown(client, FEST))
    assert "Nordring 12, 12345 Musterstadt" in said
    assert "Eingang ohne Stufe, Klingel links" in said


def test_an_event_of_more_than_one_day_names_both(client: Client, index: EventIndexPage) -> None:
    pages.make_event(index, ends_at=pages.SATURDAY + timedelta(hours=28))
    said = words(shown(client, FEST))
    assert "Samstag, 28. November" in said
    assert "Sonntag, 29. November 2026" in said


def test_a_cancelled_event_says_so_everywhere(client: Client, index: EventIndexPage) -> None:
    pages.make_event(index, is_cancelled=True)
    page = shown(client, FEST)
    assert page.soup.select_one(".kern-alert--warning") is not None
    assert page.soup.find("a", href=f"{FEST}termin.ics") is None
    assert data_of(page)["eventStatus"] == "https://schema.org/EventCancelled"
    assert shown(client).soup.select_one(".qm-badge--warning") is not None


def test_what_came_of_it_stands_on_the_page_and_in_the_list(client: Client, index: EventIndexPage) -> None:
    told = {"is_participation": True, "outcome": "<p>Die Bank kommt an den Spielplatz.</p>"}
    pages.make_event(index, start=factories.NOW - timedelta(days=9), **told)
    assert "Die Bank kommt an den Spielplatz." in words(shown(client, FEST))
    assert shown(client).soup.find("a", href=f"{FEST}#ergebnis") is not None


def data_of(page: Page) -> dict[str, object]:
    found: dict[str, object] = json.loads(page.soup.find("script", type="application/ld+json").string)
    return found


def test_search_engines_read_the_event(client: Client, index: EventIndexPage) -> None:
    pages.make_event(index, "Fest </script><b>", slug="fest", lead="Für <alle>")
    data = data_of(shown(client, f"{LIST}fest/"))
    assert data["@type"] == "Event"
    assert data["name"] == "Fest </script><b>"
    assert data["startDate"] == "2026-11-28T14:00:00+01:00"
    assert data["endDate"] == "2026-11-28T16:00:00+01:00"
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert data["url"] == "http://127.0.0.1:8000/veranstaltungen/fest/"


def file(client: Client, path: str = FEST) -> HttpResponse:
    return client.get(f"{path}termin.ics")  # type: ignore[return-value]


def test_the_file_is_the_event_as_the_feeds_have_it(
    client: Client, index: EventIndexPage, office: Office
) -> None:
    page = pages.make_event(index, place="Stadtpark")
    response = file(client)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="termin.ics"'
    event = itip.message(response.content, "PUBLISH")
    assert event.one("ORGANIZER").value == f"mailto:{office.email}"
    assert event.one("UID").value == str(page.uid)
    (fed,) = itip.feed(client.get("/kalender/veranstaltungen.ics").content)
    for name in ("DTSTART", "DTEND", "SUMMARY", "LOCATION", "SEQUENCE", "DTSTAMP"):
        assert event.one(name) == fed.one(name)


def test_the_file_speaks_the_language_of_its_address(client: Client, index: EventIndexPage) -> None:
    pages.translate(pages.make_event(index), "en", title="Street party", slug="street-party")
    event = itip.message(file(client, f"/en{FEST}").content, "PUBLISH")
    assert event.one("SUMMARY").text == "Street party"
    assert event.one("URL").value == f"http://127.0.0.1:8000/en{FEST}"


def test_there_is_no_file_of_what_nobody_may_see(client: Client, index: EventIndexPage) -> None:
    page = pages.make_event(index)
    page.unpublish()
    assert file(client).status_code == 404
    assert file(client, LIST).status_code == 404


def test_an_event_ends_after_it_begins(index: EventIndexPage) -> None:
    page = pages.make_event(index)
    page.ends_at = page.starts_at
    with pytest.raises(ValidationError) as refused:
        page.full_clean()
    assert list(refused.value.message_dict) == ["ends_at"]


def test_the_list_asks_the_same_number_of_queries_for_1_and_30_events(
    client: Client, index: EventIndexPage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    picture = pages.make_picture()
    pages.make_event(index, "Fest 0", picture=picture)
    pages.make_event(index, "Vorbei 0", factories.NOW - timedelta(days=9), picture=picture)
    client.get(f"/en{LIST}")
    with django_assert_num_queries(60, exact=False) as one:
        shown(client, f"/en{LIST}")
    for number in range(1, 30):
        pages.make_event(index, f"Fest {number}", picture=picture)
    with django_assert_num_queries(len(one)):
        assert len(titles(shown(client, f"/en{LIST}"), "kommt")) == 30
