"""The occasions on which people get a mail. Nothing is saved here; the action does that with its change."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from booking import links
from booking.enums import Actor, Occasion, Status
from booking.ical import invitation
from booking.ical.text import lines, one_line
from booking.mails.facts import facts, when
from booking.mails.letter import Letter
from booking.mails.login_link import HIDDEN
from booking.models import Booking, Host, Office, OutboxMessage, Slot
from booking.reasons import spoken

REQUEST, CANCEL = "REQUEST", "CANCEL"
Words = dict[str, Any]


def confirm_request(booking: Booking, now: datetime) -> list[OutboxMessage]:
    """Ask the resident to confirm her hold; nobody else is told yet.

    What the office holds instead of an appointment that fell out, it holds for longer than a day.
    """

    def say() -> Words:
        return {"held_until": when(booking.held_until, _office(booking)) if booking.held_until else None}

    return _to_resident(booking, Occasion.CONFIRM, now, say=say, is_offer=booking.replaces_id is not None)


def booked(booking: Booking, now: datetime) -> list[OutboxMessage]:
    """Confirm the booking to the resident, with the invitation, and tell the host."""
    mails = _to_resident(booking, Occasion.BOOKED, now, REQUEST)
    return mails + _to_host(booking, Occasion.HOST_BOOKED, now, REQUEST)


def moved(booking: Booking, actor: Actor, now: datetime, former: Slot | None = None) -> list[OutboxMessage]:
    """Tell the new time, beside the former one, to the resident and to the host.

    Where the new time is with another host, the former one is told that it is off and the new one that it is on.
    """
    said: Words = {"former": former, "by_office": actor == Actor.OFFICE}
    mails = _to_resident(booking, Occasion.MOVED, now, REQUEST, **said)
    if former is None or former.office_hours.host_id == booking.slot.office_hours.host_id:
        return mails + _to_host(booking, Occasion.HOST_MOVED, now, REQUEST, **said)
    mails += _to_host(_as_it_was(booking, former), Occasion.HOST_CANCELLED, now, CANCEL, **said)
    return mails + _to_host(booking, Occasion.HOST_BOOKED, now, REQUEST)


def relocated(booking: Booking, now: datetime) -> list[OutboxMessage]:
    """Tell the resident and the host that the appointment is at another place; its time stays."""
    said: Words = {"by_office": True, "is_elsewhere": True}
    mails = _to_resident(booking, Occasion.MOVED, now, REQUEST, **said)
    return mails + _to_host(booking, Occasion.HOST_MOVED, now, REQUEST, **said)


def cancelled(booking: Booking, actor: Actor, word: str, now: datetime) -> list[OutboxMessage]:
    """Take it out of the calendars of the resident, with the office's word where it cancelled, and the host."""
    by_office = actor == Actor.OFFICE
    occasion = Occasion.CANCELLED_BY_OFFICE if by_office else Occasion.CANCELLED_BY_RESIDENT

    def say() -> Words:
        return {"word": lines(str(spoken(word)))}

    if (
        booking.held_until
    ):  # nobody has an invitation to a time that was only held, and the host never heard of it
        return _to_resident(booking, occasion, now, say=say)
    mails = _to_resident(booking, occasion, now, CANCEL, say=say)
    return mails + _to_host(booking, Occasion.HOST_CANCELLED, now, CANCEL, by_office=by_office)


def falls_out(
    booking: Booking, held: Booking | None, others: list[Slot], now: datetime
) -> list[OutboxMessage]:
    """Tell the resident that it does not take place, what is held for her instead, and other free times.

    Her host is told only where her own calendar has to be put right: it was she who reported it.
    """
    office = _office(booking)

    def say() -> Words:
        return {
            "held": facts(held, now) if held else None,
            "held_until": when(held.held_until, office) if held and held.held_until else None,
            "others": [
                {
                    "when": when(slot.start, office),
                    "host": one_line(slot.office_hours.host.name),
                    "url": links.other_time_url(held or booking, slot),
                }
                for slot in others
            ],
        }

    # Nobody has an invitation to a time that was only held.
    method = "" if booking.held_until else CANCEL
    url = links.other_time_url(held or booking)
    mails = _to_resident(booking, Occasion.FALLS_OUT, now, method, say=say, other_time_url=url)
    if booking.slot.office_hours.host.wants_invitations and method:
        mails += _to_host(booking, Occasion.HOST_CANCELLED, now, CANCEL, by_office=True)
    return mails


