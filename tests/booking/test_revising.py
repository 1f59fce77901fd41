"""A series changes while people have booked: rows and UIDs stay, and nothing happens to a booking silently."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from booking import recurrence
from booking.actions import bookings, closing, handover, publishing, redating, revising
from booking.actions.errors import NotEnoughSeats, NoVideoLink, SeriesEnded, StillBooked
from booking.actions.publishing import Series
from booking.enums import (
    Actor,
    BookedTimes,
    CallReason,
    Channel,
    Concern,
    HoursStatus,
    Rhythm,
    SkipReason,
    SlotOffer,
    Status,
    Weekday,
)
from booking.models import Availability, Booking, Call, Host, OfficeHours, OutboxMessage, Service, Slot
from tests import factories, itip

KEEP, MOVE, CANCEL = BookedTimes.KEEP, BookedTimes.MOVE, BookedTimes.CANCEL
TODAY = date(2026, 11, 23)
TUESDAY = factories.TUESDAY


@pytest.fixture
def weekly(host: Host, service: Service) -> list[Slot]:
    """Tuesdays, 14:00 to 17:00, nine times of 20 minutes."""
    return factories.make_slots(host, service, factories.make_pattern(Rhythm.WEEKLY))


@pytest.fixture
def series(weekly: list[Slot]) -> Availability:
    return weekly[0].office_hours.availability


def terms(series: Availability, **fields: Any) -> Series:
    """Say the series as it is, but for the fields."""
    pattern = recurrence.pattern(series)
    in_pattern = {name: fields.pop(name) for name in list(fields) if hasattr(pattern, name)}
    return factories.make_series(series.host, series.service, replace(pattern, **in_pattern), **fields)


def local(moment: datetime, office_zone: Any) -> str:
    return f"{moment.astimezone(office_zone):%m-%d %H:%M}"


def offered(series: Availability, day: date, now: datetime = factories.NOW) -> list[str]:
    """Return the times that residents can book on the day."""
    zone = series.host.office.zone
    found = Slot.objects.bookable(now).filter(office_hours__host=series.host)
    return [
        f"{slot.start.astimezone(zone):%H:%M}" for slot in found if slot.start.astimezone(zone).date() == day
    ]


def mails(booking: Booking) -> list[str]:
    """Return the occasions of the resident's mails, oldest first, and hold their invitations to iTIP."""
    sent = list(OutboxMessage.objects.filter(booking=booking, recipient=booking.email).order_by("number"))
    read = [itip.message(mail.ics, mail.ics_method, booking.email) for mail in sent if mail.ics]
    for earlier, later in itertools.pairwise(read):
        itip.follows(later, earlier)
    return [mail.occasion for mail in sent]


def revise(
    series: Availability, decisions: Any = None, since: date = TODAY, **fields: Any
) -> revising.Revision:
    return revising.revise_series(series, terms(series, **fields), since, decisions, factories.NOW)


def test_longer_dates_keep_their_rows_uids_and_bookings(series: Availability, weekly: list[Slot]) -> None:
    booking = factories.make_booking(weekly[0])
    before = list(OfficeHours.objects.order_by("start").values_list("pk", "uid"))
    revision = revise(series, ends_at=time(18))
    assert (revision.affected, revision.made, revision.removed) == ([], [], [])
    assert list(OfficeHours.objects.order_by("start").values_list("pk", "uid")) == before
    assert len(revision.changed) == len(before)
    assert offered(series, TUESDAY)[-1] == "17:40"
    booking.refresh_from_db()
    assert (booking.slot_id, booking.sequence, mails(booking)) == (weekly[0].pk, 0, ["booked"])
    assert Availability.objects.get().ends_at == time(18)


def test_what_does_not_change_is_not_touched(series: Availability) -> None:
    before = list(OfficeHours.objects.values()), list(Slot.objects.values())
    revision = revise(series)
    assert (list(OfficeHours.objects.values()), list(Slot.objects.values())) == before
    assert len(revision.kept) == 12


def test_a_plan_changes_nothing(series: Availability, weekly: list[Slot]) -> None:
    booking = factories.make_booking(weekly[0])

    def world() -> list[Any]:
        return [list(m.objects.values()) for m in (Availability, OfficeHours, Slot, Booking, OutboxMessage)]

    before = world()
    changed = terms(series, starts_at=time(15), weekdays=(Weekday.WEDNESDAY,))
    plan = revising.plan_series(series, changed, TODAY, {booking.pk: MOVE}, factories.NOW)
    assert world() == before
    assert [each.booking for each in plan.affected] == [booking]


