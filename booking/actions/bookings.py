"""What becomes of a booking: made, confirmed, moved, cancelled. Each is one transaction with its mails in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from booking import codes, mails
from booking.actions import call_list, delivery
from booking.actions.errors import (
    AlreadySent,
    ChannelNotOffered,
    NotFound,
    SlotClosed,
    SlotPast,
    SlotTaken,
    TooLate,
    WrongState,
)
from booking.actions.seats import end_expired_holds, lock_hours, lowest_free_seat, settle, settle_all
from booking.enums import Actor, Channel, Status
from booking.models import Absence, Booking, OfficeHours, Slot

HOLD = timedelta(minutes=15)
TICK = timedelta(seconds=1)
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Claim:
    """What a resident, or the office for her, asks for.

    A resident gives an e-mail address or a phone number; the office may know neither, nor the name.
    """

    name: str
    email: str
    phone: str
    channel: Channel
    language: str
    request_id: UUID
    topic: str = ""
    message: str = ""


def book(slot_id: int, claim: Claim, now: datetime, actor: Actor = Actor.RESIDENT) -> Booking:
    """Book the lowest free seat of the slot and write the mails about it.

    The same request sent again answers the same booking. A service that asks for it, and a resident with an
    e-mail address, make a hold of 15 minutes that a link in a mail confirms. The office books at once, also
    what is kept off the web, too near or too far ahead for residents.
    Raises NotFound, SlotPast, SlotClosed, SlotTaken, ChannelNotOffered, or AlreadySent when the request id was
    used for another slot or contact.
    """
    with transaction.atomic():
        slot = locked_slot(slot_id, now)
        if earlier := Booking.objects.with_parts().filter(request_id=claim.request_id).first():
            return repeated(earlier, slot, claim)
        check_offer(slot, claim.channel, actor, now)
        return book_locked(slot, claim, actor, now)


def book_locked(slot: Slot, claim: Claim, actor: Actor, now: datetime) -> Booking:
    """Book the lowest free seat of a slot, whatever it offers; the caller has locked its office hours.

    Raises SlotTaken when no seat is left.
    """
    booking = _insert(slot, lowest_free_seat(slot), claim, actor, now)
    settle(slot.office_hours, now)
    is_held = booking.status == Status.PENDING
    delivery.post(mails.confirm_request(booking, now) if is_held else mails.booked(booking, now))
    return booking


def locked_slot(slot_id: int, now: datetime) -> Slot:
    """Lock the slot's office hours, end their expired holds, and answer the slot as it is now."""
    hours = OfficeHours.objects.filter(slots=slot_id if slot_id <= LARGEST_ID else 0)
    locked = lock_hours(hours.values_list("pk", flat=True))
    for each in locked:
        if end_expired_holds([each], now):
            settle(each, now)
    parts = Slot.objects.select_related("office_hours__host__office", "office_hours__availability__service")
    slot = parts.filter(pk=slot_id).first() if locked else None
    if slot is None:
        raise NotFound
    return slot


def repeated(earlier: Booking, slot: Slot, claim: Claim) -> Booking:
    """Return the booking that the same request made before; raises AlreadySent when it asked for something else."""
    same_contact = (earlier.email, earlier.phone, earlier.name) == (claim.email, claim.phone, claim.name)
    if earlier.slot_id == slot.pk and same_contact:
        return earlier
    raise AlreadySent(earlier)


def check_offer(slot: Slot, channel: Channel, actor: Actor, now: datetime) -> None:
    """Raise SlotPast, SlotClosed or ChannelNotOffered when the actor may not have the slot in that way."""
    by_office = actor == Actor.OFFICE
    if (slot.end if by_office else slot.start) <= now:
        raise SlotPast
    offered = Slot.objects.at_desk(now) if by_office else Slot.objects.offered(now)
    if not offered.filter(pk=slot.pk).exists():
        raise SlotClosed
    if channel not in slot.office_hours.availability.channels:
        raise ChannelNotOffered


