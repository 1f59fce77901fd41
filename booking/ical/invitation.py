"""The invitation to one booking (iTIP, RFC 5546): asked, changed, called off, and as a file to download.

One UID for life, SEQUENCE and DTSTAMP rise with each message. It names neither the resident nor her topic:
calendars are shared. Her address stands in it because iTIP wants the reader among the attendees.
"""

from __future__ import annotations

from typing import Literal

from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import CLASS, STATUS, TRANSP, Event, vCalAddress

from booking import links, opening
from booking.enums import Channel, Status
from booking.ical import calendar
from booking.ical.text import common_name, left_to_right, lines, mailbox, one_line
from booking.ical.timezone import vtimezone
from booking.languages import OF_THE_OFFICE, needs_translation
from booking.models import Booking, Office
from booking.models.office import local

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]
STATUSES = {
    Status.PENDING: STATUS.TENTATIVE,
    Status.CONFIRMED: STATUS.CONFIRMED,
    Status.CANCELLED: STATUS.CANCELLED,
}


def request(booking: Booking) -> str:
    """Return the invitation, new or changed, to the resident."""
    return _message("REQUEST", booking, _entry(booking, attendee(booking.email)))


def cancel(booking: Booking) -> str:
    """Return the message that takes the appointment out of the resident's calendar."""
    return _message("CANCEL", booking, _entry(booking, attendee(booking.email)))


def publish(booking: Booking) -> str:
    """Return the appointment as a file to download: nobody is invited, nobody answers."""
    return _message("PUBLISH", booking, _entry(booking))


def request_to_host(booking: Booking) -> str:
    """Return the invitation, new or changed, to the host."""
    return _message("REQUEST", booking, _host_entry(booking))


def cancel_to_host(booking: Booking) -> str:
    """Return the message that takes the appointment out of the host's calendar."""
    return _message("CANCEL", booking, _host_entry(booking))


def _message(method: Method, booking: Booking, event: Event) -> str:
    zone = _office(booking).zone
    timezone = vtimezone(zone, booking.slot.start, booking.slot.end)
    return calendar.assemble(calendar.message(method), timezone, [event.to_ical()]).decode()


def _entry(booking: Booking, guest: vCalAddress | None = None) -> Event:
    """Return the appointment as the resident sees it, in her language."""
    with translation.override(booking.language):
        return _event(
            booking,
            guest,
            summary=_summary(booking),
            location=place(booking),
            description=_description(booking),
            url=links.booking_url(booking),
        )


def _host_entry(booking: Booking) -> Event:
    """Return the appointment as the host sees it: the code tells her who comes, in the back end."""
    host = booking.slot.office_hours.host
    title = local(booking.slot.office_hours.availability.service.title)
    channel = Channel(booking.channel)
    return _event(
        booking,
        attendee(host.email, host.name),
        summary=f"{title} · {booking.code}",
        location=place(booking) if channel == Channel.OFFICE else str(channel.label),
        description=_("Who comes stands in the back end: %(url)s") % {"url": links.back_end_url(booking)},
    )


def _event(
    booking: Booking,
    guest: vCalAddress | None,
    summary: str,
    location: str,
    description: str,
    url: str | None = None,
) -> Event:
    office = _office(booking)
    stamp = booking.invite_stamp or booking.scheduled_at
    return Event.new(
        uid=booking.id,
        stamp=stamp,
        created=booking.created_at,
        last_modified=stamp,
        sequence=booking.sequence,
        status=STATUSES[Status(booking.status)],
        start=booking.slot.start.astimezone(office.zone),
        end=booking.slot.end.astimezone(office.zone),
        organizer=calendar.organizer(office),
        attendees=[guest] if guest else None,
        summary=one_line(summary),
        location=one_line(location),
        description=description,
        url=url,
        transparency=TRANSP.TRANSPARENT if booking.status == Status.CANCELLED else TRANSP.OPAQUE,
        classification=CLASS.PRIVATE,
    )


def attendee(address: str, name: str | None = None) -> vCalAddress:
    """Return the reader of the message, who has said yes already by booking."""
    return vCalAddress.new(
        mailbox(address),
        cn=common_name(name) if name else None,
        cutype="INDIVIDUAL",
        role="REQ-PARTICIPANT",
        partstat="ACCEPTED",
        rsvp=False,
    )


def place(booking: Booking) -> str:
    """Return where the appointment is, by its channel, in the active language.

    A video meeting is at the resident's own page, which opens in time; never at the host's own link.
    """
    office = _office(booking)
    match Channel(booking.channel):
        case Channel.PHONE:
            return _("By phone. We call you.")
        case Channel.VIDEO:
            return links.video_url(booking)
        case _:
            elsewhere = local(booking.slot.office_hours.where)
            return elsewhere or f"{office.name}, {office.address}"


def _summary(booking: Booking) -> str:
    hours = booking.slot.office_hours
    about = {"service": local(hours.availability.service.title), "host": hours.host.introduced}
    return _("%(service)s with %(host)s") % about


def _description(booking: Booking) -> str:
    """Return all that the resident needs, and below it the facts in German where the office cannot read hers."""
    said = _facts(booking)
    if booking.status != Status.CANCELLED:
        said += [_("Your appointment, with all it needs:"), links.booking_url(booking)]
        said += [_("Move it:"), links.move_url(booking), _("Cancel it:"), links.cancel_url(booking)]
    if needs_translation():
        with translation.override(OF_THE_OFFICE):
            said += ["Deutsch:", _summary(booking), *_facts(booking)]
    return "\n".join(line for text in said for line in lines(text))


def _facts(booking: Booking) -> list[str]:
    hours, office = booking.slot.office_hours, _office(booking)
    is_at_office = booking.channel == Channel.OFFICE
    own_place = local(hours.where)
    return [
        local(office.access_note) if is_at_office and not own_place else "",
        _labelled(_("Please bring"), local(hours.availability.service.bring_along)),
        _labelled(_("Your code"), left_to_right(booking.code)),
        _labelled(_("Questions? Phone"), left_to_right(office.phone)),
        *opening.phone_hours(office).texts,
    ]


def _labelled(label: str, text: str) -> str:
    return f"{label}: {one_line(text)}" if text else ""


def _office(booking: Booking) -> Office:
    return booking.slot.office_hours.host.office