def host_changed(booking: Booking, former: Host, now: datetime) -> list[OutboxMessage]:
    """Tell the resident who gives the consultation now, and both hosts that one has it and the other has not."""
    mails = _to_resident(booking, Occasion.HOST_CHANGED, now, REQUEST, former_host=one_line(former.name))
    mails += _to_host(_as_with(booking, former), Occasion.HOST_CANCELLED, now, CANCEL, by_office=True)
    return mails + _to_host(booking, Occasion.HOST_BOOKED, now, REQUEST)


def reminder(booking: Booking, now: datetime) -> list[OutboxMessage]:
    """Remind the resident of her appointment."""
    return _to_resident(booking, Occasion.REMINDER, now)


def login(office: Office, recipient: str, now: datetime) -> list[OutboxMessage]:
    """Invite somebody to log in. The row holds no link: colleagues read the outbox, and the mail opens the door."""
    context = {"link": HIDDEN}
    language = settings.LANGUAGE_CODE
    key = f"{office.pk}|{now.isoformat()}"
    return [Letter(office, Occasion.LOGIN, recipient, language, key, context=context).message(now)]


def test(office: Office, recipient: str, now: datetime) -> list[OutboxMessage]:
    """Try the way out: one mail like those that residents get."""
    with translation.override(settings.LANGUAGE_CODE):
        context = {"when": when(now, office)}
    key = f"{office.pk}|{now.isoformat()}"
    letter = Letter(office, Occasion.TEST, recipient, settings.LANGUAGE_CODE, key, context=context)
    return [letter.message(now)]


def _to_resident(
    booking: Booking,
    occasion: Occasion,
    now: datetime,
    method: str = "",
    say: Callable[[], Words] = dict,
    **said: Any,
) -> list[OutboxMessage]:
    """Return the resident's mail in her language, none when the office knows no address of hers.

    `say` gives words in the language that is active when it is called, `said` is the same in all of them.
    """
    if not booking.email:
        return []
    # An office that books under its own address for somebody must not be organizer and guest in one.
    if _same(booking.email, _office(booking).email):
        method = ""
    draw = {REQUEST: invitation.request, CANCEL: invitation.cancel}.get(method)
    letter = _Draft(booking, occasion, booking.email, booking.language, draw, method)
    return [letter.message(now, lambda: {**said, **say()})]


def _to_host(
    booking: Booking, occasion: Occasion, now: datetime, method: str, **said: Any
) -> list[OutboxMessage]:
    """Return the notice to the host of the booking, as she wants it: with an invitation, without, or none."""
    host = booking.slot.office_hours.host
    if not (host.wants_notices and host.email):
        return []
    if not host.wants_invitations or _same(host.email, _office(booking).email):
        method = ""
    draw = {REQUEST: invitation.request_to_host, CANCEL: invitation.cancel_to_host}.get(method)
    said |= {"name": one_line(booking.name), "back_end_url": links.back_end_url(booking)}
    letter = _Draft(booking, occasion, host.email, settings.LANGUAGE_CODE, draw, method)
    return [letter.message(now, lambda: said)]


@dataclass(frozen=True)
class _Draft:
    """A mail about a booking before its words."""

    booking: Booking
    occasion: Occasion
    recipient: str
    language: str
    draw: Callable[[Booking], str] | None
    method: str

    def message(self, now: datetime, say: Callable[[], Words]) -> OutboxMessage:
        """Return the mail with its invitation, if it has one; `say` is called in each of its languages."""
        booking, office = self.booking, _office(self.booking)

        def words() -> Words:
            said = say()
            former = said.get("former")
            return {
                **said,
                "facts": facts(booking, now),
                "former": when(former.start, office) if former else None,
            }

        with translation.override(self.language):
            ics = self.draw(booking) if self.draw else ""
        key = f"{booking.pk}|{booking.sequence}"
        letter = Letter(
            office, self.occasion, self.recipient, self.language, key, booking, ics, self.method, say=words
        )
        return letter.message(now)


def _as_it_was(booking: Booking, former: Slot) -> Booking:
    """Return the booking for the host who loses it: at its former time, called off."""
    past = copy(booking)
    past.slot, past.status = former, Status.CANCELLED
    return past


def _as_with(booking: Booking, former: Host) -> Booking:
    """Return the booking for the host who gives it away: with her, called off."""
    past = copy(booking)
    past.slot, past.status = copy(booking.slot), Status.CANCELLED
    past.slot.office_hours = copy(booking.slot.office_hours)
    past.slot.office_hours.host = former
    return past


def _office(booking: Booking) -> Office:
    return booking.slot.office_hours.host.office


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
