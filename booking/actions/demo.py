"""The demo office: Quartiersmanagement Musterstadt Nord, with a month of hours and bookings around today."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from booking.actions import bookings, closing, demo_letters, publishing
from booking.actions.errors import BookingError
from booking.actions.offices import add_host
from booking.actions.publishing import Series
from booking.enums import Actor, Attendance, Channel, Rhythm, Status, Weekday
from booking.models import Availability, Booking, Host, Office, Service, Slot, Visit
from booking.recurrence import Pattern

SLUG = "musterstadt-nord"
# So far back that a whole quarter is over, which the report divides by topics.
PAST_WEEKS = 26
PUBLISHED_WEEKS = 12
# Whoever came this long ago or earlier is a number by now.
FORGOTTEN = timedelta(days=4)
WORDS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "demo.toml").read_text("utf-8"))
OFFICE = {
    "name": "Quartiersmanagement Musterstadt Nord",
    "slug": SLUG,
    "street": "Nordring 12",
    "postal_code": "12345",
    "city": "Musterstadt",
    "state": "NW",
    "email": "nord@musterstadt.example",
    "phone": "0123 456-700",
    "district": "Musterstadt Nord",
    "programme": "Sozialer Zusammenhalt",
    "carrier": "Stadtbüro Musterstadt gGmbH im Auftrag der Stadt Musterstadt",
    "opening_times": [*[[["09:00", "17:00"]]] * 4, [["09:00", "13:00"]], [], []],
    "phone_times": [*[[["09:00", "12:00"]]] * 5, [], []],
    "access_note": WORDS["access_note"],
    "is_default": True,
}
HANNAH, DERYA = "Hannah Helfrich", "Derya Aksoy"
LANGUAGES = {HANNAH: ["de", "en"], DERYA: ["de", "tr"]}
TOPICS = list(WORDS["topics"])
SERVICES: list[dict[str, Any]] = [
    {
        "slug": "sprechstunde",
        "offers_phone": True,
    },
    {
        "slug": "digitale-sprechstunde",
        "minutes": 30,
        "offers_office": False,
        "offers_video": True,
    },
    {
        "slug": "projektberatung",
        "minutes": 45,
        "buffer_minutes": 15,
        "notice_hours": 24,
        "offers_video": True,
    },
]
# Of 100 times of the past so many were booked, and at so many of the others somebody came without appointment.
PAST_SHARE, WALKED_IN_FROM = 50, 85
PAST_LANGUAGES = (*("de",) * 8, "en", "en", "en", "tr")
RESIDENTS = (
    "Amira Yılmaz",
    "Jonas Weber",
    "Olena Kovalenko",
    "Familie Nowak",
    "Samir Haddad",
    "Gisela Brandt",
    "Mihai Popescu",
    "Aylin",
    "Herr Okafor",
    "Petra Lindner",
    "Reza Karimi",
    "Thi Lan Nguyen",
)


@dataclass(frozen=True)
class _Hours:
    """One series of the demo: who offers what, when."""

    host: str
    service: str
    rhythm: Rhythm
    weekdays: tuple[Weekday, ...]
    starts_at: time
    ends_at: time
    channels: tuple[Channel, ...]
    capacity: int = 1


BOTH = (Channel.OFFICE, Channel.PHONE)
MORNING = (time(9, 30), time(12))
AFTERNOON = (time(14), time(17))
ALL_HOURS = (
    _Hours(HANNAH, "sprechstunde", Rhythm.WEEKLY, (Weekday.TUESDAY,), *AFTERNOON, BOTH),
    _Hours(HANNAH, "sprechstunde", Rhythm.WEEKLY, (Weekday.THURSDAY,), *MORNING, BOTH),
    _Hours(DERYA, "sprechstunde", Rhythm.WEEKLY, (Weekday.MONDAY, Weekday.FRIDAY), *MORNING, BOTH),
    _Hours(DERYA, "sprechstunde", Rhythm.WEEKLY, (Weekday.WEDNESDAY,), *AFTERNOON, BOTH),
    _Hours(
        HANNAH,
        "digitale-sprechstunde",
        Rhythm.EVERY_2_WEEKS,
        (Weekday.WEDNESDAY,),
        time(17),
        time(19),
        (Channel.VIDEO,),
    ),
    _Hours(
        DERYA,
        "digitale-sprechstunde",
        Rhythm.MONTHLY_LAST,
        (Weekday.TUESDAY,),
        time(18),
        time(18, 30),
        (Channel.VIDEO,),
        capacity=12,
    ),
    _Hours(
        DERYA,
        "projektberatung",
        Rhythm.EVERY_2_WEEKS,
        (Weekday.THURSDAY,),
        *AFTERNOON,
        (Channel.OFFICE, Channel.VIDEO),
    ),
)


class RealBookings(Exception):
    """The database has bookings that the demo did not make."""


def demo_request(slot: Slot) -> UUID:
    """Return the request id of the demo's booking of a slot: it makes a second run harmless."""
    return uuid5(NAMESPACE_URL, f"demo:{slot.office_hours.host.slug}:{slot.start.isoformat()}")


