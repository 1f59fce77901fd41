"""Dates that are cut anew while people have booked in them: rows, UIDs and bookings stay wherever they can.

First everything is thought through without a write, so that a refusal leaves no trace; then it is written down.
The caller has locked hosts and office hours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from booking.actions.diary import Diary
from booking.actions.errors import StillBooked
from booking.actions.seats import end_expired_holds, settle_all
from booking.enums import BookedTimes, Channel, Concern, HoursStatus, SlotOffer, Status
from booking.models import Availability, Booking, OfficeHours, Slot

BEYOND_ALL_SEATS = 1000


@dataclass
class Date:
    """Office hours that go on, and what they become; `wanted` is None where they stay cut as they are."""

    hours: OfficeHours
    original_start: datetime
    start: datetime
    end: datetime
    place: dict[str, str]
    wanted: list[Slot] | None
    is_elsewhere: bool = False
    is_changed: bool = False
    stays: list[Slot] = field(default_factory=list)

    @property
    def offered(self) -> list[Slot]:
        """The times to be offered: those that no kept booking is in the way of."""
        kept = [(slot.start, slot.end) for slot in self.stays]
        wanted = self.wanted or []
        return [
            slot for slot in wanted if not any(slot.start < end and slot.end > start for start, end in kept)
        ]


@dataclass
class Affected:
    """A booking that the change touches, why, and what becomes of it; `former` is its time until now."""

    booking: Booking
    concern: Concern
    former: Slot
    can_move: bool
    outcome: BookedTimes
    is_told: bool = False
    must_be_called: bool = False


@dataclass
class Recut:
    """One change of many dates: those that go on, those that go, and the bookings in them."""

    availability: Availability
    diary: Diary
    dates: list[Date]
    leaving: list[OfficeHours]
    now: datetime
    dropped_channels: frozenset[Channel] = frozenset()
    slots: dict[int, list[Slot]] = field(default_factory=lambda: defaultdict(list))
    live: dict[int, list[Booking]] = field(default_factory=lambda: defaultdict(list))
    affected: dict[UUID, Affected] = field(default_factory=dict)
    doomed: list[Slot] = field(default_factory=list)
    targets: list[Slot] = field(default_factory=list)
    touched: dict[int, OfficeHours] = field(default_factory=dict)

    def read(self) -> None:
        """Read slots and live bookings of all the office hours, in two queries; holds that ran out end first."""
        rows = {hours.pk: hours for hours in [*(date.hours for date in self.dates), *self.leaving]}
        if end_expired_holds(rows.values(), self.now):
            self.touched |= rows
        by_id: dict[int, Slot] = {}
        for slot in Slot.objects.filter(office_hours__in=rows).order_by("start", "pk"):
            slot.office_hours = rows[slot.office_hours_id]
            self.slots[slot.office_hours_id].append(slot)
            by_id[slot.pk] = slot
        live = Booking.objects.exclude(status=Status.CANCELLED).filter(slot__office_hours__in=rows)
        for booking in live.order_by("slot__start", "seat"):
            booking.slot = by_id[booking.slot_id]
            self.live[booking.slot_id].append(booking)

    def decide(self, decisions: Mapping[UUID, BookedTimes], default: BookedTimes | None) -> None:
        """Find out whom the change affects and what becomes of each.

        A date whose kept bookings would spread into other office hours of the host goes instead. Raises
        StillBooked when a booking is affected for which neither a decision nor a default is there.
        """
        while True:
            self._find_affected(decisions, default)
            self._spread()
            wide = [date for date in self.dates if date.stays and self._clashes(date)]
            if not wide:
                break
            self.leaving += [date.hours for date in wide]
            self.dates = [date for date in self.dates if date not in wide]
        if default is None and (
            open_ := [a.booking for a in self.affected.values() if a.booking.pk not in decisions]
        ):
            raise StillBooked(open_)

    def _find_affected(self, decisions: Mapping[UUID, BookedTimes], default: BookedTimes | None) -> None:
        self.affected = {}
        found = [(b, Concern.GONE) for hours in self.leaving for b in self._booked(hours)]
        for date in self.dates:
            exact = None if date.wanted is None else {(slot.start, slot.end) for slot in date.wanted}
            for booking in self._booked(date.hours):
                if concern := self._concern(booking, date, exact):
                    found.append((booking, concern))
        for booking, concern in found:
            former = copy(booking.slot)
            former.office_hours = copy(booking.slot.office_hours)
            self.affected[booking.pk] = Affected(
                booking,
                concern,
                former,
                can_move=booking.channel in self.availability.channels,
                outcome=decisions.get(booking.pk, default or BookedTimes.KEEP),
            )

    def _concern(
        self, booking: Booking, date: Date, exact: set[tuple[datetime, datetime]] | None
    ) -> Concern | None:
        slot = booking.slot
        was_kept = slot.offer == SlotOffer.NONE
        if exact is not None and not was_kept and (slot.start, slot.end) not in exact:
            return Concern.GONE
        if booking.channel in self.dropped_channels and not was_kept:
            return Concern.CHANNEL
        if date.is_elsewhere and booking.channel == Channel.OFFICE and booking.status == Status.CONFIRMED:
            return Concern.PLACE
        return None

    def _booked(self, hours: OfficeHours) -> Iterable[Booking]:
        return (booking for slot in self.slots[hours.pk] for booking in self.live[slot.pk])

    def outcome(self, booking: Booking) -> BookedTimes:
        """Return what becomes of a booking: what is not affected stays."""
        concerned = self.affected.get(booking.pk)
        return concerned.outcome if concerned else BookedTimes.KEEP

    def staying(self, slot: Slot) -> list[Booking]:
        """Return the bookings that stay in the slot."""
        return [b for b in self.live[slot.pk] if self.outcome(b) == BookedTimes.KEEP]

    def _spread(self) -> None:
        """Let each date reach over the booked times that stay although they are no longer offered."""
        for date in self.dates:
            if date.wanted is None:
                continue
            exact = {(slot.start, slot.end) for slot in date.wanted}
            mine = self.slots[date.hours.pk]
            date.stays = [s for s in mine if (s.start, s.end) not in exact and self.staying(s)]

    def _clashes(self, date: Date) -> bool:
        start, end = self.reach(date)
        return self.diary.clash(start.date(), start, end) is not None

    @staticmethod
    def reach(date: Date) -> tuple[datetime, datetime]:
        """Return from when until when the date goes, with the booked times that stay."""
        return (
            min([date.start, *(slot.start for slot in date.stays)]),
            max([date.end, *(slot.end for slot in date.stays)]),
        )

    def write(self) -> None:
        """Write the dates and their times down; bookings that shall move have no seat of theirs in the way."""
        before = {date.hours.pk: copy(date.hours) for date in self.dates}
        moving = [a.booking.pk for a in self.affected.values() if a.outcome == BookedTimes.MOVE]
        park(moving)
        fresh: list[Slot] = []
        changed: list[Slot] = []
        for date in self.dates:
            if date.wanted is None:
                self._leave_cut(date)
            else:
                self._cut(date, fresh, changed)
        _save(before, [date.hours for date in self.dates])
        Slot.objects.bulk_create(fresh)
        _save_times(changed)
        self.touched |= {date.hours.pk: date.hours for date in self.dates if date.is_changed}

    def _leave_cut(self, date: Date) -> None:
        hours = date.hours
        self._rewrite(date, hours.start, hours.end, hours.status == HoursStatus.LIVE)
        if hours.is_live and hours.withdrawn_at is None:
            self.targets += self.slots[hours.pk]

    def _cut(self, date: Date, fresh: list[Slot], changed: list[Slot]) -> None:
        old = {slot.start: slot for slot in self.slots[date.hours.pk] if slot not in date.stays}
        times = []
        for slot in date.offered:
            there = old.pop(slot.start, None)
            if there is None:
                fresh.append(slot)
                date.is_changed = True
            elif self._take_over(there, slot):
                changed.append(there)
                date.is_changed = True
            times.append(there or slot)
        for slot in date.stays:
            if slot.offer != SlotOffer.NONE:
                slot.offer = SlotOffer.NONE
                changed.append(slot)
                date.is_changed = True
        gone = [slot for slot in old.values() if slot.offer != SlotOffer.NONE or self.live[slot.pk]]
        date.is_changed = date.is_changed or bool(gone)
        self.doomed += old.values()
        self.targets += times
        is_open = any(slot.closure_id is None for slot in times) or bool(date.stays)
        is_booked = any(self.staying(slot) for slot in self.slots[date.hours.pk])
        date.hours.withdrawn_at = None
        date.hours.closure = (
            None if is_open or is_booked else next((s.closure for s in times if s.closure_id), None)
        )
        self._rewrite(date, *self.reach(date), date.hours.is_live or is_open or is_booked)

    def _take_over(self, there: Slot, wanted: Slot) -> bool:
        """Give a slot that is there the terms of the wanted one; answers whether that changed anything."""
        staying = self.staying(there)
        capacity = max(wanted.capacity, len(staying))
        for booking in staying:
            if booking.seat > capacity:  # a lower one is free, since there are no more bookings than seats
                taken = {other.seat for other in staying}
                booking.seat = next(n for n in range(1, capacity + 1) if n not in taken)
                booking.save(update_fields=["seat"])
        terms = (wanted.end, capacity, wanted.offer, wanted.closure_id)
        if terms == (there.end, there.capacity, there.offer, there.closure_id):
            return False
        there.end, there.capacity, there.offer, there.closure = (
            wanted.end,
            capacity,
            wanted.offer,
            wanted.closure,
        )
        return True

    def _rewrite(self, date: Date, start: datetime, end: datetime, is_live: bool) -> None:
        hours = date.hours
        status = HoursStatus.LIVE if is_live else HoursStatus.CANCELLED
        is_other = (hours.start, hours.end, hours.status) != (start, end, status)
        if is_other or date.is_elsewhere:
            hours.sequence += 1
            date.is_changed = True
        hours.availability, hours.original_start = self.availability, date.original_start
        hours.start, hours.end, hours.place, hours.status = start, end, date.place, status

    def clear(self, *, erase: bool) -> None:
        """Take away the times and dates that are gone; what somebody ever booked stays as not offered."""
        known = set(
            Booking.objects.filter(slot__in=self.doomed).values_list("slot", flat=True) if self.doomed else ()
        )
        Slot.objects.filter(pk__in=[s.pk for s in self.doomed if s.pk not in known]).delete()
        Slot.objects.filter(pk__in=known).update(offer=SlotOffer.NONE)
        self._leave(erase=erase)
        settle_all(self.touched.values(), self.now)

    def _leave(self, *, erase: bool) -> None:
        if not self.leaving:
            return
        booked = Booking.objects.filter(slot__office_hours__in=self.leaving)
        known = set(booked.values_list("slot__office_hours", flat=True))
        gone = [hours.pk for hours in self.leaving if erase and hours.pk not in known]
        Slot.objects.filter(office_hours__in=gone).delete()
        OfficeHours.objects.filter(pk__in=gone).delete()
        left = {hours.pk: hours for hours in self.leaving if hours.pk not in gone}
        OfficeHours.objects.filter(pk__in=left).update(withdrawn_at=self.now)
        self.touched = {pk: hours for pk, hours in (self.touched | left).items() if pk not in gone}


def _save(before: Mapping[int, OfficeHours], rows: list[OfficeHours]) -> None:
    """Write the office hours that are other than before: one query for all that change in the same way.

    A series that begins later shifts all its dates by as much, so this is one query, or two at a clock change.
    """
    alike: dict[tuple[timedelta, timedelta, timedelta, int, str], list[OfficeHours]] = defaultdict(list)
    for new in rows:
        old = before[new.pk]
        shift = (new.original_start - old.original_start, new.start - old.start, new.end - old.end)
        terms = [
            (each.status, each.closure_id, each.withdrawn_at, each.availability_id) for each in (old, new)
        ]
        if any(shift) or terms[0] != terms[1] or new.place != old.place or new.sequence != old.sequence:
            alike[(*shift, new.sequence - old.sequence, repr((terms[1], new.place)))].append(new)
    for (original, start, end, steps, _terms), same in alike.items():
        OfficeHours.objects.filter(pk__in=[hours.pk for hours in same]).update(
            original_start=F("original_start") + original,
            start=F("start") + start,
            end=F("end") + end,
            sequence=F("sequence") + steps,
            status=same[0].status,
            closure=same[0].closure_id,
            withdrawn_at=same[0].withdrawn_at,
            availability=same[0].availability_id,
            place=same[0].place,
        )


def _save_times(changed: list[Slot]) -> None:
    """Write the times that are other than before: one query for all that get the same terms."""
    same_terms: dict[tuple[timedelta, int, str, int | None], list[int]] = defaultdict(list)
    for slot in changed:
        terms = (slot.end - slot.start, slot.capacity, slot.offer, slot.closure_id)
        same_terms[terms].append(slot.pk)
    for (length, capacity, offer, closure), slots in same_terms.items():
        wanted = Slot.objects.filter(pk__in=slots)
        wanted.update(end=F("start") + length, capacity=capacity, offer=offer, closure=closure)


def park(bookings: Iterable[UUID]) -> None:
    """Put bookings that are about to move on seats that no slot has, out of each other's way."""
    Booking.objects.filter(pk__in=list(bookings)).update(seat=F("seat") + BEYOND_ALL_SEATS)
