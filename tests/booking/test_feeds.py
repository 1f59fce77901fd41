"""The public calendar: what it shows, how it changes, and that an unchanged one costs nothing."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import translation
from icalendar import Event
from pytest_django import DjangoAssertNumQueries, Settings

from booking.actions import bookings, closing
from booking.enums import Actor, Channel, Rhythm
from booking.ical import feed as drawing
from booking.models import Booking, Closure, Host, Office, OfficeHours, Service, Slot
from tests import factories, itip
from tests.line_breakers import LINE_BREAKERS
from tests.readers import instants

pytestmark = pytest.mark.django_db
FEED = "/en/kalender/termine.ics"


@pytest.fixture(autouse=True)
def clock(now: datetime) -> Iterator[time_machine.Traveller]:
    """Stand still on Monday at 9, as the factories do."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


def get(client: Client, address: str = FEED, **headers: str) -> HttpResponse:
    return client.get(address, headers=headers)  # type: ignore[return-value]


def events(client: Client, address: str = FEED) -> list[itip.Component]:
    return itip.feed(get(client, address).content)


def summaries(client: Client, address: str = FEED) -> list[str]:
    return [event.one("SUMMARY").text for event in events(client, address)]


def test_office_hours_are_one_entry_with_count_and_times(client: Client, slots: list[Slot]) -> None:
    factories.make_booking(slots[0])
    (event,) = events(client)
    assert event.one("SUMMARY").text == "Consultation hour, Hannah Helfrich – 8 free"
    said = event.one("DESCRIPTION").text.splitlines()
    assert said[0] == "Free times: 14:20, 14:40, 15:00, 15:20, 15:40, 16:00, 16:20, 16:40"
    assert event.one("DTSTART").value == "20261124T140000"
    assert event.one("DTEND").value == "20261124T170000"
    assert event.one("UID").value == str(slots[0].office_hours.uid)
    assert event.one("URL").value.endswith("/en/termine/?ab=2026-11-24&person=hannah-helfrich")


def test_booking_cancelling_and_moving_change_the_count(
    client: Client, slots: list[Slot], clock: time_machine.Traveller, now: datetime
) -> None:
    stamps, counts = [], []
    steps: list[Any] = [
        lambda at: factories.make_booking(slots[0], at),
        lambda at: bookings.reschedule(Booking.objects.get().pk, slots[8].pk, Actor.RESIDENT, at),
        lambda at: bookings.cancel(Booking.objects.get().pk, Actor.RESIDENT, at),
    ]
    for number, step in enumerate(steps, start=1):
        clock.move_to(now + timedelta(minutes=number))
        step(now + timedelta(minutes=number))
        (event,) = events(client)
        counts.append(event.one("SUMMARY").text.rpartition(" – ")[2])
        stamps.append(event.one("DTSTAMP").moment)
    assert counts == ["8 free", "8 free", "9 free"]
    assert stamps == [now + timedelta(minutes=number) for number in (1, 2, 3)]


def test_seats_are_counted_not_times(client: Client, host: Host, service: Service) -> None:
    pattern = factories.make_pattern(starts_at=time(14), ends_at=time(14, 40))
    slots = factories.make_slots(host, service, pattern, capacity=3)
    factories.make_booking(slots[0])
    (event,) = events(client)
    assert event.one("SUMMARY").text.endswith("– 5 free")
    assert event.one("DESCRIPTION").text.startswith("Free times: 14:00 (2 seats), 14:20 (3 seats)\n")


def test_full_office_hours_say_so(client: Client, host: Host, service: Service) -> None:
    pattern = factories.make_pattern(starts_at=time(14), ends_at=time(14, 20))
    factories.make_booking(factories.make_slots(host, service, pattern)[0])
    (event,) = events(client)
    assert event.one("SUMMARY").text == "Consultation hour, Hannah Helfrich – fully booked"
    assert event.one("STATUS").value == "CONFIRMED"


def test_cancelled_office_hours_stay_and_say_why(
    client: Client, office: Office, slots: list[Slot], now: datetime
) -> None:
    before = events(client)[0]
    closing.close(office, None, slots[0].start, slots[-1].end, "Betriebsausflug", None, now)
    (event,) = events(client)
    assert event.one("SUMMARY").text == "Cancelled: Consultation hour, Hannah Helfrich"
    assert event.one("STATUS").value == "CANCELLED"
    assert event.one("DESCRIPTION").text == "Betriebsausflug"
    assert int(event.one("SEQUENCE").value) == int(before.one("SEQUENCE").value) + 1
    assert event.one("UID").value == before.one("UID").value
    closing.lift(Closure.objects.get(), now + timedelta(minutes=1))
    assert summaries(client) == ["Consultation hour, Hannah Helfrich – 9 free"]


