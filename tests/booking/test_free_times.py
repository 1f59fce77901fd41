"""/termine.json: exactly what is free, nothing about people, and every bad question is answered politely."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from booking import links
from booking.actions import bookings
from booking.enums import Actor, Channel, Rhythm
from booking.models import Booking, Host, Office, Service, Slot
from tests import factories
from tests.line_breakers import LINE_BREAKERS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(now: datetime) -> Iterator[time_machine.Traveller]:
    """Stand still on Monday at 9, as the factories do."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


def get(client: Client, status: int = 200, **asked: str) -> dict[str, Any]:
    response = client.get("/termine.json", asked)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/json"
    answer: dict[str, Any] = json.loads(response.content)
    return answer


def ids(answer: dict[str, Any]) -> list[int]:
    return [slot["id"] for slot in answer["slots"]]


def test_a_free_time_is_told_exactly(client: Client, slots: list[Slot]) -> None:
    answer = get(client)
    assert answer["updated"] == "2026-11-23T09:00:00+01:00"
    assert (answer["from"], answer["to"]) == ("2026-11-23", "2026-12-23")
    assert answer["slots"][0] == {
        "id": slots[0].pk,
        "start": "2026-11-24T14:00:00+01:00",
        "end": "2026-11-24T14:20:00+01:00",
        "free": 1,
        "service": {"slug": "sprechstunde", "title": "Sprechstunde"},
        "host": {"slug": "hannah-helfrich", "name": "Hannah Helfrich"},
        "channels": ["office", "phone", "video"],
        "url": links.slot_url(slots[0], "de"),
    }
    assert ids(answer) == [slot.pk for slot in slots]


def test_english_has_its_own_titles_and_links(client: Client, slots: list[Slot]) -> None:
    slot = json.loads(client.get("/en/termine.json").content)["slots"][0]
    assert slot["service"]["title"] == "Consultation hour"
    assert slot["url"] == links.slot_url(slots[0], "en")


def test_booking_takes_a_time_away_and_cancelling_gives_it_back(
    client: Client, slots: list[Slot], now: datetime
) -> None:
    booking = factories.make_booking(slots[0])
    assert ids(get(client)) == [slot.pk for slot in slots[1:]]
    bookings.reschedule(booking.pk, slots[1].pk, Actor.RESIDENT, now)
    assert ids(get(client)) == [slots[0].pk, *(slot.pk for slot in slots[2:])]
    bookings.cancel(booking.pk, Actor.RESIDENT, now)
    assert ids(get(client)) == [slot.pk for slot in slots]


def test_seats_that_are_left_are_counted(client: Client, host: Host, service: Service) -> None:
    slots = factories.make_slots(host, service, capacity=20)
    factories.make_booking(slots[0])
    assert [slot["free"] for slot in get(client)["slots"]][:2] == [19, 20]


def test_each_filter_narrows(client: Client, office: Office, host: Host, service: Service) -> None:
    olga = factories.make_host(office, "Olga Otter")
    digital = factories.make_service(office, "digital")
    mine = factories.make_slots(host, service, channels=(Channel.OFFICE,))
    hers = factories.make_slots(olga, digital, channels=(Channel.VIDEO, Channel.PHONE))
    assert set(ids(get(client))) == {slot.pk for slot in mine + hers}
    for asked in ({"angebot": "digital"}, {"person": "olga-otter"}, {"kanal": "video"}, {"kanal": "phone"}):
        assert ids(get(client, **asked)) == [slot.pk for slot in hers]
    assert ids(get(client, kanal="office")) == [slot.pk for slot in mine]
    assert ids(get(client, kanal="office", person="olga-otter")) == []


