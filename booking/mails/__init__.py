"""Mails: one function for each thing that happens, answering unsaved messages for everybody concerned."""

from __future__ import annotations

from booking.mails.envelope import email
from booking.mails.occasions import (
    booked,
    cancelled,
    confirm_request,
    falls_out,
    host_changed,
    login,
    moved,
    relocated,
    reminder,
    test,
)

__all__ = [
    "booked",
    "cancelled",
    "confirm_request",
    "email",
    "falls_out",
    "host_changed",
    "login",
    "moved",
    "relocated",
    "reminder",
    "test",
]
