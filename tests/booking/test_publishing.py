from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries
from schedule.models import Event, Rule

from booking.actions import publishing
from booking.actions.errors import NoVideoLink
from booking.actions.publishing import Skip
from booking.enums import Channel, HoursStatus, Rhythm, SkipReason, Weekday
from booking.models import Availability, Closure, Host, Office, OfficeHours, Service, Slot
from tests.factories import NOW, TUESDAY, make_host, make_pattern, make_series, make_slots

WEEKLY = make_pattern(Rhythm.WEEKLY)


def local(host: Host, day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), host.office.zone)


def test_publishing_cuts_the_hours_into_slots(host: Host, service: Service) -> None:
    slots = make_slots(host, service, slot_minutes=30, buffer_minutes=10, capacity=3)
    starts = [slot.start.astimezone(host.office.zone).strftime("%H:%M") for slot in slots]
    assert starts == ["14:00", "14:40", "15:20", "16:00"]
    assert {slot.end - slot.start for slot in slots} == {timedelta(minutes=30)}
    assert {slot.capacity for slot in slots} == {3}


def test_publishing_reaches_to_the_horizon(host: Host, service: Service, office: Office) -> None:
    published = publishing.open_series(make_series(host, service, WEEKLY), NOW)
    days = [hours.start.astimezone(office.zone).date() for hours in published.created]
    assert days[0] == TUESDAY
    assert days[-1] == date(2027, 2, 9)
    assert len(days) == 12


def test_publishing_again_changes_nothing(host: Host, service: Service) -> None:
    first = publishing.open_series(make_series(host, service, WEEKLY), NOW)
    before = list(Slot.objects.order_by("pk").values())
    second = publishing.publish(first.availability, NOW)
    assert second.created == []
    assert second.kept == first.created
    assert list(Slot.objects.order_by("pk").values()) == before


def test_extend_makes_the_next_week_only(host: Host, service: Service) -> None:
    first = publishing.open_series(make_series(host, service, WEEKLY), NOW)
    later = publishing.extend(NOW + timedelta(days=7))
    assert len(later) == 1
    assert [hours.start for hours in later[0].created] == [first.created[-1].start + timedelta(days=7)]
    assert len(later[0].kept) == 11


def test_extend_never_revives_cancelled_hours(host: Host, service: Service) -> None:
    first = publishing.open_series(make_series(host, service, WEEKLY), NOW)
    OfficeHours.objects.filter(pk=first.created[0].pk).update(status=HoursStatus.CANCELLED)
    [again] = publishing.extend(NOW)
    assert again.created == []
    assert again.skipped == [Skip(TUESDAY, SkipReason.CANCELLED)]


def test_a_public_holiday_is_skipped_with_its_name(host: Host, service: Service) -> None:
    pattern = make_pattern(Rhythm.WEEKLY, (Weekday.FRIDAY,), last_on=date(2027, 1, 1))
    published = publishing.open_series(make_series(host, service, pattern), NOW)
    assert published.skipped == [
        Skip(date(2026, 12, 25), SkipReason.HOLIDAY, "Erster Weihnachtstag"),
        Skip(date(2027, 1, 1), SkipReason.HOLIDAY, "Neujahr"),
    ]
    assert len(published.created) == 4


def test_holidays_are_those_of_the_office_s_state(host: Host, service: Service, office: Office) -> None:
    epiphany = make_pattern(Rhythm.ONCE, (), first_on=date(2027, 1, 6))
    assert len(publishing.plan(make_series(host, service, epiphany), NOW).skipped) == 1
    Office.objects.filter(pk=office.pk).update(state="HH")
    host.refresh_from_db()
    assert publishing.plan(make_series(host, service, epiphany), NOW).skipped == []


def test_holidays_are_kept_when_nobody_asks_to_skip_them(host: Host, service: Service) -> None:
    epiphany = make_pattern(Rhythm.ONCE, (), first_on=date(2027, 1, 6))
    published = publishing.open_series(make_series(host, service, epiphany, skip_holidays=False), NOW)
    assert published.skipped == []