def test_affected_bookings_are_named_before_anything_changes(
    series: Availability, weekly: list[Slot]
) -> None:
    early, late = factories.make_booking(weekly[0]), factories.make_booking(weekly[8])
    with pytest.raises(StillBooked) as refused:
        revise(series, starts_at=time(15))
    assert refused.value.bookings == [early]
    assert Availability.objects.get().starts_at == time(14)
    assert Slot.objects.filter(pk=late.slot_id).exists()


def test_a_kept_booking_takes_place_outside_of_the_new_times(
    series: Availability, weekly: list[Slot]
) -> None:
    booking = factories.make_booking(weekly[1])
    revise(series, {booking.pk: KEEP}, starts_at=time(15))
    booking.refresh_from_db()
    slot = booking.slot
    assert (slot.pk, slot.offer, booking.sequence) == (weekly[1].pk, SlotOffer.NONE, 0)
    assert slot.office_hours.start == slot.start
    assert offered(series, TUESDAY) == ["15:00", "15:20", "15:40", "16:00", "16:20", "16:40"]
    assert mails(booking) == ["booked"]


def test_nothing_is_offered_that_overlaps_a_kept_booking(series: Availability, weekly: list[Slot]) -> None:
    booking = factories.make_booking(weekly[1])
    revise(series, {booking.pk: KEEP}, slot_minutes=30)
    assert offered(series, TUESDAY) == ["15:00", "15:30", "16:00", "16:30"]


def test_a_moved_booking_keeps_row_code_and_uid_and_gets_the_nearest_time(
    series: Availability, weekly: list[Slot]
) -> None:
    first, second = (
        factories.make_booking(weekly[0]),
        factories.make_booking(weekly[1], email="b@example.org"),
    )
    revision = revise(series, {first.pk: MOVE, second.pk: MOVE}, starts_at=time(15))
    zone = series.host.office.zone
    for booking, hour in ((first, "15:00"), (second, "15:20")):
        was = (booking.pk, booking.code, booking.link_version)
        booking.refresh_from_db()
        assert was == (booking.pk, booking.code, booking.link_version)
        assert local(booking.slot.start, zone) == f"11-24 {hour}"
        assert (booking.sequence, mails(booking)) == (1, ["booked", "moved"])
    assert [each.is_told for each in revision.affected] == [True, True]
    assert not Slot.objects.filter(pk__in=[weekly[0].pk, weekly[1].pk]).exists()


def test_a_cancelled_booking_hears_of_it_with_a_word(series: Availability, weekly: list[Slot]) -> None:
    booking = factories.make_booking(weekly[0])
    changed = terms(series, starts_at=time(15))
    revising.revise_series(
        series, changed, TODAY, {booking.pk: CANCEL}, factories.NOW, "Neue Zeiten im Winter"
    )
    booking.refresh_from_db()
    assert (booking.status, booking.cancelled_by) == (Status.CANCELLED, Actor.OFFICE)
    assert mails(booking) == ["booked", "cancelled_by_office"]
    assert "Neue Zeiten im Winter" in OutboxMessage.objects.get(occasion="cancelled_by_office").text
    assert Slot.objects.get(pk=weekly[0].pk).offer == SlotOffer.NONE


def test_longer_appointments_take_a_moved_booking_along(series: Availability, weekly: list[Slot]) -> None:
    booking = factories.make_booking(weekly[0])
    revise(series, {booking.pk: MOVE}, slot_minutes=30)
    booking.refresh_from_db()
    assert booking.slot.start == weekly[0].start
    assert booking.slot.end - booking.slot.start == timedelta(minutes=30)
    assert (booking.seat, mails(booking)) == (1, ["booked", "moved"])


def test_people_who_change_places_do_not_stand_in_each_others_way(host: Host, service: Service) -> None:
    slots = factories.make_slots(host, service, factories.make_pattern(Rhythm.WEEKLY), capacity=2)
    series = slots[0].office_hours.availability
    made = [factories.make_booking(slot, email=f"{n}@example.org") for n, slot in enumerate(slots[:9] * 2)]
    revise(series, {b.pk: MOVE for b in made}, slot_minutes=18, capacity=2)
    taken = list(Booking.objects.values_list("slot", "seat"))
    assert len(set(taken)) == 18
    assert {seat for _, seat in taken} == {1, 2}