def test_both_days_of_the_stretch_are_included(client: Client, host: Host, service: Service) -> None:
    pattern = factories.make_pattern(Rhythm.WEEKLY, starts_at=time(0), ends_at=time(23, 40))
    factories.make_slots(host, service, pattern, slot_minutes=20)
    answer = get(client, **{"from": "2026-12-01", "to": "2026-12-01"})
    assert len(answer["slots"]) == 71
    assert {slot["start"][:10] for slot in answer["slots"]} == {"2026-12-01"}
    assert (answer["from"], answer["to"]) == ("2026-12-01", "2026-12-01")


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)])
def test_times_keep_their_local_hour_across_clock_changes(
    client: Client, host: Host, service: Service, day: date, clock: time_machine.Traveller
) -> None:
    week = timedelta(days=7)
    before = datetime.combine(day - 3 * week, time(8), UTC)
    clock.move_to(before)
    pattern = factories.make_pattern(
        Rhythm.WEEKLY, ends_at=time(14, 20), first_on=day - 2 * week, last_on=day + 2 * week
    )
    slots = factories.make_slots(host, service, pattern, now=before)
    stretch = {"from": (day - 2 * week).isoformat(), "to": (day + 2 * week).isoformat()}
    starts = [slot["start"] for slot in get(client, **stretch)["slots"]]
    assert [start[10:16] for start in starts] == ["T14:00"] * 4
    assert len({start[19:] for start in starts}) == 2
    assert [datetime.fromisoformat(start) for start in starts] == [slot.start for slot in slots]


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"from": "gestern"}, "from"),
        ({"from": "2026-02-30"}, "from"),
        ({"from": "20261124"}, "from"),
        ({"from": "2026-W48-2"}, "from"),
        ({"from": "0001-01-01"}, "from"),
        ({"from": "9999-12-31"}, "from"),
        ({"from": "２０２６-11-24"}, "from"),
        ({"to": "2026-11-24T10:00"}, "to"),
        ({"from": "2026-12-02", "to": "2026-12-01"}, "to"),
        ({"from": "2026-12-01", "to": "2027-03-04"}, "to"),
        ({"angebot": "nichts"}, "angebot"),
        ({"angebot": "\x00"}, "angebot"),
        ({"person": "nobody"}, "person"),
        ({"person": "hannah-helfrich' OR 1=1"}, "person"),
        ({"kanal": "rauchzeichen"}, "kanal"),
    ],
)
def test_a_bad_question_is_answered_with_its_errors(
    client: Client, slots: list[Slot], asked: dict[str, str], wrong: str
) -> None:
    errors = get(client, 400, **asked)["errors"]
    assert list(errors) == [wrong]
    assert len(errors[wrong]) == 1
    assert errors[wrong][0]


def test_every_error_is_told_at_once(client: Client, slots: list[Slot]) -> None:
    asked = {"from": "x", "to": "y", "angebot": "!", "person": "!", "kanal": "!"}
    assert set(get(client, 400, **asked)["errors"]) == set(asked)


def test_ninety_two_days_are_the_most(client: Client, slots: list[Slot]) -> None:
    get(client, **{"from": "2026-12-01", "to": "2027-03-03"})
    get(client, 400, **{"from": "2026-12-01", "to": "2027-03-04"})
    get(client, **{"from": "2099-12-31"})


@pytest.mark.shared
def test_hostile_questions_never_break_it(client: Client, slots: list[Slot]) -> None:
    for hostile in LINE_BREAKERS:
        asked = hostile.encode("utf-8", "replace").decode()
        for name in ("from", "to", "angebot", "person", "kanal"):
            assert client.get("/termine.json", {name: asked}).status_code == 400


def test_times_to_come_only(client: Client, slots: list[Slot], clock: time_machine.Traveller) -> None:
    clock.move_to(slots[3].start)
    assert ids(get(client)) == [slot.pk for slot in slots[4:]]
    assert get(client, **{"from": "2026-11-20", "to": "2026-11-23"})["slots"] == []


def test_titles_and_names_are_written_as_json(client: Client, slots: list[Slot]) -> None:
    Service.objects.update(title={"de": '"},{"</script>\u2028\\'})
    Host.objects.update(name='Hannah "Hanni" \\ Helfrich')
    slot = get(client)["slots"][0]
    assert slot["service"]["title"] == '"},{"</script>\u2028\\'
    assert slot["host"]["name"] == 'Hannah "Hanni" \\ Helfrich'


def test_nobody_who_booked_is_named(client: Client, host: Host, service: Service) -> None:
    slots = factories.make_slots(host, service, capacity=2)
    booking = factories.make_booking(slots[0], name="Geheim Person")
    text = client.get("/termine.json").content.decode()
    for secret in ("Geheim", booking.code, "amira", "0171", str(Booking.objects.get().pk), "@"):
        assert secret not in text


def test_without_an_office_nothing_is_free(client: Client, db: None) -> None:
    assert get(client)["slots"] == []


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow_with_the_times(
    client: Client,
    host: Host,
    service: Service,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        first = date(2026, 11, 24) + timedelta(days=number)
        factories.make_slots(host, service, factories.make_pattern(first_on=first), skip_holidays=False)
    with django_assert_num_queries(4):
        answer = get(client)
    assert len(answer["slots"]) == 9 * count


def test_it_is_read_only_and_not_cached(client: Client, slots: list[Slot]) -> None:
    response = client.get("/termine.json")
    assert response.headers["Cache-Control"] == "no-cache"
    assert not response.cookies
    assert client.head("/termine.json").content == b""
    assert client.post("/termine.json").status_code == 405