def test_hours_that_began_are_skipped_as_past(host: Host, service: Service) -> None:
    pattern = make_pattern(Rhythm.ONCE, (), time(8), time(10), first_on=NOW.date())
    published = publishing.open_series(make_series(host, service, pattern), NOW)
    assert published.skipped == [Skip(NOW.date(), SkipReason.PAST)]


def test_a_closed_day_is_skipped_with_its_reason(host: Host, service: Service, office: Office) -> None:
    Closure.objects.create(
        office=office, start=local(host, TUESDAY, 0), end=local(host, TUESDAY, 23), reason="Umzug"
    )
    published = publishing.open_series(make_series(host, service), NOW)
    assert published.created == []
    assert published.skipped == [Skip(TUESDAY, SkipReason.CLOSED, "Umzug")]


def test_a_closure_of_an_hour_keeps_only_its_slots_away(host: Host, service: Service, office: Office) -> None:
    Closure.objects.create(
        office=office, host=host, start=local(host, TUESDAY, 15), end=local(host, TUESDAY, 16), reason="Arzt"
    )
    make_slots(host, service)
    offered = [slot.start.astimezone(office.zone).hour for slot in Slot.objects.offered(NOW)]
    assert offered == [14, 14, 14, 16, 16, 16]


def test_the_closure_of_a_colleague_changes_nothing(host: Host, service: Service, office: Office) -> None:
    colleague = make_host(office, "Mehmet Aydın")
    Closure.objects.create(
        office=office, host=colleague, start=local(host, TUESDAY, 0), end=local(host, TUESDAY, 23)
    )
    assert publishing.open_series(make_series(host, service), NOW).skipped == []


def test_a_host_is_never_in_two_office_hours_at_once(host: Host, service: Service) -> None:
    make_slots(host, service)
    overlapping = make_pattern(starts_at=time(16, 40), ends_at=time(18))
    published = publishing.open_series(make_series(host, service, overlapping), NOW)
    assert published.created == []
    assert published.skipped == [Skip(TUESDAY, SkipReason.OVERLAP, "Sprechstunde")]


def test_hours_that_touch_do_not_overlap(host: Host, service: Service) -> None:
    make_slots(host, service)
    published = publishing.open_series(
        make_series(host, service, make_pattern(starts_at=time(17), ends_at=time(18))), NOW
    )
    assert len(published.created) == 1


def test_two_hosts_may_consult_at_once(host: Host, service: Service, office: Office) -> None:
    make_slots(host, service)
    assert len(make_slots(make_host(office, "Mehmet Aydın"), service)) == 9


def test_postgresql_itself_refuses_overlapping_hours(host: Host, service: Service, on_postgres: bool) -> None:
    if not on_postgres:
        pytest.skip("SQLite has no exclusion constraint; the locked check carries it")
    make_slots(host, service)
    hours = OfficeHours.objects.get()
    hours.pk, hours.uid, hours.original_start = None, None, hours.start - timedelta(days=1)
    hours.uid = "3f0f9a60-0000-4000-8000-000000000000"
    with pytest.raises(IntegrityError, match="host_in_one_place_at_a_time"), transaction.atomic():
        hours.save(force_insert=True)


def test_the_plan_is_what_publishing_does_and_saves_nothing(host: Host, service: Service) -> None:
    series = make_series(host, service, make_pattern(Rhythm.WEEKLY, (Weekday.FRIDAY,)))
    planned = publishing.plan(series, NOW)
    assert (Availability.objects.count(), Event.objects.count(), OfficeHours.objects.count()) == (0, 0, 0)
    published = publishing.open_series(series, NOW)
    assert [hours.start for hours in planned.created] == [hours.start for hours in published.created]
    assert planned.skipped == published.skipped