def test_without_enough_free_times_nothing_changes(series: Availability, weekly: list[Slot]) -> None:
    made = [factories.make_booking(slot, email=f"{n}@example.org") for n, slot in enumerate(weekly[:9])]
    with pytest.raises(NotEnoughSeats) as refused:
        revise(series, {b.pk: MOVE for b in made}, slot_minutes=60, last_on=TUESDAY)
    assert refused.value.missing == 6
    assert "6" in str(refused.value)
    assert set(Booking.objects.values_list("sequence", flat=True)) == {0}
    assert Availability.objects.get().slot_minutes == 20


def test_days_that_go_vanish_unless_somebody_ever_booked(series: Availability, weekly: list[Slot]) -> None:
    kept, called_off = factories.make_booking(weekly[0]), factories.make_booking(weekly[9])
    bookings.cancel(called_off.pk, Actor.RESIDENT, factories.NOW)
    revision = revise(series, {kept.pk: KEEP}, weekdays=(Weekday.THURSDAY,))
    left = OfficeHours.objects.exclude(withdrawn_at=None).order_by("start")
    assert [hours.status for hours in left] == [HoursStatus.LIVE, HoursStatus.CANCELLED]
    assert len(revision.removed) == 12
    assert offered(series, TUESDAY) == []
    assert offered(series, date(2026, 11, 26))[0] == "14:00"


def test_a_moved_day_takes_people_to_the_same_hour_of_the_nearest_day(
    series: Availability, weekly: list[Slot]
) -> None:
    booking = factories.make_booking(weekly[15])
    revise(series, {booking.pk: MOVE}, weekdays=(Weekday.WEDNESDAY,))
    booking.refresh_from_db()
    assert booking.slot.start == weekly[15].start + timedelta(days=1)


def test_a_day_that_comes_back_is_the_same_entry_again(series: Availability, weekly: list[Slot]) -> None:
    booking = factories.make_booking(weekly[0])
    uid = weekly[0].office_hours.uid
    revise(series, {booking.pk: KEEP}, weekdays=(Weekday.THURSDAY,))
    revise(Availability.objects.get(), weekdays=(Weekday.TUESDAY,))
    hours = OfficeHours.objects.get(uid=uid)
    assert (hours.status, hours.withdrawn_at) == (HoursStatus.LIVE, None)
    assert offered(series, TUESDAY) == [
        "14:20",
        "14:40",
        "15:00",
        "15:20",
        "15:40",
        "16:00",
        "16:20",
        "16:40",
    ]


def test_from_a_later_day_on_a_new_series_goes_on_with_the_same_rows(
    series: Availability, weekly: list[Slot]
) -> None:
    since = date(2026, 12, 8)
    before = dict(OfficeHours.objects.values_list("pk", "uid"))
    early = list(Slot.objects.filter(office_hours__in=OfficeHours.objects.order_by("start")[:2]).values())
    revision = revise(series, since=since, starts_at=time(15))
    series.refresh_from_db()
    assert (series.withdrawn_on, series.starts_at) == (since, time(14))
    assert revision.availability.pk != series.pk
    assert dict(OfficeHours.objects.values_list("pk", "uid")) == before
    assert series.office_hours.count() == 2
    assert revision.availability.office_hours.count() == 10
    assert list(Slot.objects.filter(office_hours__availability=series).values()) == early
    later = factories.NOW + timedelta(weeks=1)
    made = [len(done.created) for done in publishing.extend(later)]
    assert made == [0, 1]


def test_a_night_run_that_read_the_old_terms_publishes_the_new_ones(series: Availability) -> None:
    stale = Availability.objects.get()
    revise(series, weekdays=(Weekday.THURSDAY,))
    publishing.publish(stale, factories.NOW)
    assert offered(series, TUESDAY) == []
    ended = Availability.objects.get()
    closing.withdraw(Availability.objects.get(), TODAY, KEEP, factories.NOW)
    assert publishing.publish(ended, factories.NOW).created == []


def test_every_second_week_is_counted_on(host: Host, service: Service) -> None:
    slots = factories.make_slots(host, service, factories.make_pattern(Rhythm.EVERY_2_WEEKS))
    series = slots[0].office_hours.availability
    starts = list(OfficeHours.objects.order_by("start").values_list("start", flat=True))
    revise(series, since=date(2026, 12, 1), ends_at=time(16))
    assert list(OfficeHours.objects.order_by("start").values_list("start", flat=True)) == starts


