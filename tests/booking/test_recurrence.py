from __future__ import annotations

from datetime import date, datetime, time

import pytest
from django.db.models import ProtectedError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from schedule.models import Rule

from booking import recurrence
from booking.enums import Rhythm, Weekday
from booking.models import Availability, Host, Service
from booking.recurrence import Pattern
from tests.factories import make_pattern, make_series, make_slots

pytestmark = pytest.mark.once

JANUARY = date(2027, 1, 1)


def dates_of(host: Host, service: Service, pattern: Pattern, until: date = date(2027, 3, 1)) -> list[str]:
    make_slots(host, service, pattern)
    availability = Availability.objects.get()
    return [f"{w.day:%a %d.%m.}" for w in recurrence.windows(availability, JANUARY, until)]


@pytest.mark.parametrize(
    ("rhythm", "weekdays", "expected"),
    [
        (Rhythm.ONCE, (), ["Fri 01.01."]),
        (
            Rhythm.WEEKLY,
            (Weekday.TUESDAY,),
            ["Tue 05.01.", "Tue 12.01.", "Tue 19.01.", "Tue 26.01."],
        ),
        (
            Rhythm.WEEKLY,
            (Weekday.MONDAY, Weekday.THURSDAY),
            [
                *("Mon 04.01.", "Thu 07.01.", "Mon 11.01.", "Thu 14.01."),
                *("Mon 18.01.", "Thu 21.01.", "Mon 25.01.", "Thu 28.01."),
            ],
        ),
        (Rhythm.EVERY_2_WEEKS, (Weekday.TUESDAY,), ["Tue 05.01.", "Tue 19.01."]),
        (Rhythm.EVERY_3_WEEKS, (Weekday.TUESDAY,), ["Tue 05.01.", "Tue 26.01."]),
        (Rhythm.EVERY_4_WEEKS, (Weekday.FRIDAY,), ["Fri 01.01.", "Fri 29.01."]),
        (Rhythm.MONTHLY_FIRST, (Weekday.FRIDAY,), ["Fri 01.01."]),
        (Rhythm.MONTHLY_SECOND, (Weekday.FRIDAY,), ["Fri 08.01."]),
        (Rhythm.MONTHLY_THIRD, (Weekday.WEDNESDAY,), ["Wed 20.01."]),
        (Rhythm.MONTHLY_FOURTH, (Weekday.SUNDAY,), ["Sun 24.01."]),
        (Rhythm.MONTHLY_LAST, (Weekday.SUNDAY,), ["Sun 31.01."]),
    ],
)
def test_each_rhythm_has_its_dates(
    host: Host, service: Service, rhythm: Rhythm, weekdays: tuple[Weekday, ...], expected: list[str]
) -> None:
    pattern = make_pattern(rhythm, weekdays, first_on=JANUARY)
    assert dates_of(host, service, pattern, until=date(2027, 1, 31)) == expected


def test_the_last_day_is_included(host: Host, service: Service) -> None:
    pattern = make_pattern(Rhythm.WEEKLY, first_on=JANUARY, last_on=date(2027, 1, 19))
    assert dates_of(host, service, pattern) == ["Tue 05.01.", "Tue 12.01.", "Tue 19.01."]


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(2026, 10, 20), date(2026, 11, 3)),
        (date(2027, 3, 23), date(2027, 4, 6)),
        (date(2027, 10, 26), date(2027, 11, 9)),
    ],
)
def test_the_local_hour_stays_across_a_clock_change(
    host: Host, service: Service, since: date, until: date
) -> None:
    pattern = make_pattern(Rhythm.WEEKLY, (Weekday.TUESDAY, Weekday.SUNDAY), first_on=date(2026, 9, 1))
    make_slots(host, service, pattern)
    found = recurrence.windows(Availability.objects.get(), since, until)
    zone = host.office.zone
    assert len(found) == 5 - (since.weekday() != 1)
    assert {w.start.astimezone(zone).time() for w in found} == {time(14)}
    assert {w.end.astimezone(zone).time() for w in found} == {time(17)}
    assert {w.start.astimezone(zone).date() == w.day for w in found} == {True}


