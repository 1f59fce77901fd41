"""An appointment outside of what is published: made for one person, while she is on the phone or at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from django.db import transaction

from booking.actions.bookings import Claim, book_locked, repeated
from booking.actions.errors import AlreadySent, HostBusy, NeedsConsent, NoVideoLink, SlotPast, SlotTaken
from booking.actions.publishing import Series, open_series
from booking.actions.seats import end_expired_holds, lock_hosts, lock_hours
from booking.enums import Actor, Channel, Rhythm, SlotOffer, Status
from booking.models import Booking, Closure, Host, OfficeHours, Service, Slot
from booking.public_holidays import public_holiday
from booking.recurrence import Pattern

MOST_SEATS = 200


@dataclass(frozen=True)
class Wish:
    """An appointment with somebody, from a local time on, for some minutes, on one day."""

    host: Host
    service: Service
    day: date
    starts_at: time
    minutes: int

    def __post_init__(self) -> None:
        """Refuse what would reach into the next day."""
        if self.ends_at <= self.starts_at:
            message = "an appointment begins and ends on the same day"
            raise ValueError(message)

    @property
    def start(self) -> datetime:
        """The moment at which it begins, in UTC."""
        return datetime.combine(self.day, self.starts_at, self.host.office.zone).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The moment at which it ends, in UTC."""
        return self.start + timedelta(minutes=self.minutes)

    @property
    def ends_at(self) -> time:
        """The local time at which it ends."""
        return self.end.astimezone(self.host.office.zone).time()


@dataclass(frozen=True)
class Obstacles:
    """What is there at that time: the host's live office hours, what is booked of them, closures, a holiday."""

    hours: list[OfficeHours]
    booked: list[Booking]
    closures: list[Closure]
    holiday: str

    def __bool__(self) -> bool:
        """Whether anything stands against it."""
        return bool(self.hours or self.closures or self.holiday)

    @property
    def cannot_be_overruled(self) -> bool:
        """Whether it would reach into two office hours: they would become one."""
        return len(self.hours) > 1

    @property
    def key(self) -> str:
        """What somebody agrees to when she has seen them; another one when something came or went."""
        rows = ([*self.hours], [*self.booked], [*self.closures])
        seen = (*([row.pk for row in each] for each in rows), self.holiday)
        return sha256(repr(seen).encode()).hexdigest()[:32]


def obstacles(wish: Wish, now: datetime) -> Obstacles:
    """Return what stands against the wish, for people to decide."""
    there = OfficeHours.objects.filter(host=wish.host).live().overlapping(wish.start, wish.end)
    live = Booking.objects.live(now).filter(slot__start__lt=wish.end, slot__end__gt=wish.start)
    mine = live.filter(slot__office_hours__host=wish.host)
    return Obstacles(
        hours=list(there.select_related("availability__service").order_by("start", "pk")),
        booked=list(mine.select_related("slot").order_by("slot__start", "seat")),
        closures=list(Closure.objects.in_force(wish.host, wish.start, wish.end)),
        holiday=public_holiday(wish.host.office.state, wish.day),
    )


def book_outside(wish: Wish, claim: Claim, agreed: str, now: datetime) -> Booking:
    """Make the time that is wished for and book it, in one go, with the mails about it.

    `agreed` is the key of the obstacles that were seen; empty where there were none. Where the host has office
    hours then, the time becomes a part of them, for the database lets nobody be in two at once: they stretch to
    hold it, and what nobody has booked of them at that time is kept off the web. Raises SlotPast, NoVideoLink,
    NeedsConsent, HostBusy when it would reach into two office hours, SlotTaken when a group is full beyond
    measure, and AlreadySent when the request id was used for something else.
    """
    with transaction.atomic():
        host = lock_hosts([wish.host.pk])[0]
        if earlier := Booking.objects.with_parts().filter(request_id=claim.request_id).first():
            return _as_before(earlier, wish, claim)
        if wish.end <= now:
            raise SlotPast
        if claim.channel == Channel.VIDEO and not host.has_video:
            raise NoVideoLink
        locked = _lock_there(wish, now)
        found = obstacles(wish, now)
        if found.cannot_be_overruled:
            raise HostBusy
        if found and found.key != agreed:
            raise NeedsConsent(found)
        slot = _slot_within(locked[0], wish, now) if locked else _slot_of_its_own(wish, claim.channel, now)
        return book_locked(slot, claim, Actor.OFFICE, now)


