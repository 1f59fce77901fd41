"""What a mail says about a booking, in the active language, in the order of the page that confirms it.

Neither the resident's name nor her topic or message: the address may be mistyped, and a mail that carries what
strangers type is a way to send advertisements in our name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from booking import links
from booking.dates import spoken_day, spoken_day_of_year, spoken_hour
from booking.enums import Channel
from booking.ical.invitation import place
from booking.ical.text import lines, one_line
from booking.models import Booking, Office
from booking.models.office import local


@dataclass(frozen=True)
class When:
    """A moment as people say it, in the office's zone."""

    day: str
    day_of_year: str
    hour: str


@dataclass(frozen=True)
class Links:
    """Where the resident goes on from the mail; all absolute, all safe to open."""

    booking: str
    move: str
    cancel: str
    confirm: str
    new_time: str


@dataclass(frozen=True)
class Facts:
    """One booking in words."""

    service: str
    when: When
    minutes: int
    change_until: When | None
    channel: Channel
    channel_name: str
    place: list[str]
    video_url: str
    access: str
    map_url: str
    host: str
    role: str
    bring: list[str]
    code: str
    links: Links


def facts(booking: Booking, now: datetime) -> Facts:
    """Return the booking in words; it is loaded with its parts. Too late to change it, it has no deadline."""
    hours, office = booking.slot.office_hours, booking.slot.office_hours.host.office
    service, channel = hours.availability.service, Channel(booking.channel)
    is_in_house = channel == Channel.OFFICE and not local(hours.where)
    deadline = booking.slot.start - timedelta(hours=office.change_until_hours)
    return Facts(
        service=one_line(local(service.title)),
        when=when(booking.slot.start, office),
        minutes=(booking.slot.end - booking.slot.start) // timedelta(minutes=1),
        change_until=when(deadline, office) if deadline > now else None,
        channel=channel,
        channel_name=str(channel.label),
        place=[one_line(office.name), one_line(office.address)]
        if is_in_house
        else [one_line(place(booking))],
        video_url=links.video_url(booking) if channel == Channel.VIDEO else "",
        access=one_line(local(office.access_note)) if is_in_house else "",
        map_url=office.map_url if is_in_house else "",
        host=one_line(hours.host.introduced),
        role=one_line(local(hours.host.role)),
        bring=lines(local(service.bring_along)),
        code=booking.code,
        links=_links(booking, service.slug),
    )


def _links(booking: Booking, service: str) -> Links:
    return Links(
        booking=links.booking_url(booking),
        move=links.move_url(booking),
        cancel=links.cancel_url(booking),
        confirm=links.confirm_url(booking),
        new_time=f"{links.slots_url(booking.language)}?angebot={service}",
    )


def when(moment: datetime, office: Office) -> When:
    """Return the moment as people at the office say it."""
    day = moment.astimezone(office.zone).date()
    return When(spoken_day(day), spoken_day_of_year(day), spoken_hour(moment, office.zone))
