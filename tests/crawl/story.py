"""What has happened to a few residents, so that every page of a booking can be seen, and the ways to those pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from booking import links
from booking.actions import bookings, illness
from booking.enums import Actor, Channel
from booking.models import Booking, Office, Slot
from tests import factories

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Whatever is nearer than this can no longer be changed; the others are farther away.
TOO_LATE_HOURS, FAR = 96, timedelta(days=8)
UNKNOWN = ("gibt-es-nicht/", "buchung/x/")
MISTAKES, REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT
# Of each booking the pages that say something of its own, with what they answer.
PAGES = {
    "booked": {"booking": 200, "cancel": 200, "move": 200, "data": 200},
    "by video": {"booking": 200, "video": 200},
    "too late": {"booking": 200, "cancel": REFUSED},
    "called off": {"booking": 200, "move": REFUSED},
    "fallen out": {"booking": 200},
    "offered": {"booking": 200, "other_time": 200, "cancel": 200},
}


class State(NamedTuple):
    """One page of a journey: its address, what is typed into its form if it is sent, and what is answered."""

    name: str
    path: str
    typed: Mapping[str, str] | None = None
    status: int = HTTPStatus.OK


@dataclass(frozen=True)
class Story:
    """The times and bookings whose pages are looked at."""

    free: Slot
    gone: Slot
    tokens: Mapping[str, str]

    def states(self, language: str) -> Iterator[State]:
        """Give each page of the journeys, in that language."""
        with translation.override(language):
            yield from self._of_choosing()
            yield from self._of_bookings()
            yield from _of_letters()
            # Nothing leads there: the one is shown by other websites, the other hangs in the window.
            yield from (State(name, reverse(f"booking:{name}")) for name in ("embedded", "poster"))
            home = reverse("wagtail_serve", args=("",))
            yield from (State(f"not there: {path}", home + path, None, 404) for path in UNKNOWN)

    def _of_choosing(self) -> Iterator[State]:
        times, form = reverse("booking:slots"), _form_of(self.free)
        yield State("week", f"{times}?ansicht=woche")
        yield State("month", f"{times}?ansicht=monat")
        yield State("narrowed", f"{times}?kanal=phone&zeit=vormittag")
        yield State("no times", f"{times}?kanal=phone&zeit=abend")
        yield State("form", form)
        yield State("form with mistakes", form, {}, MISTAKES)
        yield State("gone", _form_of(self.gone), None, REFUSED)
        yield State("not found", reverse("booking:find"), {}, MISTAKES)

    def _of_bookings(self) -> Iterator[State]:
        for name, pages in PAGES.items():
            for page, status in pages.items():
                address = reverse(f"booking:{page}", kwargs={"token": self.tokens[name]})
                yield State(f"{name}: {page}", address, None, status)
        move = reverse("booking:move", kwargs={"token": self.tokens["booked"]})
        yield State("move without a choice", move, {}, MISTAKES)


def _of_letters() -> Iterator[State]:
    inquiry, barrier = reverse("booking:inquiry"), reverse("booking:barrier")
    yield State("inquiry with mistakes", inquiry, {}, MISTAKES)
    yield State("barrier with mistakes", barrier, {}, MISTAKES)
    written = {
        "kind": "question",
        "text": "Wann ist das Fest?",
        "name": "Amira",
        "email": "amira@example.org",
    }
    yield State("inquiry received", inquiry, written)


def _form_of(slot: Slot) -> str:
    return reverse("booking:slot", kwargs={"slot_id": slot.pk})


def tell(now: datetime) -> Story:
    """Let it happen in the demo's office: somebody books, somebody calls off, somebody falls ill."""
    Office.objects.update(change_until_hours=TOO_LATE_HOURS)
    free = list(Slot.objects.bookable(now).select_related("office_hours__host", "office_hours__availability"))
    near = next(slot for slot in free if slot.start < now + timedelta(hours=TOO_LATE_HOURS))
    far = [slot for slot in free if slot.start > now + FAR]
    at_office = [slot for slot in far if Channel.OFFICE in slot.office_hours.availability.channels]
    by_video = next(slot for slot in far if Channel.VIDEO in slot.office_hours.availability.channels)
    booked, off, gone, still_free = at_office[-4:]
    made = {
        "booked": factories.make_booking(booked, now),
        "by video": factories.make_booking(by_video, now, channel=Channel.VIDEO),
        "too late": factories.make_booking(near, now, channel=near.office_hours.availability.channels[0]),
        "called off": factories.make_booking(off, now),
    }
    while Slot.objects.bookable(now).filter(pk=gone.pk).exists():
        factories.make_booking(gone, now)
    bookings.cancel(made["called off"].pk, Actor.RESIDENT, now)
    made |= _fallen_out(at_office[0], now)
    return Story(still_free, gone, {name: links.token(booking) for name, booking in made.items()})


def _fallen_out(slot: Slot, now: datetime) -> dict[str, Booking]:
    booking = factories.make_booking(slot, now)
    illness.report(slot.office_hours.host, slot.start - HOUR, slot.start + DAY, now - HOUR)
    illness.carry_out(now)
    return {"fallen out": booking, "offered": Booking.objects.get(replaces=booking)}


def languages() -> list[str]:
    """Return the codes of all languages."""
    return [code for code, _ in settings.LANGUAGES]
