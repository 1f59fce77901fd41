from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from booking.actions import attendance, bookings
from booking.actions.errors import BookingError, NotBegun, NotFound, WrongState
from booking.enums import Actor, Attendance
from booking.models import Booking, Host, Service, Slot
from tests.factories import NOW, make_booking, make_slots


def test_who_came_is_written_down_from_the_start_of_the_appointment_on(slots: list[Slot]) -> None:
    booking = make_booking(slots[0])
    with pytest.raises(NotBegun):
        attendance.note(booking.pk, Attendance.CAME, slots[0].start - timedelta(seconds=1))
    attendance.note(booking.pk, Attendance.CAME, slots[0].start)
    assert Booking.objects.get().attendance == Attendance.CAME


def test_it_can_be_changed_and_taken_back(slots: list[Slot]) -> None:
    booking, later = make_booking(slots[0]), slots[0].end
    said = []
    for each in (Attendance.CAME, Attendance.ABSENT, Attendance.ABSENT, None, None):
        attendance.note(booking.pk, each, later)
        said.append(Booking.objects.get().attendance)
    assert said == ["came", "absent", "absent", "", ""]


def test_each_person_of_a_group_has_her_own(host: Host, service: Service) -> None:
    group = make_slots(host, service, capacity=3)[0]
    first, second = (make_booking(group, email=f"gast-{n}@example.org") for n in range(2))
    attendance.note(first.pk, Attendance.CAME, group.end)
    attendance.note(second.pk, Attendance.ABSENT, group.end)
    assert list(Booking.objects.order_by("seat").values_list("attendance", flat=True)) == ["came", "absent"]


def test_it_touches_nothing_else_and_writes_no_mail(slots: list[Slot]) -> None:
    booking = make_booking(slots[0])
    before = Booking.objects.values().get(), booking.messages.count(), slots[0].office_hours.revision
    attendance.note(booking.pk, Attendance.CAME, slots[0].end)
    after = Booking.objects.values().get(), booking.messages.count(), slots[0].office_hours.revision
    assert after == ({**before[0], "attendance": "came"}, *before[1:])


def test_not_for_cancelled_erased_or_unknown_ones(slots: list[Slot]) -> None:
    cancelled, erased = make_booking(slots[0]), make_booking(slots[1], email="b@example.org")
    bookings.cancel(cancelled.pk, Actor.RESIDENT, NOW)
    much_later = slots[1].end + timedelta(days=30)
    Booking.objects.filter(pk=erased.pk).update(name="", email="", phone="", message="", erased_at=much_later)
    refusals: list[type[BookingError]] = []
    for pk in (cancelled.pk, erased.pk, uuid4()):
        with pytest.raises(BookingError) as refusal:
            attendance.note(pk, Attendance.CAME, much_later)
        refusals.append(refusal.type)
    assert refusals == [WrongState, WrongState, NotFound]


def test_who_did_not_come_and_gets_another_time_is_open_again(slots: list[Slot]) -> None:
    booking = make_booking(slots[0])
    late = slots[0].start + timedelta(minutes=10)
    attendance.note(booking.pk, Attendance.ABSENT, late)
    bookings.reschedule(booking.pk, slots[5].pk, Actor.OFFICE, late)
    booking.refresh_from_db()
    assert (booking.slot, booking.attendance) == (slots[5], "")
