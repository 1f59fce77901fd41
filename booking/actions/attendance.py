"""Who came, and who did not."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from booking.actions.errors import NotBegun, NotFound, WrongState
from booking.actions.seats import lock_hours
from booking.enums import Attendance, Status
from booking.models import Booking


@transaction.atomic
def note(booking_id: UUID, attendance: Attendance | None, now: datetime) -> Booking:
    """Write down whether somebody came, from the start of the appointment until her data is erased.

    None takes back what was written. Raises NotFound, NotBegun, or WrongState when the booking was cancelled,
    not confirmed, or is erased.
    """
    mine = Booking.objects.filter(pk=booking_id)
    lock_hours(mine.values_list("slot__office_hours", flat=True))
    booking = Booking.objects.with_parts().filter(pk=booking_id).first()
    if booking is None:
        raise NotFound
    if booking.status == Status.CONFIRMED and booking.slot.start > now:
        raise NotBegun
    said = attendance or ""
    as_read = mine.filter(status=Status.CONFIRMED, slot=booking.slot_id, erased_at=None)
    if as_read.update(attendance=said) != 1:
        raise WrongState
    booking.attendance = said
    return booking