def _insert(slot: Slot, seat: int, claim: Claim, actor: Actor, now: datetime) -> Booking:
    asks_back = actor == Actor.RESIDENT and slot.office_hours.availability.service.needs_confirmation
    is_held = asks_back and claim.email != ""
    booking = Booking(
        slot=slot,
        seat=seat,
        status=Status.PENDING if is_held else Status.CONFIRMED,
        held_until=min(now + HOLD, slot.start) if is_held else None,
        channel=claim.channel,
        name=claim.name,
        email=claim.email,
        phone=claim.phone,
        topic=claim.topic,
        message=claim.message,
        language=claim.language,
        code=unused_code(),
        request_id=claim.request_id,
        booked_by=actor,
        invite_stamp=now.replace(microsecond=0),
        created_at=now,
        scheduled_at=now,
    )
    try:
        with transaction.atomic():
            booking.save(force_insert=True)
    except IntegrityError as error:
        # The lock has decided already; what the database still refuses is a seat taken past all locks.
        raise SlotTaken from error
    return booking


def unused_code() -> str:
    """Return a code that no booking has."""
    code = codes.new_code()
    while Booking.objects.filter(code=code).exists():
        code = codes.new_code()
    return code


def confirm(booking_id: UUID, now: datetime) -> Booking:
    """Turn a hold into a booking; a second time changes nothing.

    Raises WrongState when the hold has run out or the booking is cancelled, NotFound when there is none.
    """
    with transaction.atomic():
        booking = locked_booking(booking_id)
        if booking.status == Status.CONFIRMED:
            return booking
        if booking.held_until is None or booking.held_until <= now:
            raise WrongState
        changes = {"status": Status.CONFIRMED, "held_until": None, "scheduled_at": now}
        advance(booking, Status.PENDING, now, **changes)
        delivery.post(mails.booked(booking, now))
    return booking


def cancel(booking_id: UUID, actor: Actor, now: datetime, word: str = "") -> Booking:
    """Cancel a booking, free its seat and tell everybody; `word` is what the office says to the resident.

    Raises WrongState when it is cancelled already, SlotPast when it is over or, for a resident, has begun, TooLate
    when a resident comes later than the office allows, NotFound when there is none.
    """
    with transaction.atomic():
        booking = locked_booking(booking_id)
        _check_not_over(booking, actor, now)
        cancel_locked(booking, actor, now, word)
    return booking


def cancel_locked(booking: Booking, actor: Actor, now: datetime, word: str = "") -> None:
    """Cancel a booking whose office hours the caller has locked."""
    was_held = booking.status == Status.PENDING
    changes = {"status": Status.CANCELLED, "cancelled_by": actor, "cancelled_at": now, "attendance": ""}
    advance(booking, booking.status, now, sequence=booking.sequence + 1, **changes)
    settle(booking.slot.office_hours, now)
    # Nobody has an invitation to a mere hold, but what the office holds for somebody it has promised by mail.
    by_office = actor == Actor.OFFICE
    if was_held and not (by_office and booking.replaces_id):
        return
    delivery.post(mails.cancelled(booking, actor, word, now))
    if by_office:
        call_list.put_down(booking, booking.slot.start, now)


def fall_out_locked(booking: Booking, absence: Absence, now: datetime) -> None:
    """Cancel a booking because its host is absent, in office hours that are locked; the caller tells people."""
    changes = {
        "status": Status.CANCELLED,
        "cancelled_by": Actor.OFFICE,
        "cancelled_at": now,
        "attendance": "",
    }
    sequence = booking.sequence + 1
    advance(booking, booking.status, now, sequence=sequence, absence=absence, **changes)
    settle(booking.slot.office_hours, now)


def reschedule(booking_id: UUID, slot_id: int, actor: Actor, now: datetime) -> Booking:
    """Move a booking to a free seat of another slot; row, UID, code and links stay.

    A resident stays with the service that she booked: another may ask other things of her. Raises what `book`
    and `cancel` raise; the booking keeps its old time then.
    """
    with transaction.atomic():
        target = OfficeHours.objects.filter(slots=slot_id if slot_id <= LARGEST_ID else 0)
        booking = locked_booking(booking_id, *target.values_list("pk", flat=True))
        former = booking.slot
        _check_not_over(booking, actor, now)
        slot = locked_slot(slot_id, now)
        if slot.pk == booking.slot_id:
            return booking
        if actor == Actor.RESIDENT and _service(slot) != _service(former):
            raise SlotClosed
        check_offer(slot, Channel(booking.channel), actor, now)
        # Who did not come may be given another time; whether she comes then is open.
        place = {"slot": slot, "seat": lowest_free_seat(slot), "scheduled_at": now, "attendance": ""}
        advance(booking, Status.CONFIRMED, now, sequence=booking.sequence + 1, **place)
        settle(former.office_hours, now)
        settle(slot.office_hours, now)
        delivery.post(mails.moved(booking, actor, now, former))
        if actor == Actor.OFFICE:
            call_list.put_down(booking, min(former.start, slot.start), now)
    return booking


