"""The report against a count by hand, over a year in which everything happens."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.actions import erasure, retention
from booking.enums import Attendance, Channel, Status
from booking.figures import OTHERS, Line, Period, Report, first_day, report
from booking.models import Booking, Host, Office, Service, Slot, Visit
from tests import factories
from tests.booking.figures import year

pytestmark = pytest.mark.django_db

Rows = tuple[list[Booking], list[Visit]]
AFTERWARDS = datetime(2027, 2, 3, 12, 0, tzinfo=UTC)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 1))
PERIODS = [
    YEAR,
    Period(date(2026, 3, 1), date(2026, 3, 1)),
    Period(date(2026, 10, 1), date(2026, 10, 1)),
    Period(date(2026, 12, 1), date(2027, 1, 1)),
    Period(date(2026, 2, 1), date(2026, 7, 1)),
    Period(date(2030, 1, 1), date(2030, 3, 1)),
]


@pytest.fixture
def both_offices(office: Office, host: Host, service: Service) -> list[Office]:
    """Two offices with two people each, who share their two services, and all that happened in 2026."""
    south = factories.make_office(name="Süd", slug="sued", is_default=False, time_zone="Europe/London")
    for seed, each in enumerate((office, south)):
        hosts = [
            factories.make_host(each, f"Derya {each.slug}"),
            factories.make_host(each, f"Ida {each.slug}"),
        ]
        services = [factories.make_service(each, f"{each.slug}-{kind}") for kind in ("beratung", "projekte")]
        year.fill(each, hosts, services, seed, days=4)
    return [office, south]


def by_hand(rows: Rows, office: Office, period: Period, now: datetime) -> dict[str, Any]:
    """Count every row by itself, in plain Python."""

    def in_period(moment: datetime) -> str:
        month = moment.astimezone(office.zone).strftime("%Y-%m")
        return month if f"{period.first:%Y-%m}" <= month <= f"{period.last:%Y-%m}" else ""

    counted: dict[str, Any] = {
        "months": Counter(),
        "services": Counter(),
        "channels": Counter(),
        "attendance": Counter(),
        "cancelled": 0,
        "to_come": 0,
        "texts": [],
    }
    for booking in rows[0]:
        hours = booking.slot.office_hours
        month = in_period(booking.slot.start)
        if hours.host.office_id != office.pk or not month:
            continue
        if booking.status == Status.CANCELLED:
            counted["cancelled"] += booking.held_until is None
        elif booking.status == Status.CONFIRMED and booking.slot.start > now:
            counted["to_come"] += 1
        elif booking.status == Status.CONFIRMED:
            counted["months"][month, "booked"] += 1
            counted["services"][str(hours.availability.service_id), "booked"] += 1
            counted["channels"][booking.channel, "booked"] += 1
            counted["attendance"][booking.attendance] += 1
            counted["texts"].append((month, booking.topic, booking.language))
    for visit in rows[1]:
        month = in_period(visit.came_at) if visit.came_at <= now else ""
        if visit.office_id == office.pk and month:
            counted["months"][month, "walked_in"] += 1
            counted["services"][str(visit.service_id or ""), "walked_in"] += 1
            counted["channels"][visit.channel, "walked_in"] += 1
            counted["texts"].append((month, visit.topic, visit.language))
    return counted


def pairs(lines: list[Line]) -> Counter[tuple[str, str]]:
    """Return the figures of a table as a count by hand has them."""
    booked = {(line.key, "booked"): line.booked for line in lines}
    return +Counter(booked | {(line.key, "walked_in"): line.walked_in for line in lines})


@pytest.mark.parametrize("now", [AFTERWARDS, datetime(2026, 8, 15, 10, 10, tzinfo=UTC)])
def test_every_figure_is_the_one_counted_by_hand(both_offices: list[Office], now: datetime) -> None:
    rows = list(Booking.objects.with_parts()), list(Visit.objects.all())
    for office in both_offices:
        for period in PERIODS:
            found, counted = report(office, period, now), by_hand(rows, office, period, now)
            assert pairs(found.months) == counted["months"]
            assert pairs(found.services) == counted["services"]
            assert pairs(found.channels) == counted["channels"]
            assert +Counter(found.attendance) == +counted["attendance"]
            assert (found.cancelled, found.to_come) == (counted["cancelled"], counted["to_come"])
            for table, place in ((found.topics, 1), (found.languages, 2)):
                months = {f"{month:%Y-%m}" for quarter in table.quarters for month in quarter.months()}
                texts = Counter(text[place] for text in counted["texts"] if text[0] in months)
                assert sum(table.counts.values()) == texts.total()
                for key in table.counts.keys() - {OTHERS}:
                    assert table.counts[key] == texts[key]


def test_the_generated_year_has_everything_in_it(both_offices: list[Office]) -> None:
    found = report(both_offices[0], YEAR, AFTERWARDS)
    assert len(found.topics.quarters) == 4
    assert min(found.total.booked, found.total.walked_in, found.cancelled, *found.attendance.values()) > 20
    assert {line.key for line in found.channels} == set(Channel)


def test_the_figures_survive_the_erasure_of_contact_data(both_offices: list[Office]) -> None:
    before = [report(office, period, AFTERWARDS) for office in both_offices for period in PERIODS]
    assert Booking.objects.filter(erased_at=None).exists()
    assert retention.erase(AFTERWARDS).bookings > 0
    assert not Booking.objects.filter(erased_at=None, slot__start__year=2026).exists()
    assert [report(office, period, AFTERWARDS) for office in both_offices for period in PERIODS] == before


def test_many_bookings_take_as_few_queries_as_none(
    both_offices: list[Office], django_assert_num_queries: Any
) -> None:
    empty = factories.make_office(name="West", slug="west", is_default=False)
    for office in (empty, *both_offices):
        with django_assert_num_queries(5):
            report(office, YEAR, AFTERWARDS)
        with CaptureQueriesContext(connection) as asked:
            first_day(office, AFTERWARDS)
        assert len(asked) == 2


def yearly(office: Office, now: datetime = AFTERWARDS) -> Report:
    return report(office, Period(date(2026, 1, 1), date(2027, 12, 1)), now)


def test_an_appointment_counts_from_the_minute_it_begins(slots: list[Slot], office: Office) -> None:
    factories.make_booking(slots[0])
    before, after = (yearly(office, slots[0].start - year.timedelta(seconds=step)) for step in (1, 0))
    assert (before.total.booked, before.to_come) == (0, 1)
    assert (after.total.booked, after.to_come) == (1, 0)


def test_who_takes_her_data_back_is_still_counted_but_without_topic(
    slots: list[Slot], office: Office
) -> None:
    booking = factories.make_booking(slots[0], topic="wohnen")
    Booking.objects.filter(pk=booking.pk).update(attendance=Attendance.CAME)
    before = yearly(office)
    erasure.take_back(booking.pk, AFTERWARDS)
    after = yearly(office)
    assert (after.months, after.attendance, after.services) == (
        before.months,
        before.attendance,
        before.services,
    )


def test_an_office_without_anything_has_a_report_of_noughts(office: Office, now: datetime) -> None:
    found = report(office, YEAR, now)
    assert [line.total for line in found.months] == [0] * 11
    assert (found.total.total, found.services, found.channels, found.cancelled) == (0, [], [], 0)
    assert first_day(office, now) == date(2026, 11, 23)


def test_what_one_colleague_alone_offers_does_not_stand_alone(
    office: Office, host: Host, service: Service
) -> None:
    derya = factories.make_host(office, "Derya Aksoy")
    both, hers = factories.make_service(office, "projekte"), factories.make_service(office, "video")
    kinds = [(host, service), (derya, service), (host, both), (derya, both), (derya, hers)]
    for number, (person, kind) in enumerate(kinds):
        pattern = factories.make_pattern(starts_at=year.time(8 + number), ends_at=year.time(9 + number))
        slots = factories.make_slots(person, kind, pattern)
        for slot in slots[: 1 if kind == both else 3]:
            factories.make_booking(slot)
    found = yearly(office)
    assert [(line.key, line.booked) for line in found.services] == [(str(service.pk), 6), (OTHERS, 5)]


def test_in_an_office_of_one_the_services_are_shown(
    office: Office, slots: list[Slot], service: Service
) -> None:
    factories.make_booking(slots[0])
    factories.make_booking(slots[1], channel=Channel.PHONE)
    found = yearly(office)
    assert found.services == [Line(str(service.pk), 2)]
    assert found.channels == [Line("office", 1), Line("phone", 1)]


def test_the_quarter_that_runs_is_not_divided_yet(both_offices: list[Office]) -> None:
    found = report(both_offices[0], YEAR, datetime(2026, 9, 30, 21, 59, tzinfo=UTC))
    assert [quarter.number for quarter in found.topics.quarters] == [1, 2]
    found = report(both_offices[0], YEAR, datetime(2026, 9, 30, 22, 0, tzinfo=UTC))
    assert [quarter.number for quarter in found.topics.quarters] == [1, 2, 3]
