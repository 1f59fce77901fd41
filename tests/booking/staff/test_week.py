"""My week: who comes when, drawn hour by hour."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from booking.actions import closing
from booking.enums import BookedTimes, Channel, SlotOffer, Weekday
from booking.models import Absence, Booking, Host, Office, Service, Slot
from booking.staff import days
from booking.staff.grid import Block
from tests import factories
from tests.booking.staff.pages import queries, words

WEEK = reverse("staff:week")
# The whole page, session, login and Wagtail's frame included.
MOST_QUERIES = 16
SATURDAY = date(2026, 11, 28)


def blocks(answer: Any) -> list[Block]:
    return [block for column in answer.context["grid"].columns for block in column.blocks]


def dates(answer: Any) -> list[date]:
    return [column.day.date for column in answer.context["grid"].columns]


def test_the_week_says_who_comes_how_and_about_what(desk: Client, slots: list[Slot]) -> None:
    booking = factories.make_booking(slots[1], channel=Channel.PHONE, topic="wohnen")
    answer = desk.get(WEEK)
    assert f"14:20 Amira Yılmaz {Channel.PHONE.label} · Wohnen" in words(answer)
    assert f"14:40 {_('free')}" in words(answer)
    assert reverse("staff:booking", args=[booking.pk]) in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "monday"),
    [
        ("", date(2026, 11, 23)),
        ("2026-11-29", date(2026, 11, 23)),
        ("2026-11-30", date(2026, 11, 30)),
        ("2027-01-01", date(2026, 12, 28)),
        ("morgen", date(2026, 11, 23)),
        ("9999-12-31", date(2026, 11, 23)),
        ("0001-01-01", date(2026, 11, 23)),
    ],
)
def test_any_day_opens_its_week_from_monday_to_friday(desk: Client, typed: str, monday: date) -> None:
    answer = desk.get(WEEK, {"ab": typed})
    assert answer.status_code == HTTPStatus.OK
    assert dates(answer) == [monday + timedelta(days=n) for n in range(5)]


@pytest.mark.parametrize(
    ("today", "is_closed", "monday"),
    [
        # The office hours of this week are on Tuesday from 14:00 to 17:00, those of the next one too.
        ("2026-11-24T16:59", False, date(2026, 11, 23)),
        ("2026-11-24T17:01", False, date(2026, 11, 30)),
        ("2026-11-24T17:01", True, date(2026, 11, 23)),
        ("2026-11-28T09:00", True, date(2026, 11, 30)),
        ("2026-12-01T17:01", False, date(2026, 11, 30)),
        ("2026-12-06T09:00", False, date(2026, 12, 7)),
    ],
)
def test_the_coming_week_comes_first_as_soon_as_nothing_is_left_of_this_one(
    office: Office,
    host: Host,
    service: Service,
    now: datetime,
    today: datetime,
    *,
    is_closed: bool,
    monday: date,
) -> None:
    for first_on in (factories.TUESDAY, factories.TUESDAY + timedelta(days=7)):
        factories.make_slots(host, service, factories.make_pattern(first_on=first_on))
    if is_closed:
        closing.close(office, host, now + timedelta(days=4), now + timedelta(days=6), "Urlaub", None, now)
    moment = datetime.fromisoformat(today).replace(tzinfo=office.zone)
    this = days.monday_of(moment.date())
    for whose in (None, host):
        fortnight = days.read(office, this, 2 * days.WEEK, whose, moment)
        assert days.first_sight(fortnight, moment)[0].date == monday


def test_the_weekend_is_there_only_with_office_hours(desk: Client, host: Host, service: Service) -> None:
    pattern = factories.make_pattern(weekdays=(Weekday.SATURDAY,), first_on=SATURDAY)
    factories.make_slots(host, service, pattern)
    assert dates(desk.get(WEEK))[-1] == SATURDAY
    assert len(dates(desk.get(WEEK, {"ab": "2026-12-01"}))) == 5


def test_hours_stand_in_the_rows_of_their_local_time(desk: Client, slots: list[Slot]) -> None:
    [block] = blocks(desk.get(WEEK))
    assert block.place == "st-h14 st-m0 st-uh17 st-um0 st-lane-all st-tone1"
    assert [entry.place for entry in block.entries[:2]] == [
        "st-h14 st-m0 st-uh14 st-um4",
        "st-h14 st-m4 st-uh14 st-um8",
    ]


@pytest.mark.parametrize("first_on", [date(2026, 10, 20), date(2026, 10, 27), date(2027, 3, 30)])
def test_the_rows_stay_the_same_before_and_after_a_clock_change(
    desk: Client, host: Host, service: Service, first_on: date
) -> None:
    long_before = datetime.combine(first_on, time(6), factories.NOW.tzinfo) - timedelta(days=1)
    factories.make_slots(host, service, factories.make_pattern(first_on=first_on), now=long_before)
    [block] = blocks(desk.get(WEEK, {"ab": first_on.isoformat()}))
    assert (block.row, block.until) == (14 * 60, 17 * 60)


def test_two_people_at_the_same_hour_stand_beside_each_other(
    desk: Client, office: Office, host: Host, service: Service
) -> None:
    colleague = factories.make_host(office, "Derya Aksoy")
    factories.make_slots(host, service)
    factories.make_slots(colleague, service, factories.make_pattern(starts_at=time(16), ends_at=time(18)))
    factories.make_slots(colleague, service, factories.make_pattern(starts_at=time(18), ends_at=time(19)))
    shown = blocks(desk.get(WEEK))
    assert [(block.stretch.hours.host, block.lane, block.lanes, block.tone) for block in shown] == [
        (host, 1, 2, 2),
        (colleague, 2, 2, 1),
        (colleague, 1, 1, 1),
    ]


def test_the_hours_down_the_side_reach_as_far_as_the_office_does(
    desk: Client, host: Host, service: Service
) -> None:
    empty = desk.get(WEEK).context["grid"]
    early = factories.make_pattern(starts_at=time(7, 30), ends_at=time(8, 10))
    late = factories.make_pattern(starts_at=time(21), ends_at=time(23, 55))
    for pattern in (early, late):
        factories.make_slots(host, service, pattern)
    full = desk.get(WEEK).context["grid"]
    assert [(grid.first, grid.last) for grid in (empty, full)] == [(9, 16), (7, 24)]


def test_one_person_can_be_chosen(desk: Client, office: Office, host: Host, service: Service) -> None:
    colleague = factories.make_host(office, "Derya Aksoy")
    factories.make_slots(host, service)
    factories.make_slots(colleague, service)
    answer = desk.get(WEEK, {"person": "derya-aksoy"})
    assert [block.stretch.hours.host for block in blocks(answer)] == [colleague]
    assert "person=derya-aksoy" in answer.context["later"]


def test_a_group_is_counted_not_listed(desk: Client, host: Host, service: Service) -> None:
    slot = factories.make_slots(host, service, capacity=5)[0]
    for n in range(3):
        factories.make_booking(slot, name=f"Person {n}", email=f"p{n}@example.org")
    shown = words(desk.get(WEEK))
    assert _("%(booked)s of %(seats)s booked") % {"booked": 3, "seats": 5} in shown
    assert "Person 0" not in shown


def test_holidays_closures_and_absences_are_named_on_their_day(
    desk: Client, office: Office, host: Host, now: datetime
) -> None:
    monday = datetime(2026, 12, 21, tzinfo=office.zone)
    day = timedelta(days=1)
    closing.close(office, None, monday, monday + day, "Betriebsausflug", None, now)
    tuesday, noon = monday + day, monday + day + timedelta(hours=12)
    ill = closing.close(office, host, tuesday, noon, "", None, now)
    Absence.objects.create(host=host, closure=ill, start=tuesday, end=noon, reported_at=now, acts_at=now)
    columns = desk.get(WEEK, {"ab": "2026-12-21"}).context["grid"].columns
    said = [[(off.host, off.words, off.end) for off in column.day.offs] for column in columns]
    assert said == [[(None, "Betriebsausflug", None)], [(host, _("absent"), noon)], [], [], []]
    assert [column.day.holiday for column in columns] == ["", "", "", "", "Erster Weihnachtstag"]
    morning = _("until %(until)s") % {"until": pgettext("time of day", "%(time)s") % {"time": "12:00"}}
    assert f"Hannah Helfrich: {_('absent')}, {morning}" in words(desk.get(WEEK, {"ab": "2026-12-21"}))


def test_the_closure_of_a_colleague_is_not_mine(
    desk: Client, office: Office, host: Host, now: datetime
) -> None:
    colleague = factories.make_host(office, "Derya Aksoy")
    closing.close(office, colleague, now, now + timedelta(days=1), "Urlaub", None, now)
    assert "Urlaub" in words(desk.get(WEEK))
    assert "Urlaub" not in words(desk.get(WEEK, {"person": host.slug}))


def test_hours_that_fall_out_stay_with_their_reason(
    desk: Client, office: Office, slots: list[Slot], now: datetime
) -> None:
    closing.close(office, None, now, now + timedelta(days=7), "Betriebsausflug", None, now)
    [block] = blocks(desk.get(WEEK))
    assert (block.entries, block.head_place) == ([], "st-h14 st-m0 st-uh17 st-um0")
    assert _("does not take place: %(reason)s") % {"reason": "Betriebsausflug"} in words(desk.get(WEEK))


def test_hours_that_nobody_wants_any_more_are_gone_but_kept_appointments_stay(
    desk: Client, slots: list[Slot], now: datetime
) -> None:
    booking = factories.make_booking(slots[4])
    closing.withdraw(slots[0].office_hours.availability, factories.TUESDAY, BookedTimes.KEEP, now)
    [block] = blocks(desk.get(WEEK))
    assert [entry.time.bookings for entry in block.entries] == [[booking]]
    Booking.objects.update(status="cancelled")
    assert blocks(desk.get(WEEK)) == []


def test_times_that_are_kept_off_the_web_say_so_and_those_not_offered_are_not_free(
    desk: Client, slots: list[Slot]
) -> None:
    Slot.objects.filter(pk=slots[0].pk).update(offer=SlotOffer.DESK)
    Slot.objects.filter(pk=slots[1].pk).update(offer=SlotOffer.NONE)
    answer = desk.get(WEEK)
    [block] = blocks(answer)
    assert [entry.time.slot for entry in block.entries] == [slots[0], *slots[2:]]
    assert words(answer).count(_("not on the web")) == 1


def test_a_line_shows_the_time_only_within_this_week(
    desk: Client, slots: list[Slot], clock: time_machine.Traveller
) -> None:
    assert desk.get(WEEK).context["grid"].now_place == "st-h9 st-m0 st-uh9 st-um1"
    assert desk.get(WEEK, {"ab": "2026-11-30"}).context["grid"].now_place == ""
    clock.move_to(factories.NOW - timedelta(minutes=1))
    assert desk.get(WEEK).context["grid"].now_place == ""


def test_another_offices_hours_are_out_of_sight(desk: Client, slots: list[Slot]) -> None:
    elsewhere = factories.make_office(name="Süd", slug="sued", is_default=False)
    stranger = factories.make_host(elsewhere, "Sude Süd")
    factories.make_slots(stranger, factories.make_service(elsewhere, "sued"))
    closing.close(
        elsewhere, None, factories.NOW, factories.NOW + timedelta(days=1), "Süd zu", None, factories.NOW
    )
    answer = desk.get(WEEK, {"person": stranger.slug})
    assert [block.stretch.hours.host.name for block in blocks(answer)] == ["Hannah Helfrich"]
    assert "Süd" not in words(answer)


def test_the_week_takes_few_queries_for_one_booking_and_for_two_hundred(
    desk: Client, office: Office, host: Host, service: Service
) -> None:
    factories.make_booking(factories.make_slots(host, service)[0])
    one = queries(lambda: desk.get(WEEK))
    fill_the_week(office, service)
    assert Booking.objects.count() == 200
    with CaptureQueriesContext(connection) as captured:
        desk.get(WEEK)
    assert len(captured) == one
    assert one <= MOST_QUERIES


def fill_the_week(office: Office, service: Service) -> None:
    """Book 199 more times, with three people on four days."""
    day = timedelta(days=1)
    places = []
    for n in range(3):
        colleague = factories.make_host(office, f"Person {n}")
        for weekday in range(4):
            pattern = factories.make_pattern(
                starts_at=time(9), ends_at=time(15), first_on=factories.TUESDAY + weekday * day
            )
            slots = factories.make_slots(colleague, service, pattern)
            places += slots
    Booking.objects.bulk_create(
        Booking(
            slot=slot,
            seat=1,
            channel=Channel.OFFICE,
            name=f"Person {n}",
            topic="wohnen",
            code=f"Code-{n}",
            created_at=factories.NOW,
            scheduled_at=factories.NOW,
        )
        for n, slot in enumerate(places[:199])
    )


def test_every_place_of_the_drawing_is_a_class_of_the_style_sheet(
    desk: Client, office: Office, service: Service, static_css: str
) -> None:
    fill_the_week(office, service)
    page = desk.get(WEEK).content.decode().partition("<main")[2]
    used = set(re.findall(r"\bst-(?:h|m|uh|um|first|hours|days|col|lanes|lane|tone)\d+\b", page))
    known = set(re.findall(r"\.(st-[a-z]+\d+) \{", static_css))
    assert used - known == set()
    every = {f"st-h{n}" for n in range(24)} | {f"st-uh{n}" for n in range(25)}
    every |= {f"st-{m}{n}" for m in ("m", "um") for n in range(12)}
    every |= {f"st-hours{n}" for n in range(7, 25)} | {f"st-first{n}" for n in range(10)}
    assert every - known == set()
    assert static_css.count("{") == static_css.count("}")


@pytest.fixture
def static_css() -> str:
    """The style sheet of the back end."""
    path = finders.find("staff/staff.css")
    assert isinstance(path, str)
    return Path(path).read_text()
