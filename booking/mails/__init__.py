"""Mails: one function for each thing that happens, answering unsaved messages for everybody concerned."""

from __future__ import annotations

from booking.mails.day_plan import day_plan, day_plan_key
from booking.mails.envelope import email
from booking.mails.inquiries import inquiry, inquiry_received
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
    "day_plan",
    "day_plan_key",
    "email",
    "falls_out",
    "host_changed",
    "inquiry",
    "inquiry_received",
    "login",
    "moved",
    "relocated",
    "reminder",
    "test",
]
