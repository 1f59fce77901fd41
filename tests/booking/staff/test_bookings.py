from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from booking.actions import bookings
from booking.actions.errors import WrongState
from booking.enums import Actor, Channel, Occasion, Status
from booking.models import Booking, OutboxMessage, Service, Slot
from tests import factories
from tests.booking.staff.pages import queries, words


def page_of(booking: Booking, name: str = "booking") -> str:
    return reverse(f"staff:{name}", args=[booking.pk])


def test_the_page_of_a_booking_says_all_the_office_needs(desk: Client, slots: list[Slot]) -> None:
    booking = factories.make_booking(slots[0], channel=Channel.PHONE, topic="wohnen", message="Zwei Briefe")
    answer = desk.get(page_of(booking))
    shown = words(answer)
    for text in ("Amira Yılmaz", "amira@example.org", "0171 2345678", booking.code, "Wohnen", "Zwei Briefe"):
        assert text in shown
    assert 'href="tel:01712345678"' in answer.content.decode()
    assert [mail.occasion for mail in answer.context["sent"]] == [Occasion.HOST_BOOKED, Occasion.BOOKED]


def test_a_topic_that_the_service_no_longer_has_is_named_by_its_key(
    desk: Client, slots: list[Slot], service: Service
) -> None:
    booking = factories.make_booking(slots[0], topic="wohnen")
    Service.objects.filter(pk=service.pk).update(topics=[])
    assert desk.get(page_of(booking)).context["topic"] == "wohnen"


def test_a_language_that_is_gone_does_not_break_the_page(desk: Client, slots: list[Slot]) -> None:
    booking = factories.make_booking(slots[0])
    Booking.objects.filter(pk=booking.pk).update(language="tlh")
    assert "tlh" in words(desk.get(page_of(booking)))


def test_erased_contact_data_is_said_to_be_erased(desk: Client, slots: list[Slot], now: datetime) -> None:
    booking = factories.make_booking(slots[0])
    Booking.objects.filter(pk=booking.pk).update(name="", email="", phone="", message="", erased_at=now)
    shown = words(desk.get(page_of(booking)))
    assert _("The contact data has been erased.") in shown
    assert "Amira" not in shown


def test_cancelling_asks_first_and_says_that_a_mail_goes_out(desk: Client, slots: list[Slot]) -> None:
    booking = factories.make_booking(slots[0])
    shown = words(desk.get(page_of(booking, "booking_cancel")))
    assert _("Cancel and notify") in shown
    assert "amira@example.org" in shown
    assert Booking.objects.get().status == Status.CONFIRMED


def test_without_an_address_the_phone_number_is_shown_instead(desk: Client, slots: list[Slot]) -> None:
    booking = factories.make_booking(slots[0], email="")
    shown = words(desk.get(page_of(booking, "booking_cancel")))
    assert "0171 2345678" in shown
    assert _("Cancel without a mail") in shown
    assert _("Cancel and notify") not in shown


def test_cancelling_tells_the_resident_the_word_of_the_office(desk: Client, slots: list[Slot]) -> None:
    booking = factories.make_booking(slots[0])
    answer = desk.post(page_of(booking, "booking_cancel"), {"word": "Wir sind krank.\nGute Besserung uns!"})
    assert (answer.status_code, answer.headers["Location"]) == (HTTPStatus.FOUND, page_of(booking))
    booking.refresh_from_db()
    assert (booking.status, booking.cancelled_by) == (Status.CANCELLED, Actor.OFFICE)
    mail = OutboxMessage.objects.get(booking=booking, occasion=Occasion.CANCELLED_BY_OFFICE)
    assert mail.recipient == "amira@example.org"
    assert "Wir sind krank." in mail.text
    entry = ModelLogEntry.objects.get(action="booking.cancel")
    assert (entry.object_id, entry.label, entry.data) == (str(booking.pk), booking.code, {})


def test_without_an_address_no_mail_to_a_resident_is_written(desk: Client, slots: list[Slot]) -> None:
    booking = factories.make_booking(slots[0], email="")
    answer = desk.post(page_of(booking, "booking_cancel"), follow=True)
    assert OutboxMessage.objects.filter(occasion=Occasion.CANCELLED_BY_OFFICE).count() == 0
    assert _("The appointment is cancelled. No mail goes out: please call the person.") in words(answer)


def test_the_office_may_cancel_at_the_last_minute(
    desk: Client, slots: list[Slot], clock: object, now: datetime
) -> None:
    booking = factories.make_booking(slots[0], now=now)
    Slot.objects.filter(pk=slots[0].pk).update(start=now)
    desk.post(page_of(booking, "booking_cancel"))
    assert Booking.objects.get().status == Status.CANCELLED


def test_what_is_cancelled_cannot_be_cancelled_again(desk: Client, slots: list[Slot], now: datetime) -> None:
    booking = factories.make_booking(slots[0])
    bookings.cancel(booking.pk, Actor.RESIDENT, now)
    mails = OutboxMessage.objects.count()
    assert desk.get(page_of(booking, "booking_cancel")).headers["Location"] == page_of(booking)
    answer = desk.post(page_of(booking, "booking_cancel"), follow=True)
    assert str(WrongState.message) in words(answer)
    assert Booking.objects.get().cancelled_by == Actor.RESIDENT
    assert OutboxMessage.objects.count() == mails
    assert reverse("staff:booking_cancel", args=[booking.pk]) not in answer.content.decode()


@pytest.mark.parametrize("word", ["x" * 501, "Null\x00", "Zeile\u2028zwei", "Glocke\x07"])
def test_a_word_that_no_mail_can_carry_is_refused_and_kept(
    desk: Client, slots: list[Slot], word: str
) -> None:
    booking = factories.make_booking(slots[0])
    answer = desk.post(page_of(booking, "booking_cancel"), {"word": word})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(answer.context["form"].errors) == ["word"]
    assert answer.context["form"]["word"].value() == word
    assert Booking.objects.get().status == Status.CONFIRMED


def test_the_page_takes_the_same_queries_for_one_mail_and_for_thirty(
    desk: Client, slots: list[Slot], now: datetime
) -> None:
    booking = factories.make_booking(slots[0])
    some = OutboxMessage.objects.filter(booking=booking)
    one = queries(lambda: desk.get(page_of(booking)))
    template = some[0]
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            dedupe_key=f"copy {n}",
            office=template.office,
            booking=booking,
            occasion=Occasion.REMINDER,
            message_id=f"<{n}@example.org>",
            created_at=now,
            next_attempt_at=now,
            give_up_at=now,
        )
        for n in range(30)
    )
    assert queries(lambda: desk.get(page_of(booking))) == one
