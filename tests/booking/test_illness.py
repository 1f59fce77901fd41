"""Somebody is ill: a minute to take it back, then each booking is called off once, with another time."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest

from booking.actions import bookings, closing, illness, offers
from booking.actions.errors import TooLateToUndo
from booking.enums import (
    Actor,
    CallReason,
    Channel,
    HoursStatus,
    Occasion,
    OutboxStatus,
    Rhythm,
    Status,
    Weekday,
)
from booking.models import (
    Absence,
    Booking,
    Call,
    Closure,
    Host,
    Office,
    OfficeHours,
    OutboxMessage,
    Service,
    Slot,
)
from tests import factories, itip

pytestmark = pytest.mark.django_db
MINUTE = timedelta(seconds=60)
DAY = timedelta(days=1)


@pytest.fixture
def colleague(office: Office, service: Service) -> list[Slot]:
    """The other times of the office: Bruno's, Wednesdays, 9 of them for two weeks and more."""
    host = factories.make_host(office, "Bruno Brück")
    pattern = factories.make_pattern(
        Rhythm.WEEKLY, (Weekday.WEDNESDAY,), first_on=date(2026, 11, 25), last_on=date(2026, 12, 9)
    )
    return factories.make_slots(host, service, pattern)


def book(slots: list[Slot], *, number: int, **fields: str) -> list[Booking]:
    return [
        factories.make_booking(slot, **{"email": f"r{n}@example.org", **fields})
        for n, slot in enumerate(slots[:number])
    ]


def ill_on_tuesday(host: Host, office: Office, now: datetime) -> Absence:
    midnight = datetime(2026, 11, 24, tzinfo=office.zone)
    return illness.report(host, midnight, midnight + DAY, now)


def mails(occasion: Occasion) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(occasion=occasion).order_by("number"))


def replaced(booking: Booking) -> Booking:
    return Booking.objects.get(replaces=booking)


# --- the minute ---


def test_the_free_times_go_at_once_and_nobody_is_told_for_a_minute(
    host: Host, office: Office, slots: list[Slot], colleague: list[Slot], now: datetime
) -> None:
    (booking,) = book(slots, number=1)
    written = OutboxMessage.objects.count()
    absence = ill_on_tuesday(host, office, now)
    assert illness.carry_out(now + MINUTE - timedelta(seconds=1)) == 0
    assert list(Slot.objects.bookable(now).filter(office_hours__host=host)) == []
    booking.refresh_from_db()
    assert (booking.status, OutboxMessage.objects.count()) == (Status.CONFIRMED, written)
    assert (absence.acts_at, absence.finished_at) == (now + MINUTE, None)


def test_taken_back_within_the_minute_everything_is_as_before(
    host: Host, office: Office, slots: list[Slot], now: datetime
) -> None:
    (booking,) = book(slots, number=1)
    before = [(slot.pk, slot.free_seats) for slot in Slot.objects.bookable(now)]
    absence = ill_on_tuesday(host, office, now)
    illness.undo(absence.pk, now + MINUTE - timedelta(seconds=1))
    illness.undo(absence.pk, now + MINUTE)
    assert illness.carry_out(now + MINUTE) == 0
    assert [(slot.pk, slot.free_seats) for slot in Slot.objects.bookable(now)] == before
    assert (Absence.objects.count(), Closure.objects.count()) == (0, 0)
    assert OfficeHours.objects.get().status == HoursStatus.LIVE
    booking.refresh_from_db()
    assert booking.status == Status.CONFIRMED


def test_after_the_minute_it_is_too_late_to_take_it_back(
    host: Host, office: Office, slots: list[Slot], now: datetime
) -> None:
    absence = ill_on_tuesday(host, office, now)
    with pytest.raises(TooLateToUndo):
        illness.undo(absence.pk, now + MINUTE)
    assert Closure.objects.count() == 1


def test_sent_at_once_it_does_not_wait_and_cannot_be_taken_back(
    host: Host, office: Office, slots: list[Slot], now: datetime
) -> None:
    book(slots, number=1)
    absence = ill_on_tuesday(host, office, now)
    illness.send_now(absence.pk, now + timedelta(seconds=5))
    illness.send_now(absence.pk, now + timedelta(seconds=6))
    with pytest.raises(TooLateToUndo):
        illness.undo(absence.pk, now + timedelta(seconds=7))
    assert illness.carry_out(now + timedelta(seconds=7)) == 1
    assert Absence.objects.get().acts_at == now + timedelta(seconds=5)


