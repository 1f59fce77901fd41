from __future__ import annotations

from datetime import time
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from booking.enums import Occasion
from booking.models import Availability, Host, Office, OfficeHours, OutboxMessage, Service, Slot
from tests.booking.staff.pages import queries, words
from tests.factories import make_booking, make_host, make_office, make_pattern, make_service, make_slots


@pytest.fixture
def colleague(office: Office) -> Host:
    return make_host(office, "Derya Aksoy", organisation="Verbraucherzentrale")


@pytest.fixture
def address(slots: list[Slot]) -> str:
    return reverse("staff:hours_handover", args=[slots[0].office_hours_id])


def test_the_page_says_who_is_told_before_anything_happens(
    desk: Client, address: str, slots: list[Slot], colleague: Host
) -> None:
    make_booking(slots[0])
    make_booking(slots[1], email="", name="Jonas Weber")
    page = words(desk.get(address))
    assert "Übergeben und 1 Person benachrichtigen" in page
    assert "Derya Aksoy (Verbraucherzentrale)" in page
    assert "Jonas Weber" in page
    assert not OutboxMessage.objects.filter(occasion=Occasion.HOST_CHANGED).exists()


def test_one_step_hands_over(desk: Client, address: str, slots: list[Slot], colleague: Host) -> None:
    make_booking(slots[0])
    answer = desk.post(address, {"step": "take", "host": colleague.pk}, follow=True)
    assert answer.redirect_chain == [(reverse("staff:hours", args=[slots[0].office_hours_id]), 302)]
    assert "Die Sprechstunde ist jetzt bei Derya Aksoy. 1 Person bekommt eine Mail." in words(answer)
    assert OfficeHours.objects.get().host == colleague


def test_one_step_swaps(
    desk: Client, address: str, slots: list[Slot], service: Service, host: Host, colleague: Host
) -> None:
    theirs = make_slots(colleague, service, make_pattern(starts_at=time(9), ends_at=time(11)))
    desk.post(address, {"step": "swap", "against": theirs[0].office_hours_id})
    assert list(OfficeHours.objects.order_by("start").values_list("host", flat=True)) == [
        host.pk,
        colleague.pk,
    ]


@pytest.mark.parametrize("step", ["take", "swap"])
def test_without_a_choice_nothing_happens(
    desk: Client, address: str, host: Host, colleague: Host, step: str
) -> None:
    answer = desk.post(address, {"step": step})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert OfficeHours.objects.get().host == host


def test_a_busy_colleague_is_refused_in_words(
    desk: Client, address: str, service: Service, colleague: Host
) -> None:
    make_slots(colleague, service)
    answer = desk.post(address, {"step": "take", "host": colleague.pk})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Zu dieser Zeit gibt es schon eine Sprechstunde." in words(answer)


def test_a_colleague_of_another_office_cannot_be_chosen(desk: Client, address: str, host: Host) -> None:
    elsewhere = make_office(slug="sued", is_default=False)
    stranger = make_host(elsewhere, "Fremde Person")
    make_slots(stranger, make_service(elsewhere, "beratung"))
    page = desk.get(address)
    assert "Fremde Person" not in page.content.decode()
    answer = desk.post(address, {"step": "take", "host": stranger.pk})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    theirs = OfficeHours.objects.get(host=stranger)
    assert desk.get(reverse("staff:hours_handover", args=[theirs.pk])).status_code == HTTPStatus.NOT_FOUND


def test_the_page_costs_the_same_with_one_and_nine_bookings(
    desk: Client, address: str, slots: list[Slot], colleague: Host
) -> None:
    make_booking(slots[0])
    one = queries(lambda: desk.get(address))
    for slot in slots[1:]:
        make_booking(slot)
    assert queries(lambda: desk.get(address)) == one


def test_an_appointment_made_at_the_desk_is_not_to_be_swapped(
    desk: Client, address: str, service: Service, colleague: Host
) -> None:
    theirs = make_slots(colleague, service, make_pattern(starts_at=time(9), ends_at=time(11)))[0].office_hours
    assert f'<option value="{theirs.pk}">' in desk.get(address).content.decode()
    Availability.objects.filter(pk=theirs.availability_id).update(is_extra=True)
    assert f'<option value="{theirs.pk}">' not in desk.get(address).content.decode()
