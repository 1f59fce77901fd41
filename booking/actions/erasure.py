"""A resident takes her contact data back before the office would erase it by itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from booking.actions import bookings
from booking.enums import Actor
from booking.models import Booking


def take_back(booking_id: UUID, now: datetime) -> None:
    """Erase who a booking belongs to; one that is still to come is cancelled first. A second time does nothing.

    The last mail about it keeps its recipient until it is sent: it has to arrive. Raises what `bookings.cancel`
    raises for a resident, except that an appointment that has begun or is cancelled is simply erased.
    """
    with transaction.atomic():
        is_coming = Booking.objects.live(now).filter(pk=booking_id, slot__start__gt=now)
        if is_coming.exists():
            bookings.cancel(booking_id, Actor.RESIDENT, now)
        mine = Booking.objects.filter(pk=booking_id, erased_at=None)
        mine.update(name="", email="", phone="", topic="", message="", erased_at=now)
