"""Where people meet by video: the host's own link, or a room that this one appointment has to itself.

A room is named by what nobody can guess: an HMAC of the time, the person and the booking. The name is stored
nowhere, so no backup, feed or mail can give it away; it stands only on the resident's own page and in the back end.

- It belongs to the booking at its time with its host: after a move or with another host it is another room, since
  who was to be there before must not come in. A group has one room for its slot.
- It hangs on the last of LINK_KEYS. A new key is put in front and changes no room; a key that is struck out, as when
  it was lost, changes all rooms at once, for both sides, for neither has ever got one by mail.

A city with another system names its own provider in VIDEO_PROVIDER. tests/booking/video_contract.py says what
every provider must keep.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from booking.enums import Channel, SlotOffer, Status
from booking.models import Booking

OPENS, STAYS_OPEN = timedelta(minutes=10), timedelta(minutes=15)
NAME_BYTES = 16


@dataclass(frozen=True)
class Meeting:
    """All that a provider learns: nothing about the resident. Moments are aware."""

    server: str
    name: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Room:
    """How the two sides come in; the same address where the system makes no difference."""

    guest_url: str
    host_url: str


class RoomUnavailable(Exception):
    """The video system does not answer or refuses. Say so without its words: they may hold the address."""


class Provider(Protocol):
    """A video system. Asked whenever a page shows a room, so the same meeting must always be the same room."""

    def room(self, meeting: Meeting) -> Room:
        """Return the room, made where it has to be, within two seconds. Raises RoomUnavailable."""


class Jitsi:
    """A Jitsi server: a room is there as soon as somebody opens its address."""

    def room(self, meeting: Meeting) -> Room:
        """Return the room; both sides come in by the same address."""
        address = f"{meeting.server.rstrip('/')}/{meeting.name}"
        return Room(address, address)


def provider() -> Provider:
    """Return the provider of the settings. Raises ImportError where they name none."""
    named: Provider = import_string(settings.VIDEO_PROVIDER)()
    return named


def room(booking: Booking) -> Room | None:
    """Return where the booking's meeting is, None where there is no way to meet. Raises RoomUnavailable.

    The booking has its parts at hand.
    """
    host = booking.slot.office_hours.host
    if not has_own_room(booking):
        return Room(host.video_url, host.video_url) if host.video_url else None
    slot = booking.slot
    return provider().room(Meeting(host.office.video_server, _name(booking), slot.start, slot.end))


def has_own_room(booking: Booking) -> bool:
    """Whether the booking, or its group, meets in a room that nobody else uses."""
    host = booking.slot.office_hours.host
    return bool(host.uses_rooms and host.office.video_server)


def is_meeting(booking: Booking) -> bool:
    """Whether the booking is one to meet by video."""
    return booking.channel == Channel.VIDEO and booking.status == Status.CONFIRMED


def closes_at(booking: Booking) -> datetime:
    """Return until when the resident may come in.

    A room of its own leaves time to come back after a broken line; at the host's own link the next one waits.
    """
    return booking.slot.end + (STAYS_OPEN if has_own_room(booking) else timedelta())


def _name(booking: Booking) -> str:
    """Return 128 bits in hexadecimal: systems differ in how they take capital letters and signs."""
    slot, host = booking.slot, booking.slot.office_hours.host
    # A single time in which the office squeezed somebody in is no group: they do not come to talk with each other.
    is_published_so = slot.capacity > 1 and slot.offer == SlotOffer.WEB
    is_group = slot.office_hours.availability.capacity > 1 or is_published_so
    who = "group" if is_group else str(booking.pk)
    message = f"room|{slot.pk}|{host.pk}|{who}"
    return hmac.digest(settings.LINK_KEYS[-1].encode(), message.encode(), "sha256")[:NAME_BYTES].hex()
