from __future__ import annotations

from http import HTTPStatus
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from booking.actions.errors import NotBegun
from booking.models import Booking, Slot
from qmportal.accounts.models import User
from tests import factories
from tests.booking.staff.pages import words


def tap(desk: Client, booking: Booking, value: str, **fields: str) -> str:
    answer = desk.post(reverse("staff:attendance", args=[booking.pk]), {"attendance": value, **fields})
    assert answer.status_code == HTTPStatus.FOUND
    return str(answer.headers["Location"])


def test_one_tap_says_who_came_and_goes_back_to_the_row(
    desk: Client, slots: list[Slot], clock: time_machine.Traveller, manager: User
) -> None:
    booking = factories.make_booking(slots[0])
    page = reverse("staff:hours", args=[slots[0].office_hours_id])
    assert "st-came" not in desk.get(page).content.decode()
    clock.move_to(slots[0].start)
    desk.force_login(manager)
    shown = desk.get(page).content.decode()
    assert f'id="da-{booking.pk}"' in shown
    assert tap(desk, booking, "came", next=page) == f"{page}#da-{booking.pk}"
    assert Booking.objects.get().attendance == "came"
    assert desk.get(page).content.decode().count('aria-pressed="true"') == 1


def test_a_second_tap_takes_it_back_and_a_tap_that_arrives_twice_does_not(
    desk: Client, slots: list[Slot], clock: time_machine.Traveller, manager: User
) -> None:
    booking = factories.make_booking(slots[0])
    clock.move_to(slots[0].end)
    desk.force_login(manager)
    said = []
    for value in ("came", "came", "absent", ""):
        tap(desk, booking, value)
        said.append(Booking.objects.get().attendance)
    assert said == ["came", "came", "absent", ""]
    assert ModelLogEntry.objects.filter(action="booking.attendance").count() == 3
    assert [entry.data for entry in ModelLogEntry.objects.all()] == [{}] * 3


def test_before_it_begins_nobody_has_come(desk: Client, slots: list[Slot]) -> None:
    booking = factories.make_booking(slots[0])
    tap(desk, booking, "came")
    assert Booking.objects.get().attendance == ""
    assert str(NotBegun.message) in words(desk.get(reverse("staff:booking", args=[booking.pk])))


@pytest.mark.parametrize(
    "origin", ["https://evil.example/", "//evil.example", "/termine/", "", "\\\\evil.example"]
)
def test_the_way_back_never_leads_out_of_the_back_end(desk: Client, slots: list[Slot], origin: str) -> None:
    booking = factories.make_booking(slots[0])
    page = reverse("staff:booking", args=[booking.pk])
    assert tap(desk, booking, "came", next=origin) == f"{page}#da-{booking.pk}"


def test_a_booking_that_is_not_there_is_a_404(desk: Client) -> None:
    assert desk.post(reverse("staff:attendance", args=[uuid4()])).status_code == HTTPStatus.NOT_FOUND