def test_what_has_begun_is_never_touched(series: Availability, weekly: list[Slot]) -> None:
    booking = factories.make_booking(weekly[8])
    during = weekly[0].start + timedelta(minutes=5)
    before = list(Slot.objects.filter(office_hours=weekly[0].office_hours).values())
    changed = terms(series, starts_at=time(16), ends_at=time(18))
    revision = revising.revise_series(series, changed, TUESDAY, None, during)
    assert list(Slot.objects.filter(office_hours=weekly[0].office_hours).values()) == before
    assert (revision.affected, Booking.objects.get().slot_id) == ([], booking.slot_id)


def test_capacity_never_falls_below_the_booked_seats(host: Host, service: Service) -> None:
    slots = factories.make_slots(host, service, capacity=4)
    made = [factories.make_booking(slots[0], email=f"{n}@example.org") for n in range(4)]
    for booking in made[:2]:
        bookings.cancel(booking.pk, Actor.RESIDENT, factories.NOW)
    revise(slots[0].office_hours.availability, capacity=1)
    slot = Slot.objects.get(pk=slots[0].pk)
    assert slot.capacity == 2
    assert sorted(Booking.objects.live(factories.NOW).values_list("seat", flat=True)) == [1, 2]


def test_times_over_a_colleagues_date_stay_but_over_own_ones_are_left_out(
    series: Availability, weekly: list[Slot], host: Host, service: Service
) -> None:
    pattern = factories.make_pattern(starts_at=time(10), ends_at=time(12), first_on=date(2026, 12, 1))
    factories.make_slots(host, service, pattern)
    booking = factories.make_booking(weekly[9])
    changed = terms(series, starts_at=time(11), ends_at=time(13))
    plan = revising.plan_series(series, changed, TODAY, None, factories.NOW)
    assert [(skip.day, skip.reason) for skip in plan.skipped] == [(date(2026, 12, 1), SkipReason.OVERLAP)]
    assert [each.booking for each in plan.affected] == [booking]


def test_what_stays_does_not_reach_over_other_office_hours(
    series: Availability, weekly: list[Slot], host: Host, service: Service
) -> None:
    factories.make_slots(host, service, factories.make_pattern(starts_at=time(12), ends_at=time(13)))
    booking = factories.make_booking(weekly[0])
    revise(series, {booking.pk: KEEP}, starts_at=time(9), ends_at=time(11))
    live = OfficeHours.objects.live().filter(start__date=TUESDAY).order_by("start")
    assert [f"{h.start.astimezone(host.office.zone):%H:%M}" for h in live] == ["09:00", "12:00", "14:00"]
    assert offered(series, TUESDAY) == [
        "09:00",
        "09:20",
        "09:40",
        "10:00",
        "10:20",
        "10:40",
        "12:00",
        "12:20",
        "12:40",
    ]


def test_a_way_that_is_no_longer_offered_asks_and_can_be_kept(
    series: Availability, weekly: list[Slot]
) -> None:
    booking = factories.make_booking(weekly[0], channel=Channel.PHONE)
    only_here = {"channels": (Channel.OFFICE,)}
    plan = revising.plan_series(series, terms(series, **only_here), TODAY, None, factories.NOW)
    assert [(a.concern, a.can_move) for a in plan.affected] == [(Concern.CHANNEL, False)]
    with pytest.raises(NotEnoughSeats):
        revise(series, {booking.pk: MOVE}, **only_here)
    revision = revise(series, {booking.pk: KEEP}, **only_here)
    booking.refresh_from_db()
    assert (booking.channel, booking.slot_id, mails(booking)) == (Channel.PHONE, weekly[0].pk, ["booked"])
    assert revise(revision.availability, capacity=2, **only_here).affected == []


def test_who_stays_is_told_the_new_place(series: Availability, weekly: list[Slot]) -> None:
    here = factories.make_booking(weekly[0])
    factories.make_booking(weekly[1], channel=Channel.PHONE, email="b@example.org")
    with pytest.raises(StillBooked) as refused:
        revise(series, place={"de": "Bücherei"})
    assert refused.value.bookings == [here]
    revise(series, {here.pk: KEEP}, place={"de": "Bücherei"})
    here.refresh_from_db()
    assert (here.sequence, here.slot_id, mails(here)) == (1, weekly[0].pk, ["booked", "moved"])
    mail = OutboxMessage.objects.get(occasion="moved")
    assert "Bücherei" in mail.text
    assert itip.message(mail.ics, "REQUEST", here.email).one("LOCATION").text == "Bücherei"


