from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from booking.actions import bookings, closing, drafts, publishing
from booking.actions.errors import SeriesEnded, StillBooked
from booking.actions.publishing import Skip
from booking.enums import Actor, BookedTimes, HoursStatus, Rhythm, SkipReason, Status
from booking.models import Availability, Booking, Closure, Host, Office, OfficeHours, Service, Slot
from tests.factories import NOW, TUESDAY, make_booking, make_host, make_pattern, make_series, make_slots


def close(office: Office, start: int, end: int, booked: BookedTimes | None = None, **given: Host) -> Closure:
    day = [datetime.combine(TUESDAY, time(hour), office.zone) for hour in (start, end)]
    return closing.close(office, given.get("host"), day[0], day[1], "krank", booked, NOW)


def offered() -> list[int]:
    return [slot.pk for slot in Slot.objects.offered(NOW)]


def test_a_closure_cancels_empty_office_hours(office: Office, slots: list[Slot]) -> None:
    closure = close(office, 0, 23)
    hours = OfficeHours.objects.get()
    assert (hours.status, hours.closure, hours.sequence) == (HoursStatus.CANCELLED, closure, 1)
    assert offered() == []


def test_a_closure_over_booked_times_asks_first(office: Office, slots: list[Slot]) -> None:
    booking = make_booking(slots[0])
    with pytest.raises(StillBooked) as refusal:
        close(office, 0, 23)
    assert refusal.value.bookings == [booking]
    assert Closure.objects.count() == 0
    assert len(offered()) == 9


def test_the_affected_bookings_are_those_in_the_interval(
    office: Office, host: Host, service: Service, slots: list[Slot]
) -> None:
    inside, _outside = make_booking(slots[3]), make_booking(slots[8])
    colleague = make_host(office, "Mehmet Aydın")
    theirs = make_booking(make_slots(colleague, service)[3])
    start, end = slots[3].start, slots[5].start
    assert set(closing.affected(office, None, start, end, NOW)) == {inside, theirs}
    assert closing.affected(office, host, start, end, NOW) == [inside]


def test_keep_leaves_the_booked_times_and_takes_the_free_ones(office: Office, slots: list[Slot]) -> None:
    booking = make_booking(slots[0])
    close(office, 0, 23, BookedTimes.KEEP)
    booking.refresh_from_db()
    assert booking.status == Status.CONFIRMED
    assert OfficeHours.objects.get().is_live
    assert offered() == []


def test_the_last_kept_booking_takes_the_closed_hours_with_it(office: Office, slots: list[Slot]) -> None:
    booking = make_booking(slots[0])
    closure = close(office, 0, 23, BookedTimes.KEEP)
    bookings.cancel(booking.pk, Actor.RESIDENT, NOW)
    hours = OfficeHours.objects.get()
    assert (hours.status, hours.closure) == (HoursStatus.CANCELLED, closure)


def test_cancel_cancels_the_bookings_by_the_office(office: Office, slots: list[Slot]) -> None:
    booking = make_booking(slots[0])
    close(office, 0, 23, BookedTimes.CANCEL)
    booking.refresh_from_db()
    assert (booking.status, booking.cancelled_by) == (Status.CANCELLED, Actor.OFFICE)
    hours = OfficeHours.objects.get()
    assert (hours.status, hours.sequence) == (HoursStatus.CANCELLED, 1)


def test_lifting_brings_back_exactly_what_the_closure_took(office: Office, slots: list[Slot]) -> None:
    before = offered()
    closure = close(office, 0, 23)
    assert closing.lift(closure, NOW) == []
    hours = OfficeHours.objects.get()
    assert (hours.status, hours.closure, hours.sequence) == (HoursStatus.LIVE, None, 2)
    assert offered() == before
    assert Closure.objects.count() == 0


def test_lifting_publishes_the_dates_that_the_closure_kept_away(
    office: Office, host: Host, service: Service
) -> None:
    closure = close(office, 0, 23)
    published = publishing.open_series(make_series(host, service), NOW)
    assert published.skipped == [Skip(TUESDAY, SkipReason.CLOSED, "krank")]
    closing.lift(closure, NOW)
    assert len(offered()) == 9


def test_lifting_leaves_what_another_closure_covers(office: Office, host: Host, slots: list[Slot]) -> None:
    first = close(office, 0, 23)
    second = close(office, 14, 15, host=host)
    closing.lift(first, NOW)
    assert [slot.closure for slot in Slot.objects.order_by("start")][:4] == [second, second, second, None]
    assert len(offered()) == 6


def test_lifting_a_closure_inside_another_brings_nothing_back(
    office: Office, host: Host, slots: list[Slot]
) -> None:
    first = close(office, 0, 23)
    second = close(office, 0, 23, host=host)
    assert closing.lift(first, NOW) == [Skip(TUESDAY, SkipReason.CLOSED, "krank")]
    hours = OfficeHours.objects.get()
    assert (hours.status, hours.closure) == (HoursStatus.CANCELLED, second)
    assert closing.lift(second, NOW) == []
    assert len(offered()) == 9


def test_lifting_does_not_bring_back_hours_where_the_host_is_busy_now(
    office: Office, host: Host, service: Service, slots: list[Slot]
) -> None:
    closure = close(office, 14, 17, host=host)
    Closure.objects.update(host=make_host(office, "Mehmet Aydın"))
    make_slots(host, service, make_pattern(starts_at=time(15), ends_at=time(16)))
    Closure.objects.update(host=host)
    closure.refresh_from_db()
    assert closing.lift(closure, NOW) == [Skip(TUESDAY, SkipReason.OVERLAP, "Sprechstunde")]


