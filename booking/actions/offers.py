"""Another time for an appointment that fell out: held for the resident, taken, exchanged, or turned down.

A hold is a pending booking that `replaces` the cancelled one. `bookings.confirm` accepts it, `bookings.cancel`
turns it down, `bookings.expire` ends it when nobody answers.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Case, Q, Sum, When

from booking import mails
from booking.actions import bookings, delivery
from booking.actions.errors import SlotClosed, SlotTaken, WrongState
from booking.actions.seats import end_expired_holds, lowest_free_seat, settle
from booking.enums import Actor, Answer, Channel, Status
from booking.models import Absence, Booking, Office, OfficeHours, Slot
from booking.models.slot import SlotQuerySet

EVENING: Final = time(20)
SHORTEST_HOLD: Final = timedelta(hours=1)
NEAR: Final = timedelta(weeks=2)


def free_instead(booking: Booking, absence: Absence, now: datetime) -> SlotQuerySet:
    """Return the free times that can stand for the booking: same service, same way.

    The nearest after it come first; earlier ones come last, for she has planned her days without them. None with
    the absent host before she is back, and none so soon that a mail about it would be read too late.
    """
    office = absence.host.office
    soonest = now + timedelta(hours=office.change_until_hours) + SHORTEST_HOLD
    same = {
        "office_hours__host__office": office,
        "office_hours__availability__service": booking.slot.office_hours.availability.service_id,
        f"office_hours__availability__offers_{booking.channel}": True,
    }
    free = Slot.objects.bookable(now).filter(start__gt=soonest, **same)
    free = free.exclude(office_hours__host=absence.host_id, start__lt=absence.end)
    is_earlier = Case(When(start__lt=booking.slot.start, then=1), default=0)
    return free.order_by(is_earlier, "start", "pk")


def held_until(slot: Slot, office: Office, now: datetime) -> datetime:
    """Return until when the slot is held: the evening of the next local day, or as long as it can be changed."""
    tomorrow = now.astimezone(office.zone).date() + timedelta(days=1)
    evening = datetime.combine(tomorrow, EVENING, office.zone).astimezone(UTC)
    return min(evening, slot.start - timedelta(hours=office.change_until_hours))


def may_hold_one_more(absence: Absence, now: datetime) -> bool:
    """Tell whether one more hold leaves half of the next two weeks' free seats to everybody else.

    Counts as free what was free before the absence took anything. The caller has locked the office's hosts.
    """
    near = {"office_hours__host__office": absence.host.office, "start__lte": now + NEAR}
    free = Slot.objects.bookable(now).filter(**near).aggregate(n=Sum("free_seats"))["n"] or 0
    ours = Q(replaces__absence=absence) | Q(replaces__isnull=False, status=Status.PENDING)
    office = Q(slot__office_hours__host__office=absence.host.office, slot__start__lte=now + NEAR)
    held = Booking.objects.live(now).filter(ours, office).count()
    return held + 1 <= (free + held) // 2


def hold_locked(fallen: Booking, slot: Slot, now: datetime) -> Booking:
    """Hold a seat of the slot for whom the cancelled booking belongs to, in office hours that are locked.

    Raises SlotTaken when no seat is free.
    """
    if end_expired_holds([slot.office_hours], now):
        settle(slot.office_hours, now)
    until = held_until(slot, slot.office_hours.host.office, now)
    return _insert(fallen, slot, now, status=Status.PENDING, held_until=until, booked_by=Actor.OFFICE)


def _insert(fallen: Booking, slot: Slot, now: datetime, **state: Any) -> Booking:
    copied = ("channel", "name", "email", "phone", "topic", "message", "language")
    booking = Booking(
        **{field: getattr(fallen, field) for field in copied},
        slot=slot,
        seat=lowest_free_seat(slot),
        code=bookings.unused_code(),
        request_id=uuid4(),
        replaces=fallen,
        invite_stamp=now.replace(microsecond=0),
        created_at=now,
        scheduled_at=now,
        **state,
    )
    try:
        with transaction.atomic():
            booking.save(force_insert=True)
    except IntegrityError as error:  # the lock has decided already; this is a seat taken past all locks
        raise SlotTaken from error
    settle(slot.office_hours, now)
    return booking


def choose(booking_id: UUID, slot_id: int, now: datetime, actor: Actor = Actor.RESIDENT) -> Booking:
    """Take another time and book it in one step; answers the booking that is confirmed then.

    The office, for her on the phone, may take what it may give away; it is her own choice all the same.

    The booking is a hold, which moves, or an appointment that fell out without one, for which a new one is made.
    Sent twice for the same time, it is one booking. Raises WrongState when the offer is answered or has run out,
    and what `bookings.book` raises when the time cannot be had; nothing is changed then.
    """
    with transaction.atomic():
        target = OfficeHours.objects.filter(slots=slot_id if slot_id <= bookings.LARGEST_ID else 0)
        booking = bookings.locked_booking(booking_id, *target.values_list("pk", flat=True))
        if done := _done(booking, slot_id):
            return done
        if not is_open(booking, now):
            raise WrongState
        slot = bookings.locked_slot(slot_id, now)
        if slot.office_hours.availability.service_id != booking.slot.office_hours.availability.service_id:
            raise SlotClosed
        if slot.pk != booking.slot_id:
            bookings.check_offer(slot, Channel(booking.channel), actor, now)
        chosen = _move(booking, slot, now) if booking.is_live else _take(booking, slot, now)
        delivery.post(mails.booked(chosen, now))
    return chosen


def _done(booking: Booking, slot_id: int) -> Booking | None:
    """Return what the same form has made already."""
    taken = booking if booking.is_live else replacement_of(booking)
    is_done = taken is not None and taken.status == Status.CONFIRMED and taken.slot_id == slot_id
    return taken if is_done else None


def _move(hold: Booking, slot: Slot, now: datetime) -> Booking:
    former = hold.slot
    place: dict[str, Any] = {"slot": slot, "scheduled_at": now}
    if slot.pk != former.pk:
        place |= {"seat": lowest_free_seat(slot), "sequence": hold.sequence + 1}
    bookings.advance(hold, Status.PENDING, now, status=Status.CONFIRMED, held_until=None, **place)
    settle(former.office_hours, now)
    settle(slot.office_hours, now)
    return hold


def _take(fallen: Booking, slot: Slot, now: datetime) -> Booking:
    return _insert(fallen, slot, now, status=Status.CONFIRMED, booked_by=Actor.RESIDENT)


def replacement_of(booking: Booking) -> Booking | None:
    """Return the booking that was held or made instead of it, with its parts."""
    return Booking.objects.with_parts().filter(replaces=booking.pk).first()


def is_hold(booking: Booking, now: datetime) -> bool:
    """Tell whether it is a time that is held at this moment for somebody whose appointment fell out."""
    if booking.status != Status.PENDING or booking.replaces_id is None or booking.held_until is None:
        return False
    return booking.held_until > now


def is_open(booking: Booking, now: datetime) -> bool:
    """Tell whether somebody may still choose another time by it: a hold, or what fell out without one."""
    if booking.is_live:
        return is_hold(booking, now)
    return fell_out(booking) and not Booking.objects.filter(replaces=booking.pk).exists()


def fell_out(booking: Booking) -> bool:
    """Tell whether it was somebody's appointment, or held for her, until its host was absent."""
    was_hers = booking.held_until is None or booking.replaces_id is not None
    return booking.absence_id is not None and booking.erased_at is None and was_hers


def answer_of(held: Booking | None, now: datetime) -> Answer:
    """Return what became of the time that was offered instead of an appointment; None is no offer."""
    if held is None:
        return Answer.NOT_HELD
    if held.status == Status.CONFIRMED:
        is_her_own = held.sequence > 0 or held.booked_by == Actor.RESIDENT
        return Answer.OTHER_TIME if is_her_own else Answer.ACCEPTED
    if held.status == Status.PENDING:
        return Answer.WAITING if is_hold(held, now) else Answer.EXPIRED
    if held.absence_id is not None:
        return Answer.FELL_OUT
    return Answer.DECLINED if held.cancelled_by == Actor.RESIDENT else Answer.EXPIRED