def test_german_is_the_language_without_a_prefix(client: Client, slots: list[Slot]) -> None:
    (event,) = events(client, "/kalender/termine.ics")
    with translation.override("de"):
        about = {"service": "Sprechstunde", "host": "Hannah Helfrich", "count": 9}
        text = translation.ngettext(
            "%(service)s, %(host)s – %(count)d free", "%(service)s, %(host)s – %(count)d free", 9
        )
    assert event.one("SUMMARY").text == text % about
    assert event.one("URL").value.endswith("8000/termine/?ab=2026-11-24&person=hannah-helfrich")


@pytest.mark.parametrize("language", ["ar", "fa"])
def test_an_arabic_feed_turns_no_line_of_a_calendar(client: Client, slots: list[Slot], language: str) -> None:
    feed = get(client, f"/{language}/kalender/termine.ics").content.decode()
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", feed)
    (event,) = events(client, f"/{language}/kalender/termine.ics")
    assert "14:00، 14:20، 14:40" in event.one("DESCRIPTION").text


def test_a_time_that_passes_leaves_the_feed_and_makes_a_new_one(
    client: Client, slots: list[Slot], clock: time_machine.Traveller
) -> None:
    before = get(client)
    clock.move_to(slots[0].start - timedelta(seconds=1))
    assert get(client, if_none_match=before.headers["ETag"]).status_code == 200  # another day
    today = get(client)
    clock.move_to(slots[0].start)
    after = get(client, if_none_match=today.headers["ETag"])
    assert after.status_code == 200
    (event,) = itip.feed(after.content)
    assert event.one("SUMMARY").text.endswith("– 8 free")
    assert event.one("DTSTAMP").moment == slots[0].start


def test_the_tag_changes_whenever_the_bytes_do(
    client: Client, slots: list[Slot], clock: time_machine.Traveller, now: datetime
) -> None:
    Service.objects.update(notice_hours=2, horizon_weeks=1)
    seen: dict[str, bytes] = {}
    moments = [slots[0].start - timedelta(weeks=1, minutes=15) + timedelta(minutes=5 * n) for n in range(40)]
    moments += [slots[0].start - timedelta(hours=2, minutes=15) + timedelta(minutes=5 * n) for n in range(70)]
    for moment in moments:
        clock.move_to(moment)
        response = get(client)
        assert seen.setdefault(response.headers["ETag"], response.content) == response.content
    # Before; nine times open, one after the other; nine close; it is over.
    assert len(set(seen.values())) == 1 + 9 + 9 + 1


def test_an_hour_past_its_booking_says_no_count(
    client: Client, slots: list[Slot], clock: time_machine.Traveller
) -> None:
    clock.move_to(slots[-1].start)
    assert summaries(client) == ["Consultation hour, Hannah Helfrich"]
    clock.move_to(slots[-1].end + timedelta(days=1))
    assert summaries(client) == ["Consultation hour, Hannah Helfrich"]


def test_times_that_open_later_say_from_when(client: Client, host: Host, service: Service) -> None:
    service.horizon_weeks = 1
    service.save()
    factories.make_slots(host, service, factories.make_pattern(first_on=date(2026, 12, 8)))
    (event,) = events(client)
    assert event.one("SUMMARY").text == "Consultation hour, Hannah Helfrich"
    assert event.one("DESCRIPTION").text.startswith("Can be booked from Tuesday, 1 December on.\n")