@transaction.atomic
def furnish(now: datetime, *, with_mail: bool) -> Office:
    """Make the demo office, or bring it up to date; a second run the same day changes nothing.

    Residents have e-mail addresses only with `with_mail`, since a real relay must not get mail to invented
    people. Raises RealBookings when somebody else's bookings are there.
    """
    slots = Slot.objects.select_related("office_hours__host")
    ours = {demo_request(slot) for slot in slots.filter(bookings__isnull=False).distinct()}
    if Booking.objects.exclude(request_id__in=ours).exists():
        raise RealBookings
    office, is_new = Office.objects.get_or_create(slug=SLUG, defaults=OFFICE)
    if is_new:
        _publish(office, now)
        _close_a_day(office, now)
        _remember(office, now)
        if with_mail:
            demo_letters.write(office, now)
    else:
        publishing.extend(now)
    for slot, resident in _wishes(office, now):
        _book(slot, resident, now, with_mail=with_mail)
    return office


def _publish(office: Office, now: datetime) -> None:
    topics = [{"key": key, "title": title} for key, title in WORDS["topics"].items()]
    for fields in SERVICES:
        words = WORDS["services"][fields["slug"]]
        Service.objects.create(office=office, topics=topics, **fields, **words)
    for name in (HANNAH, DERYA):
        email = f"{name.lower().replace(' ', '.')}@musterstadt.example"
        host = Host(office=office, name=name, email=email, role=WORDS["role"], phone=office.phone)
        host.video_url = f"https://video.musterstadt.example/{name.lower().replace(' ', '-')}"
        host.languages = LANGUAGES[name]
        host.wants_notices = False
        add_host(host)
    start = now - timedelta(weeks=PAST_WEEKS)
    for hours in ALL_HOURS:
        published = publishing.open_series(_series(office, hours, start.date()), start)
        for weeks in range(PUBLISHED_WEEKS, PAST_WEEKS, PUBLISHED_WEEKS):
            publishing.publish(published.availability, start + timedelta(weeks=weeks))
        publishing.publish(published.availability, now)


def _series(office: Office, hours: _Hours, first_on: date) -> Series:
    service = Service.objects.get(office=office, slug=hours.service)
    return Series(
        host=Host.objects.select_related("office").get(office=office, name=hours.host),
        service=service,
        pattern=Pattern(hours.rhythm, hours.weekdays, hours.starts_at, hours.ends_at, first_on),
        slot_minutes=service.minutes,
        buffer_minutes=service.buffer_minutes,
        capacity=hours.capacity,
        channels=hours.channels,
    )


