from __future__ import annotations

from http import HTTPStatus

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking import codes
from booking.actions import bookings
from booking.enums import Actor
from booking.models import Booking, Host, Service, Slot
from qmportal.accounts.models import User
from tests import factories
from tests.booking.staff.pages import queries, words

FIND = "staff:find_booking"


def found(desk: Client, typed: str) -> list[str]:
    context = desk.post(reverse(FIND), {"q": typed}).context
    return [booking.name for booking in (*context["coming"], *context["past"])]


@pytest.fixture
def people(slots: list[Slot]) -> None:
    """Three residents with their codes."""
    rows = [
        ("Amira Yılmaz", "amira@example.org", "0171 2345678", "Apfel-Laterne-47"),
        ("Özlem Yıldız", "oezlem@example.net", "+49 (0)821 / 98-76 54", "Wolle-Ohr-10"),
        ("Olena Koval", "", "0160 1112223", "Kirsche-Zwiebel-99"),
    ]
    for slot, (name, email, phone, code) in zip(slots, rows, strict=False):
        booking = factories.make_booking(slot, name=name, email=email, phone=phone)
        Booking.objects.filter(pk=booking.pk).update(code=code)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("amira", "Amira Yılmaz"),
        ("Yılmaz Amira", "Amira Yılmaz"),
        ("özlem", "Özlem Yıldız"),
        ("koval", "Olena Koval"),
        ("Apfel-Laterne-47", "Amira Yılmaz"),
        ("apfel laterne 47", "Amira Yılmaz"),
        ("apfe1 latern 47", "Amira Yılmaz"),
        ("Apfel Laterne", "Amira Yılmaz"),
        ("w0lle ohr 1o", "Özlem Yıldız"),
        ("Kirche Zwibel 99", "Olena Koval"),
        ("0171 2345678", "Amira Yılmaz"),
        ("+49 171 234 56 78", "Amira Yılmaz"),
        ("345678", "Amira Yılmaz"),
        ("0821-987654", "Özlem Yıldız"),
        ("amira@example.org", "Amira Yılmaz"),
        ("EXAMPLE.NET", "Özlem Yıldız"),
    ],
)
def test_a_booking_is_found_by_what_people_say_on_the_phone(
    desk: Client, people: None, typed: str, name: str
) -> None:
    assert found(desk, typed) == [name]


@pytest.mark.parametrize("typed", ["Zuhause", "99999999", "Apfel-Laterne-48", "%", "__", "12"])
def test_what_is_nobodys_finds_nobody(desk: Client, people: None, typed: str) -> None:
    answer = desk.post(reverse(FIND), {"q": typed})
    assert answer.status_code in (HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY)
    assert [*answer.context.get("coming", []), *answer.context.get("past", [])] == []


def test_coming_ones_come_first_then_those_that_are_over(
    desk: Client, slots: list[Slot], clock: time_machine.Traveller, manager: User
) -> None:
    for slot in slots[:4]:
        factories.make_booking(slot, email=f"{slot.pk}@example.org")
    clock.move_to(slots[1].end)
    desk.force_login(manager)
    context = desk.post(reverse(FIND), {"q": "amira"}).context
    assert [booking.slot_id for booking in context["coming"]] == [slot.pk for slot in slots[2:4]]
    assert [booking.slot_id for booking in context["past"]] == [slots[1].pk, slots[0].pk]


def test_cancelled_ones_are_found_and_said_to_be_so_and_erased_ones_are_gone(
    desk: Client, slots: list[Slot]
) -> None:
    cancelled, erased = (
        factories.make_booking(slots[0]),
        factories.make_booking(slots[1], email="b@example.org"),
    )
    bookings.cancel(cancelled.pk, Actor.RESIDENT, factories.NOW)
    blank = dict.fromkeys(("name", "email", "phone", "message"), "")
    Booking.objects.filter(pk=erased.pk).update(**blank, erased_at=factories.NOW)
    answer = desk.post(reverse(FIND), {"q": "amira"})
    assert answer.context["coming"] == [cancelled]
    assert "abgesagt" in words(answer)
    assert desk.post(reverse(FIND), {"q": erased.code}).context["coming"] == []


def test_what_is_typed_stands_in_no_address_and_is_kept_by_no_cache(desk: Client, people: None) -> None:
    answer = desk.get(reverse(FIND), {"q": "amira"})
    assert "Amira" not in words(answer)
    posted = desk.post(reverse(FIND), {"q": "amira"})
    assert "no-store" in posted.headers["Cache-Control"]
    assert 'method="post"' in posted.content.decode()


def test_people_of_another_office_are_not_found(desk: Client) -> None:
    elsewhere = factories.make_office(name="Süd", slug="sued", is_default=False)
    service = factories.make_service(elsewhere, "sued")
    factories.make_booking(factories.make_slots(factories.make_host(elsewhere, "Sude Süd"), service)[0])
    assert found(desk, "amira") == []


def test_one_character_is_too_little(desk: Client) -> None:
    assert desk.post(reverse(FIND), {"q": "a"}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_the_search_takes_the_same_queries_for_one_and_for_thirty(
    desk: Client, host: Host, service: Service
) -> None:
    group = factories.make_slots(host, service, capacity=40)[0]
    factories.make_booking(group)
    one = queries(lambda: desk.post(reverse(FIND), {"q": "amira"}))
    for n in range(30):
        factories.make_booking(group, email=f"{n}@example.org")
    assert queries(lambda: desk.post(reverse(FIND), {"q": "amira"})) == one


@pytest.mark.parametrize(
    ("typed", "beginnings"),
    [
        ("Apfel-Laterne-47", ["Apfel-Laterne-47"]),
        ("apfel", ["Apfel-"]),
        ("zuck0r", ["Zucker-"]),
        ("", []),
        ("47", []),
        ("ein zwei drei vier", []),
    ],
)
def test_codes_are_guessed_from_what_was_heard(typed: str, beginnings: list[str]) -> None:
    assert codes.similar(typed) == beginnings