def test_the_feed_reaches_two_weeks_back_and_twelve_ahead(
    client: Client, host: Host, service: Service, clock: time_machine.Traveller, now: datetime
) -> None:
    pattern = factories.make_pattern(Rhythm.WEEKLY, first_on=date(2026, 11, 24))
    factories.make_slots(host, service, pattern)
    clock.move_to(now + timedelta(weeks=6))
    starts = [event.one("DTSTART").moment.date() for event in events(client)]
    assert starts[0] == date(2026, 12, 22)
    assert starts[-1] == date(2027, 2, 9)
    clock.move_to(now)
    assert len(events(client)) == 12


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)])
def test_the_feed_keeps_the_local_hour_across_clock_changes(
    client: Client, host: Host, service: Service, day: date, clock: time_machine.Traveller
) -> None:
    week = timedelta(days=7)
    before = datetime.combine(day - 3 * week, time(8), UTC)
    clock.move_to(before)
    pattern = factories.make_pattern(Rhythm.WEEKLY, first_on=day - 2 * week, last_on=day + 2 * week)
    factories.make_slots(host, service, pattern, now=before)
    content = get(client).content.decode()
    found = itip.feed(content)
    assert [event.one("DTSTART").value[9:] for event in found] == ["140000"] * 4
    assert [event.one("DTSTART").moment for event in found] == list(
        OfficeHours.objects.order_by("start").values_list("start", flat=True)
    )
    assert instants(content) == [{(hours.start, hours.end) for hours in OfficeHours.objects.all()}] * 2


def test_an_unchanged_feed_is_not_drawn_again(
    client: Client, slots: list[Slot], monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = get(client).headers["ETag"]

    def draw(*_args: object, **_named: object) -> Event:
        raise AssertionError("an event was drawn")

    monkeypatch.setattr(drawing.Event, "new", draw)
    response = get(client, if_none_match=tag)
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["ETag"] == tag
    assert response.headers["Cache-Control"] == "public, max-age=300"
    drawing.vevent.cache_clear()
    with pytest.raises(AssertionError, match="an event was drawn"):
        get(client)


def test_only_the_changed_entry_is_drawn_again(client: Client, host: Host, service: Service) -> None:
    slots = factories.make_slots(host, service, factories.make_pattern(Rhythm.WEEKLY))
    get(client)
    before = drawing.vevent.cache_info().misses
    factories.make_booking(slots[0])
    get(client)
    assert drawing.vevent.cache_info().misses == before + 1


def test_the_same_state_is_the_same_bytes(client: Client, slots: list[Slot]) -> None:
    first = get(client)
    drawing.vevent.cache_clear()
    second = get(client)
    assert first.content == second.content
    assert first.headers["ETag"] == second.headers["ETag"]


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow_with_the_office_hours(
    client: Client,
    host: Host,
    service: Service,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    days = [date(2026, 11, 24) + timedelta(days=number) for number in range(count)]
    for day in days:
        factories.make_slots(host, service, factories.make_pattern(first_on=day), skip_holidays=False)
    with django_assert_num_queries(9):
        response = get(client)
    assert len(itip.feed(response.content)) == count
    with django_assert_num_queries(7):
        assert get(client, if_none_match=response.headers["ETag"]).status_code == 304


def test_headers_suit_calendar_programs(client: Client, slots: list[Slot]) -> None:
    client.cookies["csrf"] = "a" * 32
    response = get(client)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["ETag"].startswith('"')
    assert response.headers["Last-Modified"] == "Mon, 23 Nov 2026 08:00:00 GMT"
    assert "Cookie" not in response.headers["Vary"]
    assert not response.cookies
    head = client.head(FEED)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == response.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(response.content))
    assert client.post(FEED).status_code == 405


def test_gzip_is_the_same_feed_under_a_tag_of_its_own(client: Client, slots: list[Slot]) -> None:
    plain = get(client)
    packed = get(client, accept_encoding="gzip, deflate")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed.headers["ETag"] != plain.headers["ETag"]
    again = get(client, accept_encoding="gzip", if_none_match=packed.headers["ETag"])
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", "gzip"),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", "gzip"),
        ("gzip; q=0.001", "gzip"),
        ("gzip;q=0", None),
        ("identity, gzip ; q=0.000", None),
        ("gzip;Q=0, deflate", None),
        ("identity", None),
        ("", None),
    ],
)
def test_whoever_refuses_gzip_gets_the_feed_as_it_is(
    client: Client, slots: list[Slot], accepted: str, encoding: str | None
) -> None:
    assert get(client, accept_encoding=accepted).headers.get("Content-Encoding") == encoding
    page = client.get("/termine/", headers={"accept-encoding": accepted})
    assert page.headers.get("Content-Encoding") == encoding


def test_if_modified_since_is_heard(client: Client, slots: list[Slot], now: datetime) -> None:
    since = get(client).headers["Last-Modified"]
    assert get(client, if_modified_since=since).status_code == 304
    factories.make_booking(slots[0], now + timedelta(minutes=1))
    assert get(client, if_modified_since=since).status_code == 200


