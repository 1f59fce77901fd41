"""Reads office hours and who has booked them, in a number of queries that does not depend on how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from booking.enums import SlotOffer
from booking.models import Booking, Host, Office, OfficeHours, Slot
from booking.models.slot import OfficeHoursQuerySet


@dataclass(frozen=True)
class Time:
    """One slot with its live bookings."""

    slot: Slot
    bookings: list[Booking]
    free: int

    @property
    def is_offered(self) -> bool:
        """Whether it is neither under a closure nor only kept for who has booked it."""
        return not self.is_closed and not self.is_only_kept

    @property
    def is_closed(self) -> bool:
        """Whether it lies in a closure."""
        return self.slot.closure_id is not None

    @property
    def is_only_kept(self) -> bool:
        """Whether it is no longer offered, and there for who has booked it."""
        return self.slot.offer == SlotOffer.NONE

    @property
    def says_nothing(self) -> bool:
        """Whether it is gone: no longer offered, and nobody has booked it."""
        return self.is_only_kept and not self.bookings

    @property
    def is_for_the_desk(self) -> bool:
        """Whether only the office gives it away."""
        return self.slot.offer == SlotOffer.DESK


@dataclass(frozen=True)
class Stretch:
    """One day's office hours with their times."""

    hours: OfficeHours
    times: list[Time]

    @property
    def seats(self) -> int:
        """How many people can come in all."""
        return sum(time.slot.capacity for time in self.times if time.is_offered)

    @property
    def free(self) -> int:
        """How many seats nobody has booked."""
        return sum(time.free for time in self.times)

    @property
    def booked(self) -> list[tuple[Slot, Booking]]:
        """Every booking with its slot, in their order."""
        return [(time.slot, booking) for time in self.times for booking in time.bookings]

    @property
    def takes_bookings(self) -> bool:
        """Whether free seats of it are offered at all."""
        return _is_offered(self.hours)


def stretches(hours: QuerySet[OfficeHours], now: datetime) -> list[Stretch]:
    """Return the office hours with all that a page says about them, in four queries."""
    bookings = Booking.objects.live(now).order_by("seat")
    slots = Slot.objects.order_by("start", "pk")
    parts = hours.select_related("host__office", "availability__service", "closure").prefetch_related(
        Prefetch("slots", slots), Prefetch("slots__bookings", bookings)
    )
    return [_stretch(each, now) for each in parts]


def _is_offered(hours: OfficeHours) -> bool:
    is_active = hours.host.is_active and hours.availability.service.is_active
    return is_active and hours.is_live and hours.withdrawn_at is None


def _stretch(hours: OfficeHours, now: datetime) -> Stretch:
    is_offered = _is_offered(hours)
    times = []
    for slot in hours.slots.all():
        bookings = list(slot.bookings.all())
        is_free = is_offered and Time(slot, bookings, 0).is_offered and slot.start > now
        times.append(Time(slot, bookings, slot.capacity - len(bookings) if is_free else 0))
    return Stretch(hours, times)


def by_day(found: list[Stretch]) -> Iterator[tuple[date, list[Stretch]]]:
    """Group office hours that are sorted by their start, by their day in the active zone."""
    for day, group in groupby(found, key=lambda stretch: timezone.localdate(stretch.hours.start)):
        yield day, list(group)


def in_office(office: Office) -> OfficeHoursQuerySet:
    """Return the office hours of the office's hosts."""
    return OfficeHours.objects.filter(host__office=office).order_by("start", "pk")


def booked_with(host: Host, now: datetime) -> QuerySet[Booking]:
    """Return the live bookings with the host that are not over, next first, with all that a list says of them."""
    live = Booking.objects.live(now).with_parts().filter(slot__office_hours__host=host)
    return live.filter(slot__end__gt=now).order_by("slot__start", "seat")


def next_booked(office: Office, now: datetime) -> tuple[Slot, Booking] | None:
    """Return the appointment that is on or comes next in the office, on whatever day."""
    live = Booking.objects.live(now).with_parts().filter(slot__office_hours__host__office=office)
    booking = live.filter(slot__end__gt=now).order_by("slot__start", "seat").first()
    return (booking.slot, booking) if booking else None


def booked_on(office: Office, start: datetime, end: datetime, now: datetime) -> QuerySet[Booking]:
    """Return the live bookings of the office whose appointment begins in the half-open interval."""
    live = Booking.objects.live(now).filter(slot__office_hours__host__office=office)
    return live.filter(slot__start__gte=start, slot__start__lt=end).order_by("slot__start", "seat")
