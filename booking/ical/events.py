"""Events of the website in calendars: one entry each in the feeds, and as a file to take along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import CLASS, STATUS, TRANSP, Event, vCalAddress

from booking.ical import calendar
from booking.ical.contents import Selection, Version
from booking.ical.text import lines, one_line
from booking.ical.timezone import vtimezone
from booking.models import Office
from booking.website import PublicEvent, website

# Events are announced earlier than office hours are published.
AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class Entry:
    """All that the entry of one event shows. `zone` and `place` are the office's where the event names none."""

    event: PublicEvent
    place: str
    zone: str
    language: str
    changed_at: datetime


@dataclass(frozen=True)
class Programme:
    """The events of a feed, and when one of them last changed or went."""

    entries: tuple[Entry, ...]
    changed_at: datetime | None

    @classmethod
    def of(cls, selection: Selection) -> Programme:
        """Read the events of two weeks back and a year ahead, for the active language."""
        last = selection.today + AHEAD
        found = website().events(selection.first, last)
        entries = tuple(entry(event, selection.office) for event in found)
        return cls(entries, website().events_changed_at())

    @property
    def last(self) -> datetime | None:
        """The end of the last event."""
        return max((each.event.end for each in self.entries), default=None)

    def added_to(self, state: Version) -> Version:
        """Return the state of a feed that shows these events as well."""
        language = get_language() or settings.LANGUAGE_CODE
        facts = (state.tag, self.entries, self.changed_at, dialect(language))
        moments = [each.changed_at for each in self.entries]
        moments += [moment for moment in (state.modified_at, self.changed_at) if moment]
        return Version(sha256(repr(facts).encode()).hexdigest()[:32], max(moments))


def entry(event: PublicEvent, office: Office) -> Entry:
    """Return the entry of an event, in the active language."""
    return Entry(
        event=event,
        place=event.place or f"{office.name}, {office.address}",
        zone=office.time_zone,
        language=get_language() or settings.LANGUAGE_CODE,
        # Where it names no place of its own, the office's address is part of it.
        changed_at=event.changed_at if event.place else max(event.changed_at, office.updated_at),
    )


def published(event: PublicEvent, office: Office) -> bytes:
    """Return the event as a file to download (RFC 5546, PUBLISH): nobody is invited, nobody answers."""
    drawn = _drawn(entry(event, office), calendar.organizer(office))
    zone = vtimezone(office.zone, event.start, event.end)
    return calendar.assemble(calendar.message("PUBLISH"), zone, [drawn])


@lru_cache(maxsize=1024)
def vevent(entry: Entry) -> bytes:
    """Return the entry as a VEVENT of a feed; DTSTAMP is the moment of the last change."""
    return _drawn(entry)


def _drawn(entry: Entry, organizer: vCalAddress | None = None) -> bytes:
    zone, event = ZoneInfo(entry.zone), entry.event
    with translation.override(entry.language):
        title = _("Cancelled: %(event)s") % {"event": event.title} if event.is_cancelled else event.title
        component = Event.new(
            uid=event.uid,
            stamp=entry.changed_at,
            last_modified=entry.changed_at,
            sequence=event.sequence,
            start=event.start.astimezone(zone),
            end=event.end.astimezone(zone),
            summary=one_line(title),
            location=one_line(entry.place),
            description=_description(event),
            categories=[_("Event")],
            organizer=organizer,
            url=event.url,
            status=STATUS.CANCELLED if event.is_cancelled else STATUS.CONFIRMED,
            transparency=TRANSP.TRANSPARENT,
            classification=CLASS.PUBLIC,
        )
    drawn: bytes = component.to_ical()
    return drawn


def _description(event: PublicEvent) -> str:
    said = [
        event.summary,
        _("How to get in: %(access)s") % {"access": event.access} if event.access else "",
        _("All about it:"),
        event.url,
    ]
    return "\n".join(line for text in said for line in lines(text))


@lru_cache(maxsize=64)
def dialect(language: str) -> str:
    """Return a fingerprint of how events are drawn in the language, as for office hours in feed.py."""
    moment = datetime(2000, 1, 1, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    drawn = [
        vevent(
            Entry(
                event=PublicEvent(
                    uid="uid",
                    title="title",
                    start=moment,
                    end=moment + timedelta(hours=1),
                    place="place",
                    access="access",
                    summary="summary",
                    url="https://example.org/",
                    is_cancelled=is_cancelled,
                    changed_at=moment,
                    sequence=1,
                ),
                place="place",
                zone="Europe/Berlin",
                language=language,
                changed_at=moment,
            )
        )
        for is_cancelled in (False, True)
    ]
    return sha256(b"".join(drawn)).hexdigest()
