from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from booking.actions import bookings, closing, desk, publishing
from booking.actions.desk import Wish
from booking.actions.errors import AlreadySent, HostBusy, NeedsConsent, NoVideoLink, SlotPast
from booking.enums import Actor, BookedTimes, Channel, HoursStatus, Occasion, SlotOffer, Status
from booking.models import Availability, Booking, Host, Office, OfficeHours, OutboxMessage, Service, Slot
from tests import factories
from tests.factories import NOW, TUESDAY, make_booking, make_claim, make_pattern, make_slots

WEDNESDAY = TUESDAY + timedelta(days=1)


def wish(host: Host, service: Service, **fields: Any) -> Wish:
    defaults: dict[str, Any] = {"day": WEDNESDAY, "starts_at": time(10), "minutes": 30}
    return Wish(host, service, **defaults | fields)


def agreed(wanted: Wish) -> str:
    return desk.obstacles(wanted, NOW).key


def test_a_time_outside_of_office_hours_is_made_and_booked_in_one_go(host: Host, service: Service) -> None:
    wanted = wish(host, service)
    booking = desk.book_outside(wanted, make_claim(), "", NOW)
    hours = booking.slot.office_hours
    assert (booking.status, booking.booked_by) == (Status.CONFIRMED, Actor.OFFICE)
    assert (booking.slot.start, booking.slot.end) == (wanted.start, wanted.end)
    assert (hours.start, hours.end, hours.original_start) == (wanted.start, wanted.end, wanted.start)
    assert (hours.availability.is_extra, hours.availability.is_draft) == (True, False)
    told = OutboxMessage.objects.filter(booking=booking).values_list("occasion", flat=True)
    assert sorted(told) == [Occasion.BOOKED, Occasion.HOST_BOOKED]


def test_nobody_else_is_offered_it_also_when_it_is_cancelled(host: Host, service: Service) -> None:
    booking = desk.book_outside(wish(host, service), make_claim(), "", NOW)
    assert Slot.objects.bookable(NOW).count() == Slot.objects.at_desk(NOW).count() == 0
    bookings.cancel(booking.pk, Actor.OFFICE, NOW)
    assert Slot.objects.at_desk(NOW).count() == 0
    assert OfficeHours.objects.get().status == HoursStatus.CANCELLED


def test_the_nightly_run_makes_it_neither_twice_nor_again(host: Host, service: Service) -> None:
    booking = desk.book_outside(wish(host, service), make_claim(), "", NOW)
    publishing.extend(NOW)
    bookings.cancel(booking.pk, Actor.OFFICE, NOW)
    publishing.extend(NOW)
    assert (OfficeHours.objects.count(), OfficeHours.objects.live().count()) == (1, 0)


def test_the_same_form_sent_twice_is_one_appointment(host: Host, service: Service) -> None:
    claim = make_claim()
    first = desk.book_outside(wish(host, service), claim, "", NOW)
    assert desk.book_outside(wish(host, service), claim, "", NOW) == first
    with pytest.raises(AlreadySent):
        desk.book_outside(wish(host, service, starts_at=time(11)), claim, "", NOW)
    assert (OfficeHours.objects.count(), Booking.objects.count()) == (1, 1)


def test_office_hours_at_that_time_are_told_before_anything_is_done(
    host: Host, service: Service, slots: list[Slot]
) -> None:
    taken = make_booking(slots[0])
    wanted = wish(host, service, day=TUESDAY, starts_at=time(14, 10))
    with pytest.raises(NeedsConsent) as refusal:
        desk.book_outside(wanted, make_claim(), "", NOW)
    found = refusal.value.obstacles
    assert (found.hours, found.booked) == ([slots[0].office_hours], [taken])
    assert (Booking.objects.count(), Slot.objects.count(), OfficeHours.objects.count()) == (1, 9, 1)


