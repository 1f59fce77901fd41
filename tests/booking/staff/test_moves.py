from __future__ import annotations

from datetime import time
from http import HTTPStatus

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from booking.actions import bookings
from booking.actions.errors import WrongState
from booking.enums import Actor, Channel, Occasion, SlotOffer
from booking.models import Booking, Host, Office, OutboxMessage, Service, Slot
from qmportal.accounts.models import User
from tests import factories
from tests.booking.staff.pages import queries, words


def move_page(booking: Booking) -> str:
    return reverse("staff:booking_move", args=[booking.pk])


def offered(answer: object) -> list[int]:
    days = answer.context["days"]  # type: ignore[attr-defined]
    return [slot.pk for day in days for group in day.groups for slot in group.slots]


def test_the_office_moves_an_appointment_also_to_what_is_kept_off_the_web(
    desk: Client, slots: list[Slot]
) -> None:
    booking = factories.make_booking(slots[0])
    Slot.objects.filter(pk=slots[4].pk).update(offer=SlotOffer.DESK)
    assert _("Move and notify 1 person") in words(desk.get(move_page(booking)))
    answer = desk.post(move_page(booking), {"slot": slots[4].pk}, follow=True)
    moved = Booking.objects.get()
    assert (moved.slot_id, moved.code, moved.sequence) == (slots[4].pk, booking.code, 1)
    assert _("The appointment is moved. A mail about it is on its way.") in words(answer)
    told = OutboxMessage.objects.filter(occasion__in=[Occasion.MOVED, Occasion.HOST_MOVED])
    assert sorted(told.values_list("occasion", flat=True)) == [Occasion.HOST_MOVED, Occasion.MOVED]
    assert ModelLogEntry.objects.filter(action="booking.move").count() == 1


def test_without_an_address_the_page_says_whom_to_call(desk: Client, slots: list[Slot]) -> None:
    booking = factories.make_booking(slots[0], email="")
    page = words(desk.get(move_page(booking)))
    assert ("0171 2345678" in page, _("Move without a mail") in page) == (True, True)
    answer = desk.post(move_page(booking), {"slot": slots[1].pk}, follow=True)
    assert _("The appointment is moved. No mail goes out: please call the person.") in words(answer)


def test_times_of_the_same_service_and_way_come_first_and_others_with_a_note(
    desk: Client, office: Office, host: Host, slots: list[Slot]
) -> None:
    booking = factories.make_booking(slots[0], channel=Channel.VIDEO)
    other = factories.make_service(office, "mieten", title={"de": "Mietberatung"})
    evening = factories.make_pattern(starts_at=time(18), ends_at=time(19))
    by_video = factories.make_slots(host, other, evening)
    late = factories.make_pattern(starts_at=time(19), ends_at=time(20))
    factories.make_slots(host, other, late, channels=(Channel.OFFICE,))
    assert offered(desk.get(move_page(booking))) == [slot.pk for slot in slots[1:]]
    every = desk.get(move_page(booking), {"angebot": "alle"})
    assert offered(every) == [slot.pk for slot in (*slots[1:], *by_video)]
    assert _("Another service: other things may be needed. Please say so.") in words(every)
    desk.post(move_page(booking), {"slot": by_video[0].pk})
    assert Booking.objects.get().slot_id == by_video[0].pk


def test_a_time_that_is_gone_leaves_the_appointment_where_it_is(desk: Client, slots: list[Slot]) -> None:
    booking = factories.make_booking(slots[0])
    factories.make_booking(slots[1], email="b@example.org")
    answer = desk.post(move_page(booking), {"slot": slots[1].pk})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert Booking.objects.get(pk=booking.pk).slot_id == slots[0].pk


@pytest.mark.parametrize("slot", ["", "x", "0", "9" * 40, "-1"])
def test_without_a_time_the_page_asks_for_one(desk: Client, slots: list[Slot], slot: str) -> None:
    booking = factories.make_booking(slots[0])
    answer = desk.post(move_page(booking), {"slot": slot})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert Booking.objects.get().slot_id == slots[0].pk


def test_a_time_of_another_office_is_not_one(desk: Client, slots: list[Slot]) -> None:
    booking = factories.make_booking(slots[0])
    elsewhere = factories.make_office(name="Süd", slug="sued", is_default=False)
    foreign = factories.make_slots(
        factories.make_host(elsewhere, "Sude Süd"), factories.make_service(elsewhere, "sued")
    )
    answer = desk.post(move_page(booking), {"slot": foreign[0].pk})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert Booking.objects.get().slot_id == slots[0].pk


def test_what_is_cancelled_or_over_is_not_moved(
    desk: Client, slots: list[Slot], clock: time_machine.Traveller, manager: User
) -> None:
    cancelled, over = (
        factories.make_booking(slots[0]),
        factories.make_booking(slots[1], email="b@example.org"),
    )
    bookings.cancel(cancelled.pk, Actor.RESIDENT, factories.NOW)
    clock.move_to(slots[1].end)
    desk.force_login(manager)
    for booking in (cancelled, over):
        page = reverse("staff:booking", args=[booking.pk])
        assert move_page(booking) not in desk.get(page).content.decode()
        assert desk.get(move_page(booking)).headers["Location"] == page
        answer = desk.post(move_page(booking), {"slot": slots[5].pk}, follow=True)
        assert str(WrongState.message) in words(answer)
    assert not Booking.objects.filter(slot=slots[5]).exists()


def test_the_list_takes_the_same_queries_for_one_date_and_for_thirty(
    desk: Client, host: Host, service: Service, slots: list[Slot]
) -> None:
    booking = factories.make_booking(slots[0])
    one = queries(lambda: desk.get(move_page(booking)))
    for hour in (9, 10, 11):
        pattern = factories.make_pattern(
            factories.Rhythm.WEEKLY, starts_at=time(hour), ends_at=time(hour + 1)
        )
        factories.make_slots(host, service, pattern)
    assert queries(lambda: desk.get(move_page(booking))) == one
