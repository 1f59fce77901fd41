"""Reminders: written when they are due, so that they tell the truth of that moment."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from booking import mails
from booking.actions import delivery
from booking.enums import Occasion
from booking.failures import trace
from booking.models import Booking, Office, OutboxMessage

logger = logging.getLogger(__name__)


def remind(now: datetime) -> int:
    """Write the reminders that are due in every office that sends them; answers for how many bookings.

    Once per time of an appointment, however often it is called; none for what was booked or moved inside the
    reminder time.
    """
    written = 0
    for office in Office.objects.filter(sends_reminders=True):
        for booking_id in _due(office, now):
            try:
                written += _remind(booking_id, office, now)
            except Exception as error:  # noqa: BLE001 - the others are reminded, this one is tried again soon
                logger.error("Booking %s: no reminder can be written: %s", booking_id, trace(error))
    return written


def _due(office: Office, now: datetime) -> list[UUID]:
    since_scheduled = OutboxMessage.objects.filter(
        booking=OuterRef("pk"), occasion=Occasion.REMINDER, created_at__gt=OuterRef("scheduled_at")
    )
    due = Booking.objects.due_for_reminder(office, now).exclude(email="").filter(~Exists(since_scheduled))
    return list(due.order_by("slot__start").values_list("pk", flat=True))


@transaction.atomic
def _remind(booking_id: UUID, office: Office, now: datetime) -> bool:
    """Write one reminder, unless the booking has just been cancelled or moved: its row is locked meanwhile."""
    Booking.objects.select_for_update().get(pk=booking_id)
    due = Booking.objects.due_for_reminder(office, now)
    booking = due.with_parts().filter(pk=booking_id).first()
    if booking is None:
        return False
    delivery.post(mails.reminder(booking, now))
    return True