def test_reported_twice_it_is_one_absence_and_a_longer_one_is_another(
    host: Host, office: Office, slots: list[Slot], now: datetime
) -> None:
    first = ill_on_tuesday(host, office, now)
    assert ill_on_tuesday(host, office, now) == first
    longer = illness.report(host, first.start, first.end + DAY, now)
    assert (longer == first, Absence.objects.count(), Closure.objects.count()) == (False, 2, 2)


# --- who is told what ---


def test_each_booking_is_called_off_once_with_one_hold_and_one_mail(
    host: Host, office: Office, slots: list[Slot], colleague: list[Slot], now: datetime
) -> None:
    booked = book(slots, number=5)
    absence = ill_on_tuesday(host, office, now)
    assert [illness.carry_out(now + MINUTE) for _ in range(3)] == [5, 0, 0]
    absence.refresh_from_db()
    assert absence.finished_at == now + MINUTE
    for booking, slot in zip(booked, colleague, strict=False):
        booking.refresh_from_db()
        held = replaced(booking)
        assert (booking.status, booking.cancelled_by, booking.sequence) == (Status.CANCELLED, Actor.OFFICE, 1)
        assert (booking.absence, held.slot, held.status) == (absence, slot, Status.PENDING)
        assert (held.email, held.phone, held.language) == (booking.email, booking.phone, booking.language)
        assert held.code != booking.code
    sent = Counter(mail.recipient for mail in mails(Occasion.FALLS_OUT))
    assert sent == {f"r{n}@example.org": 1 for n in range(5)}
    assert OfficeHours.objects.get(host=host).status == HoursStatus.CANCELLED


def test_the_mail_takes_it_out_of_the_calendar_and_offers_three_times(
    host: Host, office: Office, slots: list[Slot], colleague: list[Slot], now: datetime
) -> None:
    (booking,) = book(slots, number=1, message="Meine Wohnung ist feucht")
    ill_on_tuesday(host, office, now)
    illness.carry_out(now + MINUTE)
    (mail,) = mails(Occasion.FALLS_OUT)
    held = replaced(booking)
    event = itip.message(mail.ics, "CANCEL", "r0@example.org")
    assert (event.one("UID").text, event.one("SEQUENCE").text) == (str(booking.pk), "1")
    (invited,) = mails(Occasion.BOOKED)
    itip.follows(event, itip.message(invited.ics, "REQUEST", "r0@example.org"))
    assert (held.code in mail.text, held.code in mail.html) == (True, True)
    for said in (mail.text, mail.html):
        assert ["krank" in said, "feucht" in said, "Bruno Brück" in said] == [False, False, True]
        assert said.count("andere-zeit/?slot=") == 2
    assert f"?slot={colleague[1].pk}" in mail.text
    assert f"?slot={colleague[2].pk}" in mail.text


def test_the_times_in_a_mail_are_not_those_that_are_held_for_the_next(
    host: Host, office: Office, slots: list[Slot], colleague: list[Slot], now: datetime
) -> None:
    book(slots, number=5)
    ill_on_tuesday(host, office, now)
    illness.carry_out(now + MINUTE)
    held = set(Booking.objects.filter(status=Status.PENDING).values_list("slot", flat=True))
    offered = {
        slot.pk
        for slot in colleague
        for mail in mails(Occasion.FALLS_OUT)
        if f"?slot={slot.pk}\n" in mail.text
    }
    assert (len(held), offered & held) == (5, set())


def test_she_is_not_offered_before_she_is_back(
    host: Host, office: Office, service: Service, slots: list[Slot], now: datetime
) -> None:
    pattern = factories.make_pattern(Rhythm.WEEKLY, first_on=date(2026, 12, 1), last_on=date(2026, 12, 8))
    later = factories.make_slots(host, service, pattern)
    (booking,) = book(slots, number=1)
    end = datetime(2026, 12, 8, tzinfo=office.zone)
    illness.report(host, now, end, now)
    illness.carry_out(now + MINUTE)
    held = Booking.objects.filter(replaces=booking).first()
    assert held is None  # 8 December is more than two weeks away: offered, not held
    (mail,) = mails(Occasion.FALLS_OUT)
    assert [f"?slot={slot.pk}\n" in mail.text for slot in later[9:13]] == [True, True, True, False]
    assert f"?slot={later[0].pk}\n" not in mail.text


