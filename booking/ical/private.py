"""The private calendar of a host: her appointments, her office hours, and when nobody is there.

Computers of strangers fetch it, so it names no resident: service and code of an appointment, and where it is. The
code tells her who comes, in the back end.

Each entry has a UID of its own, made from the row's for life, not the row's itself. A booking's UID belongs to its
invitations: a calendar program that met it in a subscription, which it cannot change, would hang the update that
comes by mail on the wrong entry or drop it. For the same reason nothing in here is an invitation: no METHOD, no
ORGANIZER, no ATTENDEE. What is cancelled is simply gone, as it is from every subscription at the next look.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import CLASS, STATUS, TRANSP, Event

from booking import links
from booking.enums import Channel, HoursStatus, Status
from booking.ical.contents import Selection
from booking.ical.feed import Frame, assembled
from booking.ical.text import one_line
from booking.models import Booking, Closure, Host, OfficeHours
from booking.models.office import local


@dataclass(frozen=True)
class Entry:
    """All that one entry shows. Moments are aware, `zone` is the office's; `is_busy` blocks the time."""

    uid: UUID
    start: datetime
    end: datetime
    zone: str
    changed_at: datetime
    sequence: int
    summary: str
    location: str
    description: str
    is_busy: bool


def calendar_of(host: Host, now: datetime, address: str) -> bytes:
    """Return the host's calendar in the active language, two weeks back and twelve ahead; her office is at hand.

    `address` is where a click on the calendar leads. The same rows are the same bytes.
    """
    selection = Selection(host.office, now, host=host)
    frame = Frame(
        name=_("Appointments of %(host)s") % {"host": host.name},
        description=_("Private calendar. Please give its address to nobody."),
        zone=host.office.time_zone,
        source=None,
        url=address,
    )
    drawn = [_vevent(entry) for entry in _entries(selection, host)]
    return assembled(frame, drawn, selection.first, selection.last)


def _entries(selection: Selection, host: Host) -> Iterator[Entry]:
    for booking in _bookings(selection, host):
        yield _appointment(booking, host)
    hours = selection.hours().filter(status=HoursStatus.LIVE, withdrawn_at=None)
    for each in hours.select_related("availability__service"):
        yield _hours(each, host)
    for closure in Closure.objects.in_force(host, selection.first, selection.last):
        yield _closed(closure, host)


def _bookings(selection: Selection, host: Host) -> Iterator[Booking]:
    """Return her confirmed appointments; an unconfirmed hold is nobody's appointment yet."""
    mine = Booking.objects.with_parts().filter(slot__office_hours__host=host, status=Status.CONFIRMED)
    shown = mine.filter(slot__start__gte=selection.first, slot__start__lt=selection.last)
    return shown.order_by("slot__start", "pk").iterator()


def _appointment(booking: Booking, host: Host) -> Entry:
    hours, channel = booking.slot.office_hours, Channel(booking.channel)
    office, service = host.office, hours.availability.service
    rows = (host, office, service, hours.availability)
    where = local(hours.where) or f"{office.name}, {office.address}"
    return Entry(
        uid=_own(booking.pk),
        start=booking.slot.start,
        end=booking.slot.end,
        zone=office.time_zone,
        changed_at=max(
            booking.invite_stamp or booking.scheduled_at,
            booking.scheduled_at,
            hours.modified_at,
            *(row.updated_at for row in rows),
        ),
        sequence=booking.sequence,
        summary=f"{local(service.title)} · {booking.code}",
        location=where if channel == Channel.OFFICE else str(channel.label),
        description=_("Who comes stands in the back end: %(url)s") % {"url": links.back_end_url(booking)},
        is_busy=True,
    )


def _hours(hours: OfficeHours, host: Host) -> Entry:
    office, service = host.office, hours.availability.service
    rows = (host, office, service, hours.availability)
    return Entry(
        uid=_own(hours.uid),
        start=hours.start,
        end=hours.end,
        zone=office.time_zone,
        changed_at=max(hours.modified_at, *(row.updated_at for row in rows)),
        sequence=hours.sequence,
        summary=_("Office hours: %(service)s") % {"service": local(service.title)},
        location=local(hours.where) or f"{office.name}, {office.address}",
        description="",
        is_busy=False,
    )


def _closed(closure: Closure, host: Host) -> Entry:
    # A closure does not tell when it was changed: with other contents it is another entry.
    identity = f"{closure.pk}|{closure.start.timestamp()}|{closure.end.timestamp()}|{closure.reason}"
    return Entry(
        uid=uuid5(NAMESPACE_URL, f"{settings.SITE_URL}/closure/{identity}"),
        start=closure.start,
        end=closure.end,
        zone=host.office.time_zone,
        changed_at=closure.created_at,
        sequence=0,
        summary=_("Closed: %(reason)s") % {"reason": closure.reason} if closure.reason else _("Closure"),
        location="",
        description="",
        is_busy=False,
    )


def _own(identity: UUID) -> UUID:
    """Return the UID of this calendar for a row that has another one elsewhere."""
    return uuid5(identity, "private")


@lru_cache(maxsize=2048)
def _vevent(entry: Entry) -> bytes:
    """Return the entry as a VEVENT; DTSTAMP is its last change, as it must be without a METHOD."""
    zone = ZoneInfo(entry.zone)
    drawn: bytes = Event.new(
        uid=entry.uid,
        stamp=entry.changed_at,
        last_modified=entry.changed_at,
        sequence=entry.sequence,
        start=entry.start.astimezone(zone),
        end=entry.end.astimezone(zone),
        summary=one_line(entry.summary),
        location=one_line(entry.location) or None,
        description=entry.description or None,
        status=STATUS.CONFIRMED,
        transparency=TRANSP.OPAQUE if entry.is_busy else TRANSP.TRANSPARENT,
        classification=CLASS.PRIVATE,
    ).to_ical()
    return drawn
