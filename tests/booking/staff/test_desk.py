"""Booking for somebody: one click, a short form, a code to say and a slip to take along."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from booking.actions import closing, desk
from booking.enums import Actor, BookedTimes, Channel, Occasion, SlotOffer, Status
from booking.models import Booking, Host, Office, OfficeHours, OutboxMessage, Service, Slot
from qmportal.accounts.models import User
from tests import factories
from tests.booking.staff.pages import queries, words

BOOK = "staff:book"


def typed(slot: Slot, **fields: Any) -> dict[str, Any]:
    person = {"name": "Olena Koval", "phone": "0171 2345678", "channel": "office", "language": "de"}
    return {"zeit": slot.pk, "request_id": str(uuid4()), **person, **fields}


def made(answer: Any) -> Booking:
    """Return the booking to whose code the answer leads."""
    assert answer.status_code == HTTPStatus.FOUND
    page = resolve(answer.headers["Location"])
    assert page.view_name == "staff:booking_made"
    return Booking.objects.with_parts().get(pk=page.kwargs["pk"])


def test_free_times_stand_under_their_day_the_next_ones_first(
    desk: Client, host: Host, service: Service, slots: list[Slot]
) -> None:
    later = factories.make_slots(
        host, service, factories.make_pattern(first_on=factories.TUESDAY + timedelta(days=2))
    )
    factories.make_booking(slots[0])
    Slot.objects.filter(pk=slots[1].pk).update(offer=SlotOffer.DESK)
    Slot.objects.filter(pk=slots[2].pk).update(offer=SlotOffer.NONE)
    answer = desk.get(reverse(BOOK))
    days = answer.context["days"]
    assert [day.date for day in days] == [date(2026, 11, 24), date(2026, 11, 26)]
    shown = [slot.pk for day in days for group in day.groups for slot in group.slots]
    assert shown == [slot.pk for slot in (slots[1], *slots[3:], *later)]
    assert words(answer).count(_("not on the web")) == 1


def test_filters_narrow_the_times_and_survive_turning_the_page(
    desk: Client, office: Office, host: Host, service: Service, slots: list[Slot]
) -> None:
    colleague = factories.make_host(office, "Jonas Weber")
    other = factories.make_service(office, "mieten", offers_video=False)
    weekly = factories.make_pattern(factories.Rhythm.WEEKLY, starts_at=time(9), ends_at=time(10))
    factories.make_slots(colleague, other, weekly, channels=(Channel.PHONE,))
    for query in (
        {"person": "jonas-weber"},
        {"angebot": "mieten"},
        {"art": "phone", "person": colleague.slug},
    ):
        days = desk.get(reverse(BOOK), query).context["days"]
        assert {group.hours.host for day in days for group in day.groups} == {colleague}
    answer = desk.get(reverse(BOOK), {"person": "jonas-weber"})
    assert len(answer.context["days"]) == 7
    assert answer.context["later"] == "?person=jonas-weber&ab=2027-01-12"
    assert desk.get(reverse(BOOK) + answer.context["later"]).context["days"][0].date == date(2027, 1, 12)


def test_what_nobody_offers_is_said_with_a_way_on(desk: Client) -> None:
    answer = desk.get(reverse(BOOK))
    assert _("No time is free. You can publish office hours, or book outside of them.") in words(answer)
    assert reverse("staff:book_outside") in answer.content.decode()


def test_a_click_on_a_time_leads_to_the_form_and_the_form_to_the_code(
    desk: Client, slots: list[Slot]
) -> None:
    form = desk.get(reverse(BOOK), {"zeit": slots[0].pk})
    assert form.context["form"]["channel"].value() == "office"
    booking = made(desk.post(reverse(BOOK), typed(slots[0], topic="wohnen")))
    said = (booking.slot_id, booking.name, booking.phone, booking.email, booking.topic)
    assert said == (slots[0].pk, "Olena Koval", "0171 2345678", "", "wohnen")
    assert (booking.status, booking.booked_by, booking.channel) == (Status.CONFIRMED, Actor.OFFICE, "office")
    page = words(desk.get(reverse("staff:booking_made", args=[booking.pk])))
    assert booking.code in page
    assert _("If something changes, you have to call.") in page
    assert ModelLogEntry.objects.get(action="booking.book").object_id == str(booking.pk)


def test_with_an_address_the_usual_mails_go_out_in_the_resident_s_language(
    desk: Client, slots: list[Slot]
) -> None:
    booking = made(desk.post(reverse(BOOK), typed(slots[0], email="olena@example.org", language="en")))
    mail = OutboxMessage.objects.get(occasion=Occasion.BOOKED)
    assert (mail.recipient, mail.language, mail.booking_id) == ("olena@example.org", "en", booking.pk)


def test_nothing_of_the_person_is_needed_and_then_nobody_can_be_told(desk: Client, slots: list[Slot]) -> None:
    booking = made(desk.post(reverse(BOOK), typed(slots[0], name="", phone="")))
    assert (booking.name, booking.phone, booking.email) == ("", "", "")
    page = words(desk.get(reverse("staff:booking_made", args=[booking.pk])))
    assert _("This person cannot be told of changes") in page


def test_a_form_sent_twice_is_one_booking_and_one_line_in_the_log(desk: Client, slots: list[Slot]) -> None:
    form = typed(slots[0])
    first, second = (made(desk.post(reverse(BOOK), form)) for _n in range(2))
    assert first == second
    assert Booking.objects.count() == 1


def test_a_form_sent_twice_with_something_else_is_asked_about(desk: Client, slots: list[Slot]) -> None:
    form = typed(slots[0])
    desk.post(reverse(BOOK), form)
    answer = desk.post(reverse(BOOK), form | {"name": "Jemand anders", "zeit": slots[1].pk})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert answer.context["form"]["request_id"].value() != form["request_id"]
    assert answer.context["form"]["name"].value() == "Jemand anders"


def test_a_time_just_taken_offers_the_next_ones_and_keeps_what_was_typed(
    desk: Client, slots: list[Slot]
) -> None:
    factories.make_booking(slots[0])
    form = typed(slots[0], email="olena@example.org")
    answer = desk.post(reverse(BOOK), form)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert answer.context["form"]["email"].value() == "olena@example.org"
    offered = [s.pk for day in answer.context["days"] for group in day.groups for s in group.slots]
    assert offered == [slot.pk for slot in slots[1:7]]
    booking = made(desk.post(reverse(BOOK), form | {"zeit": [slots[0].pk, slots[1].pk]}))
    assert booking.slot_id == slots[1].pk


def test_a_link_to_a_time_that_is_gone_says_so(desk: Client, slots: list[Slot]) -> None:
    factories.make_booking(slots[0])
    answer = desk.get(reverse(BOOK), {"zeit": slots[0].pk})
    assert (answer.status_code, bool(answer.context["days"])) == (HTTPStatus.CONFLICT, True)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("phone", "keine"),
        ("email", "olena@"),
        ("name", "x" * 81),
        ("channel", "post"),
        ("language", "tlh"),
        ("topic", "fremd"),
    ],
)
def test_what_cannot_be_read_is_shown_beside_its_field_as_typed(
    desk: Client, slots: list[Slot], field: str, text: str
) -> None:
    answer = desk.post(reverse(BOOK), typed(slots[0], **{field: text}))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(answer.context["form"].errors) == [field]
    assert answer.context["form"][field].value() == text
    assert Booking.objects.count() == 0


def test_who_shall_be_called_needs_a_number(desk: Client, slots: list[Slot]) -> None:
    answer = desk.post(reverse(BOOK), typed(slots[0], phone="", channel="phone"))
    assert list(answer.context["form"].errors) == ["phone"]


@pytest.mark.parametrize("zeit", ["", "0", "x", "9" * 30, "-1", "²"])
def test_a_time_that_is_none_is_a_404(desk: Client, slots: list[Slot], zeit: str) -> None:
    assert desk.get(reverse(BOOK), {"zeit": zeit}).status_code == HTTPStatus.NOT_FOUND
    assert desk.post(reverse(BOOK), {"zeit": zeit}).status_code == HTTPStatus.NOT_FOUND


def test_times_of_another_office_are_not_given_away(desk: Client) -> None:
    elsewhere = factories.make_office(name="Süd", slug="sued", is_default=False)
    colleague = factories.make_host(elsewhere, "Sude Süd")
    foreign = factories.make_slots(colleague, factories.make_service(elsewhere, "sued"))[0]
    assert desk.get(reverse(BOOK)).context["days"] == []
    assert desk.post(reverse(BOOK), typed(foreign)).status_code == HTTPStatus.NOT_FOUND


def test_a_time_that_has_begun_can_be_given_until_it_ends(
    desk: Client, slots: list[Slot], clock: time_machine.Traveller, manager: User
) -> None:
    clock.move_to(slots[0].start + timedelta(minutes=5))
    desk.force_login(manager)
    assert _("has begun") in words(desk.get(reverse(BOOK)))
    assert made(desk.post(reverse(BOOK), typed(slots[0]))).slot_id == slots[0].pk


def test_the_list_takes_the_same_queries_for_one_date_and_for_thirty(
    desk: Client, host: Host, service: Service, slots: list[Slot]
) -> None:
    one = queries(lambda: desk.get(reverse(BOOK)))
    for hour in (8, 9, 10, 11, 12, 13):
        pattern = factories.make_pattern(
            factories.Rhythm.WEEKLY, starts_at=time(hour), ends_at=time(hour + 1)
        )
        factories.make_slots(host, service, pattern)
    assert OfficeHours.objects.count() > 30
    assert queries(lambda: desk.get(reverse(BOOK))) == one


# --- The slip ---


def test_the_slip_says_in_the_resident_s_language_all_she_needs(desk: Client, slots: list[Slot]) -> None:
    booking = made(desk.post(reverse(BOOK), typed(slots[0], language="en")))
    answer = desk.get(reverse("staff:booking_slip", args=[booking.pk]))
    page = answer.content.decode()
    for text in (booking.code, "Step-free entrance", "Bring your letters.", "Nordring 12", "Hannah Helfrich"):
        assert text in page
    assert '<html lang="en" dir="ltr">' in page
    assert ("<svg" in page, "/buchung/" in page, "<script" in page) == (True, True, False)
    assert "Olena" not in page


def test_a_slip_in_large_letters_is_for_a4(desk: Client, slots: list[Slot]) -> None:
    booking = factories.make_booking(slots[0])
    large = desk.get(reverse("staff:booking_slip", args=[booking.pk]), {"format": "a4"})
    assert "slip--large" in large.content.decode()


# --- Outside of office hours ---


def outside(host: Host, service: Service, **fields: Any) -> dict[str, Any]:
    when = {"day": "2026-11-25", "starts_at": "10:00", "minutes": 30, "host": host.pk, "service": service.pk}
    person = {"name": "Olena Koval", "phone": "0171 2345678", "channel": "office", "language": "de"}
    return {**when, **person, "request_id": str(uuid4()), **fields}


def test_a_time_that_was_never_published_is_booked_with_one_form(
    desk: Client, host: Host, service: Service
) -> None:
    page = reverse("staff:book_outside")
    assert desk.get(page).context["form"]["minutes"].value() == service.minutes
    booking = made(desk.post(page, outside(host, service)))
    assert booking.slot.office_hours.availability.is_extra
    series = desk.get(reverse("staff:series_list"))
    assert series.context["rows"] == []


def test_what_is_there_already_is_named_and_asked_about(
    desk: Client, host: Host, service: Service, slots: list[Slot], office: Office, now: datetime
) -> None:
    taken = factories.make_booking(slots[0])
    closing.close(office, None, slots[8].start, slots[8].end, "Teamsitzung", BookedTimes.KEEP, now)
    form = outside(host, service, day="2026-11-24", starts_at="14:10", minutes=170)
    asked = desk.post(reverse("staff:book_outside"), form)
    page = words(asked)
    assert (asked.status_code, Booking.objects.count()) == (HTTPStatus.OK, 1)
    for text in (taken.name, "14:00", "Teamsitzung", _("Book all the same")):
        assert text in page
    made(desk.post(reverse("staff:book_outside"), form | {"agreed": asked.context["found"].key}))


def test_who_agreed_to_an_older_state_is_asked_again(
    desk: Client, host: Host, service: Service, slots: list[Slot]
) -> None:
    form = outside(host, service, day="2026-11-24", starts_at="14:10")
    key = desk.post(reverse("staff:book_outside"), form).context["found"].key
    factories.make_booking(slots[0])
    again = desk.post(reverse("staff:book_outside"), form | {"agreed": key})
    assert (again.status_code, Booking.objects.count()) == (HTTPStatus.CONFLICT, 1)
    assert _("Something has changed at this time. Please look again.") in words(again)


def test_two_office_hours_are_never_joined(
    desk: Client, host: Host, service: Service, slots: list[Slot]
) -> None:
    factories.make_slots(host, service, factories.make_pattern(starts_at=time(17), ends_at=time(18)))
    form = outside(host, service, day="2026-11-24", starts_at="16:50")
    answer = desk.post(reverse("staff:book_outside"), form)
    assert (answer.status_code, Booking.objects.count()) == (HTTPStatus.CONFLICT, 0)
    assert answer.context["form"]["starts_at"].value() == "16:50"


def test_going_back_keeps_what_was_typed(
    desk: Client, host: Host, service: Service, slots: list[Slot]
) -> None:
    form = outside(host, service, day="2026-11-24", starts_at="14:10", step="edit")
    answer = desk.post(reverse("staff:book_outside"), form)
    assert (answer.status_code, answer.context["form"]["name"].value()) == (HTTPStatus.OK, "Olena Koval")


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("starts_at", {"day": "2026-11-23", "starts_at": "08:00"}),
        ("starts_at", {"day": "2027-03-28", "starts_at": "02:30"}),
        ("minutes", {"starts_at": "23:45"}),
        ("minutes", {"starts_at": "23:30"}),
        ("minutes", {"minutes": 4}),
        ("day", {"day": "2199-01-01"}),
        ("topic", {"topic": "fremd"}),
        ("phone", {"channel": "phone", "phone": ""}),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_beside_its_field(
    desk: Client, host: Host, service: Service, field: str, change: dict[str, Any]
) -> None:
    answer = desk.post(reverse("staff:book_outside"), outside(host, service, **change))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Booking.objects.count() == 0


def test_a_topic_of_another_service_and_video_without_a_link_are_refused(
    desk: Client, office: Office, host: Host, service: Service
) -> None:
    mute = factories.make_host(office, "Derya Demir", video_url="")
    other = factories.make_service(office, "mieten", topics=[{"key": "miete", "title": {"de": "Miete"}}])
    form = outside(mute, other, topic="wohnen", channel="video")
    answer = desk.post(reverse("staff:book_outside"), form)
    assert sorted(answer.context["form"].errors) == ["channel", "topic"]


def test_before_there_is_anything_to_offer_the_page_says_what_to_do(
    admin_desk: Client, office: Office
) -> None:
    assert reverse("staff:services") in admin_desk.get(reverse("staff:book_outside")).content.decode()


# --- Guests ---


def test_a_guest_is_named_with_her_organisation(
    admin_desk: Client, office: Office, service: Service, now: datetime
) -> None:
    fields = {"name": "Frau Demir", "organisation": "Verbraucherzentrale", "email": "", "role_de": "Schulden"}
    admin_desk.post(reverse("staff:host_new"), fields)
    guest = Host.objects.get()
    assert (guest.user, guest.organisation) == (None, "Verbraucherzentrale")
    booking = desk_booking(guest, service, now)
    named = "Frau Demir, Verbraucherzentrale"
    mail = OutboxMessage.objects.get(occasion=Occasion.BOOKED)
    assert named in mail.text
    assert "Verbraucherzentrale" in mail.ics.replace("\r\n ", "")
    assert named in admin_desk.get(reverse("staff:booking_slip", args=[booking.pk])).content.decode()


def desk_booking(guest: Host, service: Service, now: datetime) -> Booking:
    wish = desk.Wish(guest, service, date(2026, 11, 25), time(10), 30)
    return desk.book_outside(wish, factories.make_claim(), "", now)
