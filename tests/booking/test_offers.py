"""What a resident makes of another time: accept it, choose her own, decline it, or leave it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.db.models import F
from django.test import Client
from django.urls import reverse

from booking import links
from booking.actions import bookings, closing, erasure, illness, offers, redating, retention
from booking.actions.errors import SlotClosed, SlotTaken, WrongState
from booking.enums import Actor, Answer, BookedTimes, Occasion, Status, Weekday
from booking.models import (
    Absence,
    Booking,
    Call,
    Host,
    Office,
    OfficeHours,
    OutboxMessage,
    Service,
    Slot,
    Throttle,
)
from tests import factories, itip
from tests.booking.visitor import Visitor

pytestmark = pytest.mark.django_db
MINUTE = timedelta(seconds=60)
# What a mail, a link checker or a reader that opens every link asks for.
PAGES = ("booking", "accept", "other_time", "cancel", "data")


@pytest.fixture
def others(office: Office, service: Service) -> list[Slot]:
    """Bruno's nine times on Wednesday."""
    bruno = factories.make_host(office, "Bruno Brück")
    pattern = factories.make_pattern(weekdays=(Weekday.WEDNESDAY,), first_on=date(2026, 11, 25))
    return factories.make_slots(bruno, service, pattern)


def fall_out(booking: Booking, now: datetime) -> Booking:
    host = booking.slot.office_hours.host
    illness.report(host, now, now + timedelta(days=3), now - MINUTE)
    illness.carry_out(now)
    booking.refresh_from_db()
    return booking


@pytest.fixture
def fallen(booking: Booking, others: list[Slot], now: datetime) -> Booking:
    """The appointment on Tuesday, called off on Monday at nine."""
    return fall_out(booking, now)


@pytest.fixture
def held(fallen: Booking) -> Booking:
    """The time that is held instead: Wednesday, 14:00."""
    return Booking.objects.with_parts().get(replaces=fallen)


def address(booking: Booking, name: str = "booking") -> str:
    return reverse(f"booking:{name}", kwargs={"token": links.token(booking)})


def count(occasion: Occasion) -> int:
    return OutboxMessage.objects.filter(occasion=occasion).count()


# --- what the resident sees ---


def test_looking_at_every_link_changes_nothing(visitor: Visitor, fallen: Booking, held: Booking) -> None:
    before = list(Booking.objects.order_by("pk").values())
    for booking in (fallen, held):
        for name in PAGES:
            assert visitor.open(address(booking, name)).status < HTTPStatus.BAD_REQUEST
    assert list(Booking.objects.order_by("pk").values()) == before


def test_the_page_of_the_hold_shows_both_times_and_three_ways(
    visitor: Visitor, held: Booking, others: list[Slot]
) -> None:
    page = visitor.open(address(held))
    for text in (
        "Dienstag, 24. November",
        "Mittwoch, 25. November",
        "14:00",
        "20:00",
        "Bruno Brück",
        held.code,
    ):
        assert text in page.text
    assert address(held, "other_time") in page.links()
    assert address(held, "cancel") in page.links()
    assert f'action="{address(held, "accept")}"' in Client().get(address(held)).content.decode()


def test_the_page_of_what_fell_out_leads_to_the_time_that_is_held(
    visitor: Visitor, fallen: Booking, held: Booking
) -> None:
    assert address(held) in visitor.open(address(fallen)).links()


def test_accepting_books_the_held_time_once_and_sends_the_invitation(
    visitor: Visitor, held: Booking, host: Host
) -> None:
    for _ in range(2):
        answer = Client().post(address(held, "accept"))
        assert (answer.status_code, answer.headers["Location"]) == (HTTPStatus.SEE_OTHER, address(held))
    held.refresh_from_db()
    assert (held.status, held.held_until, held.sequence) == (Status.CONFIRMED, None, 0)
    mail = OutboxMessage.objects.get(booking=held, occasion=Occasion.BOOKED)
    itip.message(mail.ics, "REQUEST", held.email)
    assert OutboxMessage.objects.filter(booking=held, occasion=Occasion.HOST_BOOKED).count() == 1
    assert offers.answer_of(held, factories.NOW) == Answer.ACCEPTED


