"""Finding a booking again by its code and a proof."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from booking.actions import bookings, throttling
from booking.enums import Actor
from booking.models import Booking, Office
from tests.booking.visitor import Page, Visitor
from tests.factories import NOW

pytestmark = pytest.mark.shared

HOUR = timedelta(hours=1)


def search(visitor: Visitor, code: str, proof: str) -> Page:
    form = visitor.open("/buchung/").fields()
    return visitor.send("/buchung/", form | {"code": code, "proof": proof})


def test_a_booking_is_found_by_its_code_and_a_proof(booking: Booking, own: str, visitor: Visitor) -> None:
    said = booking.code.lower().replace("-", " ")
    for proof in ("678", "AMIRA@example.org", " 678 "):
        page = search(visitor, said, proof)
        assert (page.status, page.response["Location"]) == (303, own)


def test_a_wrong_code_and_a_wrong_proof_get_the_same_answer(booking: Booking, visitor: Visitor) -> None:
    unlike = "Zebra-Zug-99" if booking.code != "Zebra-Zug-99" else "Zebra-Zug-98"
    answers = [search(visitor, unlike, "678"), search(visitor, booking.code, "679")]
    assert [page.status for page in answers] == [422, 422]
    assert answers[0].text == answers[1].text
    assert answers[0].title.startswith(translation.gettext("Error:"))
    assert [e.get("id") for e in answers[0].with_class("kern-alert--danger")] == ["fehler"]


def test_a_code_cannot_be_tried_for_long(booking: Booking, visitor: Visitor) -> None:
    tries = throttling.SEARCHES_BY_CODE.tries
    guesses = [search(visitor, booking.code, f"{n:03}").status for n in range(tries)]
    assert guesses == [422] * tries
    for written in (booking.code, booking.code.lower().replace("-", "")):
        page = search(visitor, written, "678")
        assert (page.status, page.response["Retry-After"]) == (429, "900")
        assert "0123 456-700" in page.text
        assert "Viertelstunde" in page.text
    visitor.clock.shift(15 * 60)
    assert search(visitor, booking.code, "678").status == 303


def test_whoever_used_up_the_tries_of_a_day_is_not_told_to_wait(booking: Booking, visitor: Visitor) -> None:
    at_once, a_day = throttling.SEARCHES_BY_CODE, throttling.SEARCHES_BY_CODE_A_DAY
    for n in range(a_day.tries):
        if n % at_once.tries == 0:
            visitor.clock.shift(15 * 60)
        assert search(visitor, booking.code, f"{n:03}").status == 422
    for minutes in (0, 15, 0):
        visitor.clock.shift(minutes * 60)
        page = search(visitor, booking.code, "678")
        assert (page.status, page.response["Retry-After"]) == (429, "86400")
        assert "0123 456-700" in page.text
        assert "Viertelstunde" not in page.text
    visitor.clock.shift(24 * 3600)
    assert search(visitor, booking.code, "678").status == 303


def test_one_address_cannot_try_many_codes(
    booking: Booking, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttling, "SEARCHES_BY_ADDRESS", throttling.Limit("search by address", 2, HOUR))
    pages = [search(visitor, f"Apfel-Laterne-{n}", "678") for n in (10, 11, 12)]
    assert [page.status for page in pages] == [422, 422, 429]
    assert pages[-1].response["Retry-After"] == "3600"
    assert "Viertelstunde" not in pages[-1].text


def test_a_cancelled_booking_is_still_found(booking: Booking, own: str, visitor: Visitor) -> None:
    bookings.cancel(booking.pk, Actor.OFFICE, NOW)
    assert search(visitor, booking.code, "678").response["Location"] == own


def test_an_empty_search_says_what_to_enter(office: Office, visitor: Visitor) -> None:
    page = search(visitor, "", "")
    assert page.status == 422
    assert len(page.with_class("kern-error")) == 2