def test_only_the_same_service_in_the_same_way_is_offered(
    host: Host, office: Office, service: Service, slots: list[Slot], now: datetime
) -> None:
    other = factories.make_service(office, "mieten")
    bruno = factories.make_host(office, "Bruno Brück")
    wednesday = factories.make_pattern(weekdays=(Weekday.WEDNESDAY,), first_on=date(2026, 11, 25))
    thursday = factories.make_pattern(weekdays=(Weekday.THURSDAY,), first_on=date(2026, 11, 26))
    factories.make_slots(bruno, other, wednesday)
    factories.make_slots(bruno, service, thursday, channels=(Channel.PHONE,))
    (booking,) = book(slots, number=1)
    ill_on_tuesday(host, office, now)
    illness.carry_out(now + MINUTE)
    assert Booking.objects.filter(replaces=booking).count() == 0
    (mail,) = mails(Occasion.FALLS_OUT)
    assert ("?slot=" in mail.text, "/termine/?angebot=sprechstunde" in mail.text) == (False, True)


def test_what_is_over_or_cancelled_or_not_hers_stays(
    host: Host, office: Office, service: Service, slots: list[Slot], colleague: list[Slot], now: datetime
) -> None:
    over, cancelled, coming = book(slots, number=3)
    (foreign,) = book(colleague, number=1)
    bookings.cancel(cancelled.pk, Actor.RESIDENT, now)
    afternoon = slots[0].end
    illness.report(host, afternoon, afternoon + DAY, afternoon)
    assert illness.carry_out(afternoon + MINUTE) == 1
    states = {b.pk: (b.status, b.absence_id is None) for b in Booking.objects.filter(replaces=None)}
    assert states == {
        over.pk: (Status.CONFIRMED, True),
        cancelled.pk: (Status.CANCELLED, True),
        coming.pk: (Status.CANCELLED, False),
        foreign.pk: (Status.CONFIRMED, True),
    }


def test_whoever_has_not_confirmed_yet_is_not_mailed(
    host: Host, office: Office, service: Service, slots: list[Slot], colleague: list[Slot], now: datetime
) -> None:
    Service.objects.update(needs_confirmation=True)
    (unproved,) = book(slots, number=1)
    ill_on_tuesday(host, office, now)
    illness.carry_out(now + MINUTE)
    unproved.refresh_from_db()
    assert (unproved.status, mails(Occasion.FALLS_OUT), Call.objects.count()) == (Status.CANCELLED, [], 0)
    assert Booking.objects.filter(replaces=unproved).count() == 0
    assert offers.is_open(unproved, now + MINUTE) is False


def test_a_host_with_invitations_gets_her_calendar_cleared_and_others_no_mail(
    host: Host, office: Office, slots: list[Slot], now: datetime
) -> None:
    book(slots, number=1)
    Host.objects.update(wants_invitations=True)
    book(slots[1:], number=1)
    ill_on_tuesday(host, office, now)
    illness.carry_out(now + MINUTE)
    assert [mail.ics_method for mail in mails(Occasion.HOST_CANCELLED)] == ["CANCEL", "CANCEL"]


def test_a_held_time_that_falls_out_too_is_followed_by_another(
    host: Host, office: Office, service: Service, slots: list[Slot], colleague: list[Slot], now: datetime
) -> None:
    (booking,) = book(slots, number=1)
    ill_on_tuesday(host, office, now)
    illness.carry_out(now + MINUTE)
    first = replaced(booking)
    later = now + timedelta(hours=1)
    bruno = colleague[0].office_hours.host
    illness.report(bruno, later, later + timedelta(days=3), later)
    illness.carry_out(later + MINUTE)
    second = replaced(first)
    assert (second.status, second.slot.start > first.slot.start + DAY) == (Status.PENDING, True)
    assert [mail.ics_method for mail in mails(Occasion.FALLS_OUT)] == ["CANCEL", ""]


# --- the evening of the next day ---


