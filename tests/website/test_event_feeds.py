"""Events in the calendars to subscribe to: beside the office hours, and alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from booking.ical import events as drawing
from booking.models import Office, Slot
from qmportal.website.models import EventIndexPage
from tests import factories, itip
from tests.line_breakers import LINE_BREAKERS
from tests.readers import instants
from tests.website import pages

pytestmark = [pytest.mark.django_db, pytest.mark.once]
BOTH, ALONE = "/kalender/termine.ics", "/kalender/veranstaltungen.ics"


@pytest.fixture(autouse=True)
def clock(now: datetime) -> Iterator[time_machine.Traveller]:
    """Stand still on Monday, 23 November 2026, at 9:00 in Berlin."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def index(office: Office) -> EventIndexPage:
    """The list of events of an office's website."""
    return pages.make_event_index(pages.make_home())


def get(client: Client, address: str = ALONE, **headers: str) -> HttpResponse:
    return client.get(address, headers=headers)  # type: ignore[return-value]


def events(client: Client, address: str = ALONE) -> list[itip.Component]:
    return itip.feed(get(client, address).content)


def test_an_event_says_what_when_and_where(client: Client, index: EventIndexPage, now: datetime) -> None:
    page = pages.make_event(index, place="Stadtpark", access_note="Kein Absatz am Eingang")
    (event,) = events(client)
    assert event.one("SUMMARY").text == "Nachbarschaftsfest"
    assert event.one("DTSTART").value == "20261128T140000"
    assert event.one("DTEND").value == "20261128T160000"
    assert event.one("LOCATION").text == "Stadtpark"
    assert event.one("UID").value == str(page.uid)
    assert event.one("URL").value.endswith("8000/veranstaltungen/nachbarschaftsfest/")
    said = event.one("DESCRIPTION").text.splitlines()
    assert said[0] == "Nachbarschaftsfest für alle."
    assert "Kein Absatz am Eingang" in said[1]
    assert said[-1] == event.one("URL").value
    assert event.one("CATEGORIES").value
    assert event.one("DTSTAMP").moment == now


def test_without_a_place_it_is_at_the_office(client: Client, index: EventIndexPage) -> None:
    pages.make_event(index)
    (event,) = events(client)
    assert (
        event.one("LOCATION").text == "Quartiersmanagement Musterstadt Nord, Nordring 12, 12345 Musterstadt"
    )


def test_the_calendar_of_the_office_shows_hours_and_events(
    client: Client, index: EventIndexPage, slots: list[Slot]
) -> None:
    pages.make_event(index)
    summaries = [event.one("SUMMARY").text for event in events(client, BOTH)]
    assert summaries[0].startswith("Sprechstunde, Hannah Helfrich")
    assert summaries[1:] == ["Nachbarschaftsfest"]
    for part in ("angebot/sprechstunde", "person/hannah-helfrich"):
        assert len(events(client, f"/kalender/{part}.ics")) == 1


@pytest.mark.parametrize("address", [BOTH, ALONE])
def test_each_publication_makes_a_new_feed_with_a_higher_sequence(
    client: Client, index: EventIndexPage, clock: time_machine.Traveller, now: datetime, address: str
) -> None:
    page = pages.make_event(index)
    before = get(client, address)
    (first,) = itip.feed(before.content)
    clock.move_to(now + timedelta(minutes=5))
    page.title, page.is_cancelled = "Sommerfest", True
    page.save_revision().publish()
    after = get(client, address, if_none_match=before.headers["ETag"])
    assert after.status_code == 200
    (second,) = itip.feed(after.content)
    assert second.one("STATUS").value == "CANCELLED"
    assert "Sommerfest" in second.one("SUMMARY").text
    assert second.one("SUMMARY").text != "Sommerfest"
    assert second.one("UID").value == first.one("UID").value
    assert int(second.one("SEQUENCE").value) > int(first.one("SEQUENCE").value)
    assert second.one("DTSTAMP").moment == now + timedelta(minutes=5)
    assert after.headers["Last-Modified"] == "Mon, 23 Nov 2026 08:05:00 GMT"


@pytest.mark.parametrize("address", [BOTH, ALONE])
def test_an_event_that_was_taken_back_leaves_a_newer_feed(
    client: Client, index: EventIndexPage, clock: time_machine.Traveller, now: datetime, address: str
) -> None:
    page = pages.make_event(index)
    since = get(client, address).headers["Last-Modified"]
    assert get(client, address, if_modified_since=since).status_code == 304
    clock.move_to(now + timedelta(minutes=5))
    page.unpublish()
    after = get(client, address, if_modified_since=since)
    assert after.status_code == 200
    assert itip.feed(after.content) == []


def test_a_draft_is_in_no_feed(client: Client, index: EventIndexPage) -> None:
    page = pages.make_event(index)
    page.title = "Entwurf"
    page.save_revision()
    assert [event.one("SUMMARY").text for event in events(client)] == ["Nachbarschaftsfest"]


