"""The public calendar: one entry for each office hours, with what is still free (RFC 5545, RFC 7986).

An entry is drawn from its content alone and remembered by it: the same content is always the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import CLASS, STATUS, TRANSP, Event

from booking.dates import listed, spoken_day, spoken_hour
from booking.enums import Channel
from booking.ical import calendar
from booking.ical.text import lines, one_line
from booking.ical.timezone import vtimezone
from booking.reasons import HOLIDAYS, spoken

REFRESH = timedelta(hours=1)


class Offer(Enum):
    """What residents can do about office hours."""

    FREE = "times are free"
    LATER = "times can be booked from a later day on"
    FULL = "takes place, nothing is free"
    OVER = "over, or too late to book"
    CANCELLED = "does not take place"


@dataclass(frozen=True)
class Entry:
    """All that the entry of one office hours shows. Moments are aware, `zone` is the office's."""

    uid: str
    start: datetime
    end: datetime
    zone: str
    changed_at: datetime
    sequence: int
    language: str
    offer: Offer
    title: str
    host: str
    place: str
    channels: tuple[Channel, ...]
    reason: str
    opens_at: datetime
    free: tuple[tuple[datetime, int], ...]
    seats: int
    url: str


@dataclass(frozen=True)
class Frame:
    """What the feed says about itself."""

    name: str
    description: str
    zone: str
    source: str | None
    url: str


def feed(frame: Frame, entries: Iterable[Entry], first: datetime, last: datetime) -> bytes:
    """Return the whole calendar; its time zone is right from first to last."""
    return assembled(frame, (vevent(entry) for entry in entries), first, last)


def assembled(frame: Frame, drawn: Iterable[bytes], first: datetime, last: datetime) -> bytes:
    """Return the calendar around entries that are drawn already."""
    head = calendar.subscription(
        one_line(frame.name), one_line(frame.description), frame.zone, frame.source, frame.url, REFRESH
    )
    timezone = vtimezone(ZoneInfo(frame.zone), first, last)
    return calendar.assemble(head, timezone, drawn)


@lru_cache(maxsize=4096)
def vevent(entry: Entry) -> bytes:
    """Return the entry as a VEVENT.

    DTSTAMP is the moment of the last change, as it must be without a METHOD, and so rises with each change:
    Evolution takes a changed entry for new by it alone.
    """
    zone = ZoneInfo(entry.zone)
    with translation.override(entry.language):
        event = Event.new(
            uid=entry.uid,
            stamp=entry.changed_at,
            last_modified=entry.changed_at,
            sequence=entry.sequence,
            start=entry.start.astimezone(zone),
            end=entry.end.astimezone(zone),
            summary=one_line(_summary(entry)),
            location=one_line(entry.place),
            description=_description(entry),
            url=entry.url,
            status=STATUS.CANCELLED if entry.offer == Offer.CANCELLED else STATUS.CONFIRMED,
            transparency=TRANSP.TRANSPARENT,
            classification=CLASS.PUBLIC,
        )
    drawn: bytes = event.to_ical()
    return drawn


def _summary(entry: Entry) -> str:
    about = {"service": entry.title, "host": entry.host}
    match entry.offer:
        case Offer.CANCELLED:
            return _("Cancelled: %(service)s, %(host)s") % about
        case Offer.FULL:
            return _("%(service)s, %(host)s – fully booked") % about
        case Offer.FREE:
            count = sum(seats for _start, seats in entry.free)
            text = ngettext(
                "%(service)s, %(host)s – %(count)d free", "%(service)s, %(host)s – %(count)d free", count
            )
            return text % {**about, "count": count}
        case _:
            return _("%(service)s, %(host)s") % about


def _description(entry: Entry) -> str:
    said = [_offer(entry)]
    if entry.offer != Offer.CANCELLED:
        said.append(
            _("How: %(channels)s") % {"channels": listed(channel.label for channel in entry.channels)}
        )
    if entry.offer in {Offer.FREE, Offer.FULL, Offer.LATER}:
        said += [
            _("Your calendar may show an older state. What is free now:"),
            entry.url,
        ]
    return "\n".join(line for text in said for line in lines(text))


def _offer(entry: Entry) -> str:
    match entry.offer:
        case Offer.FREE:
            return _("Free times: %(times)s") % {"times": listed(_times(entry))}
        case Offer.LATER:
            day = entry.opens_at.astimezone(ZoneInfo(entry.zone)).date()
            return _("Can be booked from %(day)s on.") % {"day": spoken_day(day)}
        case Offer.FULL:
            return _("All times are booked.")
        case Offer.CANCELLED:
            return str(spoken(entry.reason))
        case _:
            return ""


def _times(entry: Entry) -> list[str]:
    """Return the free times; where a time has several seats, with how many are left."""
    zone = ZoneInfo(entry.zone)
    free = [(spoken_hour(start, zone), seats) for start, seats in entry.free]
    if entry.seats == 1:
        return [hour for hour, _seats in free]
    seat = [ngettext("%(count)d seat", "%(count)d seats", seats) % {"count": seats} for _hour, seats in free]
    return [f"{hour} ({seats})" for (hour, _seats), seats in zip(free, seat, strict=True)]


@lru_cache(maxsize=64)
def dialect(language: str) -> str:
    """Return a fingerprint of how entries are drawn in the language.

    Part of the feed's ETag: a new wording, translation or version of icalendar is a new feed. Drawn once in
    the life of a process.
    """
    moment = datetime(2000, 1, 1, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    drawn = [
        vevent(
            Entry(
                uid="uid",
                start=moment,
                end=moment + REFRESH,
                zone="Europe/Berlin",
                changed_at=moment,
                sequence=1,
                language=language,
                offer=offer,
                title="title",
                host="host",
                place="place",
                channels=tuple(Channel),
                reason="reason",
                opens_at=moment,
                free=((moment, 1), (moment, 2)),
                seats=seats,
                url="https://example.org/",
            )
        )
        for offer in Offer
        for seats in (1, 2)
    ]
    with translation.override(language):
        drawn += [str(name).encode() for name in HOLIDAYS.values()]
    return sha256(b"".join(drawn)).hexdigest()
