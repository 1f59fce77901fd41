"""One date changes or falls out; the series, its other dates and every booking that nobody decided about stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from booking.actions import closing, desk, publishing, redating
from booking.actions.errors import (
    DateGone,
    HostBusy,
    HoursClosed,
    MadeForOne,
    NotEnoughSeats,
    SlotPast,
    StillBooked,
)
from booking.actions.redating import DateTerms
from booking.enums import BookedTimes, HoursStatus, Rhythm, SlotOffer, Status
from booking.models import Availability, Booking, Host, OfficeHours, OutboxMessage, Service, Slot
from tests import factories
from tests.booking.test_revising import mails, offered

KEEP, MOVE, CANCEL = BookedTimes.KEEP, BookedTimes.MOVE, BookedTimes.CANCEL
TUESDAY, WEDNESDAY = factories.TUESDAY, date(2026, 11, 25)
AS_IT_IS = DateTerms(TUESDAY, time(14), time(17), 20, 0, 1, {})


@pytest.fixture
def weekly(host: Host, service: Service) -> list[Slot]:
    return factories.make_slots(host, service, factories.make_pattern(Rhythm.WEEKLY))


@pytest.fixture
def hours(weekly: list[Slot]) -> OfficeHours:
    return weekly[0].office_hours


def revise(hours: OfficeHours, decisions: Any = None, **fields: Any) -> Any:
    return redating.revise_date(hours, replace(AS_IT_IS, **fields), decisions, factories.NOW)


def test_one_date_gets_other_times_and_the_night_leaves_it_so(hours: OfficeHours) -> None:
    uid, others = hours.uid, list(OfficeHours.objects.exclude(pk=hours.pk).values())
    revise(hours, starts_at=time(9), ends_at=time(10))
    publishing.extend(factories.NOW)
    assert offered(hours.availability, TUESDAY) == ["09:00", "09:20", "09:40"]
    hours.refresh_from_db()
    assert (hours.uid, hours.sequence) == (uid, 1)
    assert list(OfficeHours.objects.exclude(pk=hours.pk).values()) == others


def test_the_same_terms_change_nothing(hours: OfficeHours) -> None:
    before = list(OfficeHours.objects.values()), list(Slot.objects.values())
    assert revise(hours).changed == []
    assert (list(OfficeHours.objects.values()), list(Slot.objects.values())) == before


def test_breaks_length_and_seats_of_one_date(hours: OfficeHours) -> None:
    revise(hours, slot_minutes=30, capacity=3, breaks=((time(15), time(16)),), desk_every=3)
    assert offered(hours.availability, TUESDAY) == ["14:00", "14:30", "16:30"]
    assert set(Slot.objects.filter(office_hours=hours).values_list("capacity", flat=True)) == {3}


def test_a_booking_on_a_changed_date_is_asked_about(hours: OfficeHours, weekly: list[Slot]) -> None:
    booking = factories.make_booking(weekly[0])
    with pytest.raises(StillBooked) as refused:
        revise(hours, starts_at=time(15))
    assert refused.value.bookings == [booking]
    revise(hours, {booking.pk: MOVE}, starts_at=time(15))
    booking.refresh_from_db()
    assert (booking.slot.start - weekly[0].start, mails(booking)) == (timedelta(hours=1), ["booked", "moved"])


def test_one_date_is_at_another_place(hours: OfficeHours, weekly: list[Slot]) -> None:
    booking = factories.make_booking(weekly[0])
    revise(hours, {booking.pk: KEEP}, place={"de": "Bücherei"})
    mail = OutboxMessage.objects.get(occasion="moved")
    assert "Bücherei" in mail.text
    assert [each.where for each in OfficeHours.objects.order_by("start")[:2]] == [{"de": "Bücherei"}, {}]


def test_a_date_moves_to_another_day_and_its_people_with_it(hours: OfficeHours, weekly: list[Slot]) -> None:
    booking = factories.make_booking(weekly[4])
    revision = revise(hours, {booking.pk: MOVE}, day=WEDNESDAY)
    booking.refresh_from_db()
    assert booking.slot.start == weekly[4].start + timedelta(days=1)
    assert booking.slot.office_hours == revision.made[0]
    hours.refresh_from_db()
    assert hours.status == HoursStatus.CANCELLED
    publishing.extend(factories.NOW)
    assert offered(hours.availability, TUESDAY) == []
    assert len(offered(hours.availability, WEDNESDAY)) == 8


def test_who_stays_on_the_old_day_keeps_it(hours: OfficeHours, weekly: list[Slot]) -> None:
    booking = factories.make_booking(weekly[0])
    revise(hours, {booking.pk: KEEP}, day=WEDNESDAY)
    booking.refresh_from_db()
    assert (booking.slot_id, booking.slot.office_hours.status) == (weekly[0].pk, HoursStatus.LIVE)
    assert offered(hours.availability, TUESDAY) == []
    assert len(offered(hours.availability, WEDNESDAY)) == 9


def test_a_date_that_went_to_another_day_can_come_back(hours: OfficeHours) -> None:
    there = revise(hours, day=WEDNESDAY).made[0]
    revise(there)
    hours.refresh_from_db()
    assert (hours.status, hours.withdrawn_at) == (HoursStatus.LIVE, None)
    assert len(offered(hours.availability, TUESDAY)) == 9


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"day": date(2026, 11, 22)}, SlotPast),
        ({"starts_at": time(10)}, HostBusy),
        ({"day": date(2026, 11, 27)}, HoursClosed),
    ],
)
def test_a_time_that_cannot_be_held_is_refused(
    hours: OfficeHours, host: Host, service: Service, fields: dict[str, Any], error: type[Exception]
) -> None:
    factories.make_slots(host, service, factories.make_pattern(starts_at=time(10), ends_at=time(12)))
    start = hours.start + timedelta(days=3)
    closing.close(host.office, None, start, start + timedelta(hours=5), "Fest", None, factories.NOW)
    with pytest.raises(error):
        revise(hours, **fields)


def test_what_stays_may_not_reach_over_other_office_hours(
    hours: OfficeHours, weekly: list[Slot], host: Host, service: Service
) -> None:
    factories.make_slots(host, service, factories.make_pattern(starts_at=time(12), ends_at=time(13)))
    booking = factories.make_booking(weekly[0])
    with pytest.raises(HostBusy):
        revise(hours, {booking.pk: KEEP}, starts_at=time(9), ends_at=time(11))


def test_a_date_falls_out(hours: OfficeHours, weekly: list[Slot]) -> None:
    stays, moves, goes = (factories.make_booking(slot, email=f"{slot.pk}@example.org") for slot in weekly[:3])
    with pytest.raises(StillBooked):
        redating.drop_date(hours, {stays.pk: KEEP}, factories.NOW)
    redating.drop_date(hours, {stays.pk: KEEP, moves.pk: MOVE, goes.pk: CANCEL}, factories.NOW, "Krank")
    for booking in (stays, moves, goes):
        booking.refresh_from_db()
    assert (stays.slot_id, stays.status, mails(stays)) == (weekly[0].pk, Status.CONFIRMED, ["booked"])
    assert moves.slot.start == weekly[1].start + timedelta(weeks=1)
    assert mails(goes) == ["booked", "cancelled_by_office"]
    publishing.extend(factories.NOW)
    assert offered(hours.availability, TUESDAY) == []


def test_a_date_without_bookings_falls_out_and_stays_in_the_calendar_as_cancelled(hours: OfficeHours) -> None:
    redating.drop_date(hours, None, factories.NOW)
    hours.refresh_from_db()
    assert hours.status == HoursStatus.CANCELLED
    with pytest.raises(DateGone):
        redating.drop_date(hours, None, factories.NOW)
    with pytest.raises(DateGone):
        revise(hours, starts_at=time(15))


def test_nobody_can_move_when_there_is_no_other_date(host: Host, service: Service) -> None:
    slots = factories.make_slots(host, service)
    booking = factories.make_booking(slots[0])
    with pytest.raises(NotEnoughSeats):
        redating.drop_date(slots[0].office_hours, {booking.pk: MOVE}, factories.NOW)
    assert Booking.objects.get().slot == slots[0]


def test_what_has_begun_cannot_change(hours: OfficeHours) -> None:
    with pytest.raises(DateGone):
        redating.drop_date(hours, None, hours.start)


def test_plans_change_nothing(hours: OfficeHours, weekly: list[Slot]) -> None:
    booking = factories.make_booking(weekly[0])

    def world() -> list[Any]:
        return [list(m.objects.values()) for m in (Availability, OfficeHours, Slot, Booking, OutboxMessage)]

    before = world()
    plan = redating.plan_drop(hours, {booking.pk: MOVE}, factories.NOW)
    assert [each.booking.slot.start for each in plan.affected] == [weekly[9].start]
    redating.plan_date(hours, replace(AS_IT_IS, day=WEDNESDAY), {booking.pk: MOVE}, factories.NOW)
    assert world() == before


def test_a_kept_time_is_offered_to_nobody(hours: OfficeHours, weekly: list[Slot]) -> None:
    booking = factories.make_booking(weekly[0])
    revise(hours, {booking.pk: KEEP}, starts_at=time(15))
    assert Slot.objects.get(pk=weekly[0].pk).offer == SlotOffer.NONE


def test_what_was_made_for_one_appointment_is_never_cut_for_everybody(host: Host, service: Service) -> None:
    wish = desk.Wish(host, service, date(2026, 11, 26), time(10), 30)
    booking = desk.book_outside(wish, factories.make_claim(), "", factories.NOW)
    terms = redating.DateTerms(wish.day, time(11), time(13), 20, 0, 1, {})
    with pytest.raises(MadeForOne):
        redating.revise_date(booking.slot.office_hours, terms, {booking.pk: BookedTimes.KEEP}, factories.NOW)
    assert not Slot.objects.upcoming(factories.NOW).filter(office_hours__availability__is_extra=True).exists()