def test_an_hour_that_the_clock_skips_has_no_date(host: Host, service: Service) -> None:
    pattern = make_pattern(Rhythm.WEEKLY, (Weekday.SUNDAY,), time(2, 30), time(4), first_on=date(2027, 3, 15))
    make_slots(host, service, pattern)
    found = recurrence.windows(Availability.objects.get(), date(2027, 3, 15), date(2027, 4, 5))
    assert [w.day for w in found] == [date(2027, 3, 21), date(2027, 4, 4)]


@pytest.mark.parametrize("rhythm", list(Rhythm))
def test_a_pattern_is_read_back_as_it_was_written(host: Host, service: Service, rhythm: Rhythm) -> None:
    weekdays = () if rhythm is Rhythm.ONCE else (Weekday.TUESDAY,)
    last_on = None if rhythm is Rhythm.ONCE else date(2027, 5, 4)
    pattern = make_pattern(rhythm, weekdays, first_on=date(2027, 1, 5), last_on=last_on)
    make_slots(host, service, pattern)
    assert recurrence.pattern(Availability.objects.get()) == pattern


@given(
    weekdays=st.sets(st.sampled_from(list(Weekday)), min_size=1),
    first_on=st.dates(date(2026, 1, 1), date(2030, 1, 1)),
)
def test_a_series_begins_on_one_of_its_weekdays(weekdays: set[Weekday], first_on: date) -> None:
    pattern = make_pattern(Rhythm.EVERY_2_WEEKS, tuple(weekdays), first_on=first_on)
    assert Weekday(list(Weekday)[pattern.begins_on.weekday()]) in weekdays
    assert 0 <= (pattern.begins_on - first_on).days < 7


@pytest.mark.parametrize(
    ("rhythm", "weekdays"),
    [
        (Rhythm.WEEKLY, ()),
        (Rhythm.MONTHLY_FIRST, (Weekday.MONDAY, Weekday.TUESDAY)),
        (Rhythm.MONTHLY_LAST, ()),
    ],
)
def test_a_pattern_without_the_right_weekdays_is_refused(
    rhythm: Rhythm, weekdays: tuple[Weekday, ...]
) -> None:
    with pytest.raises(ValueError, match="weekday"):
        make_pattern(rhythm, weekdays)


def test_a_rule_in_use_cannot_be_deleted(host: Host, service: Service) -> None:
    make_slots(host, service, make_pattern(Rhythm.WEEKLY))
    with pytest.raises(ProtectedError):
        Rule.objects.get().delete()


def test_two_series_with_the_same_rhythm_share_a_rule(host: Host, service: Service) -> None:
    make_slots(host, service, make_pattern(Rhythm.WEEKLY))
    make_slots(host, service, make_pattern(Rhythm.WEEKLY, starts_at=time(9), ends_at=time(10)))
    assert Rule.objects.count() == 1


def test_a_sentence_says_the_series_in_plain_words() -> None:
    with translation.override("en"):
        sentence = recurrence.sentence(make_pattern(Rhythm.WEEKLY, (Weekday.TUESDAY, Weekday.THURSDAY)))
    assert sentence == "every Tuesday and Thursday, 14:00–17:00"


def test_a_rhythm_of_the_month_is_not_read_as_a_date() -> None:
    labels = [str(rhythm.label) for rhythm in Rhythm if rhythm.value.startswith("monthly")]
    assert labels == [
        f"am {number} gewählten Wochentag im Monat" for number in ("1.", "2.", "3.", "4.", "letzten")
    ]


def test_the_last_day_counts_in_the_zone_of_the_office(host: Host, service: Service) -> None:
    make_series(host, service)
    pattern = make_pattern(Rhythm.WEEKLY, first_on=JANUARY, last_on=date(2027, 1, 5))
    make_slots(host, service, pattern)
    event = Availability.objects.get().event
    assert event.end_recurring_period == datetime(2027, 1, 5, 23, 59, 59, tzinfo=host.office.zone)