def test_another_time_is_the_same_row_moved_and_booked_in_one_step(
    visitor: Visitor, held: Booking, others: list[Slot], now: datetime
) -> None:
    page = address(held, "other_time")
    assert visitor.open(f"{page}?slot={others[4].pk}").status == HTTPStatus.OK
    for _ in range(2):
        assert Client().post(page, {"slot": others[4].pk}).headers["Location"] == address(held)
    held.refresh_from_db()
    assert (held.status, held.slot, held.sequence) == (Status.CONFIRMED, others[4], 1)
    assert OutboxMessage.objects.filter(booking=held).exclude(recipient=F("booking__email")).count() == 1
    assert (count(Occasion.BOOKED), count(Occasion.MOVED)) == (2, 0)
    assert Slot.objects.bookable(now).filter(pk=others[0].pk).exists()
    assert offers.answer_of(held, now) == Answer.OTHER_TIME


def test_declining_asks_first_frees_the_seat_and_blames_nobody(
    visitor: Visitor, held: Booking, others: list[Slot], now: datetime
) -> None:
    mails = OutboxMessage.objects.count()
    assert Client().post(address(held, "cancel")).headers["Location"] == address(held)
    held.refresh_from_db()
    assert (held.status, held.cancelled_by) == (Status.CANCELLED, Actor.RESIDENT)
    assert Slot.objects.bookable(now).filter(pk=others[0].pk).exists()
    assert (OutboxMessage.objects.count(), Throttle.objects.count()) == (
        mails,
        0,
    )
    assert reverse("booking:slots") in visitor.open(address(held)).links()
    assert offers.answer_of(held, now) == Answer.DECLINED


def test_an_offer_that_has_run_out_says_so_and_leads_to_free_times(
    visitor: Visitor, held: Booking, clock: time_machine.Traveller, now: datetime, others: list[Slot]
) -> None:
    late = held.held_until
    assert late is not None
    clock.move_to(late)
    for swept in (False, True):
        if swept:
            assert bookings.expire(late) == 1
        page = visitor.open(address(held))
        assert page.status == HTTPStatus.OK
        assert reverse("booking:slots") in page.links()
        assert Client().post(address(held, "accept")).status_code == HTTPStatus.CONFLICT
        answer = Client().post(address(held, "other_time"), {"slot": others[3].pk})
        assert answer.status_code == HTTPStatus.CONFLICT
        held.refresh_from_db()
        assert offers.answer_of(held, late) == Answer.EXPIRED
    assert held.status == Status.CANCELLED


def test_a_time_that_has_just_gone_leaves_the_held_one_as_it_is(
    visitor: Visitor, held: Booking, others: list[Slot]
) -> None:
    factories.make_booking(others[4], email="schneller@example.org")
    answer = Client().post(address(held, "other_time"), {"slot": others[4].pk})
    assert answer.status_code == HTTPStatus.CONFLICT
    held.refresh_from_db()
    assert (held.status, held.slot) == (Status.PENDING, others[0])
    assert (
        Client().post(address(held, "other_time"), {"slot": "x"}).status_code
        == HTTPStatus.UNPROCESSABLE_ENTITY
    )


# --- without a hold ---


def test_what_fell_out_without_a_hold_is_booked_anew_without_typing(
    visitor: Visitor, booking: Booking, service: Service, office: Office, now: datetime
) -> None:
    bruno = factories.make_host(office, "Bruno Brück")
    pattern = factories.make_pattern(weekdays=(Weekday.FRIDAY,), first_on=date(2026, 12, 18))
    later = factories.make_slots(bruno, service, pattern)
    fallen = fall_out(booking, now)
    page = address(fallen, "other_time")
    assert page in visitor.open(address(fallen)).links()
    answers = [Client().post(page, {"slot": later[2].pk}) for _ in range(2)]
    taken = Booking.objects.get(replaces=fallen)
    assert [answer.headers["Location"] for answer in answers] == [address(taken)] * 2
    assert (taken.status, taken.slot, taken.sequence) == (Status.CONFIRMED, later[2], 0)
    assert (taken.name, taken.email, taken.phone) == (fallen.name, fallen.email, fallen.phone)
    assert Client().post(page, {"slot": later[3].pk}).status_code == HTTPStatus.CONFLICT
    assert offers.answer_of(taken, now) == Answer.OTHER_TIME


def test_only_the_same_service_can_be_chosen(held: Booking, office: Office, now: datetime) -> None:
    clara = factories.make_host(office, "Clara Clausen")
    pattern = factories.make_pattern(weekdays=(Weekday.THURSDAY,), first_on=date(2026, 11, 26))
    (first, *_rest) = factories.make_slots(clara, factories.make_service(office, "mieten"), pattern)
    with pytest.raises(SlotClosed):
        offers.choose(held.pk, first.pk, now)
    held.refresh_from_db()
    assert held.status == Status.PENDING