def _as_before(earlier: Booking, wish: Wish, claim: Claim) -> Booking:
    slot = earlier.slot
    if (slot.office_hours.host_id, slot.start) != (wish.host.pk, wish.start):
        raise AlreadySent(earlier)
    return repeated(earlier, slot, claim)


def _lock_there(wish: Wish, now: datetime) -> list[OfficeHours]:
    there = OfficeHours.objects.filter(host=wish.host).live().overlapping(wish.start, wish.end)
    locked = lock_hours(there.values_list("pk", flat=True))
    end_expired_holds(locked, now)
    return [hours for hours in locked if hours.is_live]


def _slot_of_its_own(wish: Wish, channel: Channel, now: datetime) -> Slot:
    """Make a series of one date with one time. Nobody else is offered it, also when it is cancelled."""
    series = Series(
        host=wish.host,
        service=wish.service,
        pattern=Pattern(Rhythm.ONCE, (), wish.starts_at, wish.ends_at, wish.day),
        slot_minutes=wish.minutes,
        buffer_minutes=0,
        capacity=1,
        channels=(channel,),
        skip_holidays=False,
    )
    availability = open_series(series, now, as_draft=True).availability
    availability.is_draft, availability.is_extra = False, True
    availability.save(update_fields=["is_draft", "is_extra", "updated_at"])
    hours = OfficeHours.objects.create(
        availability=availability,
        host=wish.host,
        original_start=wish.start,
        start=wish.start,
        end=wish.end,
        modified_at=now,
    )
    return _enter_slot(hours, wish)


def _slot_within(hours: OfficeHours, wish: Wish, now: datetime) -> Slot:
    """Make room in office hours that are locked: they stretch, and free times that it overlaps leave the web."""
    _stretch(hours, wish)
    overlapping = Slot.objects.filter(office_hours=hours, start__lt=wish.end, end__gt=wish.start)
    booked = Booking.objects.exclude(status=Status.CANCELLED).filter(slot__office_hours=hours)
    nobodys = overlapping.filter(offer=SlotOffer.WEB).exclude(pk__in=booked.values("slot"))
    nobodys.exclude(start=wish.start).update(offer=SlotOffer.DESK)
    same = overlapping.filter(start=wish.start).first()
    slot = _widen(same, wish, booked.filter(slot=same).count()) if same else _enter_slot(hours, wish)
    return Slot.objects.select_related(
        "office_hours__host__office", "office_hours__availability__service"
    ).get(pk=slot.pk)


def _stretch(hours: OfficeHours, wish: Wish) -> None:
    start, end = min(hours.start, wish.start), max(hours.end, wish.end)
    if (start, end) == (hours.start, hours.end):
        return
    hours.start, hours.end = start, end
    hours.sequence += 1
    hours.save(update_fields=["start", "end", "sequence"])


def _widen(slot: Slot, wish: Wish, taken: int) -> Slot:
    """Make sure that a time that begins at the same moment has a seat, and is long enough if nobody has it."""
    if not taken and wish.end > slot.end:
        slot.end, slot.offer = wish.end, SlotOffer.DESK
    if taken >= slot.capacity:
        if slot.capacity >= MOST_SEATS:
            raise SlotTaken
        # A single time with two people in it must not be on the web again when one of them cancels.
        slot.offer = SlotOffer.DESK if (slot.capacity, slot.offer) == (1, SlotOffer.WEB) else slot.offer
        slot.capacity = taken + 1
    slot.save(update_fields=["end", "offer", "capacity"])
    return slot


def _enter_slot(hours: OfficeHours, wish: Wish) -> Slot:
    return Slot.objects.create(
        office_hours=hours, start=wish.start, end=wish.end, capacity=1, offer=SlotOffer.NONE
    )
