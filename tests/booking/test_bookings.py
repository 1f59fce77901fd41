from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from booking import codes, links
from booking.actions import bookings
from booking.actions.errors import (
    AlreadySent,
    ChannelNotOffered,
    NotFound,
    SlotClosed,
    SlotPast,
    SlotTaken,
    TooLate,
    WrongState,
)
from booking.enums import Actor, Channel, Occasion, Rhythm, SlotOffer, Status
from booking.models import Booking, Host, Office, OfficeHours, OutboxMessage, Service, Slot
from tests.factories import NOW, make_booking, make_claim, make_pattern, make_service, make_slots

SECOND = timedelta(seconds=1)


def free(slot: Slot) -> int:
    return int(Slot.objects.with_seats(NOW).get(pk=slot.pk).free_seats)


def occasions() -> list[str]:
    return list(OutboxMessage.objects.order_by("number").values_list("occasion", flat=True))


def test_a_booking_takes_a_seat_and_writes_its_mails(slots: list[Slot]) -> None:
    booking = make_booking(slots[0])
    assert (booking.seat, booking.status, booking.sequence) == (1, Status.CONFIRMED, 0)
    assert free(slots[0]) == 0
    assert set(occasions()) == {Occasion.BOOKED, Occasion.HOST_BOOKED}


def test_a_taken_slot_cannot_be_booked(slots: list[Slot]) -> None:
    make_booking(slots[0])
    with pytest.raises(SlotTaken):
        make_booking(slots[0])
    assert Booking.objects.count() == 1


def test_seats_fill_up_from_the_lowest_free_one(host: Host, service: Service) -> None:
    slot = make_slots(host, service, capacity=3)[0]
    first, second = make_booking(slot), make_booking(slot)
    bookings.cancel(first.pk, Actor.RESIDENT, NOW)
    third, fourth = make_booking(slot), make_booking(slot)
    assert [second.seat, third.seat, fourth.seat] == [2, 1, 3]
    with pytest.raises(SlotTaken):
        make_booking(slot)


def test_the_database_refuses_a_second_booking_of_a_seat(slots: list[Slot]) -> None:
    booking = make_booking(slots[0])
    booking.pk, booking.code, booking.request_id = uuid4(), "Adler-Ast-10", uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        booking.save(force_insert=True)


def test_the_same_form_sent_twice_is_one_booking(slots: list[Slot]) -> None:
    claim = make_claim()
    first = bookings.book(slots[0].pk, claim, NOW)
    again = bookings.book(slots[0].pk, claim, NOW + SECOND)
    assert again == first
    assert Booking.objects.count() == 1
    assert len(occasions()) == 2


def test_a_request_id_is_good_for_one_slot_and_contact_only(slots: list[Slot]) -> None:
    claim = make_claim()
    first = bookings.book(slots[0].pk, claim, NOW)
    for slot, other in (
        (slots[1], claim),
        (slots[0], make_claim(request_id=claim.request_id, email="b@c.de")),
    ):
        with pytest.raises(AlreadySent) as refusal:
            bookings.book(slot.pk, other, NOW)
        assert refusal.value.earlier == first


def test_a_slot_that_has_begun_is_past(slots: list[Slot]) -> None:
    with pytest.raises(SlotPast):
        make_booking(slots[0], now=slots[0].start)


@pytest.mark.parametrize("slot_id", [0, -1, 10**9, 2**63, 10**30])
def test_an_unknown_slot_is_not_found(slots: list[Slot], slot_id: int) -> None:
    with pytest.raises(NotFound):
        bookings.book(slot_id, make_claim(), NOW)


@pytest.mark.parametrize("field", ["notice_hours", "horizon_weeks"])
def test_a_slot_outside_of_what_the_service_allows_is_closed(
    service: Service, slots: list[Slot], field: str
) -> None:
    limit = {"notice_hours": 100, "horizon_weeks": 1}[field]
    Service.objects.filter(pk=service.pk).update(**{field: limit})
    now = NOW if field == "notice_hours" else slots[0].start - timedelta(weeks=1, minutes=1)
    with pytest.raises(SlotClosed):
        make_booking(slots[0], now=now)
    assert not Slot.objects.bookable(now).exists()


def test_a_way_that_is_not_offered_is_refused(host: Host, service: Service) -> None:
    slot = make_slots(host, service, channels=(Channel.OFFICE,))[0]
    with pytest.raises(ChannelNotOffered):
        make_booking(slot, channel=Channel.PHONE)


def test_cancelling_frees_the_seat_and_tells_everybody(slots: list[Slot]) -> None:
    booking = make_booking(slots[0])
    cancelled = bookings.cancel(booking.pk, Actor.RESIDENT, NOW)
    assert (cancelled.status, cancelled.sequence, cancelled.cancelled_by) == (
        Status.CANCELLED,
        1,
        Actor.RESIDENT,
    )
    assert free(slots[0]) == 1
    assert set(occasions()[2:]) == {Occasion.CANCELLED_BY_RESIDENT, Occasion.HOST_CANCELLED}


