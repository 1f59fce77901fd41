"""Who has to be called, because a mail cannot tell her, did not, or would come too late."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from booking.actions import bookings, offers
from booking.actions.errors import NotFound, WrongState
from booking.enums import Actor, CallReason, OutboxStatus, Status
from booking.models import Absence, Booking, Call, OutboxMessage

SOON: Final = timedelta(hours=3)


def is_needed(booking: Booking, reported_at: datetime) -> bool:
    """Tell whether a mail alone would not do for an appointment that falls out."""
    return booking.email == "" or booking.slot.start <= reported_at + SOON


def note(booking: Booking, absence: Absence, now: datetime) -> None:
    """Note that somebody whose appointment fell out has to be called: she has no mail, or hardly the time for it."""
    if not is_needed(booking, absence.reported_at):
        return
    reason = CallReason.SOON if booking.email else CallReason.NO_EMAIL
    Call.objects.get_or_create(booking=booking, reason=reason, defaults={"created_at": now})


def collect(now: datetime) -> int:
    """Note the people whose mails did not arrive, or perhaps not; answers how many. What beat calls each minute.

    Only about appointments that take place or that the office called off, until they are over. Where the mail
    has gone out after all, the call is no longer needed.
    """
    stranded = OutboxMessage.objects.filter(
        status__in=(OutboxStatus.FAILED, OutboxStatus.UNCERTAIN), recipient=F("booking__email")
    )
    of_booking = stranded.filter(booking=OuterRef("pk"))
    known = Call.objects.filter(booking=OuterRef("pk"), reason=CallReason.MAIL_FAILED)
    told = Q(status=Status.CONFIRMED) | Q(status=Status.CANCELLED, cancelled_by=Actor.OFFICE)
    coming = Booking.objects.filter(told, slot__end__gt=now, erased_at=None).exclude(email="")
    missed = coming.filter(Exists(of_booking), ~Exists(known)).values_list("pk", flat=True)
    for booking_id in missed:
        Call.objects.get_or_create(
            booking_id=booking_id, reason=CallReason.MAIL_FAILED, defaults={"created_at": now}
        )
    open_ones = Call.objects.filter(reason=CallReason.MAIL_FAILED, done_at=None)
    open_ones.filter(~Exists(stranded.filter(booking=OuterRef("booking")))).delete()
    return len(missed)


def tick(call_id: int, *, is_done: bool, now: datetime) -> None:
    """Note that a call was made, or that it was not; a second time changes nothing."""
    mine = Call.objects.filter(pk=call_id, done_at__isnull=is_done)
    mine.update(done_at=now if is_done else None)


@transaction.atomic
def answer_for(call_id: int, *, accepts: bool, now: datetime) -> Booking:
    """Accept or release, for the person on the phone, the time that is held for her; the call is done then.

    Raises NotFound, or WrongState when nothing is held for her any more.
    """
    call = Call.objects.select_related("booking").filter(pk=call_id).first()
    if call is None:
        raise NotFound
    held = offers.replacement_of(call.booking)
    if held is None or not offers.is_hold(held, now):
        raise WrongState
    answered = bookings.confirm(held.pk, now) if accepts else bookings.cancel(held.pk, Actor.RESIDENT, now)
    tick(call_id, is_done=True, now=now)
    return answered