def test_a_new_place_does_not_rewrite_dates_that_are_over(series: Availability, weekly: list[Slot]) -> None:
    later = factories.NOW + timedelta(days=2)
    changed = terms(series, place={"de": "Bücherei"})
    revising.revise_series(series, changed, later.date(), None, later)
    over, coming = OfficeHours.objects.order_by("start")[:2]
    assert (over.where, coming.where) == ({}, {"de": "Bücherei"})


def test_who_has_no_mail_is_to_be_called(series: Availability, weekly: list[Slot]) -> None:
    booking = factories.make_booking(weekly[0], email="")
    revision = revise(series, {booking.pk: MOVE}, starts_at=time(15))
    assert [(c.booking, c.reason) for c in Call.objects.all()] == [(booking, CallReason.NO_EMAIL)]
    assert [each.must_be_called for each in revision.affected] == [True]


def test_a_closure_still_holds_and_its_end_brings_the_new_times(
    series: Availability, weekly: list[Slot]
) -> None:
    first = weekly[0].office_hours
    closure = closing.close(
        series.host.office, None, first.start, first.end + timedelta(hours=4), "Fest", None, factories.NOW
    )
    revision = revise(series, ends_at=time(18))
    assert [(skip.day, skip.reason, skip.detail) for skip in revision.skipped] == [
        (TUESDAY, SkipReason.CLOSED, "Fest")
    ]
    assert offered(series, TUESDAY) == []
    closing.lift(closure, factories.NOW)
    assert offered(series, TUESDAY)[-1] == "17:40"
    assert OfficeHours.objects.filter(start__date=TUESDAY).count() == 1


def test_a_date_that_fell_out_stays_out(series: Availability, weekly: list[Slot]) -> None:
    redating.drop_date(weekly[0].office_hours, None, factories.NOW)
    revision = revise(series, starts_at=time(15))
    assert offered(series, TUESDAY) == []
    assert [hours.pk for hours in revision.untouched] == [weekly[0].office_hours_id]
    publishing.publish(Availability.objects.get(), factories.NOW)
    assert offered(series, TUESDAY) == []


def test_a_date_given_to_a_colleague_stays_hers(series: Availability, weekly: list[Slot]) -> None:
    colleague = factories.make_host(series.host.office, "Derya Aksoy")
    handover.take_over(weekly[0].office_hours_id, colleague.pk, factories.NOW)
    before = list(Slot.objects.filter(office_hours=weekly[0].office_hours).values())
    revision = revise(series, starts_at=time(15))
    assert [hours.host for hours in revision.untouched] == [colleague]
    assert list(Slot.objects.filter(office_hours=weekly[0].office_hours).values()) == before


def test_holds_move_and_are_asked_anew(host: Host, service: Service) -> None:
    Service.objects.update(needs_confirmation=True)
    slots = factories.make_slots(host, Service.objects.get(), factories.make_pattern(Rhythm.WEEKLY))
    booking = factories.make_booking(slots[0])
    revise(slots[0].office_hours.availability, {booking.pk: MOVE}, starts_at=time(15))
    assert mails(booking) == ["confirm", "confirm"]
    assert bookings.confirm(booking.pk, factories.NOW).status == Status.CONFIRMED


def test_an_ended_series_is_not_changed(series: Availability) -> None:
    changed = terms(series)
    closing.withdraw(series, TODAY, KEEP, factories.NOW)
    with pytest.raises(SeriesEnded):
        revising.revise_series(series, changed, TODAY, None, factories.NOW)


def test_video_needs_a_link(series: Availability) -> None:
    Host.objects.update(video_url="")
    series.host.refresh_from_db()
    with pytest.raises(NoVideoLink):
        revise(series)


def test_the_feed_shows_the_change(series: Availability, weekly: list[Slot]) -> None:
    hours = weekly[0].office_hours
    before = (hours.sequence, hours.revision)
    revise(series, starts_at=time(15))
    hours.refresh_from_db()
    assert (hours.sequence, hours.revision) == (before[0] + 1, before[1] + 1)


def test_a_draft_is_not_changed_here(host: Host, service: Service) -> None:
    made = publishing.open_series(factories.make_series(host, service), factories.NOW, as_draft=True)
    with pytest.raises(SeriesEnded):
        revise(made.availability, starts_at=time(15))