def test_nothing_leaves_the_cancelled_state(slots: list[Slot]) -> None:
    booking = make_booking(slots[0])
    bookings.cancel(booking.pk, Actor.RESIDENT, NOW)
    for change in (
        lambda: bookings.cancel(booking.pk, Actor.OFFICE, NOW),
        lambda: bookings.cancel(booking.pk, Actor.RESIDENT, NOW),
        lambda: bookings.reschedule(booking.pk, slots[1].pk, Actor.OFFICE, NOW),
        lambda: bookings.confirm(booking.pk, NOW),
    ):
        with pytest.raises(WrongState):
            change()
    assert Booking.objects.get().sequence == 1


def test_reschedule_frees_the_old_slot_and_keeps_the_booking(slots: list[Slot]) -> None:
    booking = make_booking(slots[0])
    link = links.booking_url(booking)
    moved = bookings.reschedule(booking.pk, slots[4].pk, Actor.RESIDENT, NOW)
    assert (moved.pk, moved.code, moved.slot, moved.sequence) == (booking.pk, booking.code, slots[4], 1)
    assert links.booking_url(moved) == link
    assert (free(slots[0]), free(slots[4])) == (1, 0)
    assert set(occasions()[2:]) == {Occasion.MOVED, Occasion.HOST_MOVED}


def test_reschedule_to_a_taken_slot_keeps_the_old_time(slots: list[Slot]) -> None:
    booking, _other = make_booking(slots[0]), make_booking(slots[1])
    with pytest.raises(SlotTaken):
        bookings.reschedule(booking.pk, slots[1].pk, Actor.RESIDENT, NOW)
    booking.refresh_from_db()
    assert (booking.slot, booking.sequence) == (slots[0], 0)


def test_reschedule_to_the_same_slot_changes_nothing(slots: list[Slot]) -> None:
    booking = make_booking(slots[0])
    assert bookings.reschedule(booking.pk, slots[0].pk, Actor.RESIDENT, NOW).sequence == 0
    assert len(occasions()) == 2


def test_the_stamp_of_invitations_rises_even_within_a_second(slots: list[Slot]) -> None:
    booking = make_booking(slots[0])
    stamps = [booking.invite_stamp]
    for slot in (slots[1], slots[2]):
        stamps.append(bookings.reschedule(booking.pk, slot.pk, Actor.RESIDENT, NOW).invite_stamp)
    stamps.append(bookings.cancel(booking.pk, Actor.RESIDENT, NOW - SECOND).invite_stamp)
    assert stamps == [NOW, NOW + SECOND, NOW + 2 * SECOND, NOW + 3 * SECOND]


def test_residents_change_only_until_the_office_s_limit(office: Office, slots: list[Slot]) -> None:
    booking = make_booking(slots[0])
    soon = slots[0].start - timedelta(hours=office.change_until_hours)
    with pytest.raises(TooLate):
        bookings.cancel(booking.pk, Actor.RESIDENT, soon)
    with pytest.raises(TooLate):
        bookings.reschedule(booking.pk, slots[8].pk, Actor.RESIDENT, soon)
    with pytest.raises(SlotPast):
        bookings.cancel(booking.pk, Actor.RESIDENT, slots[0].start)
    assert bookings.cancel(booking.pk, Actor.OFFICE, soon).status == Status.CANCELLED


def test_an_unknown_booking_is_not_found(slots: list[Slot]) -> None:
    for change in (
        lambda: bookings.cancel(uuid4(), Actor.OFFICE, NOW),
        lambda: bookings.reschedule(uuid4(), slots[0].pk, Actor.OFFICE, NOW),
        lambda: bookings.confirm(uuid4(), NOW),
    ):
        with pytest.raises(NotFound):
            change()