def _close_a_day(office: Office, now: datetime) -> None:
    """Close the office on the Friday of the week after next, so that the calendar shows what a closure is."""
    today = now.astimezone(office.zone).date()
    friday = today + timedelta(days=18 - today.weekday())
    start, end = (datetime.combine(friday + timedelta(days=n), time.min, office.zone) for n in (0, 1))
    closing.close(office, None, start, end, "Fortbildung im Team", None, now)


def _remember(office: Office, now: datetime) -> None:
    """Write down how the past months were: appointments whose contact data is erased, and visits without one."""
    slots = Slot.objects.filter(office_hours__host__office=office, start__lte=now - FORGOTTEN)
    slots = slots.select_related("office_hours__host", "office_hours__availability__service")
    chances = [(slot, demo_request(slot).int % 100) for slot in slots]
    Booking.objects.bulk_create(_past(slot, chance) for slot, chance in chances if chance < PAST_SHARE)
    Visit.objects.bulk_create(
        Visit(
            office=office,
            came_at=slot.start,
            service=slot.office_hours.availability.service,
            topic=TOPICS[chance % 7 % len(TOPICS)] if chance % 3 else "",
            language=PAST_LANGUAGES[chance % len(PAST_LANGUAGES)] if chance % 3 else "",
        )
        for slot, chance in chances
        if chance >= WALKED_IN_FROM
    )


def _past(slot: Slot, chance: int) -> Booking:
    asked_at = slot.start - timedelta(days=2)
    is_cancelled = chance % 9 == 0
    said = Attendance.ABSENT if chance % 11 == 0 else Attendance.CAME
    channels = slot.office_hours.availability.channels
    return Booking(
        slot=slot,
        seat=1,
        status=Status.CANCELLED if is_cancelled else Status.CONFIRMED,
        cancelled_by=Actor.RESIDENT if is_cancelled else "",
        cancelled_at=asked_at if is_cancelled else None,
        attendance="" if is_cancelled or chance % 8 == 1 else said,
        channel=channels[chance % len(channels)],
        topic=TOPICS[chance % 7 % len(TOPICS)],
        language=PAST_LANGUAGES[chance % len(PAST_LANGUAGES)],
        code=f"Demo-{slot.pk}",
        request_id=demo_request(slot),
        created_at=asked_at,
        scheduled_at=asked_at,
        erased_at=slot.end + timedelta(days=2),
    )


def _wishes(office: Office, now: datetime) -> Iterator[tuple[Slot, int]]:
    """Choose what residents have booked: much of the past weeks and the next days, less of what is far away."""
    slots = Slot.objects.filter(
        office_hours__host__office=office,
        closure=None,
        start__gt=now - FORGOTTEN,
        start__lt=now + timedelta(weeks=4),
    )
    for slot in slots.select_related("office_hours__host", "office_hours__availability__service"):
        chance = demo_request(slot).int % 100
        days_ahead = (slot.start - now).days
        if chance < max(8, 45 - 4 * max(days_ahead, 0)):
            yield slot, chance


def _book(slot: Slot, number: int, now: datetime, *, with_mail: bool) -> None:
    availability: Availability = slot.office_hours.availability
    topics = availability.service.topics
    is_past = slot.start <= now
    has_mail = with_mail and not is_past and number % 3 == 0
    claim = bookings.Claim(
        name=RESIDENTS[number % len(RESIDENTS)],
        email=f"person-{number}@quartier.example" if has_mail else "",
        phone=f"0171 00{number:02d}{number * 37 % 1000:03d}",
        channel=availability.channels[number % len(availability.channels)],
        language="en" if number % 5 == 0 else "de",
        request_id=demo_request(slot),
        topic=topics[number % len(topics)]["key"],
    )
    asked_at = slot.start - timedelta(days=2) if is_past else now
    try:
        bookings.book(slot.pk, claim, asked_at)
    except BookingError:
        # A second run meets times that visitors of the demo, or a closure, have taken since.
        return
