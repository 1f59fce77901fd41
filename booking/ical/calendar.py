"""The frame around events: what icalendar 7.3 writes, set right where it is not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from icalendar import Calendar, vCalAddress, vDuration, vText

from booking.ical.text import common_name, mailbox
from booking.models import Office

PRODID = "-//Quartiersmanagement//Terminbuchung//DE"
END = b"END:VCALENDAR\r\n"


def message(method: str) -> Calendar:
    """Return the frame of an iTIP message (RFC 5546)."""
    calendar = Calendar.new(prodid=PRODID, calscale="GREGORIAN", method=method)
    # A random UID of the calendar itself: it changes the bytes, and vdirsyncer takes all events for one.
    del calendar["UID"]
    return calendar


def subscription(
    name: str, description: str, zone: str, source: str | None, url: str, refresh: timedelta
) -> Calendar:
    """Return the frame of a feed, with its name and how often to come back (RFC 7986).

    `source` is where it comes from; None where that address is a key that must not travel with a copy.
    """
    calendar = Calendar.new(
        prodid=PRODID,
        calscale="GREGORIAN",
        description=description,
        color="teal",
        refresh_interval=refresh,
        source=source,
        url=url,
    )
    del calendar["UID"]
    calendar["REFRESH-INTERVAL"].params["VALUE"] = "DURATION"
    if source:
        calendar["SOURCE"].params["VALUE"] = "URI"
    # icalendar writes these as they are, although they are texts like any other.
    for name_of_it, text in (("NAME", name), ("X-WR-CALNAME", name), ("X-WR-CALDESC", description)):
        calendar[name_of_it] = vText(text)
    # Outlook and Google read their own words for the same.
    calendar.add("X-PUBLISHED-TTL", vDuration(refresh))
    calendar.add("X-WR-TIMEZONE", zone)
    return calendar


def assemble(calendar: Calendar, timezone: bytes, events: Iterable[bytes]) -> bytes:
    """Return the calendar as bytes, its events joined as they are."""
    return b"".join([calendar.to_ical().removesuffix(END), timezone, *events, END])


def organizer(office: Office) -> vCalAddress:
    """Return the office's mailbox: the From of every mail, where replies are read."""
    return vCalAddress.new(mailbox(office.email), cn=common_name(office.name))
