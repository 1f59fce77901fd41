"""The strict reader refuses what it should: without that, the tests that use it would prove nothing."""

from __future__ import annotations

import pytest

from tests import itip

GOOD = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//b//DE\r\nMETHOD:REQUEST\r\n"
    "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:STANDARD\r\nDTSTART:19961027T030000\r\n"
    "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    "BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261123T080000Z\r\nSEQUENCE:0\r\nSTATUS:CONFIRMED\r\nSUMMARY:Hour\r\n"
    "DTSTART;TZID=Europe/Berlin:20261124T140000\r\nDTEND;TZID=Europe/Berlin:20261124T142000\r\n"
    'ORGANIZER;CN="Nord, Süd":mailto:nord@example.org\r\n'
    "ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:a@example.org\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)


def test_a_good_message_passes() -> None:
    event = itip.message(GOOD, "REQUEST", "a@example.org")
    assert event.one("SUMMARY").text == "Hour"


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("SUMMARY:Hour", "SUMMARY:Hour\nX-EVIL:1"),
        ("SUMMARY:Hour", "SUMMARY:Hour\u2028X-EVIL:1"),
        ("SUMMARY:Hour", "SUMMARY:Hour\x85X-EVIL:1"),
        ("SUMMARY:Hour", "SUMMARY:Hour\x0bX-EVIL:1"),
        ("SUMMARY:Hour", "SUMMARY:Hour, bare"),
        ("SUMMARY:Hour", "SUMMARY:" + "Hour" * 20),
        ("SUMMARY:Hour", "SUMMARY:Hour\r\nSUMMARY:Again"),
        ('CN="Nord, Süd"', 'CN="Nord" Süd"'),
        ("UID:1\r\n", ""),
        ("SEQUENCE:0\r\n", ""),
        ("DTSTAMP:20261123T080000Z", "DTSTAMP:20261123T080000"),
        ("METHOD:REQUEST\r\n", ""),
        ("METHOD:REQUEST\r\n", "METHOD:REQUEST\r\nUID:2\r\n"),
        ("STATUS:CONFIRMED", "STATUS:CANCELLED"),
        ("PARTSTAT=ACCEPTED", "PARTSTAT=NEEDS-ACTION"),
        ("mailto:a@example.org", "mailto:nord@example.org"),
        ("TZID:Europe/Berlin", "TZID:Europe/Vienna"),
        ("END:VEVENT\r\n", ""),
    ],
)
def test_a_bad_message_is_refused(good: str, bad: str) -> None:
    assert GOOD.count(good) >= 1
    with pytest.raises(itip.Refused):
        itip.message(GOOD.replace(good, bad), "REQUEST", "a@example.org")


def test_an_update_that_does_not_rise_is_refused() -> None:
    first = itip.message(GOOD, "REQUEST", "a@example.org")
    with pytest.raises(itip.Refused, match="SEQUENCE"):
        itip.follows(first, first)
