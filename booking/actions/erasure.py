"""What is personal goes because somebody asks for it, before the office would erase it by itself (Art. 17 GDPR)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from booking.actions import bookings, retention
from booking.actions.errors import InquiryChanged
from booking.enums import Actor, Status
from booking.models import Booking, Inquiry, OutboxMessage


def take_back(booking_id: UUID, now: datetime) -> None:
    """Erase who a booking belongs to; one that is still to come is cancelled first. A second time does nothing.

    So does what it replaces, and what is held instead of it: it is the same person.
    The last mail about it keeps its recipient until it is sent: it has to arrive. Raises what `bookings.cancel`
    raises for a resident, except that an appointment that has begun or is cancelled is simply erased.
    """
    with transaction.atomic():
        theirs = Booking.objects.filter(_belongs_together(booking_id), erased_at=None)
        # More than one is never to come: a hold replaces what is cancelled.
        for each in theirs.filter(pk__in=Booking.objects.live(now), slot__start__gt=now):
            bookings.cancel(each.pk, Actor.RESIDENT, now)
        theirs.update(name="", email="", phone="", topic="", message="", erased_at=now)


def erase_inquiry(inquiry_id: int, now: datetime) -> None:
    """Erase who wrote an inquiry and what; number, kind, days and state stay.

    Its mails are emptied, and one that still waits is never sent. Raises InquiryChanged when it is erased already.
    """
    with transaction.atomic():
        retention.empty(OutboxMessage.objects.filter(inquiry=inquiry_id), now)
        untouched = Inquiry.objects.filter(pk=inquiry_id, erased_at=None)
        if untouched.update(erased_at=now, **retention.NO_WRITER) != 1:
            raise InquiryChanged


def _belongs_together(booking_id: UUID) -> Q:
    """Return the booking, what it replaces, and what was held or is held instead of it; not what was accepted."""
    unaccepted = Q(replaces=booking_id) & ~Q(status=Status.CONFIRMED)
    replaced = Q(pk__in=Booking.objects.filter(pk=booking_id).values("replaces"))
    return Q(pk=booking_id) | unaccepted | replaced
