"""The invitation to an appointment that is made up: a host tries what residents get."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Literal
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import CLASS, STATUS, TRANSP, Event

from booking.ical import calendar
from booking.ical.invitation import attendee
from booking.ical.text import one_line
from booking.ical.timezone import vtimezone
from booking.models import Host

STARTS_AT, LASTS = time(10), timedelta(minutes=20)
TICK = timedelta(seconds=1)


def starts(host: Host, sent_at: datetime) -> datetime:
    """Return when the appointment of a test begins: at ten o'clock on the day after it was sent."""
    day = sent_at.astimezone(host.office.zone).date() + timedelta(days=1)
    return datetime.combine(day, STARTS_AT, host.office.zone)


def message(method: Literal["REQUEST", "CANCEL"], host: Host, sent_at: datetime, now: datetime) -> str:
    """Return the invitation of the test that was sent at `sent_at`, or what takes it out of the calendar again."""
    is_off, office, start = method == "CANCEL", host.office, starts(host, sent_at)
    first = sent_at.replace(microsecond=0)
    stamp = max(now.replace(microsecond=0), first + TICK) if is_off else first
    event = Event.new(
        uid=uuid5(NAMESPACE_URL, f"{settings.SITE_URL}/test/{host.pk}/{sent_at.timestamp()}"),
        stamp=stamp,
        last_modified=stamp,
        sequence=int(is_off),
        status=STATUS.CANCELLED if is_off else STATUS.CONFIRMED,
        start=start,
        end=start + LASTS,
        organizer=calendar.organizer(office),
        attendees=[attendee(host.email, host.name)],
        summary=one_line(_("Test appointment: %(office)s") % {"office": office.name}),
        location=one_line(f"{office.name}, {office.address}"),
        description=_("This appointment is made up. Residents get theirs in the same way."),
        transparency=TRANSP.TRANSPARENT if is_off else TRANSP.OPAQUE,
        classification=CLASS.PRIVATE,
    )
    zone = vtimezone(office.zone, start, start + LASTS)
    return calendar.assemble(calendar.message(method), zone, [event.to_ical()]).decode()