class TestHolds:
    @pytest.fixture(autouse=True)
    def _service_asks(self, service: Service) -> None:
        service.needs_confirmation = True
        service.save()

    def test_a_hold_keeps_the_seat_until_it_ends(self, slots: list[Slot]) -> None:
        hold = make_booking(slots[0])
        assert (hold.status, hold.held_until) == (Status.PENDING, NOW + timedelta(minutes=15))
        assert occasions() == [Occasion.CONFIRM]
        with pytest.raises(SlotTaken):
            make_booking(slots[0])

    def test_a_confirmed_hold_is_a_booking(self, slots: list[Slot]) -> None:
        hold = make_booking(slots[0])
        booking = bookings.confirm(hold.pk, NOW + SECOND)
        assert (booking.status, booking.held_until) == (Status.CONFIRMED, None)
        assert bookings.confirm(hold.pk, NOW + SECOND).status == Status.CONFIRMED
        assert occasions().count(Occasion.BOOKED) == 1

    def test_an_expired_hold_is_booked_over(self, slots: list[Slot]) -> None:
        hold = make_booking(slots[0])
        later = NOW + timedelta(minutes=15)
        assert make_booking(slots[0], now=later).seat == 1
        with pytest.raises(WrongState):
            bookings.confirm(hold.pk, later)

    def test_an_expired_hold_cannot_be_confirmed(self, slots: list[Slot]) -> None:
        hold = make_booking(slots[0])
        with pytest.raises(WrongState):
            bookings.confirm(hold.pk, NOW + timedelta(minutes=15))

    def test_expire_frees_the_seats_of_ended_holds(self, slots: list[Slot]) -> None:
        make_booking(slots[0])
        assert bookings.expire(NOW + timedelta(minutes=14)) == 0
        assert bookings.expire(NOW + timedelta(minutes=15)) == 1
        assert Booking.objects.get().cancelled_by == Actor.SYSTEM
        assert free(slots[0]) == 1

    def test_a_cancelled_hold_tells_nobody(self, slots: list[Slot]) -> None:
        hold = make_booking(slots[0])
        bookings.cancel(hold.pk, Actor.RESIDENT, NOW)
        assert occasions() == [Occasion.CONFIRM]

    def test_somebody_without_a_mailbox_books_at_once(self, slots: list[Slot]) -> None:
        assert make_booking(slots[0], email="").status == Status.CONFIRMED


def test_each_change_shows_in_the_feed(slots: list[Slot]) -> None:
    revisions = [OfficeHours.objects.get().revision]
    booking = make_booking(slots[0])
    revisions.append(OfficeHours.objects.get().revision)
    bookings.cancel(booking.pk, Actor.RESIDENT, NOW + SECOND)
    hours = OfficeHours.objects.get()
    assert revisions == [0, 1]
    assert (hours.revision, hours.modified_at, hours.is_live) == (2, NOW + SECOND, True)


@pytest.mark.parametrize(
    "typed", ["Apfel-Laterne-47", "apfel laterne 47", "APFELLATERNE47", " Apfel – Laterne – 47 "]
)
@pytest.mark.parametrize("proof", ["678", "0171 2345678", "Amira@Example.org ", "…678"])
def test_a_booking_is_found_by_code_and_proof(slots: list[Slot], typed: str, proof: str) -> None:
    booking = make_booking(slots[0])
    Booking.objects.update(code="Apfel-Laterne-47")
    assert bookings.find(typed, proof) == booking


@pytest.mark.parametrize(
    ("typed", "proof"),
    [
        ("Apfel-Laterne-48", "678"),
        ("Apfel-Laterne-47", "679"),
        ("Apfel-Laterne-47", "78"),
        ("Apfel-Laterne-47", ""),
        ("Apfel-Laterne-47", "b@example.org"),
        ("", ""),
        ("\x00", "678"),
    ],
)
def test_a_wrong_code_or_proof_finds_nothing(slots: list[Slot], typed: str, proof: str) -> None:
    make_booking(slots[0])
    Booking.objects.update(code="Apfel-Laterne-47")
    assert bookings.find(typed, proof) is None


def test_nobody_is_found_by_an_empty_proof(slots: list[Slot]) -> None:
    booking = make_booking(slots[0], email="")
    assert bookings.find(booking.code, "") is None
    assert bookings.find(booking.code, "a@b.de") is None


def test_every_new_code_has_a_normal_form() -> None:
    for _ in range(200):
        code = codes.new_code()
        assert codes.normal_form(code.lower().replace("-", " ")) == code


