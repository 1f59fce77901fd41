"""Addresses that leave the house: always from SITE_URL, never from a request.

The link to a booking is its key: base64url(UUID ‖ HMAC-SHA256(UUID ‖ link_version)). It is not stored; raising
the booking's `link_version` revokes every link sent before.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from booking.models import Booking, Slot

UUID_BYTES = 16
TOKEN_LENGTH = 64


def token(booking: Booking) -> str:
    """Return the key of a booking's page: 64 characters, the same for every mail about it."""
    return urlsafe_b64encode(booking.id.bytes + _signature(settings.LINK_KEYS[0], booking)).decode()


def booking_for(text: str) -> Booking | None:
    """Return the booking that the token opens, with its parts, or None."""
    try:
        raw = urlsafe_b64decode(text.encode("ascii")) if len(text) == TOKEN_LENGTH else b""
    except (NotBase64, UnicodeEncodeError):
        return None
    if len(raw) != TOKEN_LENGTH * 3 // 4:
        return None
    booking = Booking.objects.with_parts().filter(pk=UUID(bytes=raw[:UUID_BYTES])).first()
    if booking and any(
        hmac.compare_digest(raw[UUID_BYTES:], _signature(key, booking)) for key in settings.LINK_KEYS
    ):
        return booking
    return None


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


def back_end_url(booking: Booking) -> str:
    """Return the address of the booking in the back end; only staff can open it."""
    return absolute(reverse("staff:booking", kwargs={"pk": booking.pk}))


def find_url(language: str | None = None) -> str:
    """Return the address where a booking is found by its code."""
    return _page("find", language)


def slots_url(language: str | None = None) -> str:
    """Return the address of the free times."""
    return _page("slots", language)


def slot_url(slot: Slot, language: str | None = None) -> str:
    """Return the address where the slot is booked."""
    return _page("slot", language, slot_id=slot.pk)


def calendar_url(language: str | None = None) -> str:
    """Return the address of the page that explains the calendar."""
    return _page("calendar", language)


def feed_url(language: str | None = None) -> str:
    """Return the address of the public calendar feed."""
    return _page("feed", language)