def test_an_ordinary_booking_is_no_offer(
    visitor: Visitor, booking: Booking, others: list[Slot], now: datetime
) -> None:
    with pytest.raises(WrongState):
        offers.choose(booking.pk, others[0].pk, now)
    assert Client().post(address(booking, "accept")).headers["Location"] == address(booking)
    assert (
        Client().post(address(booking, "other_time"), {"slot": others[0].pk}).status_code
        == HTTPStatus.CONFLICT
    )
    assert Booking.objects.get().slot == booking.slot


def test_a_hold_of_a_full_slot_is_refused(
    fallen: Booking, held: Booking, others: list[Slot], now: datetime
) -> None:
    full = Slot.objects.select_related("office_hours__host__office").get(pk=others[0].pk)
    with pytest.raises(SlotTaken):
        offers.hold_locked(fallen, full, now)


# --- forgetting ---


def test_who_takes_her_data_back_takes_the_hold_back_too(
    visitor: Visitor, fallen: Booking, held: Booking, others: list[Slot], now: datetime
) -> None:
    erasure.take_back(fallen.pk, now)
    held.refresh_from_db()
    fallen.refresh_from_db()
    for booking in (fallen, held):
        assert (booking.name, booking.email, booking.phone, booking.erased_at) == ("", "", "", now)
    assert held.status == Status.CANCELLED
    assert Slot.objects.bookable(now).filter(pk=others[0].pk).exists()


def test_what_was_accepted_stays_when_the_old_appointment_is_erased(
    fallen: Booking, held: Booking, now: datetime
) -> None:
    bookings.confirm(held.pk, now)
    erasure.take_back(fallen.pk, now)
    held.refresh_from_db()
    assert (held.status, held.email) == (Status.CONFIRMED, fallen.email)
    erasure.take_back(held.pk, now)
    assert Booking.objects.filter(erased_at=None).count() == 0


def test_holds_and_calls_keep_no_contact_data_after_retention(
    slots: list[Slot], others: list[Slot], office: Office, now: datetime
) -> None:
    fallen = fall_out(factories.make_booking(slots[0], email=""), now)
    assert Call.objects.open(office).count() == 1
    later = now + timedelta(days=4)
    bookings.expire(later)
    retention.erase(later + timedelta(days=3))
    assert set(Booking.objects.values_list("name", "email", "phone")) == {("", "", "")}
    assert (Call.objects.open(office).count(), Call.objects.get().booking) == (0, fallen)
    assert Absence.objects.get().bookings.count() == 1


# --- the office changes its mind ---


def test_a_held_time_that_the_office_cancels_is_told(
    fallen: Booking, held: Booking, office: Office, now: datetime
) -> None:
    start = held.slot.start
    closing.close(office, None, start, start + timedelta(hours=1), "Wasserschaden", BookedTimes.CANCEL, now)
    mail = OutboxMessage.objects.get(booking=held)
    assert (mail.occasion, mail.recipient, mail.ics) == (Occasion.CANCELLED_BY_OFFICE, held.email, "")
    assert "Wasserschaden" in mail.text


def test_a_held_time_of_somebody_without_mail_that_the_office_cancels_is_called(
    slots: list[Slot], others: list[Slot], now: datetime
) -> None:
    fallen = fall_out(factories.make_booking(slots[0], email=""), now)
    Call.objects.update(done_at=now)
    held = Booking.objects.get(replaces=fallen)
    bookings.cancel(held.pk, Actor.OFFICE, now)
    assert Call.objects.get(done_at=None).booking == held


def test_a_held_time_that_moves_is_told_with_the_day_until_which_she_may_answer(
    held: Booking, now: datetime
) -> None:
    hours = OfficeHours.objects.get(slots=held.slot_id)
    terms = redating.DateTerms(date(2026, 11, 25), time(15), time(18), 20, 0, 1, {})
    redating.revise_date(hours, terms, {held.pk: BookedTimes.MOVE}, now)
    mail = OutboxMessage.objects.get(booking=held)
    assert mail.subject.endswith("Mittwoch, 25. November, 15:00 Uhr")
    assert "Dienstag, 24. November, 20:00 Uhr" in mail.text
    assert links.booking_url(held) in mail.text
    assert links.confirm_url(held) not in mail.text
