"""The form of a time: booking it, what is wrong with it, and times that are gone."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from time_machine import Traveller

from booking.actions import throttling
from booking.enums import Status
from booking.forms.guarded import stamp
from booking.models import Booking, Host, Office, Slot
from tests.booking.visitor import Page, Visitor, words
from tests.factories import NOW, make_booking, make_service, make_slots

pytestmark = pytest.mark.shared

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def paths(page: Page) -> list[str]:
    return [element.get("href", "") for element in page.with_class("qm-slot")]


def test_the_form_shows_the_chosen_time_and_what_happens_to_the_data(
    slots: list[Slot], visitor: Visitor
) -> None:
    page = visitor.open(f"/en/termine/{slots[1].pk}/")
    assert page.status == 200
    assert words(page.with_class("qm-chosen__when")[0]) == "Tuesday, 24 November, 14:20"
    assert "We erase it 2 days after the appointment." in page.text
    assert "/en/datenschutz/" in page.links()
    assert page.choices("channel") == ["office", "phone", "video"]


def test_every_field_helps_to_fill_it_in(slots: list[Slot], visitor: Visitor) -> None:
    page = visitor.open(f"/termine/{slots[0].pk}/")
    expected = {"name": ("name", None), "email": ("email", "email"), "phone": ("tel", "tel")}
    for name, (autocomplete, inputmode) in expected.items():
        field = page.field(name)
        assert field is not None
        assert (field.get("autocomplete"), field.get("inputmode")) == (autocomplete, inputmode)
        assert field.get("enterkeyhint") == "next"
        assert field.get("id") in {label.get("for") for label in page.tree.iter("label")}


def test_a_booking_answers_with_the_way_to_it(slots: list[Slot], visitor: Visitor) -> None:
    page = visitor.book(slots[2], topic="wohnen")
    booking = Booking.objects.get()
    assert page.status == 303
    assert visitor.open(page.response["Location"]).status == 200
    assert (booking.slot, booking.name, booking.email, booking.phone) == (
        slots[2],
        "Amira Yılmaz",
        "amira@example.org",
        "0171 2345678",
    )
    assert (booking.channel, booking.topic, booking.language) == ("office", "wohnen", "de")


def test_who_books_on_the_english_page_is_answered_in_english(slots: list[Slot], visitor: Visitor) -> None:
    form = visitor.open(f"/en/termine/{slots[0].pk}/").fields()
    visitor.clock.shift(5)
    answer = visitor.send(
        f"/en/termine/{slots[0].pk}/", form | {"name": "A", "email": "a@example.org", "channel": "office"}
    )
    assert answer.response["Location"].startswith("/en/buchung/")
    assert Booking.objects.get().language == "en"


def test_the_same_form_sent_twice_is_one_booking(slots: list[Slot], visitor: Visitor) -> None:
    form = visitor.fill_in(slots[0])
    first = visitor.send(f"/termine/{slots[0].pk}/", form)
    second = visitor.send(f"/termine/{slots[0].pk}/", form)
    assert first.response["Location"] == second.response["Location"]
    assert Booking.objects.count() == 1


def test_a_used_form_with_another_name_is_shown_again(slots: list[Slot], visitor: Visitor) -> None:
    form = visitor.fill_in(slots[0])
    visitor.send(f"/termine/{slots[0].pk}/", form)
    page = visitor.send(f"/termine/{slots[1].pk}/", form | {"name": "Karim"})
    assert page.status == 409
    assert page.fields()["name"] == "Karim"
    assert page.fields()["request_id"] != form["request_id"]
    assert "buchung/" not in "".join(link for link in page.links() if len(link) > 20)
    assert visitor.send(f"/termine/{slots[1].pk}/", form | page.fields()).status == 303
    assert Booking.objects.count() == 2


def test_a_form_sent_too_early_is_shown_again_as_it_is(slots: list[Slot], visitor: Visitor) -> None:
    form = visitor.fill_in(slots[0])
    visitor.clock.move_to(NOW + timedelta(seconds=1))
    early = visitor.send(f"/termine/{slots[0].pk}/", form)
    assert (early.status, early.title.startswith("Fehler:"), Booking.objects.count()) == (200, False, 0)
    assert (early.fields()["name"], early.chosen("channel")) == (form["name"], ["office"])
    visitor.clock.shift(2)
    assert visitor.send(f"/termine/{slots[0].pk}/", form | early.fields()).status == 303


def test_a_form_may_lie_open_for_a_day(slots: list[Slot], visitor: Visitor) -> None:
    form = visitor.fill_in(slots[0])
    visitor.clock.move_to(NOW + DAY)
    assert visitor.send(f"/termine/{slots[0].pk}/", form).status == 303


def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(
    slots: list[Slot], visitor: Visitor
) -> None:
    page = visitor.book(slots[0], name="", email="amira@", phone="nein", topic="wohnen", channel="phone")
    assert (page.status, Booking.objects.count()) == (422, 0)
    typed = page.fields()
    assert (typed["email"], typed["phone"], page.chosen("channel")) == ("amira@", "nein", ["phone"])
    assert [a.get("href") for a in page.with_class("qm-errors")[0].iter("a")] == [
        "#id_name",
        "#id_email",
        "#id_phone",
    ]
    for name in ("name", "email", "phone"):
        field = page.field(name)
        assert field is not None
        assert field.get("aria-invalid") == "true"
        assert f"id_{name}_error" in field.get("aria-describedby", "")
    assert page.find("body//form[@method='post']").get("action") == f"/termine/{slots[0].pk}/"
    assert "autofocus" in page.with_class("qm-errors")[0].attrib


def test_a_time_that_is_gone_offers_the_next_ones_with_what_was_typed(
    slots: list[Slot], visitor: Visitor
) -> None:
    form = visitor.fill_in(slots[3])
    make_booking(slots[3])
    make_booking(slots[4])
    page = visitor.send(f"/termine/{slots[3].pk}/", form)
    assert page.status == 409
    offered = [b.get("formaction", "") for b in page.tree.iter("button") if b.get("formaction")]
    assert offered == [f"/termine/{slot.pk}/" for slot in slots[5:]]
    assert (page.fields()["name"], page.fields()["email"]) == (form["name"], form["email"])
    answer = visitor.send(f"/termine/{slots[5].pk}/", form | page.fields())
    assert answer.status == 303
    assert Booking.objects.filter(slot=slots[5], name=form["name"]).exists()


def test_the_enter_key_does_not_book_another_time(slots: list[Slot], visitor: Visitor) -> None:
    form = visitor.fill_in(slots[0])
    make_booking(slots[0])
    page = visitor.send(f"/termine/{slots[0].pk}/", form)
    default = next(page.find("body//form[@method='post']").iter("button"))
    assert ("disabled" in default.attrib, default.get("formaction")) == (True, None)


def test_when_the_last_times_are_gone_the_first_ones_are_offered(slots: list[Slot], visitor: Visitor) -> None:
    make_booking(slots[-1])
    page = visitor.open(f"/termine/{slots[-1].pk}/")
    assert (page.status, paths(page)) == (409, [f"/termine/{slot.pk}/" for slot in slots[:6]])


def test_a_time_that_is_over_or_closed_is_gone_for_good(
    slots: list[Slot], visitor: Visitor, clock: Traveller
) -> None:
    form = visitor.fill_in(slots[0])
    clock.move_to(slots[0].start)
    assert visitor.open(f"/termine/{slots[0].pk}/").status == 410
    answer = visitor.send(f"/termine/{slots[0].pk}/", form | {"started": stamp(slots[0].start - HOUR)})
    assert answer.status == 409
    assert len([b for b in answer.tree.iter("button") if b.get("formaction")]) == 6
    assert Booking.objects.count() == 0


def test_an_unknown_time_is_not_found(slots: list[Slot], visitor: Visitor) -> None:
    for number in ("0", "999999", str(2**63), "9" * 5000):
        assert visitor.open(f"/termine/{number}/").status == 404
        assert visitor.send(f"/termine/{number}/", {}).status == 404


def test_a_service_that_asks_for_it_holds_the_time_first(
    host: Host, office: Office, visitor: Visitor
) -> None:
    slot = make_slots(host, make_service(office, "projekt", needs_confirmation=True))[0]
    assert visitor.book(slot).status == 303
    assert Booking.objects.get().status == Status.PENDING


def test_too_many_bookings_from_one_address_are_slowed_down(
    slots: list[Slot], visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = throttling.Limit("booking by address", 1, HOUR)
    monkeypatch.setattr(throttling, "BOOKINGS_BY_ADDRESS", few)
    assert visitor.book(slots[0]).status == 303
    page = visitor.book(slots[1])
    assert (page.status, page.response["Retry-After"], page.fields()["name"]) == (429, "600", "Amira Yılmaz")
    assert "0123 456-700" in page.text


def test_a_whole_office_may_book_from_one_address() -> None:
    assert throttling.BOOKINGS_BY_ADDRESS.tries >= 2000


def test_a_loop_of_booking_and_cancelling_ends(slots: list[Slot], visitor: Visitor) -> None:
    for _ in range(throttling.CANCELLATIONS_BY_CONTACT.tries):
        throttling.note_cancellation("amira@example.org", "", NOW)
    assert visitor.book(slots[0]).status == 429
    assert visitor.book(slots[0], email="karim@example.org", phone="").status == 303


def test_two_forms_are_two_requests(slots: list[Slot], visitor: Visitor) -> None:
    url = f"/termine/{slots[0].pk}/"
    ids = {uuid.UUID(visitor.open(url).fields()["request_id"]) for _ in range(2)}
    assert len(ids) == 2
