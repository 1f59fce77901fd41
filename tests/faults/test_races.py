"""Rivals that really run at the same moment, each on a connection of her own, on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from itertools import pairwise
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from booking.actions import (
    bookings,
    calls,
    closing,
    desk,
    drafts,
    handover,
    illness,
    inquiries,
    offers,
    publishing,
    redating,
    revising,
)
from booking.actions.desk import Wish
from booking.actions.errors import BookingError
from booking.enums import Actor, BookedTimes, Rhythm, Status, Weekday
from booking.models import (
    Absence,
    Availability,
    Booking,
    Call,
    Host,
    Inquiry,
    Office,
    OfficeHours,
    OutboxMessage,
    Service,
    Slot,
)
from tests.factories import (
    NOW,
    TUESDAY,
    make_booking,
    make_claim,
    make_host,
    make_inquiry,
    make_office,
    make_pattern,
    make_series,
    make_service,
    make_slots,
    make_writing,
)

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(rivals: Sequence[Callable[[], Any]]) -> list[str]:
    """Start everybody at the same moment; answer what each got: "ok" or the name of her refusal."""
    barrier = Barrier(len(rivals))

    def run(rival: Callable[[], Any]) -> str:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            rival()
        except BookingError as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "ok"

    with ThreadPoolExecutor(len(rivals)) as pool:
        return list(pool.map(run, rivals))


@pytest.fixture
def host(transactional_db: None) -> Host:
    return make_host(make_office())


@pytest.fixture
def service(host: Host) -> Service:
    return make_service(host.office)


def rivals_for(slot: Slot, number: int) -> list[Callable[[], Booking]]:
    claims = [make_claim(email=f"rival-{n}@example.org") for n in range(number)]
    return [lambda claim=claim: bookings.book(slot.pk, claim, NOW) for claim in claims]  # type: ignore[misc]


@pytest.mark.parametrize(("capacity", "number"), [(1, 50), (20, 60)])
def test_as_many_rivals_win_as_there_are_seats(
    host: Host, service: Service, capacity: int, number: int
) -> None:
    number = number if connection.vendor == "postgresql" else number // 2
    slot = make_slots(host, service, capacity=capacity)[0]
    results = Counter(all_at_once(rivals_for(slot, number)))
    assert results == {"ok": capacity, "SlotTaken": number - capacity}
    seats = Booking.objects.filter(slot=slot).values_list("seat", flat=True)
    assert sorted(seats) == list(range(1, capacity + 1))
    assert OutboxMessage.objects.filter(occasion="booked").count() == capacity


def test_the_same_letter_sent_ten_times_at_once_is_one_inquiry(host: Host) -> None:
    writing = make_writing()
    assert Counter(all_at_once([lambda: inquiries.receive(host.office, writing, NOW)] * 10)) == {"ok": 10}
    assert Inquiry.objects.count() == 1
    assert OutboxMessage.objects.count() == 2


def test_an_inquiry_is_closed_by_one_of_those_who_do_it_at_once(host: Host) -> None:
    written = make_inquiry(host.office)
    passed_on: list[Callable[[], Any]] = [
        lambda: inquiries.forward(written.pk, "Mieterverein", None, NOW)
    ] * 5
    answered: list[Callable[[], Any]] = [lambda: inquiries.answer(written.pk, None, NOW)] * 5
    assert Counter(all_at_once(passed_on + answered)) == {"ok": 1, "InquiryChanged": 9}
    written.refresh_from_db()
    assert (written.forwarded_to == "") == (written.status == "answered")


def test_the_same_form_sent_ten_times_at_once_is_one_booking(host: Host, service: Service) -> None:
    slot = make_slots(host, service, capacity=5)[0]
    claim = make_claim()
    results = all_at_once([lambda: bookings.book(slot.pk, claim, NOW)] * 10)
    assert results == ["ok"] * 10
    assert Booking.objects.count() == 1


def test_desk_and_web_who_want_the_same_seat_share_it_with_nobody(host: Host, service: Service) -> None:
    slots = make_slots(host, service)[:5]
    rivals: list[Callable[[], Any]] = []
    for slot in slots:
        rivals += rivals_for(slot, 3)
        rivals += [
            lambda s=slot, n=n: bookings.book(  # type: ignore[misc]
                s.pk, make_claim(email="", phone=f"0171 23456{n}"), NOW, Actor.OFFICE
            )
            for n in range(3)
        ]
    results = Counter(all_at_once(rivals))
    assert results == {"ok": 5, "SlotTaken": 25}
    assert sorted(Booking.objects.values_list("slot", flat=True)) == sorted(slot.pk for slot in slots)


def test_what_the_desk_puts_into_office_hours_meets_no_booking_that_it_did_not_see(
    host: Host, service: Service
) -> None:
    slots = make_slots(host, service)
    wanted = Wish(host, service, TUESDAY, time(14, 10), 30)
    seen = desk.obstacles(wanted, NOW).key
    claims = [make_claim(email="", phone=f"0171 23456{n}") for n in range(3)]
    rivals: list[Callable[[], Any]] = [
        lambda c=claim: desk.book_outside(wanted, c, seen, NOW)  # type: ignore[misc]
        for claim in claims
    ]
    for slot in slots[:2]:
        rivals += rivals_for(slot, 2)
    results = Counter(all_at_once(rivals))
    assert set(results) <= {"ok", "SlotTaken", "SlotClosed", "NeedsConsent"}
    outside = Booking.objects.filter(booked_by=Actor.OFFICE)
    assert outside.count() <= 1
    assert results["ok"] == Booking.objects.count() >= 1
    assert OfficeHours.objects.live().count() == 1


def test_two_desks_that_make_the_same_time_at_once_make_office_hours_once(
    host: Host, service: Service
) -> None:
    wanted = Wish(host, service, TUESDAY, time(10), 30)
    claims = [make_claim(email="", phone=f"0171 23456{n}") for n in range(6)]
    rivals: list[Callable[[], Any]] = [
        lambda c=claim: desk.book_outside(wanted, c, "", NOW)  # type: ignore[misc]
        for claim in claims
    ]
    assert Counter(all_at_once(rivals)) == {"ok": 1, "NeedsConsent": 5}
    assert (OfficeHours.objects.count(), Booking.objects.count()) == (1, 1)


def test_residents_who_swap_their_times_do_not_lock_each_other_out(host: Host, service: Service) -> None:
    pattern = make_pattern(Rhythm.WEEKLY)
    slots = make_slots(host, service, pattern)
    first, last = slots[:6], slots[9:15]
    pairs = [(make_booking(slot), goal) for slot, goal in zip(first, last, strict=True)]
    pairs += [(make_booking(slot), goal) for slot, goal in zip(slots[18:24], first, strict=True)]
    moves = [
        lambda b=b, s=s: bookings.reschedule(b.pk, s.pk, Actor.RESIDENT, NOW)  # type: ignore[misc]
        for b, s in pairs
    ]
    results = Counter(all_at_once(moves))
    assert results["ok"] >= 6
    assert set(results) <= {"ok", "SlotTaken"}
    taken = list(Booking.objects.values_list("slot", "seat"))
    assert len(set(taken)) == len(taken) == 12


def test_a_booking_moved_and_cancelled_at_once_ends_in_one_state(host: Host, service: Service) -> None:
    slots = make_slots(host, service)
    booking = make_booking(slots[0])
    rivals: list[Callable[[], Any]] = [
        lambda: bookings.cancel(booking.pk, Actor.RESIDENT, NOW),
        lambda: bookings.cancel(booking.pk, Actor.OFFICE, NOW),
        lambda: bookings.reschedule(booking.pk, slots[1].pk, Actor.RESIDENT, NOW),
        lambda: bookings.reschedule(booking.pk, slots[2].pk, Actor.RESIDENT, NOW),
    ]
    results = all_at_once(rivals)
    booking.refresh_from_db()
    assert booking.status == Status.CANCELLED
    assert sorted(results[:2]) == ["WrongState", "ok"]
    assert booking.sequence == Counter(results)["ok"]
    sequences = OutboxMessage.objects.filter(recipient=booking.email).count()
    assert sequences == booking.sequence + 1


def test_publishing_twice_at_once_makes_each_date_once(host: Host, service: Service) -> None:
    make_slots(host, service, make_pattern(Rhythm.WEEKLY))
    availability = Availability.objects.get()
    later = datetime.combine(TUESDAY, time(6), host.office.zone).replace(month=12, day=22)
    all_at_once([lambda: publishing.publish(availability, later)] * 5)
    starts = list(OfficeHours.objects.values_list("original_start", flat=True))
    assert len(set(starts)) == len(starts) == 17
    assert Slot.objects.count() == 17 * 9


def test_a_draft_saved_published_and_discarded_at_once_ends_in_one_state(
    host: Host, service: Service
) -> None:
    series = make_series(host, service)
    assert all_at_once([lambda: drafts.save_draft(series, NOW)] * 4) == ["ok"] * 4
    draft = Availability.objects.get()
    rivals: list[Callable[[], Any]] = [lambda: drafts.publish_draft(draft, series, NOW)] * 3
    results = all_at_once([*rivals, lambda: drafts.discard_draft(draft)])
    assert Counter(results) == {"ok": 1, "NotADraft": 3}
    was_discarded = results[-1] == "ok"
    assert Availability.objects.filter(is_draft=False).count() == (0 if was_discarded else 1)
    assert Slot.objects.count() == (0 if was_discarded else 9)


def test_overlapping_series_published_at_once_never_overlap(host: Host, service: Service) -> None:
    all_series = [
        make_series(host, service, make_pattern(starts_at=time(9 + n), ends_at=time(12 + n)))
        for n in range(5)
    ]
    all_at_once([lambda s=s: publishing.open_series(s, NOW) for s in all_series])  # type: ignore[misc]
    hours = list(OfficeHours.objects.order_by("start"))
    assert all(earlier.end <= later.start for earlier, later in pairwise(hours))
    assert hours


def test_a_closure_and_bookings_at_once_leave_no_booking_behind(host: Host, service: Service) -> None:
    slots = make_slots(host, service)
    office: Office = host.office
    start, end = slots[0].start, slots[-1].end

    def close() -> None:
        closing.close(office, None, start, end, "krank", BookedTimes.CANCEL, NOW)

    rivals: list[Callable[[], Any]] = [close]
    for slot in slots:
        rivals += rivals_for(slot, 2)
    results = Counter(all_at_once(rivals))
    assert set(results) <= {"ok", "SlotTaken", "SlotClosed"}
    assert not Booking.objects.live(NOW).exists()
    assert not OfficeHours.objects.live().exists()
    told = OutboxMessage.objects.filter(occasion="cancelled_by_office").count()
    assert told == Booking.objects.count() == results["ok"] - 1


def test_two_workers_call_off_each_booking_once_while_residents_take_the_same_times(
    host: Host, service: Service
) -> None:
    ill = [
        make_booking(slot, email=f"ill-{n}@example.org") for n, slot in enumerate(make_slots(host, service))
    ]
    bruno = make_host(host.office, "Bruno Brück")
    free = make_slots(
        bruno, service, make_pattern(first_on=TUESDAY, ends_at=time(23, 20), starts_at=time(17))
    )
    illness.report(host, NOW, NOW + timedelta(days=2), NOW - timedelta(minutes=1))
    workers = [lambda: illness.carry_out(NOW)] * 3
    rivals = [
        lambda s=s: bookings.book(s.pk, make_claim(email=f"w{s.pk}@example.org"), NOW) for s in free[:6]
    ]  # type: ignore[misc]
    results = Counter(all_at_once([*workers, *rivals]))
    assert set(results) <= {"ok", "SlotTaken"}
    illness.carry_out(NOW)
    assert Booking.objects.filter(absence__isnull=False).count() == len(ill)
    sent = OutboxMessage.objects.filter(occasion="falls_out").values_list("recipient", flat=True)
    assert Counter(sent) == {booking.email: 1 for booking in ill}
    live = Booking.objects.exclude(status=Status.CANCELLED).values_list("slot", "seat")
    assert len(set(live)) == len(live)
    assert Absence.objects.get().finished_at == NOW
    held = Booking.objects.filter(status=Status.PENDING).count()
    assert held <= len(free) // 2


def test_an_absence_taken_back_and_carried_out_at_once_is_one_or_the_other(
    host: Host, service: Service
) -> None:
    for slot in make_slots(host, service)[:4]:
        make_booking(slot, email=f"{slot.pk}@example.org")
    absence = illness.report(host, NOW, NOW + timedelta(days=2), NOW)
    late = NOW + timedelta(minutes=1)
    undo = lambda: illness.undo(absence.pk, late - timedelta(microseconds=1))  # noqa: E731
    all_at_once([undo, lambda: illness.carry_out(late), undo])
    states = Counter(Booking.objects.values_list("status", flat=True))
    was_undone = not Absence.objects.exists()
    assert states == {Status.CONFIRMED if was_undone else Status.CANCELLED: 4}


def check_nobody_is_lost(host: Host) -> None:
    """Each live booking has a seat of its own in a slot that takes place, inside its office hours."""
    live = list(Booking.objects.live(NOW).select_related("slot__office_hours"))
    assert len({(booking.slot_id, booking.seat) for booking in live}) == len(live)
    for booking in live:
        slot, hours = booking.slot, booking.slot.office_hours
        assert booking.seat <= slot.capacity
        assert hours.is_live
        assert hours.start <= slot.start < slot.end <= hours.end
    stretches = OfficeHours.objects.live().filter(host=host).order_by("start")
    assert all(earlier.end <= later.start for earlier, later in pairwise(stretches))


def test_who_books_while_a_series_changes_is_asked_about_or_finds_the_time_gone(
    host: Host, service: Service
) -> None:
    slots = make_slots(host, service, make_pattern(Rhythm.WEEKLY))
    later = make_series(host, service, make_pattern(Rhythm.WEEKLY, starts_at=time(15)))
    series = Availability.objects.get()

    def change() -> None:
        revising.revise_series(series, later, NOW.date(), {}, NOW)

    results = all_at_once([change, *(rival for slot in slots[:6] for rival in rivals_for(slot, 2))])
    assert results[0] in {"ok", "StillBooked"}
    assert set(results[1:]) <= {"ok", "SlotTaken", "SlotClosed", "NotFound"}
    check_nobody_is_lost(host)
    early = Booking.objects.live(NOW).filter(slot__start__lt=slots[3].start).exists()
    assert not (results[0] == "ok" and early)
    assert OutboxMessage.objects.filter(occasion="booked").count() == Booking.objects.count()


def test_a_series_that_moves_bookings_while_everybody_wants_their_new_times(
    host: Host, service: Service
) -> None:
    slots = make_slots(host, service, make_pattern(Rhythm.WEEKLY))
    made = [make_booking(slot, email=f"{n}@example.org") for n, slot in enumerate(slots[:3])]
    later = make_series(host, service, make_pattern(Rhythm.WEEKLY, starts_at=time(15)))
    series = Availability.objects.get()
    decisions = {booking.pk: BookedTimes.MOVE for booking in made}
    rivals: list[Callable[[], Any]] = [
        lambda: revising.revise_series(series, later, NOW.date(), decisions, NOW),
        lambda: bookings.cancel(made[0].pk, Actor.RESIDENT, NOW),
        lambda: bookings.reschedule(made[1].pk, slots[8].pk, Actor.RESIDENT, NOW),
        lambda: redating.drop_date(slots[9].office_hours, None, NOW),
        lambda: publishing.publish(series, NOW),
        *(rival for slot in slots[3:8] for rival in rivals_for(slot, 1)),
    ]
    results = all_at_once(rivals)
    assert results[0] == "ok"
    check_nobody_is_lost(host)
    for booking in made:
        booking.refresh_from_db()
        assert OutboxMessage.objects.filter(recipient=booking.email).count() == booking.sequence + 1
    live = Booking.objects.live(NOW).filter(pk__in=[booking.pk for booking in made])
    assert all(booking.slot.start >= slots[3].start for booking in live)


def test_a_held_time_that_everybody_decides_about_at_once_ends_in_one_state(
    host: Host, service: Service
) -> None:
    fallen = make_booking(make_slots(host, service)[0], email="", phone="0171 1234567")
    bruno, carla = (make_host(host.office, name) for name in ("Bruno Brück", "Carla Conrad"))
    theirs = make_slots(bruno, service, make_pattern(Rhythm.WEEKLY, (Weekday.WEDNESDAY,)))
    illness.report(host, NOW, NOW + timedelta(days=2), NOW - timedelta(minutes=1))
    illness.carry_out(NOW)
    held, call = Booking.objects.get(replaces=fallen), Call.objects.get()
    hours, series = held.slot.office_hours, theirs[0].office_hours.availability
    rivals: list[Callable[[], Any]] = [
        lambda: bookings.confirm(held.pk, NOW),
        lambda: offers.choose(held.pk, theirs[4].pk, NOW),
        lambda: calls.choose_for(call.pk, theirs[12].pk, NOW),
        lambda: bookings.cancel(held.pk, Actor.RESIDENT, NOW),
        lambda: bookings.cancel(held.pk, Actor.OFFICE, NOW),
        lambda: handover.take_over(hours.pk, carla.pk, NOW),
        lambda: redating.drop_date(hours, {held.pk: BookedTimes.MOVE}, NOW),
        lambda: closing.withdraw(series, TUESDAY + timedelta(days=8), BookedTimes.CANCEL, NOW),
        lambda: bookings.expire(NOW + timedelta(days=3)),
    ]
    answers = all_at_once(rivals)
    assert set(answers) <= {
        "ok",
        "WrongState",
        "SlotClosed",
        "DateGone",
        "StillBooked",
        "NotEnoughSeats",
        "NotFound",
    }
    held.refresh_from_db()
    assert Booking.objects.count() == 2
    assert not Booking.objects.live(NOW).exclude(pk=held.pk).exists()
    told = OutboxMessage.objects.filter(booking=held, occasion="host_booked").count()
    was_booked = held.status == Status.CONFIRMED or "host_cancelled" in set(
        OutboxMessage.objects.filter(booking=held).values_list("occasion", flat=True)
    )
    assert (told >= 1) == was_booked
    check_nobody_is_lost(bruno)
    check_nobody_is_lost(carla)
