"""Somebody is ill: her office hours fall out, and everybody who has booked is told with other times.

For a minute nothing but the closure exists, and all can be taken back. Then each booking is carried out in a
transaction of its own, so that a worker may die at any point and any number of them may work at once.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from booking import mails
from booking.actions import bookings, call_list, closing, delivery, offers
from booking.actions.doorbell import CARRY_OUT, doorbell
from booking.actions.errors import TooLateToUndo
from booking.actions.seats import lock_hosts, lock_hours
from booking.enums import BookedTimes, Status
from booking.failures import trace
from booking.models import Absence, Booking, Host, Slot

logger = logging.getLogger(__name__)

TIME_TO_UNDO: Final = timedelta(seconds=60)
TIMES_OFFERED: Final = 3
MOST_LOOKED_AT: Final = 40


@transaction.atomic
def report(host: Host, start: datetime, end: datetime, now: datetime) -> Absence:
    """Close the host's times from start to end at once; her bookings follow when the minute is over.

    Reported again for a time that is covered already, it answers the absence that covers it.
    """
    lock_hosts([host.pk])
    covering = host.absences.in_force(now).filter(start__lte=max(start, now), end__gte=end).first()
    if covering:
        return covering
    closure = closing.close(host.office, host, start, end, "", BookedTimes.KEEP, now)
    return Absence.objects.create(
        host=host, closure=closure, start=start, end=end, reported_at=now, acts_at=now + TIME_TO_UNDO
    )


@transaction.atomic
def undo(absence_id: int, now: datetime) -> None:
    """Take an absence back as if it had never been reported; a second time does nothing.

    Raises TooLateToUndo from the moment on at which people are told.
    """
    known = Absence.objects.filter(pk=absence_id).first()
    if known is None:
        return
    lock_hosts([known.host_id])
    absence = Absence.objects.select_related("closure__office").filter(pk=absence_id).first()
    if absence is None:
        return
    if absence.acts_at <= now or absence.finished_at or absence.bookings.exists():
        raise TooLateToUndo
    closure = absence.closure
    absence.delete()
    if closure:
        closing.lift(closure, now)


def send_now(absence_id: int, now: datetime) -> None:
    """Let the rest of the minute go by; does nothing when it is over already."""
    with transaction.atomic():
        waiting = Absence.objects.filter(pk=absence_id, acts_at__gt=now, finished_at=None)
        if waiting.update(acts_at=now):
            transaction.on_commit(lambda: doorbell.call(CARRY_OUT), robust=True)


def affected(absence: Absence, now: datetime) -> QuerySet[Booking]:
    """Return the bookings that still have to be called off, the nearest first."""
    mine = Booking.objects.live(now).with_parts().filter(slot__office_hours__host=absence.host_id)
    coming = mine.filter(slot__end__gt=max(absence.start, now), slot__start__lt=absence.end)
    return coming.order_by("slot__start", "seat")


def carry_out(now: datetime) -> int:
    """Call off what is due and tell everybody; answers how many bookings. What beat calls every few seconds.

    A booking that fails does not keep the others back; it is tried again at the next call.
    """
    done = 0
    for absence in Absence.objects.due(now).select_related("host"):
        for booking_id in affected(absence, now).values_list("pk", flat=True):
            try:
                done += _call_off(absence.pk, booking_id, now)
            except Exception as error:  # noqa: BLE001 - the others are told, this one is tried again soon
                logger.error("Booking %s cannot be called off: %s", booking_id, trace(error))
        _finish(absence.pk, now)
    return done


@transaction.atomic
def _call_off(absence_id: int, booking_id: UUID, now: datetime) -> bool:
    """Cancel one booking, hold the nearest other time, write the mail and the call; False if nothing is to do."""
    absence = _locked(absence_id)
    booking = affected(absence, now).filter(pk=booking_id).first() if absence else None
    if absence is None or booking is None:
        return False
    # The very next times will be held for those who come after her.
    after_her = affected(absence, now).filter(slot__start__gt=booking.slot.start).count()
    seen = min(TIMES_OFFERED + after_her, MOST_LOOKED_AT)
    nearest = offers.free_instead(booking, absence, now)[:seen]
    hours = lock_hours([booking.slot.office_hours_id, *(slot.office_hours_id for slot in nearest)])
    booking = affected(absence, now).filter(pk=booking_id, slot__office_hours__in=hours).first()
    if booking is None:  # moved or cancelled while we waited for the lock
        return False
    was_asked = booking.status == Status.PENDING and booking.replaces_id is None
    bookings.fall_out_locked(booking, absence, now)
    if not was_asked:  # whoever has not confirmed yet has no appointment, and her address is not proved
        free = list(offers.free_instead(booking, absence, now).filter(office_hours__in=hours)[:seen])
        _tell(booking, absence, free, now)
    return True


def _locked(absence_id: int) -> Absence | None:
    """Lock all hosts of the office, since the holds of all are counted, and answer what is still in force."""
    absence = Absence.objects.select_related("host__office").get(pk=absence_id)
    lock_hosts(absence.host.office.hosts.values_list("pk", flat=True))
    still = Absence.objects.filter(pk=absence_id, finished_at=None, closure__isnull=False)
    return absence if still.exists() else None


def _tell(booking: Booking, absence: Absence, free: list[Slot], now: datetime) -> None:
    held = None
    is_near = bool(free) and free[0].start <= now + offers.NEAR
    if is_near and offers.may_hold_one_more(absence, now):
        held = offers.hold_locked(booking, free[0], now)
    others = free[1:][1 - TIMES_OFFERED :] if held else free[:TIMES_OFFERED]
    delivery.post(mails.falls_out(booking, held, others, now))
    call_list.put_down(booking, booking.slot.start, now)


@transaction.atomic
def _finish(absence_id: int, now: datetime) -> None:
    absence = Absence.objects.filter(pk=absence_id, finished_at=None).first()
    if absence is None:
        return
    lock_hosts([absence.host_id])
    is_lifted = not Absence.objects.filter(pk=absence_id, closure__isnull=False).exists()
    if is_lifted or not affected(absence, now).exists():
        Absence.objects.filter(pk=absence_id, finished_at=None).update(finished_at=now)