@pytest.mark.parametrize(
    ("reported", "evening"),
    [
        (datetime(2026, 3, 27, 7, tzinfo=UTC), datetime(2026, 3, 28, 19, tzinfo=UTC)),
        (datetime(2026, 3, 28, 7, tzinfo=UTC), datetime(2026, 3, 29, 18, tzinfo=UTC)),
        (datetime(2026, 10, 23, 22, 30, tzinfo=UTC), datetime(2026, 10, 25, 19, tzinfo=UTC)),
        (datetime(2026, 10, 24, 21, 30, tzinfo=UTC), datetime(2026, 10, 25, 19, tzinfo=UTC)),
    ],
)
def test_a_time_is_held_until_the_evening_of_the_next_local_day(
    office: Office, reported: datetime, evening: datetime
) -> None:
    far = Slot(start=reported + timedelta(days=9))
    assert offers.held_until(far, office, reported) == evening
    near = Slot(start=reported + timedelta(hours=6))
    assert offers.held_until(near, office, reported) == near.start - timedelta(hours=2)


def test_a_time_that_could_be_held_for_less_than_an_hour_is_not_offered(
    host: Host, office: Office, service: Service, slots: list[Slot], now: datetime
) -> None:
    bruno = factories.make_host(office, "Bruno Brück")
    today = factories.make_pattern(
        weekdays=(Weekday.MONDAY,), first_on=now.date(), starts_at=time(11), ends_at=time(14)
    )
    soon = factories.make_slots(bruno, service, today)
    (booking,) = book(slots, number=1)
    ill_on_tuesday(host, office, now)
    illness.carry_out(now)
    illness.carry_out(now + MINUTE)
    held = replaced(booking)
    # 9:01 + 2 hours in which it cannot be changed + 1 hour to read the mail: from 12:01 on.
    assert held.slot == next(slot for slot in soon if slot.start > now + MINUTE + timedelta(hours=3))
    assert held.held_until == held.slot.start - timedelta(hours=2)


# --- half of the free seats ---