def test_addresses_follow_the_site(client: Client, slots: list[Slot], settings: Settings) -> None:
    before = get(client)
    settings.SITE_URL = "https://quartier.example.org"
    after = get(client, if_none_match=before.headers["ETag"])
    assert after.status_code == 200
    assert b"127.0.0.1" not in after.content
    (event,) = itip.feed(after.content)
    assert event.one("URL").value.startswith("https://quartier.example.org/en/termine/")


def test_each_service_and_each_person_has_a_feed(client: Client, office: Office, service: Service) -> None:
    hannah, olga = (factories.make_host(office, name) for name in ("Hannah Helfrich", "Olga Otter"))
    video = factories.make_service(
        office, "digital", title={"de": "Digitale Sprechstunde", "en": "Video hour"}
    )
    factories.make_slots(hannah, service)
    factories.make_slots(olga, video)
    assert summaries(client) == [
        "Consultation hour, Hannah Helfrich – 9 free",
        "Video hour, Olga Otter – 9 free",
    ]
    assert summaries(client, "/en/kalender/person/olga-otter.ics") == ["Video hour, Olga Otter – 9 free"]
    assert summaries(client, "/en/kalender/angebot/sprechstunde.ics") == [
        "Consultation hour, Hannah Helfrich – 9 free"
    ]
    tags = {
        get(client, f"/en/kalender/{path}.ics").headers["ETag"]
        for path in ("termine", "person/olga-otter", "angebot/digital")
    }
    assert len(tags) == 3


@pytest.mark.parametrize("path", ["angebot/nichts", "person/nobody"])
def test_an_unknown_feed_is_not_found(client: Client, slots: list[Slot], path: str) -> None:
    assert get(client, f"/kalender/{path}.ics").status_code == 404


def test_without_an_office_there_is_no_feed(client: Client, db: None) -> None:
    assert get(client).status_code == 404


def test_no_feed_says_who_has_booked(client: Client, slots: list[Slot]) -> None:
    for number, channel in enumerate(Channel):
        factories.make_booking(
            slots[number], channel=channel, name="Geheim Person", message="Geheimes Anliegen", topic="wohnen"
        )
    code = Booking.objects.order_by("pk")[0].code
    for path in ("termine", "angebot/sprechstunde", "person/hannah-helfrich"):
        content = get(client, f"/kalender/{path}.ics").content.decode().replace("\r\n ", "")
        for secret in ("Geheim", "wohnen", "amira", "0171", code, "@", "video.musterstadt"):
            assert secret not in content


@pytest.mark.shared
def test_nothing_that_managers_type_breaks_out_of_its_line(client: Client, slots: list[Slot]) -> None:
    for hostile in LINE_BREAKERS[::4]:
        text = "N" + hostile.replace("\x00", "").replace("\ud83d", "")[:40]
        Host.objects.update(name=text)
        Office.objects.update(name=text, street=text, phone=text[:40])
        Service.objects.update(title={"de": text})
        (event,) = events(client)
        assert {"X-EVIL", "ATTACH", "ATTENDEE"} & {each.name for each in event.properties} == set()
        assert event.children == []
        OfficeHours.objects.update(revision=OfficeHours.objects.get().revision + 1)


def test_the_page_offers_every_feed(client: Client, slots: list[Slot], settings: Settings) -> None:
    settings.SITE_URL = "https://quartier.example.org"
    page = client.get("/kalender/")
    assert page.status_code == 200
    text = page.content.decode()
    for path in ("termine", "veranstaltungen", "angebot/sprechstunde", "person/hannah-helfrich"):
        assert f'href="webcal://quartier.example.org/kalender/{path}.ics"' in text
        assert f">https://quartier.example.org/kalender/{path}.ics<" in text


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_steps_name_the_button_as_it_is_written(client: Client, slots: list[Slot], language: str) -> None:
    page = client.get(f"/{language}/kalender/".replace("/de/", "/")).content.decode()
    button = re.search(r'href="webcal:[^>]*><span class="kern-label">([^<]+)<', page)
    step = re.search(r"<ol>\s*<li>[^<]*[„“]([^<]+)[“”][^<]*</li>", page)
    assert button
    assert step
    assert step[1] == button[1]


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_needs_the_same_queries_for_many(
    client: Client, office: Office, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        factories.make_host(office, f"Host {number}")
        factories.make_service(office, f"service-{number}")
    with django_assert_num_queries(6):
        assert client.get("/kalender/").status_code == 200