def test_who_agreed_to_something_else_is_asked_again(host: Host, service: Service, slots: list[Slot]) -> None:
    wanted = wish(host, service, day=TUESDAY, starts_at=time(14, 10))
    seen = agreed(wanted)
    make_booking(slots[0])
    with pytest.raises(NeedsConsent):
        desk.book_outside(wanted, make_claim(), seen, NOW)
    assert Booking.objects.count() == 1


def test_with_consent_it_becomes_a_part_of_the_office_hours(
    host: Host, service: Service, slots: list[Slot]
) -> None:
    taken = make_booking(slots[0])
    wanted = wish(host, service, day=TUESDAY, starts_at=time(14, 10), minutes=30)
    booking = desk.book_outside(wanted, make_claim(), agreed(wanted), NOW)
    assert booking.slot.office_hours == slots[0].office_hours
    offers = list(Slot.objects.order_by("start").values_list("offer", flat=True))
    # 14:00 is booked and stays; 14:10 is new; 14:20 overlaps and leaves the web; 14:40 begins when it ends.
    assert offers == [SlotOffer.WEB, SlotOffer.NONE, SlotOffer.DESK, *[SlotOffer.WEB] * 7]
    taken.refresh_from_db()
    assert (taken.status, taken.slot_id) == (Status.CONFIRMED, slots[0].pk)
    assert OfficeHours.objects.live().count() == 1


def test_office_hours_stretch_to_hold_it(host: Host, service: Service, slots: list[Slot]) -> None:
    before = slots[0].office_hours
    wanted = wish(host, service, day=TUESDAY, starts_at=time(16, 50), minutes=40)
    booking = desk.book_outside(wanted, make_claim(), agreed(wanted), NOW)
    after = booking.slot.office_hours
    assert (after.pk, after.start, after.end) == (before.pk, before.start, wanted.end)
    assert (after.sequence, after.original_start) == (before.sequence + 1, before.original_start)


def test_a_booked_time_that_begins_at_the_same_moment_gets_a_second_seat(
    host: Host, service: Service, slots: list[Slot]
) -> None:
    other = make_booking(slots[3])
    wanted = wish(host, service, day=TUESDAY, starts_at=time(15), minutes=20)
    booking = desk.book_outside(wanted, make_claim(), agreed(wanted), NOW)
    slot = Slot.objects.get(pk=slots[3].pk)
    assert (booking.slot, booking.seat, slot.capacity, slot.offer) == (slot, 2, 2, SlotOffer.DESK)
    bookings.cancel(other.pk, Actor.RESIDENT, NOW)
    assert not Slot.objects.bookable(NOW).filter(pk=slot.pk).exists()


def test_a_free_time_that_begins_at_the_same_moment_becomes_long_enough(
    host: Host, service: Service, slots: list[Slot]
) -> None:
    wanted = wish(host, service, day=TUESDAY, starts_at=time(15), minutes=40)
    booking = desk.book_outside(wanted, make_claim(), agreed(wanted), NOW)
    assert (booking.slot_id, booking.slot.end) == (slots[3].pk, wanted.end)
    assert Slot.objects.get(pk=slots[4].pk).offer == SlotOffer.DESK
    assert Slot.objects.count() == 9


def test_a_seat_that_is_left_in_a_group_is_taken_without_making_another(host: Host, service: Service) -> None:
    group = make_slots(host, service, capacity=3)[0]
    wanted = wish(host, service, day=TUESDAY, starts_at=time(14), minutes=20)
    booking = desk.book_outside(wanted, make_claim(), agreed(wanted), NOW)
    slot = Slot.objects.get(pk=group.pk)
    assert (booking.slot_id, slot.capacity, slot.offer) == (group.pk, 3, SlotOffer.WEB)


def test_it_never_joins_two_office_hours(host: Host, service: Service, slots: list[Slot]) -> None:
    make_slots(host, service, make_pattern(starts_at=time(17), ends_at=time(18)))
    wanted = wish(host, service, day=TUESDAY, starts_at=time(16, 50), minutes=30)
    assert desk.obstacles(wanted, NOW).cannot_be_overruled
    with pytest.raises(HostBusy):
        desk.book_outside(wanted, make_claim(), agreed(wanted), NOW)
    assert Booking.objects.count() == 0


