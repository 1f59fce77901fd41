"""The locks and counts that every change of office hours, slots and bookings stands on.

Order of locks, everywhere: the host, then office hours by id. Nothing else is ever locked first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Subquery

from booking.actions.errors import SlotTaken
from booking.enums import Actor, HoursStatus, SlotOffer, Status
from booking.models import Booking, Host, OfficeHours, Slot


def lock_hosts(hosts: Iterable[int]) -> list[Host]:
    """Lock the hosts, in id order, until the transaction ends.

    Not against foreign keys to them: PostgreSQL checks those of office hours that a booking changes twice, and the
    booking would wait for the host while it has the office hours.
    """
    return list(Host.objects.select_for_update(no_key=True).filter(pk__in=set(hosts)).order_by("pk"))


def lock_hours(hours: Iterable[int]) -> list[OfficeHours]:
    """Lock the office hours, in id order, until the transaction ends; answers them as they are now."""
    return list(OfficeHours.objects.select_for_update().filter(pk__in=set(hours)).order_by("pk"))


def end_expired_holds(hours: Iterable[OfficeHours], now: datetime) -> int:
    """Free the seats of the holds that ran out, in office hours that are locked; answers how many."""
    expired = Booking.objects.expired(now).filter(slot__office_hours__in=list(hours))
    return expired.update(status=Status.CANCELLED, cancelled_by=Actor.SYSTEM, cancelled_at=now)


def lowest_free_seat(slot: Slot) -> int:
    """Return the lowest seat that no live booking has, in office hours that are locked.

    Raises SlotTaken when there is none.
    """
    taken = set(slot.bookings.exclude(status=Status.CANCELLED).values_list("seat", flat=True))
    for seat in range(1, slot.capacity + 1):
        if seat not in taken:
            return seat
    raise SlotTaken


def settle(hours: OfficeHours, now: datetime) -> None:
    """Note that what feeds show of the locked office hours has changed, and end them if nothing is left."""
    settle_all([hours], now)


def settle_all(hours: Iterable[OfficeHours], now: datetime) -> None:
    """Do for each of the locked office hours what `settle` does, in two queries.

    Nothing is left when nobody is booked and no slot is offered: all closed, or the series withdrawn.
    """
    mine = OfficeHours.objects.filter(pk__in=[each.pk for each in hours])
    mine.update(revision=F("revision") + 1, modified_at=now)
    slots = Slot.objects.filter(office_hours=OuterRef("pk"))
    booked = Booking.objects.filter(slot__office_hours=OuterRef("pk")).exclude(status=Status.CANCELLED)
    offered = slots.filter(closure=None).exclude(offer=SlotOffer.NONE)
    left = mine.live().filter(~Exists(booked)).exclude(Exists(offered), withdrawn_at=None)
    closed = slots.exclude(closure=None).order_by("start").values("closure")[:1]
    left.update(status=HoursStatus.CANCELLED, closure=Subquery(closed), sequence=F("sequence") + 1)
