"""What is printed: the sheet of a day, the sheet of a week, the sign for the door."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _

from booking import links
from booking.actions import closing
from booking.enums import Channel, Rhythm
from booking.models import Availability, Host, Office, Service, Slot
from tests import factories
from tests.booking.staff.pages import queries, words

DAY_SHEET, WEEK_SHEET = reverse("staff:day_sheet"), reverse("staff:week_sheet")
SIGN = reverse("staff:door_sign")
TUESDAY = {"tag": factories.TUESDAY.isoformat()}


def spoken(answer: Any) -> list[tuple[str, str, str]]:
    """Return when the sign says that the door is open, in local hours."""
    zone = answer.context["office"].zone
    return [(_hour(o.start, zone), _hour(o.end, zone), o.place) for o in answer.context["open_hours"]]


def _hour(moment: datetime, zone: Any) -> str:
    return f"{moment.astimezone(zone):%H:%M}"


def test_the_day_on_paper_has_a_line_and_a_box_for_every_time(desk: Client, slots: list[Slot]) -> None:
    booking = factories.make_booking(slots[1], channel=Channel.PHONE, topic="wohnen")
    answer = desk.get(DAY_SHEET, TUESDAY)
    shown = words(answer)
    assert answer.content.decode().count('class="box"') == len(slots)
    assert f"14:20 Amira Yılmaz {booking.code} {Channel.PHONE.label}, Wohnen 0171 2345678" in shown
    assert f"14:40 {_('free')}" in shown


def test_the_week_on_paper_has_a_line_for_every_appointment(desk: Client, slots: list[Slot]) -> None:
    for slot in slots[:2]:
        factories.make_booking(slot, email=f"{slot.pk}@example.org")
    answer = desk.get(WEEK_SHEET)
    assert answer.content.decode().count('class="box"') == 2
    assert answer.content.decode().count("<h2>") == 5
    assert _("free") not in words(answer).split()


def test_paper_loads_one_style_sheet_and_nothing_else(desk: Client, slots: list[Slot]) -> None:
    for page in (DAY_SHEET, WEEK_SHEET, SIGN):
        answer = desk.get(page)
        source = answer.content.decode()
        assert re.findall(r"<script|<img|\sstyle=|<style|\son[a-z]+=", source) == []
        assert len(re.findall(r"<link", source)) == 1
        assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]


def test_sheets_take_the_same_queries_for_one_and_for_thirty(
    desk: Client, host: Host, service: Service
) -> None:
    slot = factories.make_slots(host, service, capacity=30)[0]
    factories.make_booking(slot)
    pages = (f"{DAY_SHEET}?tag={TUESDAY['tag']}", WEEK_SHEET, SIGN)
    one = [queries(partial(desk.get, page)) for page in pages]
    for n in range(29):
        factories.make_booking(slot, email=f"p{n}@example.org")
    factories.make_slots(host, service, factories.make_pattern(Rhythm.WEEKLY, first_on=date(2026, 12, 1)))
    assert [queries(partial(desk.get, page)) for page in pages] == one


def test_the_sign_says_when_the_door_is_open_today_and_next(
    desk: Client, host: Host, service: Service, office: Office
) -> None:
    factories.make_slots(host, service, factories.make_pattern(first_on=date(2026, 11, 23)))
    factories.make_slots(host, service, factories.make_pattern(Rhythm.WEEKLY))
    answer = desk.get(SIGN)
    shown = words(answer)
    assert shown.count(f"{_('Office hours today')} 14:00–17:00") == 1
    assert [day for day, _hours in answer.context["coming"]] == [
        factories.TUESDAY + timedelta(weeks=n) for n in range(5)
    ]
    assert office.phone in shown


def test_the_sign_carries_the_way_to_the_free_times_in_letters_and_as_a_picture(
    desk: Client, office: Office
) -> None:
    answer = desk.get(SIGN)
    assert links.slots_url().endswith("/termine/")
    assert links.slots_url().partition("://")[2] in words(answer)
    assert answer.content.decode().count("<svg") == 1


def test_a_day_without_hours_says_so_with_its_reason(
    desk: Client, slots: list[Slot], office: Office, now: datetime
) -> None:
    assert _("No office hours today") in words(desk.get(SIGN))
    closing.close(office, None, now, now + timedelta(days=2), "Betriebsausflug", None, now)
    closed = desk.get(SIGN, TUESDAY)
    assert (spoken(closed), "Betriebsausflug" in words(closed)) == ([], True)
    christmas = desk.get(SIGN, {"tag": "2026-12-25"})
    assert "Erster Weihnachtstag" in words(christmas)


def test_why_somebody_is_away_is_nobodys_business_at_the_door(
    desk: Client, office: Office, host: Host, now: datetime
) -> None:
    closing.close(office, host, now, now + timedelta(days=2), "Arzt", None, now)
    assert "Arzt" not in words(desk.get(SIGN))


def test_what_overlaps_is_one_opening_and_other_places_stand_for_themselves(
    desk: Client, office: Office, host: Host, service: Service
) -> None:
    colleague = factories.make_host(office, "Derya Aksoy")
    guest = factories.make_host(office, "Gerda Gast")
    factories.make_slots(host, service)
    factories.make_slots(colleague, service, factories.make_pattern(starts_at=time(16), ends_at=time(18)))
    away = factories.make_pattern(starts_at=time(15), ends_at=time(16))
    factories.make_slots(guest, service, away, place={"de": "Bücherei"})
    assert spoken(desk.get(SIGN, TUESDAY)) == [("14:00", "18:00", ""), ("15:00", "16:00", "Bücherei")]


def test_a_closed_hour_at_the_beginning_is_not_open_but_a_pause_at_the_end_is(
    desk: Client, office: Office, host: Host, service: Service, now: datetime
) -> None:
    pattern = factories.make_pattern(ends_at=time(16, 50))
    slots = factories.make_slots(host, service, pattern)
    closing.close(office, host, slots[0].start, slots[3].start, "Arzt", None, now)
    assert spoken(desk.get(SIGN, TUESDAY)) == [("15:00", "16:50", "")]


@pytest.mark.parametrize("fields", [{"offers_office": False}, {"is_extra": True}])
def test_what_nobody_can_walk_in_to_is_not_on_the_door(
    desk: Client, slots: list[Slot], fields: dict[str, bool]
) -> None:
    Availability.objects.update(**fields)
    answer = desk.get(SIGN, TUESDAY)
    assert (spoken(answer), answer.context["coming"]) == ([], [])
