"""Addresses that leave the house: always from SITE_URL, never from a request.

The link to a booking is its key: base64url(UUID ‖ HMAC-SHA256(UUID ‖ link_version)). It is not stored; raising
the booking's `link_version` revokes every link sent before. The address of a host's private calendar is made the
same way, from her number and `feed_version`.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from booking.models import Booking, Host, Inquiry, Slot

UUID_BYTES = 16
TOKEN_LENGTH = 64
HOST_BYTES = 4
FEED_TOKEN_LENGTH = 48


def token(booking: Booking) -> str:
    """Return the key of a booking's page: 64 characters, the same for every mail about it."""
    return urlsafe_b64encode(booking.id.bytes + _signature(settings.LINK_KEYS[0], booking)).decode()


def booking_for(text: str) -> Booking | None:
    """Return the booking that the token opens, with its parts, or None."""
    raw = _decoded(text, TOKEN_LENGTH)
    if raw is None:
        return None
    booking = Booking.objects.with_parts().filter(pk=UUID(bytes=raw[:UUID_BYTES])).first()
    if booking and any(
        hmac.compare_digest(raw[UUID_BYTES:], _signature(key, booking)) for key in settings.LINK_KEYS
    ):
        return booking
    return None


def feed_token(host: Host) -> str:
    """Return the key of a host's private calendar: 48 characters, the same until it is revoked."""
    number = host.pk.to_bytes(HOST_BYTES, "big")
    return urlsafe_b64encode(number + _feed_signature(settings.LINK_KEYS[0], host)).decode()


def host_of_feed(text: str) -> Host | None:
    """Return the host whose private calendar the token opens, with office and login, or None.

    None also for one who has no private calendar, or whose login is gone or switched off: who has left the team
    must not go on reading.
    """
    raw = _decoded(text, FEED_TOKEN_LENGTH)
    if raw is None:
        return None
    number = int.from_bytes(raw[:HOST_BYTES], "big")
    reading = Host.objects.filter(feed_created_at__isnull=False, user__is_active=True)
    host = reading.select_related("office", "user").filter(pk=number).first()
    if host and any(
        hmac.compare_digest(raw[HOST_BYTES:], _feed_signature(key, host)) for key in settings.LINK_KEYS
    ):
        return host
    return None


def _feed_signature(key: str, host: Host) -> bytes:
    message = b"feed" + host.pk.to_bytes(HOST_BYTES, "big") + host.feed_version.to_bytes(4, "big")
    return hmac.digest(key.encode(), message, "sha256")


def _decoded(text: str, length: int) -> bytes | None:
    """Return the bytes of a token of so many characters, None for anything else."""
    try:
        raw = urlsafe_b64decode(text.encode("ascii")) if len(text) == length else b""
    except (NotBase64, UnicodeEncodeError):
        return None
    return raw if len(raw) == length * 3 // 4 else None


def _signature(key: str, booking: Booking) -> bytes:
    message = booking.id.bytes + booking.link_version.to_bytes(4, "big")
    return hmac.digest(key.encode(), message, "sha256")


def absolute(path: str) -> str:
    """Return the path as a whole address."""
    return f"{settings.SITE_URL}{path}"


def _page(name: str, language: str | None = None, **kwargs: Any) -> str:
    with translation.override(language or translation.get_language() or settings.LANGUAGE_CODE):
        return absolute(reverse(f"booking:{name}", kwargs=kwargs))


def booking_url(booking: Booking) -> str:
    """Return the address of the resident's own booking, in her language."""
    return _page("booking", booking.language, token=token(booking))


def cancel_url(booking: Booking) -> str:
    """Return the address of the page that cancels the booking."""
    return _page("cancel", booking.language, token=token(booking))


def move_url(booking: Booking) -> str:
    """Return the address of the page that moves the booking."""
    return _page("move", booking.language, token=token(booking))


def other_time_url(booking: Booking, slot: Slot | None = None) -> str:
    """Return the address where somebody whose appointment fell out takes another time, one chosen already."""
    address = _page("other_time", booking.language, token=token(booking))
    return f"{address}?slot={slot.pk}" if slot else address


def confirm_url(booking: Booking) -> str:
    """Return the address of the page that confirms a held booking; only a mail may carry it."""
    return f"{_page('confirm', booking.language, token=token(booking))}?nachweis={mail_proof(booking)}"


def mail_proof(booking: Booking) -> str:
    """Return what proves that somebody has read our mail: who books sees the token at once, but not this."""
    message = b"mail" + booking.id.bytes + booking.link_version.to_bytes(4, "big")
    return hmac.digest(settings.LINK_KEYS[0].encode(), message, "sha256")[:UUID_BYTES].hex()


def video_url(booking: Booking) -> str:
    """Return the address of the page that opens the video meeting in time."""
    return _page("video", booking.language, token=token(booking))


def private_feed_url(host: Host) -> str:
    """Return the address of the host's private calendar, in the office's own language."""
    return _page("private_feed", settings.LANGUAGE_CODE, token=feed_token(host))


def back_end_url(booking: Booking) -> str:
    """Return the address of the booking in the back end; only staff can open it."""
    return absolute(reverse("staff:booking", kwargs={"pk": booking.pk}))


def day_url(day: date) -> str:
    """Return the address of the day in the back end; only staff can open it."""
    return absolute(f"{reverse('staff:day')}?tag={day.isoformat()}")


def inquiry_url(inquiry: Inquiry) -> str:
    """Return the address of the inquiry in the back end; only staff can open it."""
    return absolute(reverse("staff:inquiry", kwargs={"pk": inquiry.pk}))


def find_url(language: str | None = None) -> str:
    """Return the address where a booking is found by its code."""
    return _page("find", language)


def slots_url(language: str | None = None) -> str:
    """Return the address of the free times."""
    return _page("slots", language)


def poster_url(language: str) -> str:
    """Return the address of the poster for the window."""
    return _page("poster", language)


def embedded_url(language: str) -> str:
    """Return the address of the free times that other websites show in a frame."""
    return _page("embedded", language)


def slot_url(slot: Slot, language: str | None = None) -> str:
    """Return the address where the slot is booked."""
    return _page("slot", language, slot_id=slot.pk)


def calendar_url(language: str | None = None) -> str:
    """Return the address of the page that explains the calendar."""
    return _page("calendar", language)


def feed_url(language: str | None = None) -> str:
    """Return the address of the public calendar feed."""
    return _page("feed", language)
