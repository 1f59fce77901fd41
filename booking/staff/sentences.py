"""A series in plain words: when, how long, with which breaks, and when not."""

from __future__ import annotations

from datetime import time
from typing import Protocol

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext, ngettext

from booking import recurrence
from booking.enums import Rhythm
from booking.models.office import local
from booking.recurrence import Pattern


class Terms(Protocol):
    """What a form's Series and a saved Availability say in the same words."""

    @property
    def slot_minutes(self) -> int: ...
    @property
    def buffer_minutes(self) -> int: ...
    @property
    def capacity(self) -> int: ...
    @property
    def place(self) -> dict[str, str]: ...
    @property
    def pauses(self) -> list[tuple[time, time]]: ...
    @property
    def skip_holidays(self) -> bool: ...
    @property
    def skip_school_holidays(self) -> bool: ...
    @property
    def desk_every(self) -> int: ...


def whole(pattern: Pattern, terms: Terms) -> str:
    """Say everything about a series in one sentence, in the active language."""
    return ", ".join([recurrence.sentence(pattern), details(pattern, terms)])


def details(pattern: Pattern, terms: Terms) -> str:
    """Say how the dates of a series are cut and which are left out: all but when they are."""
    return ", ".join(
        [
            *_last_day(pattern),
            *_place(terms),
            *_appointments(pattern, terms),
            *_breaks(terms),
            *_exceptions(pattern, terms),
            *_kept_back(terms),
        ]
    )


def _last_day(pattern: Pattern) -> list[str]:
    if pattern.rhythm is Rhythm.ONCE or pattern.last_on is None:
        return []
    return [gettext("until %(day)s") % {"day": date_format(pattern.last_on, "DATE_FORMAT")}]


def _place(terms: Terms) -> list[str]:
    place = local(terms.place)
    return [gettext("place: %(place)s") % {"place": place}] if place else []


def _appointments(pattern: Pattern, terms: Terms) -> list[str]:
    minutes, pause = terms.slot_minutes, terms.buffer_minutes
    if _minute(pattern.ends_at) - _minute(pattern.starts_at) < 2 * minutes + pause:
        words = gettext("one appointment of %(minutes)d minutes")
    elif pause:
        words = gettext("%(minutes)d minutes each with %(pause)d minutes in between")
    else:
        words = gettext("every %(minutes)d minutes")
    said = [words % {"minutes": minutes, "pause": pause}]
    if terms.capacity > 1:
        said.append(gettext("for %(seats)d people each") % {"seats": terms.capacity})
    return said


def _breaks(terms: Terms) -> list[str]:
    spans = [
        gettext("%(start)s–%(end)s") % {"start": time_format(start, "H:i"), "end": time_format(end, "H:i")}
        for start, end in terms.pauses
    ]
    if not spans:
        return []
    words = ngettext("break %(times)s", "breaks %(times)s", len(spans))
    return [words % {"times": recurrence.listed(spans)}]


def _exceptions(pattern: Pattern, terms: Terms) -> list[str]:
    if pattern.rhythm is Rhythm.ONCE:
        return []
    said = [gettext("not on public holidays")] if terms.skip_holidays else []
    return [*said, gettext("not in the school holidays")] if terms.skip_school_holidays else said


def _kept_back(terms: Terms) -> list[str]:
    if not terms.desk_every:
        return []
    words = gettext("1 in %(number)d times is kept for people who call or come by")
    return [words % {"number": terms.desk_every}]


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