def test_video_needs_a_link(host: Host, service: Service) -> None:
    host.video_url = ""
    with pytest.raises(NoVideoLink):
        publishing.open_series(make_series(host, service), NOW)
    assert Availability.objects.count() == 0
    published = publishing.open_series(make_series(host, service, channels=(Channel.OFFICE,)), NOW)
    assert published.availability.channels == [Channel.OFFICE]


@pytest.mark.parametrize(
    ("last_winter_day", "first_summer_day"),
    [
        (date(2026, 10, 27), date(2026, 10, 20)),
        (date(2027, 3, 23), date(2027, 3, 30)),
        (date(2027, 11, 2), date(2027, 10, 26)),
    ],
)
def test_slots_keep_their_local_hour_across_a_clock_change(
    host: Host, service: Service, last_winter_day: date, first_summer_day: date
) -> None:
    first_on = min(last_winter_day, first_summer_day)
    now = datetime.combine(first_on, time(5), UTC)
    pattern = make_pattern(Rhythm.WEEKLY, first_on=first_on, last_on=first_on + timedelta(days=7))
    slots = make_slots(host, service, pattern, now)
    by_day = {
        day: [s.start.astimezone(host.office.zone).strftime("%H:%M") for s in slots if s.start.date() == day]
        for day in (last_winter_day, first_summer_day)
    }
    assert by_day[last_winter_day] == by_day[first_summer_day]
    assert by_day[last_winter_day][0] == "14:00"
    assert len(slots) == 18
    assert {s.start.hour for s in slots if s.start.date() == last_winter_day} == {13, 14, 15}
    assert {s.start.hour for s in slots if s.start.date() == first_summer_day} == {12, 13, 14}


@pytest.mark.parametrize("weeks", [1, 30])
def test_publishing_takes_the_same_number_of_queries_for_any_length(
    host: Host,
    service: Service,
    office: Office,
    django_assert_num_queries: DjangoAssertNumQueries,
    weeks: int,
) -> None:
    office.horizon_weeks = weeks
    office.save()
    published = publishing.open_series(make_series(host, service, WEEKLY), NOW)
    assert len(published.created) + len(published.skipped) == weeks
    availability = Availability.objects.select_related("host__office", "service", "event__rule").get()
    with django_assert_num_queries(8):
        publishing.publish(availability, NOW)


def test_nothing_of_a_service_that_is_no_longer_offered_can_be_booked(host: Host, service: Service) -> None:
    make_slots(host, service, WEEKLY)
    service.is_active = False
    service.save()
    assert not Slot.objects.bookable(NOW).exists()
    assert publishing.extend(NOW + timedelta(weeks=8)) == []


def test_nothing_of_a_host_who_has_left_can_be_booked(host: Host, service: Service) -> None:
    make_slots(host, service, WEEKLY)
    host.is_active = False
    host.save()
    assert not Slot.objects.bookable(NOW).exists()
    assert publishing.extend(NOW + timedelta(weeks=8)) == []


def test_no_date_is_published_once_the_video_link_is_gone(host: Host, service: Service) -> None:
    make_slots(host, service, WEEKLY)
    host.video_url = ""
    host.save()
    [extended] = publishing.extend(NOW + timedelta(weeks=1))
    assert extended.created == []
    assert extended.skipped == [Skip(date(2027, 2, 16), SkipReason.NO_VIDEO_LINK)]


def test_a_series_that_fails_does_not_keep_the_others_back(host: Host, service: Service) -> None:
    broken = publishing.open_series(make_series(host, service, WEEKLY), NOW).availability
    Rule.objects.create(name="broken", frequency="WEEKLY", params="nonsense:1")
    Event.objects.filter(pk=broken.event_id).update(rule=Rule.objects.get(name="broken"))
    evening = make_pattern(Rhythm.WEEKLY, starts_at=time(18), ends_at=time(19))
    publishing.open_series(make_series(host, service, evening), NOW)
    before = OfficeHours.objects.count()
    with pytest.raises(ExceptionGroup):
        publishing.extend(NOW + timedelta(weeks=1))
    assert OfficeHours.objects.count() == before + 1