def test_an_unchanged_feed_is_not_drawn_again(client: Client, index: EventIndexPage) -> None:
    pages.make_event(index)
    first = get(client)
    again = get(client, if_none_match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    drawing.vevent.cache_clear()
    assert get(client).content == first.content


def test_the_address_of_the_office_is_part_of_the_feed(
    client: Client, index: EventIndexPage, office: Office, clock: time_machine.Traveller, now: datetime
) -> None:
    pages.make_event(index)
    before = get(client)
    clock.move_to(now + timedelta(minutes=1))
    office.street = "Südring 1"
    office.save()
    after = get(
        client, if_none_match=before.headers["ETag"], if_modified_since=before.headers["Last-Modified"]
    )
    (event,) = itip.feed(after.content)
    assert "Südring 1" in event.one("LOCATION").text
    assert event.one("DTSTAMP").moment == now + timedelta(minutes=1)


def test_the_feed_speaks_the_language_of_its_address(client: Client, index: EventIndexPage) -> None:
    festival = pages.make_event(index)
    pages.make_event(index, "Flohmarkt", pages.SATURDAY + timedelta(days=1), is_cancelled=True)
    pages.translate(festival, "en", title="Street party", lead="For everybody.", slug="street-party")
    party, market = events(client, f"/en{ALONE}")
    assert party.one("SUMMARY").text == "Street party"
    assert party.one("URL").value.endswith("8000/en/veranstaltungen/nachbarschaftsfest/")
    assert market.one("SUMMARY").text == "Cancelled: Flohmarkt"
    assert market.one("URL").value.endswith("8000/en/veranstaltungen/flohmarkt/")
    assert events(client)[0].one("SUMMARY").text == "Nachbarschaftsfest"


@pytest.mark.parametrize(
    "day", [datetime(2027, 3, 27, 22, 30, tzinfo=UTC), datetime(2026, 10, 24, 22, 30, tzinfo=UTC)]
)
def test_a_night_with_a_clock_change_keeps_its_moments(
    client: Client, index: EventIndexPage, day: datetime, clock: time_machine.Traveller
) -> None:
    clock.move_to(day - timedelta(days=2))
    page = pages.make_event(index, "Nachtwanderung", day, ends_at=day + timedelta(hours=6))
    content = get(client).content
    (event,) = itip.feed(content)
    assert (event.one("DTSTART").moment, event.one("DTEND").moment) == (page.starts_at, page.ends_at)
    assert instants(content) == [{(page.starts_at, page.ends_at)}] * 2


def test_queries_do_not_grow_with_the_events(
    client: Client, index: EventIndexPage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pages.make_event(index, "Fest 0")
    get(client, f"/en{BOTH}")
    with django_assert_num_queries(9):
        assert len(events(client, f"/en{BOTH}")) == 1
    with django_assert_num_queries(5):
        assert len(events(client, f"/en{ALONE}")) == 1
    for number in range(1, 30):
        pages.make_event(index, f"Fest {number}")
    with django_assert_num_queries(9):
        assert len(events(client, f"/en{BOTH}")) == 30
    with django_assert_num_queries(5):
        assert len(events(client, f"/en{ALONE}")) == 30


def test_events_reach_two_weeks_back_and_a_year_ahead(
    client: Client, index: EventIndexPage, now: datetime
) -> None:
    for days in (-16, -13, 360, 370):
        pages.make_event(index, f"Fest {days}", now + timedelta(days=days))
    assert [event.one("SUMMARY").text for event in events(client)] == ["Fest -13", "Fest 360"]


@pytest.mark.once
def test_nothing_that_editors_type_breaks_out_of_its_line(client: Client, index: EventIndexPage) -> None:
    page = pages.make_event(index)
    for hostile in LINE_BREAKERS[::6]:
        text = "N" + hostile.replace("\x00", "").replace("\ud83d", "")[:40]
        type(page).objects.filter(pk=page.pk).update(title=text, lead=text, place=text, access_note=text)
        (event,) = events(client)
        assert {"X-EVIL", "ATTACH", "ATTENDEE"} & {each.name for each in event.properties} == set()
        assert event.children == []


def test_a_portal_without_a_website_has_an_empty_feed(
    client: Client, office: Office, settings: Settings
) -> None:
    settings.WEBSITE = "booking.website.NoWebsite"
    assert events(client) == []
    assert get(client).headers["Last-Modified"] == "Mon, 23 Nov 2026 08:00:00 GMT"


def test_without_an_office_there_is_no_feed_of_events(client: Client, db: None) -> None:
    assert get(client).status_code == 404


def test_the_feed_keeps_its_tag_over_the_day(
    client: Client, index: EventIndexPage, clock: time_machine.Traveller
) -> None:
    pages.make_event(index)
    tag = get(client).headers["ETag"]
    clock.move_to(factories.NOW + timedelta(hours=8))
    assert get(client).headers["ETag"] == tag
