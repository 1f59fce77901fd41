"""The product's nouns, one room for each group of them."""

from __future__ import annotations

from booking.models.absence import Absence, Call
from booking.models.availability import Availability, Closure
from booking.models.booking import Booking
from booking.models.inquiry import Inquiry
from booking.models.office import Funder, Host, Office, Service
from booking.models.outbox import DeliveryState, OutboxMessage
from booking.models.slot import OfficeHours, Slot
from booking.models.throttle import Throttle
from booking.models.visit import Visit

__all__ = [
    "Absence",
    "Availability",
    "Booking",
    "Call",
    "Closure",
    "DeliveryState",
    "Funder",
    "Host",
    "Inquiry",
    "Office",
    "OfficeHours",
    "OutboxMessage",
    "Service",
    "Slot",
    "Throttle",
    "Visit",
]
