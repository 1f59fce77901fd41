"""A booking as the resident sees it: every text finished, her contact data masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from django.utils.translation import gettext as _

from booking import dates
from booking.actions import bookings, offers
from booking.actions.errors import BookingError
from booking.enums import Actor, Channel, Status
from booking.models import Booking
from booking.models.office import local

VISIBLE_DIGITS = 4


class State(StrEnum):
    """What the page is about."""

    COMING = "coming"
    OVER = "over"
    HELD = "held"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    CALLED_OFF = "called-off"
    FALLEN_OUT = "fallen-out"
    OFFERED = "offered"
    DECLINED = "declined"
    OFFER_OVER = "offer-over"


@dataclass(frozen=True)
class Ticket:
    """What stands on the page that one can show at the counter."""

    state: State
    may_change: bool
    moment: str
    day: str
    hour: str
    until: str
    host: str
    service: str
    channel: str
    way: str
    place: str
    is_own_place: bool
    bring_along: str
    code: str
    name: str
    email: str
    phone: str
    held_until: str
    held_day: str
    erased_on: str

    @property
    def heading(self) -> str:
        """What has become of the booking, in words."""
        return spoken_state(self.state)

    @property
    def is_live(self) -> bool:
        """Whether the appointment is still to be expected."""
        return self.state in (State.COMING, State.HELD, State.OFFERED)

    @classmethod
    def of(cls, booking: Booking, now: datetime) -> Self:
        """Write the ticket of a booking that has its parts at hand."""
        slot, hours = booking.slot, booking.slot.office_hours
        office, zone = hours.host.office, hours.host.office.zone
        begin = slot.start.astimezone(zone)
        place = local(hours.where)
        return cls(
            state=_state(booking, now),
            may_change=_may_change(booking, now),
            moment=begin.isoformat(timespec="minutes"),
            day=_day(begin, now.astimezone(zone)),
            hour=dates.spoken_hour(slot.start, zone),
            until=dates.spoken_hour(slot.end, zone),
            host=hours.host.introduced,
            service=local(hours.availability.service.title),
            channel=booking.channel,
            way=str(Channel(booking.channel).label),
            place=place or office.address,
            is_own_place=place == "",
            bring_along=local(hours.availability.service.bring_along),
            code=booking.code,
            name=masked_name(booking.name),
            email=masked_email(booking.email),
            phone=masked_phone(booking.phone),
            held_until=dates.spoken_hour(booking.held_until, zone) if booking.held_until else "",
            held_day=dates.spoken_day(booking.held_until.astimezone(zone).date())
            if booking.held_until
            else "",
            erased_on=dates.spoken_day(
                (slot.end + timedelta(days=office.retention_days)).astimezone(zone).date()
            ),
        )


def _day(begin: datetime, today: datetime) -> str:
    say = dates.spoken_day if begin.year == today.year else dates.spoken_day_of_year
    return say(begin.date())


def _state(booking: Booking, now: datetime) -> State:
    if booking.replaces_id is not None and booking.held_until is not None:
        return _state_of_offer(booking, now)
    if booking.status == Status.CANCELLED:
        if booking.absence_id is not None:
            return State.FALLEN_OUT
        by: dict[str, State] = {Actor.OFFICE: State.CALLED_OFF, Actor.SYSTEM: State.EXPIRED}
        return by.get(booking.cancelled_by, State.CANCELLED)
    if booking.status == Status.PENDING:
        return State.HELD if booking.held_until and booking.held_until > now else State.EXPIRED
    return State.OVER if booking.slot.end <= now else State.COMING


def _state_of_offer(held: Booking, now: datetime) -> State:
    if held.absence_id is not None:
        return State.FALLEN_OUT
    if offers.is_hold(held, now):
        return State.OFFERED
    return State.DECLINED if held.cancelled_by == Actor.RESIDENT else State.OFFER_OVER


def _may_change(booking: Booking, now: datetime) -> bool:
    if _state(booking, now) in (State.EXPIRED, State.OFFER_OVER):
        return False
    try:
        bookings.check_changeable(booking, now)
    except BookingError:
        return False
    return True


def masked_name(name: str) -> str:
    """Return the first name and the initials of the others: invitations end up in shared calendars."""
    first, *others = name.split() or [""]
    return " ".join([first, *(f"{other[0]}." for other in others)])


def masked_email(email: str) -> str:
    """Return enough of the address for its owner to know it: "a***@e***.org"."""
    if not email:
        return ""
    user, _at, domain = email.rpartition("@")
    rest, dot, land = domain.rpartition(".")
    return f"{user[:1]}***@{rest[:1]}***{dot}{land}"


def masked_phone(phone: str) -> str:
    """Return the first digits alone: the last three open `/buchung/` together with the code."""
    return f"{phone[:VISIBLE_DIGITS]} ***" if phone else ""


def spoken_state(state: State) -> str:
    """Return the state as a heading."""
    return {
        State.COMING: _("Your appointment is booked"),
        State.OVER: _("Your appointment is over"),
        State.HELD: _("Please confirm your appointment"),
        State.EXPIRED: _("Your appointment was not confirmed in time"),
        State.CANCELLED: _("Your appointment is cancelled"),
        State.FALLEN_OUT: _("Unfortunately your appointment cannot take place"),
        State.OFFERED: _("Unfortunately your appointment cannot take place"),
        State.DECLINED: _("You have declined this time"),
        State.OFFER_OVER: _("We no longer keep this time for you"),
        State.CALLED_OFF: _("We had to cancel your appointment"),
    }[state]
