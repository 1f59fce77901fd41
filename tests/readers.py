"""Other people's readers of calendars."""

from __future__ import annotations

from datetime import UTC, datetime

import recurring_ical_events
import vobject
from icalendar import Calendar
from vobject import icalendar as vobject_zones


def by_vobject(data: bytes | str) -> vobject.base.Component:
    """Read a calendar with vobject, which remembers the zones of earlier calendars unless it is made to forget."""
    known = getattr(vobject_zones, "__tzidMap")  # inside a class the plain name would be mangled
    for name in [name for name in known if name != "UTC"]:
        del known[name]
    return vobject.readOne(data.decode() if isinstance(data, bytes) else data)


def instants(data: bytes | str) -> list[set[tuple[datetime, datetime]]]:
    """Return when events begin and end, in UTC, each as one of two readers computes it from the VTIMEZONE."""
    occurrences = recurring_ical_events.of(Calendar.from_ical(data)).between((2026, 1, 1), (2029, 1, 1))
    return [
        {
            (each.dtstart.value.astimezone(UTC), each.dtend.value.astimezone(UTC))
            for each in by_vobject(data).vevent_list
        },
        {(each.start.astimezone(UTC), each.end.astimezone(UTC)) for each in occurrences},
    ]