class TestLinks:
    def test_a_token_opens_its_booking(self, slots: list[Slot]) -> None:
        booking = make_booking(slots[0])
        token = links.token(booking)
        assert (len(token), links.booking_for(token)) == (64, booking)

    def test_a_raised_version_revokes_the_link(self, slots: list[Slot]) -> None:
        booking = make_booking(slots[0])
        token = links.token(booking)
        Booking.objects.update(link_version=1)
        assert links.booking_for(token) is None

    def test_an_old_key_still_opens(self, slots: list[Slot], settings: object) -> None:
        booking = make_booking(slots[0])
        settings.LINK_KEYS = ["old"]  # type: ignore[attr-defined]
        token = links.token(booking)
        settings.LINK_KEYS = ["new", "old"]  # type: ignore[attr-defined]
        assert links.booking_for(token) == booking
        assert links.token(booking) != token
        settings.LINK_KEYS = ["new"]  # type: ignore[attr-defined]
        assert links.booking_for(token) is None

    @pytest.mark.parametrize("text", ["", "x", "A" * 64, "=" * 64, "ä" * 64, "\x00" * 64, "A" * 10_000])
    def test_a_wrong_token_opens_nothing(self, slots: list[Slot], text: str) -> None:
        make_booking(slots[0])
        assert links.booking_for(text) is None

    def test_the_id_alone_opens_nothing(self, slots: list[Slot]) -> None:
        booking = make_booking(slots[0])
        token = links.token(booking)
        assert links.booking_for(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
        assert UUID(bytes=booking.id.bytes) == booking.id

    def test_links_follow_the_language_and_the_site(self, slots: list[Slot], settings: object) -> None:
        settings.SITE_URL = "https://quartier.example"  # type: ignore[attr-defined]
        booking = make_booking(slots[0], language="en")
        assert links.booking_url(booking) == f"https://quartier.example/en/buchung/{links.token(booking)}/"


def test_a_resident_cannot_move_to_another_service(office: Office, host: Host, slots: list[Slot]) -> None:
    other = make_service(office, "projektberatung")
    elsewhere = make_slots(host, other, make_pattern(starts_at=time(9), ends_at=time(10)))
    booking = make_booking(slots[0])
    with pytest.raises(SlotClosed):
        bookings.reschedule(booking.pk, elsewhere[0].pk, Actor.RESIDENT, NOW)
    assert bookings.reschedule(booking.pk, elsewhere[0].pk, Actor.OFFICE, NOW).slot == elsewhere[0]


def test_a_repeated_form_still_shows_in_the_feed_that_a_hold_has_ended(
    service: Service, slots: list[Slot]
) -> None:
    service.needs_confirmation = True
    service.save()
    claim = make_claim()
    bookings.book(slots[0].pk, claim, NOW)
    revision = OfficeHours.objects.get().revision
    bookings.book(slots[0].pk, claim, NOW + timedelta(minutes=20))
    assert OfficeHours.objects.get().revision == revision + 1


def test_a_hold_ends_at_the_latest_when_its_appointment_begins(service: Service, slots: list[Slot]) -> None:
    service.needs_confirmation = True
    service.save()
    hold = make_booking(slots[0], now=slots[0].start - timedelta(minutes=3))
    assert hold.held_until == slots[0].start
    with pytest.raises(WrongState):
        bookings.confirm(hold.pk, slots[0].start)


def test_a_booking_moved_while_we_waited_for_the_lock_is_not_touched(
    host: Host, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    slots = make_slots(host, service, make_pattern(Rhythm.WEEKLY))
    booking = make_booking(slots[0])
    real = bookings.lock_hours

    def locked_late(hours: Iterable[int]) -> list[OfficeHours]:
        Booking.objects.update(slot=slots[20])
        return real(hours)

    monkeypatch.setattr(bookings, "lock_hours", locked_late)
    with pytest.raises(WrongState):
        bookings.cancel(booking.pk, Actor.OFFICE, NOW)


def test_the_office_books_what_is_kept_off_the_web(slots: list[Slot], now: datetime) -> None:
    Slot.objects.filter(pk=slots[0].pk).update(offer=SlotOffer.DESK)
    with pytest.raises(SlotClosed):
        make_booking(slots[0])
    claim = make_claim(email="", phone="", name="")
    booking = bookings.book(slots[0].pk, claim, now, Actor.OFFICE)
    assert (booking.status, booking.booked_by) == (Status.CONFIRMED, Actor.OFFICE)


def test_the_office_gives_nobody_a_time_that_is_gone(slots: list[Slot], now: datetime) -> None:
    Slot.objects.filter(pk=slots[0].pk).update(offer=SlotOffer.NONE)
    with pytest.raises(SlotClosed):
        bookings.book(slots[0].pk, make_claim(), now, Actor.OFFICE)


def test_the_office_gives_a_time_until_it_ends(slots: list[Slot]) -> None:
    begun = slots[0].start + timedelta(minutes=5)
    assert bookings.book(slots[0].pk, make_claim(), begun, Actor.OFFICE).slot_id == slots[0].pk
    with pytest.raises(SlotPast):
        bookings.book(slots[0].pk, make_claim(), slots[0].end, Actor.OFFICE)


def test_the_office_neither_cancels_nor_moves_what_is_over(slots: list[Slot]) -> None:
    booking = make_booking(slots[0])
    mails = OutboxMessage.objects.count()
    for change in (
        lambda now: bookings.cancel(booking.pk, Actor.OFFICE, now),
        lambda now: bookings.reschedule(booking.pk, slots[5].pk, Actor.OFFICE, now),
    ):
        with pytest.raises(SlotPast):
            change(slots[0].end)
    booking.refresh_from_db()
    assert (booking.status, booking.slot) == (Status.CONFIRMED, slots[0])
    assert OutboxMessage.objects.count() == mails
