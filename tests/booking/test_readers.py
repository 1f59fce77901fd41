"""Other people's programs take our calendars: libical, which Evolution, KDE and GNOME build on."""

from __future__ import annotations

import ctypes
import ctypes.util

import pytest
from django.test import Client

from booking.ical import invitation, private
from booking.models import Booking, Slot
from tests import factories

LIBICAL = ctypes.util.find_library("ical")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(LIBICAL is None, reason="libical is not there"),
]


def is_accepted(text: str) -> bool:
    """Let libical parse a calendar and check it against its table of restrictions."""
    library = ctypes.CDLL(LIBICAL)
    library.icalparser_parse_string.restype = ctypes.c_void_p
    library.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    library.icalrestriction_check.argtypes = [ctypes.c_void_p]
    library.icalcomponent_count_errors.argtypes = [ctypes.c_void_p]
    component = library.icalparser_parse_string(text.encode())
    assert component
    is_allowed = library.icalrestriction_check(component) == 1
    return is_allowed and library.icalcomponent_count_errors(component) == 0


def test_libical_accepts_every_message(slots: list[Slot]) -> None:
    booking = Booking.objects.with_parts().get(pk=factories.make_booking(slots[0]).pk)
    assert is_accepted(invitation.request(booking))
    assert is_accepted(invitation.publish(booking))
    assert is_accepted(invitation.request_to_host(booking))
    booking.status, booking.sequence = "cancelled", 1
    assert is_accepted(invitation.cancel(booking))


def test_libical_accepts_the_feed(client: Client, slots: list[Slot]) -> None:
    assert is_accepted(client.get("/kalender/termine.ics").content.decode())


def test_libical_accepts_the_private_calendar(slots: list[Slot]) -> None:
    host = Booking.objects.with_parts().get(pk=factories.make_booking(slots[0]).pk).slot.office_hours.host
    assert is_accepted(private.calendar_of(host, factories.NOW, "https://example.org/").decode())


def test_libical_refuses_what_is_broken(slots: list[Slot]) -> None:
    booking = Booking.objects.with_parts().get(pk=factories.make_booking(slots[0]).pk)
    good = invitation.request(booking)
    assert not is_accepted(good.replace("DTSTAMP:", "X-DTSTAMP:"))
    assert not is_accepted(good.replace("BEGIN:VEVENT\r\n", "BEGIN:VEVENT\r\nCOMMENT\r\n"))