@pytest.mark.parametrize(("seats", "booked", "held"), [(1, 1, 0), (2, 1, 1), (2, 2, 1), (9, 6, 4), (9, 3, 3)])
def test_no_more_than_half_of_the_free_seats_of_two_weeks_is_held(
    host: Host,
    office: Office,
    service: Service,
    slots: list[Slot],
    now: datetime,
    seats: int,
    booked: int,
    held: int,
) -> None:
    bruno = factories.make_host(office, "Bruno Brück")
    ends_at = time(14 + seats // 3, seats % 3 * 20)
    pattern = factories.make_pattern(
        weekdays=(Weekday.WEDNESDAY,), first_on=date(2026, 11, 25), ends_at=ends_at
    )
    factories.make_slots(bruno, service, pattern)
    far = factories.make_pattern(weekdays=(Weekday.FRIDAY,), first_on=date(2026, 12, 18))
    factories.make_slots(bruno, service, far)
    book(slots, number=booked)
    ill_on_tuesday(host, office, now)
    illness.carry_out(now + MINUTE)
    assert Booking.objects.filter(status=Status.PENDING).count() == held
    assert len(mails(Occasion.FALLS_OUT)) == booked


def test_the_holds_of_two_absences_count_together(
    office: Office, host: Host, service: Service, slots: list[Slot], now: datetime
) -> None:
    other = factories.make_host(office, "Clara Clausen")
    hers = factories.make_slots(other, service)
    bruno = factories.make_host(office, "Bruno Brück")
    wednesday = factories.make_pattern(
        weekdays=(Weekday.WEDNESDAY,), first_on=date(2026, 11, 25), ends_at=time(15, 20)
    )
    factories.make_slots(bruno, service, wednesday)
    book(slots, number=2)
    book(hers, number=2, email="")
    for ill in (host, other):
        ill_on_tuesday(ill, office, now)
    illness.carry_out(now + MINUTE)
    assert Booking.objects.filter(status=Status.PENDING).count() == 2


# --- whatever dies on the way ---


@pytest.mark.parametrize("survived", [0, 1, 3])
def test_a_worker_that_dies_in_the_middle_is_followed_by_one_that_does_the_rest(
    host: Host, office: Office, slots: list[Slot], colleague: list[Slot], now: datetime, survived: int
) -> None:
    book(slots, number=5)
    absence = ill_on_tuesday(host, office, now)
    late = now + MINUTE
    waiting = list(illness.affected(absence, late).values_list("pk", flat=True))
    for booking_id in waiting[:survived]:
        illness._call_off(absence.pk, booking_id, late)
    absence.refresh_from_db()
    assert absence.finished_at is None
    assert illness.carry_out(late + MINUTE) == 5 - survived
    assert len(mails(Occasion.FALLS_OUT)) == 5
    assert Booking.objects.filter(absence=absence).count() == 5
    assert Booking.objects.exclude(replaces=None).count() == 5
    absence.refresh_from_db()
    assert absence.finished_at == late + MINUTE


def test_a_booking_that_fails_does_not_keep_the_others_back_and_is_tried_again(
    host: Host, office: Office, slots: list[Slot], colleague: list[Slot], now: datetime
) -> None:
    broken, *_others = book(slots, number=3)
    absence = ill_on_tuesday(host, office, now)
    Booking.objects.filter(pk=broken.pk).update(channel="pigeon")
    assert illness.carry_out(now + MINUTE) == 2
    absence.refresh_from_db()
    assert (absence.finished_at, absence.bookings.count()) == (None, 2)
    Booking.objects.filter(pk=broken.pk).update(channel="office")
    assert illness.carry_out(now + 2 * MINUTE) == 1
    absence.refresh_from_db()
    assert absence.finished_at == now + 2 * MINUTE


# --- back early ---


def test_a_closure_lifted_within_the_minute_calls_nothing_off(
    host: Host, office: Office, slots: list[Slot], now: datetime
) -> None:
    (booking,) = book(slots, number=1)
    absence = ill_on_tuesday(host, office, now)
    closing.lift(Closure.objects.get(), now)
    assert illness.carry_out(now + MINUTE) == 0
    booking.refresh_from_db()
    absence.refresh_from_db()
    assert (booking.status, absence.closure, absence.finished_at) == (Status.CONFIRMED, None, now + MINUTE)


def test_a_closure_lifted_later_brings_free_times_back_and_no_cancelled_appointment(
    host: Host, office: Office, slots: list[Slot], colleague: list[Slot], now: datetime
) -> None:
    (booking,) = book(slots, number=1)
    ill_on_tuesday(host, office, now)
    illness.carry_out(now + MINUTE)
    closing.lift(Closure.objects.get(), now + 2 * MINUTE)
    booking.refresh_from_db()
    assert (booking.status, Absence.objects.get().closure) == (Status.CANCELLED, None)
    assert Slot.objects.bookable(now + 2 * MINUTE).filter(office_hours__host=host).count() == 9


# --- the call list ---


@pytest.mark.parametrize(
    ("email", "hours_before", "reasons", "mailed"),
    [
        ("", 23, [CallReason.NO_EMAIL], 0),
        ("", 1, [CallReason.NO_EMAIL], 0),
        ("a@example.org", 1, [CallReason.SOON], 1),
        ("a@example.org", 3, [CallReason.SOON], 1),
        ("a@example.org", 4, [], 1),
    ],
)
def test_who_has_no_mail_or_no_time_to_read_it_is_called(
    host: Host,
    office: Office,
    slots: list[Slot],
    now: datetime,
    email: str,
    hours_before: int,
    reasons: list[str],
    mailed: int,
) -> None:
    book(slots, number=1, email=email)
    reported = slots[0].start - timedelta(hours=hours_before)
    illness.report(host, reported, reported + DAY, reported)
    illness.carry_out(reported + MINUTE)
    illness.carry_out(reported + MINUTE)
    assert list(Call.objects.values_list("reason", flat=True)) == reasons
    assert len(mails(Occasion.FALLS_OUT)) == mailed


def test_feeds_learn_of_it_and_the_mails_of_others_stay(
    host: Host, office: Office, slots: list[Slot], colleague: list[Slot], now: datetime
) -> None:
    book(slots, number=1)
    hours, theirs = slots[0].office_hours, colleague[0].office_hours
    ill_on_tuesday(host, office, now)
    illness.carry_out(now + MINUTE)
    revisions = [OfficeHours.objects.get(pk=each.pk).revision for each in (hours, theirs)]
    assert all(new > old for new, old in zip(revisions, (hours.revision, theirs.revision), strict=True))
    assert {mail.status for mail in OutboxMessage.objects.all()} == {OutboxStatus.QUEUED}
