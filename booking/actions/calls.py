"""What becomes of the list of people to be called: mails that did not arrive, calls made, what was said in them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from booking.actions import bookings, call_list, offers
from booking.actions.errors import NotFound, WrongState
from booking.enums import Actor, CallReason, OutboxStatus, Status
from booking.models import Booking, Call, OutboxMessage


def collect(now: datetime) -> int:
    """Note the people whose mails did not arrive, or perhaps not; answers how many. What beat calls each minute.

    Only about appointments that take place or that the office called off, until they are over. Who was called
    about an earlier mail is called about a later one, too. Where the mail has gone out after all, the call is no
    longer needed.
    """
    stranded = OutboxMessage.objects.filter(
        status__in=(OutboxStatus.FAILED, OutboxStatus.UNCERTAIN), recipient=F("booking__email")
    )
    of_booking = stranded.filter(booking=OuterRef("pk"))
    known = Call.objects.filter(booking=OuterRef("booking"), reason=CallReason.MAIL_FAILED)
    known = known.filter(Q(done_at=None) | Q(done_at__gte=OuterRef("created_at")))
    told = Q(status=Status.CONFIRMED) | Q(status=Status.CANCELLED, cancelled_by=Actor.OFFICE)
    coming = Booking.objects.filter(told, slot__end__gt=now, erased_at=None).exclude(email="")
    missed = list(coming.filter(Exists(of_booking.filter(~Exists(known)))))
    call_list.put_all_down(
        Call(booking=booking, reason=CallReason.MAIL_FAILED, created_at=now) for booking in missed
    )
    open_ones = Call.objects.filter(reason=CallReason.MAIL_FAILED, done_at=None)
    open_ones.filter(~Exists(stranded.filter(booking=OuterRef("booking")))).delete()
    return len(missed)


def tick(call_id: int, *, is_done: bool, now: datetime) -> None:
    """Note that a call was made, or that it was not; a second time changes nothing."""
    mine = Call.objects.filter(pk=call_id, done_at__isnull=is_done)
    mine.update(done_at=now if is_done else None)


@transaction.atomic
def choose_for(call_id: int, slot_id: int, now: datetime) -> Booking:
    """Book another time for the person on the phone in the place of what fell out; the call is done then.

    What is held for her moves there. Also what is kept off the web can be given. Raises NotFound and what
    `offers.choose` raises.
    """
    call = Call.objects.filter(pk=call_id).first()
    if call is None:
        raise NotFound
    held = offers.replacement_of(call.booking)
    chosen = offers.choose(held.pk if held else call.booking_id, slot_id, now, Actor.OFFICE)
    tick(call_id, is_done=True, now=now)
    return chosen


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
