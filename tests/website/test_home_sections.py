"""Sections of the home page that fill themselves, and the pages of money and partners that they lead to."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from booking.enums import Rhythm
from booking.models import Host, Office, Service, Slot
from qmportal.website.models import EventIndexPage, HomePage, NewsIndexPage
from tests import factories
from tests.website import pages
from tests.website.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_monday"), pytest.mark.once]
SECTIONS = ("latest_news", "coming_dates", "participation", "fund", "partners")
TODAY = date(2026, 11, 23)


@pytest.fixture
def start(office: Office) -> HomePage:
    """A home page with all sections that fill themselves."""
    body = [
        (name, {"heading": name, **({"text": "Wir zahlen."} if name == "fund" else {})}) for name in SECTIONS
    ]
    return pages.make_home(body=body)


@pytest.fixture
def news(start: HomePage) -> NewsIndexPage:
    """The list of news."""
    return pages.make_news_index(start)


@pytest.fixture
def events(start: HomePage) -> EventIndexPage:
    """The list of events."""
    return pages.make_event_index(start)


def shown(client: Client, path: str = "/") -> Page:
    response = client.get(path)
    assert response.status_code == 200
    return Page(response)


def section(page: Page, heading: str) -> str:
    found = page.soup.find("h2", string=heading)
    return " ".join(found.find_parent("section").get_text(" ").split())


def test_sections_without_content_are_not_there(client: Client, start: HomePage) -> None:
    assert not set(shown(client).headings(2)) & set(SECTIONS)


def test_new_news_are_on_the_home_page_without_anybody_touching_it(
    client: Client, news: NewsIndexPage
) -> None:
    for number in range(4):
        pages.make_news(news, f"Meldung {number}", TODAY - timedelta(days=number))
    page = shown(client)
    assert page.headings(3) == ["Meldung 0", "Meldung 1", "Meldung 2"]
    assert page.links()["Meldung 0"] == "/aktuelles/meldung-0/"
    assert "/aktuelles/" in page.links().values()


def test_events_and_office_hours_stand_in_one_list_by_day(
    client: Client, events: EventIndexPage, slots: list[Slot]
) -> None:
    pages.make_event(events, "Flohmarkt", slots[0].start - timedelta(hours=3), place="Markt")
    pages.make_event(events, "Winterfest", is_cancelled=True)
    pages.make_event(events, "Vorbei", factories.NOW - timedelta(days=1))
    factories.make_booking(slots[0])
    page = shown(client)
    days = [each.get_text(strip=True) for each in page.soup.select(".qm-dates dt")]
    assert days == ["Dienstag, 24. November", "Samstag, 28. November"]
    entries = [" ".join(each.get_text(" ").split()) for each in page.soup.select(".qm-dates dd")]
    assert entries[0] == "11:00–13:00 Uhr Flohmarkt Markt"
    assert entries[1] == "14:00–17:00 Uhr Sprechstunde, Hannah Helfrich – 8 frei"
    assert entries[2].startswith("14:00–16:00 Uhr Winterfest")
    hours = page.links()["Sprechstunde, Hannah Helfrich – 8 frei"]
    assert hours == "/termine/?ab=2026-11-24&person=hannah-helfrich"


def test_many_office_hours_leave_room_for_two_events(
    client: Client, events: EventIndexPage, host: Host, service: Service
) -> None:
    factories.make_slots(host, service, factories.make_pattern(rhythm=Rhythm.WEEKLY))
    for number in range(3):
        pages.make_event(events, f"Fest {number}", factories.NOW + timedelta(days=300 + number))
    titles = [link.get_text(strip=True) for link in shown(client).soup.select(".qm-dates a")]
    assert len(titles) == 5
    assert titles[3:] == ["Fest 0", "Fest 1"]


def test_full_office_hours_are_not_among_the_dates(
    client: Client, start: HomePage, slots: list[Slot]
) -> None:
    for slot in slots:
        factories.make_booking(slot)
    assert shown(client).soup.select(".qm-dates") == []


def test_the_latest_outcomes_lead_to_their_events(client: Client, events: EventIndexPage) -> None:
    for number in range(3):
        pages.make_event(
            events,
            f"Runde {number}",
            factories.NOW - timedelta(days=90 - number),
            is_participation=True,
            outcome=f"<p>Ergebnis {number}.</p>",
            outcome_on=TODAY - timedelta(days=30 - number),
        )
    said = section(shown(client), "participation")
    assert "Ergebnis 2." in said
    assert said.index("Runde 2") < said.index("Runde 1")
    assert "Runde 0" not in said


def test_the_fund_names_its_next_deadline(client: Client, start: HomePage) -> None:
    deadlines = [
        ("deadline", {"day": TODAY + timedelta(days=number), "text": f"Runde {number}"})
        for number in (-5, 40, 12)
    ]
    pages.make_fund(
        start,
        deadlines=deadlines,
        projects=[
            (
                "project",
                {
                    "title": "Hochbeete",
                    "text": "<p>Für alle.</p>",
                    "year": 2025,
                    "amount": 1250,
                },
            )
        ],
    )
    said = section(shown(client), "fund")
    assert "Samstag, 5. Dezember 2026" in said
    assert "Runde 40" not in said
    page = shown(client, "/verfuegungsfonds/")
    text = " ".join(page.soup.main.get_text(" ").split())
    assert "Runde -5" not in text
    assert text.index("Runde 12") < text.index("Runde 40")
    assert "1.250" in text
    assert "1,250" in shown(client, "/en/verfuegungsfonds/").soup.main.get_text()


def test_the_fund_leads_to_its_own_advice_where_there_is_some(
    client: Client, start: HomePage, office: Office
) -> None:
    pages.make_fund(start)
    addresses = [link["href"] for link in shown(client, "/verfuegungsfonds/").soup.select("main a.kern-btn")]
    assert addresses == ["/termine/"]
    factories.make_service(office, "projektberatung")
    addresses = [link["href"] for link in shown(client, "/verfuegungsfonds/").soup.select("main a.kern-btn")]
    assert addresses == ["/termine/?angebot=projektberatung"]


def test_partners_stand_under_their_kinds_with_ways_to_reach_them(client: Client, start: HomePage) -> None:
    pages.make_partners(
        start, "Turnverein", "Chor", phone="0123 99", email="chor@example.org", url="https://chor.example.org"
    )
    page = shown(client, "/partner/")
    assert page.headings(3) == ["Chor", "Turnverein"]
    assert len(page.soup.main.find_all("h2")) == 1
    links = page.links()
    assert links["chor@example.org"] == "mailto:chor@example.org"
    assert links["Website: Chor"] == "https://chor.example.org"
    assert "tel:012399" in links.values()
    assert "Turnverein" in section(shown(client), "partners")


def test_the_home_page_asks_the_same_number_of_queries_for_little_and_much(
    client: Client,
    start: HomePage,
    news: NewsIndexPage,
    events: EventIndexPage,
    host: Host,
    service: Service,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    picture = pages.make_picture()
    pages.make_fund(start)
    pages.make_partners(start, "Chor")
    told = {"is_participation": True, "outcome": "<p>So.</p>"}
    past = factories.NOW - timedelta(days=9)
    pages.make_news(news, "Meldung", picture=picture)
    pages.make_event(events, "Fest")
    pages.make_event(events, "Runde", past, **told)
    factories.make_slots(host, service, factories.make_pattern(ends_at=time(14, 20)))
    client.get("/en/")
    with django_assert_num_queries(60, exact=False) as little:
        shown(client, "/en/")
    for number in range(5):
        pages.make_news(news, f"Meldung {number}", picture=picture)
        pages.make_event(events, f"Fest {number}")
        pages.make_event(events, f"Runde {number}", past, **told)
    later = factories.TUESDAY + timedelta(days=7)
    factories.make_slots(host, service, factories.make_pattern(rhythm=Rhythm.WEEKLY, first_on=later))
    with django_assert_num_queries(len(little)):
        shown(client, "/en/")