def move_locked(booking: Booking, slot: Slot, seat: int, former: Slot, now: datetime) -> None:
    """Move a booking for the office to a seat that is free; the caller has locked both office hours and settles them.

    `former` is its time until now. Who has not confirmed yet is asked anew, with the new time. Raises WrongState.
    """
    place = {"slot": slot, "seat": seat, "scheduled_at": now}
    is_held = booking.status == Status.PENDING
    if is_held and booking.held_until:
        place["held_until"] = min(booking.held_until, slot.start)
    advance(booking, booking.status, now, sequence=booking.sequence + 1, **place)
    delivery.post(
        mails.confirm_request(booking, now) if is_held else mails.moved(booking, Actor.OFFICE, now, former)
    )


def _service(slot: Slot) -> int:
    return slot.office_hours.availability.service_id


def locked_booking(booking_id: UUID, *more_hours: int) -> Booking:
    """Lock the booking's office hours, and more in one go, and answer it as it is now.

    Raises WrongState when it was moved elsewhere while we waited for the lock.
    """
    where = Booking.objects.filter(pk=booking_id).values_list("slot__office_hours", flat=True)
    locked = {hours.pk for hours in lock_hours([*where, *more_hours])}
    booking = Booking.objects.with_parts().filter(pk=booking_id).first()
    if booking is None:
        raise NotFound
    if booking.slot.office_hours_id not in locked:
        raise WrongState
    return booking


def _check_not_over(booking: Booking, actor: Actor, now: datetime) -> None:
    if actor == Actor.RESIDENT:
        check_changeable(booking, now)
    elif booking.is_live and booking.slot.end <= now:
        raise SlotPast


def check_changeable(booking: Booking, now: datetime) -> None:
    """Raise WrongState, SlotPast or TooLate when a resident may no longer move or cancel the booking."""
    if booking.status == Status.CANCELLED:
        raise WrongState
    if booking.slot.start <= now:
        raise SlotPast
    notice = timedelta(hours=booking.slot.office_hours.host.office.change_until_hours)
    if booking.slot.start - notice <= now:
        raise TooLate


def stamp(booking: Booking, now: datetime) -> None:
    """Give the next message about a confirmed booking its number, in office hours that the caller has locked.

    For changes of what surrounds it, as of the person who gives the consultation. Raises WrongState.
    """
    advance(booking, Status.CONFIRMED, now, sequence=booking.sequence + 1)


def advance(booking: Booking, expected: str, now: datetime, **changes: object) -> None:
    """Change the row if it still is as we read it, and stamp the invitation that tells of it.

    DTSTAMP rises with every message, whatever the clock does. Raises WrongState when somebody was faster.
    """
    last = booking.invite_stamp
    stamp = now.replace(microsecond=0)
    changes["invite_stamp"] = max(stamp, last + TICK) if last else stamp
    same = Booking.objects.filter(pk=booking.pk, status=expected, sequence=booking.sequence)
    if expected == Status.CANCELLED or same.update(**changes) != 1:
        raise WrongState
    for name, value in changes.items():
        setattr(booking, name, value)


def expire(now: datetime) -> int:
    """End the holds that nobody confirmed in time; answers how many. What beat calls each minute."""
    expired = Booking.objects.expired(now)
    ended = 0
    for hours_id in set(expired.values_list("slot__office_hours", flat=True)):
        with transaction.atomic():
            hours = lock_hours([hours_id])
            ended += end_expired_holds(hours, now)
            settle_all(hours, now)  # none, where it was moved meanwhile and its date is gone
    return ended


def find(code: str, proof: str) -> Booking | None:
    """Find a booking by its code, however it was typed, and a proof: the e-mail address or three last digits."""
    booking = Booking.objects.with_parts().filter(code=codes.normal_form(code), erased_at=None).first()
    if booking is None:
        return None
    digits = re.sub(r"\D", "", proof)
    phone = re.sub(r"\D", "", booking.phone)
    by_email = booking.email != "" and booking.email.casefold() == proof.strip().casefold()
    by_phone = len(digits) >= len("789") <= len(phone) and "@" not in proof and phone[-3:] == digits[-3:]
    return booking if by_email or by_phone else None
