"""The world that tests start from: one office with its people, made by the product's own actions."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import uuid4

from booking import recurrence
from booking.actions import bookings, inquiries, publishing
from booking.enums import Channel, InquiryKind, Rhythm, Weekday
from booking.models import Availability, Booking, Host, Inquiry, Office, Service, Slot
from booking.recurrence import Pattern

# Monday, 09:00 in Berlin.
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TUESDAY = date(2026, 11, 24)


def make_office(**fields: Any) -> Office:
    """Make the default office, in Bavaria."""
    defaults: dict[str, Any] = {
        "name": "Quartiersmanagement Musterstadt Nord",
        "slug": "musterstadt-nord",
        "street": "Nordring 12",
        "postal_code": "12345",
        "city": "Musterstadt",
        "state": "BY",
        "email": "nord@musterstadt.example",
        "phone": "0123 456-700",
        "opening_note": {"de": "Dienstag 9 bis 17 Uhr", "en": "Tuesday 9:00 to 17:00"},
        "phone_note": {"de": "Montag bis Freitag 9 bis 12 Uhr", "en": "Monday to Friday 9:00 to 12:00"},
        "access_note": {
            "de": "Eingang ohne Stufe, Klingel links",
            "en": "Step-free entrance, bell on the left",
        },
        "is_default": True,
    }
    return Office.objects.create(**defaults | fields)


def make_host(office: Office, name: str = "Hannah Helfrich", **fields: Any) -> Host:
    """Make a host with her calendar."""
    slug = name.lower().replace(" ", "-")
    defaults: dict[str, Any] = {
        "email": f"{slug}@musterstadt.example",
        "video_url": "https://video.musterstadt.example/nord",
    }
    calendar = recurrence.calendar_for(name, slug)
    return Host.objects.create(office=office, calendar=calendar, name=name, slug=slug, **defaults | fields)


def make_service(office: Office, slug: str = "sprechstunde", **fields: Any) -> Service:
    """Make a service that is held in every way."""
    defaults: dict[str, Any] = {
        "title": {"de": "Sprechstunde", "en": "Consultation hour"},
        "offers_phone": True,
        "offers_video": True,
        "topics": [{"key": "wohnen", "title": {"de": "Wohnen", "en": "Housing"}}],
        "bring_along": {"de": "Bringen Sie Ihre Briefe mit.", "en": "Bring your letters."},
    }
    return Service.objects.create(office=office, slug=slug, **defaults | fields)


def make_pattern(
    rhythm: Rhythm = Rhythm.ONCE,
    weekdays: tuple[Weekday, ...] = (Weekday.TUESDAY,),
    starts_at: time = time(14),
    ends_at: time = time(17),
    first_on: date = TUESDAY,
    last_on: date | None = None,
) -> Pattern:
    """Make a pattern; without arguments next Tuesday, 14 to 17."""
    return Pattern(rhythm, weekdays, starts_at, ends_at, first_on, last_on)


def make_series(
    host: Host, service: Service, pattern: Pattern | None = None, **fields: Any
) -> publishing.Series:
    """Make a series of 20-minute slots with one seat each, at the office, by phone and by video."""
    defaults: dict[str, Any] = {
        "slot_minutes": 20,
        "buffer_minutes": 0,
        "capacity": 1,
        "channels": tuple(Channel),
    }
    return publishing.Series(host, service, pattern or make_pattern(), **defaults | fields)


def make_slots(
    host: Host, service: Service, pattern: Pattern | None = None, now: datetime = NOW, **fields: Any
) -> list[Slot]:
    """Publish a series and return its slots, first one first."""
    published = publishing.open_series(make_series(host, service, pattern, **fields), now)
    return slots_of(published.availability)


def slots_of(availability: Availability) -> list[Slot]:
    """Return all slots of a series, first one first."""
    return list(Slot.objects.filter(office_hours__availability=availability).order_by("start"))


def make_claim(**fields: Any) -> bookings.Claim:
    """Make a claim by a resident who comes to the office."""
    defaults: dict[str, Any] = {
        "name": "Amira Yılmaz",
        "email": "amira@example.org",
        "phone": "0171 2345678",
        "channel": Channel.OFFICE,
        "language": "de",
        "request_id": uuid4(),
    }
    return bookings.Claim(**defaults | fields)


def make_booking(slot: Slot, now: datetime = NOW, **fields: Any) -> Booking:
    """Book a seat of the slot."""
    return bookings.book(slot.pk, make_claim(**fields), now)


def make_writing(**fields: Any) -> inquiries.Writing:
    """Make a question that somebody writes on the website."""
    defaults: dict[str, Any] = {
        "kind": InquiryKind.QUESTION,
        "text": "Wann ist das Sommerfest?",
        "language": "de",
        "request_id": uuid4(),
        "name": "Rosa Quittenbaum",
        "email": "rosa@example.org",
    }
    return inquiries.Writing(**defaults | fields)


def make_inquiry(office: Office, now: datetime = NOW, **fields: Any) -> Inquiry:
    """Receive a question."""
    return inquiries.receive(office, make_writing(**fields), now)
