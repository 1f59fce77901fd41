"""The plan of the day for a host: times, ways and codes. Names stay in the back end, behind its login."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import translation

from booking import links
from booking.dates import spoken_day, spoken_hour
from booking.enums import Occasion, Status
from booking.ical.text import one_line
from booking.mails.letter import Letter, dedupe_key
from booking.models import Host, OfficeHours, OutboxMessage
from booking.models.office import local


@dataclass(frozen=True)
class Appointment:
    """One booking, without anything about its person."""

    hour: str
    channel: str
    code: str
    is_held: bool


@dataclass(frozen=True)
class PlannedHours:
    """One stretch of office hours with what is booked in it."""

    service: str
    start: str
    end: str
    place: str
    is_called_off: bool
    appointments: list[Appointment]


def day_plan(
    host: Host, day: date, hours: Sequence[OfficeHours], too_late_at: datetime, now: datetime
) -> list[OutboxMessage]:
    """Tell the host her day; its office hours come with their slots and live bookings at hand."""
    language = settings.LANGUAGE_CODE
    with translation.override(language):
        planned = [_planned(each, host) for each in hours]
        context = {
            "day": spoken_day(day),
            "planned": planned,
            "booked": sum(len(each.appointments) for each in planned),
            "day_url": links.day_url(day),
        }
    letter = Letter(
        host.office,
        Occasion.DAY_PLAN,
        host.email,
        language,
        _key(host, day),
        context=context,
        too_late_at=too_late_at,
    )
    return [letter.message(now)]


def day_plan_key(host: Host, day: date) -> str:
    """Return the dedupe key of the host's plan of that day: there is never a second one."""
    return dedupe_key(_key(host, day), Occasion.DAY_PLAN, host.email)


def _key(host: Host, day: date) -> str:
    return f"{host.pk}|{day.isoformat()}"


def _planned(hours: OfficeHours, host: Host) -> PlannedHours:
    zone = host.office.zone
    return PlannedHours(
        service=one_line(local(hours.availability.service.title)),
        start=f"{hours.start.astimezone(zone):%H:%M}",
        end=spoken_hour(hours.end, zone),
        place=one_line(local(hours.where)),
        is_called_off=not hours.is_live,
        appointments=list(_appointments(hours, host)),
    )


def _appointments(hours: OfficeHours, host: Host) -> Iterator[Appointment]:
    for slot in hours.slots.all():
        for booking in slot.bookings.all():
            yield Appointment(
                hour=spoken_hour(slot.start, host.office.zone),
                channel=booking.get_channel_display(),
                code=booking.code,
                is_held=booking.status == Status.PENDING,
            )
