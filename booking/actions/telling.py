"""What a change of office hours means for the bookings in it: cancelled, moved, told, to be called."""

from __future__ import annotations

from datetime import datetime, timedelta

from booking import mails
from booking.actions import bookings as booked_times
from booking.actions import call_list, delivery
from booking.actions.errors import NotEnoughSeats
from booking.actions.recutting import Affected, Recut
from booking.enums import Actor, BookedTimes, Channel, SlotOffer, Status
from booking.models import Booking, Call, OfficeHours, Slot


def cancel_some(recut: Recut, word: str) -> None:
    """Cancel the bookings for which that was decided, with the office's word in the mail."""
    for each in _with(recut, BookedTimes.CANCEL):
        each.is_told = each.booking.status == Status.CONFIRMED
        booked_times.cancel_locked(each.booking, Actor.OFFICE, recut.now, word)
        recut.touched[each.booking.slot.office_hours_id] = each.booking.slot.office_hours


def move_some(recut: Recut, made: list[OfficeHours]) -> None:
    """Move bookings to the nearest free seats: the same day before others, then the nearest time of day.

    Who comes first chooses first. Raises NotEnoughSeats when there is none for somebody.
    """
    moving = sorted(
        _with(recut, BookedTimes.MOVE), key=lambda each: (each.former.start, each.booking.created_at)
    )
    if not moving:
        return
    free = _free_seats(recut, made)
    missing = 0
    for each in moving:
        places = [slot for slot, seats in free.values() if seats] if each.can_move else []
        if not places:
            missing += 1
            continue
        slot = min(places, key=lambda place: _distance(each.former, place, recut))
        _move(recut, each, slot, free[slot.pk][1].pop(0))
    if missing:
        raise NotEnoughSeats(missing)


def _with(recut: Recut, outcome: BookedTimes) -> list[Affected]:
    return [each for each in recut.affected.values() if each.outcome == outcome]


def _free_seats(recut: Recut, made: list[OfficeHours]) -> dict[int, tuple[Slot, list[int]]]:
    """Return the slots that the office may give, each with the seats that nobody stays on."""
    by_id = {hours.pk: hours for hours in made}
    fresh = list(Slot.objects.filter(office_hours__in=by_id).order_by("start"))
    for slot in fresh:
        slot.office_hours = by_id[slot.office_hours_id]
    free = {}
    for slot in [*recut.targets, *fresh]:
        if slot.offer == SlotOffer.NONE or slot.closure_id or slot.start <= recut.now:
            continue
        taken = {booking.seat for booking in recut.staying(slot)}
        free[slot.pk] = (slot, [seat for seat in range(1, slot.capacity + 1) if seat not in taken])
    return free


def _distance(former: Slot, slot: Slot, recut: Recut) -> tuple[int, timedelta, datetime]:
    zone = recut.availability.host.office.zone
    was, will_be = former.start.astimezone(zone), slot.start.astimezone(zone)
    hours = timedelta(hours=was.hour - will_be.hour, minutes=was.minute - will_be.minute)
    return abs((was.date() - will_be.date()).days), abs(hours), slot.start


def _move(recut: Recut, each: Affected, slot: Slot, seat: int) -> None:
    booking, former = each.booking, each.former
    recut.touched[former.office_hours_id] = recut.touched.get(former.office_hours_id, former.office_hours)
    recut.touched[slot.office_hours_id] = slot.office_hours
    each.is_told = True
    if (slot.pk, slot.start, slot.end) == (former.pk, former.start, former.end):
        Booking.objects.filter(pk=booking.pk).update(seat=seat)
        booking.seat = seat
        _relocate(booking, recut.now)
    else:
        booked_times.move_locked(booking, slot, seat, former, recut.now)


def _relocate(booking: Booking, now: datetime) -> None:
    booked_times.stamp(booking, now)
    delivery.post(mails.relocated(booking, now))


def tell(recut: Recut) -> None:
    """Tell who stays but at another place, and put down who has to be called, since a mail does not do."""
    elsewhere = {date.hours.pk for date in recut.dates if date.is_elsewhere}
    for each in _with(recut, BookedTimes.KEEP):
        booking = each.booking
        is_moved = booking.slot.office_hours_id in elsewhere and booking.channel == Channel.OFFICE
        if is_moved and booking.status == Status.CONFIRMED:
            each.is_told = True
            _relocate(booking, recut.now)
    calls = [call for each in recut.affected.values() if each.is_told and (call := _call(each, recut.now))]
    call_list.put_all_down(calls)


def _call(each: Affected, now: datetime) -> Call | None:
    start = min(each.former.start, each.booking.slot.start)
    reason = call_list.reason_to_call(each.booking, start, now)
    each.must_be_called = reason is not None
    return Call(booking=each.booking, reason=reason, created_at=now) if reason else None