def test_a_closure_and_a_public_holiday_warn_too(host: Host, service: Service, office: Office) -> None:
    christmas = wish(host, service, day=date(2026, 12, 25))
    closure = closing.close(office, None, christmas.start, christmas.end, "Inventur", BookedTimes.KEEP, NOW)
    with pytest.raises(NeedsConsent) as refusal:
        desk.book_outside(christmas, make_claim(), "", NOW)
    found = refusal.value.obstacles
    assert (found.closures, found.holiday) == ([closure], "Erster Weihnachtstag")
    assert desk.book_outside(christmas, make_claim(), found.key, NOW).status == Status.CONFIRMED


def test_a_date_of_which_only_booked_times_take_place_can_take_one_more(
    host: Host, service: Service, slots: list[Slot]
) -> None:
    make_booking(slots[0])
    closing.withdraw(Availability.objects.get(), TUESDAY, BookedTimes.KEEP, NOW)
    wanted = wish(host, service, day=TUESDAY, starts_at=time(15))
    booking = desk.book_outside(wanted, make_claim(), agreed(wanted), NOW)
    assert (booking.status, booking.slot.office_hours_id) == (Status.CONFIRMED, slots[0].office_hours_id)


def test_what_is_over_is_not_booked_and_what_has_begun_is(host: Host, service: Service) -> None:
    monday = NOW.date()
    with pytest.raises(SlotPast):
        desk.book_outside(wish(host, service, day=monday, starts_at=time(8, 30)), make_claim(), "", NOW)
    begun = desk.book_outside(wish(host, service, day=monday, starts_at=time(8, 45)), make_claim(), "", NOW)
    assert begun.slot.start < NOW < begun.slot.end


def test_video_needs_a_way_to_meet(office: Office, service: Service) -> None:
    guest = factories.make_host(office, "Derya Demir", video_url="")
    with pytest.raises(NoVideoLink):
        desk.book_outside(wish(guest, service), make_claim(channel=Channel.VIDEO), "", NOW)
    assert Availability.objects.count() == 0


def test_an_appointment_does_not_reach_into_the_next_day(host: Host, service: Service) -> None:
    with pytest.raises(ValueError, match="same day"):
        wish(host, service, starts_at=time(23, 45))


@pytest.mark.parametrize(("day", "hour_in_utc"), [(date(2026, 10, 25), 9), (date(2027, 3, 28), 8)])
def test_it_is_at_the_local_hour_on_days_on_which_the_clocks_change(
    host: Host, service: Service, day: date, hour_in_utc: int
) -> None:
    before = datetime.combine(day - timedelta(days=3), time(12), host.office.zone)
    booking = desk.book_outside(wish(host, service, day=day), make_claim(), "", before)
    slot = Slot.objects.get(pk=booking.slot_id)
    assert (slot.start.hour, slot.end - slot.start) == (hour_in_utc, timedelta(minutes=30))


def test_the_office_gives_nothing_of_somebody_who_gives_no_consultations(
    host: Host, slots: list[Slot]
) -> None:
    assert Slot.objects.at_desk(NOW).count() == 9
    Host.objects.filter(pk=host.pk).update(is_active=False)
    assert Slot.objects.at_desk(NOW).count() == 0


def test_video_needs_a_way_to_meet_inside_of_office_hours_too(office: Office, service: Service) -> None:
    guest = factories.make_host(office, "Derya Demir", video_url="")
    factories.make_slots(guest, service, channels=(Channel.OFFICE,))
    asked = Wish(guest, service, TUESDAY, time(14, 10), 20)
    agreed = desk.obstacles(asked, NOW).key
    with pytest.raises(NoVideoLink):
        desk.book_outside(asked, make_claim(channel=Channel.VIDEO), agreed, NOW)
    assert list(OfficeHours.objects.values_list("slots__offer", flat=True).distinct()) == [SlotOffer.WEB]