def test_withdrawing_ends_a_series(host: Host, service: Service) -> None:
    make_slots(host, service, make_pattern(Rhythm.WEEKLY))
    availability = Availability.objects.get()
    closing.withdraw(availability, TUESDAY + timedelta(days=7), None, NOW)
    assert [hours.start.date() for hours in OfficeHours.objects.all()] == [TUESDAY]
    assert [done.created for done in publishing.extend(NOW)] == [[]]


def test_withdrawing_asks_about_booked_times(host: Host, service: Service) -> None:
    slots = make_slots(host, service, make_pattern(Rhythm.WEEKLY))
    booking = make_booking(slots[10])
    availability = Availability.objects.get()
    with pytest.raises(StillBooked) as refusal:
        closing.withdraw(availability, date(2026, 12, 1), None, NOW)
    assert refusal.value.bookings == [booking]
    closing.withdraw(availability, date(2026, 12, 1), BookedTimes.KEEP, NOW)
    assert OfficeHours.objects.live().count() == 2
    assert len(offered()) == 9


def test_withdrawing_with_cancel_keeps_the_cancelled_dates_visible(host: Host, service: Service) -> None:
    slots = make_slots(host, service, make_pattern(Rhythm.WEEKLY))
    make_booking(slots[10])
    closing.withdraw(Availability.objects.get(), date(2026, 12, 1), BookedTimes.CANCEL, NOW)
    assert [hours.status for hours in OfficeHours.objects.all()] == [HoursStatus.LIVE, HoursStatus.CANCELLED]
    assert Booking.objects.get().cancelled_by == Actor.OFFICE


def test_a_series_that_ends_later_still_grows_until_then(host: Host, service: Service) -> None:
    make_slots(host, service, make_pattern(Rhythm.WEEKLY))
    closing.withdraw(Availability.objects.get(), date(2027, 3, 1), None, NOW)
    publishing.extend(NOW + timedelta(weeks=8))
    days = [hours.start.date() for hours in OfficeHours.objects.all()]
    assert (days[-1], len(days)) == (date(2027, 2, 23), 14)


def test_the_only_date_of_a_series_that_ended_before_is_not_published(host: Host, service: Service) -> None:
    make_slots(host, service, make_pattern(Rhythm.ONCE, ()))
    closing.withdraw(Availability.objects.get(), TUESDAY, None, NOW)
    assert publishing.publish(Availability.objects.get(), NOW).created == []


def test_withdrawing_today_closes_the_hours_that_have_begun(host: Host, service: Service) -> None:
    slots = make_slots(host, service)
    now = slots[3].start
    closing.withdraw(Availability.objects.get(), TUESDAY, None, now)
    assert not Slot.objects.bookable(now).exists()
    assert OfficeHours.objects.get().status == HoursStatus.CANCELLED


def test_lifting_one_of_two_closures_opens_the_times_that_only_it_covered(
    office: Office, host: Host, slots: list[Slot]
) -> None:
    first = close(office, 14, 16)
    second = close(office, 16, 17)
    assert OfficeHours.objects.get().closure == first
    assert closing.lift(second, NOW) == []
    hours = OfficeHours.objects.get()
    assert (hours.is_live, hours.closure, len(offered())) == (True, None, 3)


@pytest.mark.parametrize("weeks", [1, 30])
def test_lifting_takes_the_same_number_of_queries_for_any_number_of_slots(
    office: Office,
    host: Host,
    service: Service,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    weeks: int,
) -> None:
    until = TUESDAY + timedelta(weeks=weeks - 1)
    office.horizon_weeks = 40
    office.save()
    make_slots(
        host, service, make_pattern(Rhythm.WEEKLY, last_on=until), slot_minutes=90 if weeks == 1 else 10
    )
    start = datetime.combine(TUESDAY, time(0), office.zone)
    closure = closing.close(office, None, start, start + timedelta(weeks=weeks), "Umbau", None, NOW)
    with django_assert_max_num_queries(30 + 10 * weeks):
        closing.lift(closure, NOW)
    assert not Slot.objects.filter(closure__isnull=False).exists()


def test_what_has_ended_earlier_does_not_begin_again(host: Host, service: Service) -> None:
    series = make_slots(host, service, make_pattern(Rhythm.WEEKLY))[0].office_hours.availability
    seen = Availability.objects.select_related("host__office", "event__rule").get(pk=series.pk)
    closing.withdraw(series, date(2026, 12, 1), BookedTimes.KEEP, NOW)
    with pytest.raises(SeriesEnded):
        closing.withdraw(seen, date(2027, 1, 5), BookedTimes.KEEP, NOW)
    publishing.extend(NOW)
    assert OfficeHours.objects.live().latest("start").start.date() == TUESDAY


def test_a_draft_that_was_thrown_away_meanwhile_cannot_end(host: Host, service: Service) -> None:
    plan = make_series(host, service, make_pattern(Rhythm.WEEKLY))
    draft = publishing.open_series(plan, NOW, as_draft=True).availability
    with pytest.raises(SeriesEnded):
        closing.withdraw(draft, date(2027, 1, 5), BookedTimes.KEEP, NOW)
    drafts.discard_draft(draft)
    with pytest.raises(SeriesEnded):
        closing.withdraw(draft, date(2027, 1, 5), BookedTimes.KEEP, NOW)
