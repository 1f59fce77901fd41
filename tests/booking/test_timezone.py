"""VTIMEZONE: other programs compute from it the same instants as the IANA database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.ical.timezone import BERLIN, vtimezone
from tests import itip
from tests.readers import by_vobject

YEARS = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 12, 31, tzinfo=UTC))
ZONES = [
    "Europe/Berlin",
    "Europe/Lisbon",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Etc/UTC",
    "Africa/Casablanca",
]


def calendar(zone: str, local: datetime) -> str:
    """Return a calendar with one event at the local time."""
    start = local.strftime("%Y%m%dT%H%M%S")
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//b//DE\r\n"
        + vtimezone(ZoneInfo(zone), *YEARS).decode()
        + f"BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;TZID={zone}:{start}\r\nEND:VEVENT\r\n"
        "END:VCALENDAR\r\n"
    )


@pytest.mark.parametrize("zone", ZONES)
def test_every_week_of_three_years_is_the_same_instant_in_another_reader(zone: str) -> None:
    moment = datetime(2026, 1, 5, 14, tzinfo=ZoneInfo(zone))
    while moment < YEARS[1]:
        read = by_vobject(calendar(zone, moment)).vevent.dtstart.value
        assert read.astimezone(UTC) == moment.astimezone(UTC)
        moment += timedelta(days=21)


@pytest.mark.parametrize("zone", ZONES)
def test_zones_pass_the_strict_reader(zone: str) -> None:
    parts = itip.read(calendar(zone, YEARS[0])).parts("VTIMEZONE")
    assert [part.one("TZID").value for part in parts] == [zone]


def test_berlin_is_a_constant_with_rules_and_no_end() -> None:
    assert vtimezone(ZoneInfo("Europe/Berlin"), *YEARS) is BERLIN
    assert BERLIN.count(b"RRULE:FREQ=YEARLY") == 2
    assert b"UNTIL" not in BERLIN


def test_onsets_stand_in_the_local_time_before_the_change() -> None:
    vienna = vtimezone(ZoneInfo("Europe/Vienna"), *YEARS).decode()
    assert "BEGIN:DAYLIGHT\r\nDTSTART:20270328T020000\r\n" in vienna
    assert "BEGIN:STANDARD\r\nDTSTART:20271031T030000\r\n" in vienna
