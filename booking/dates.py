"""How days, hours and lists are said to people, in the active language.

The formats stand here and not among the texts: they are Django's letters, and one wrong letter spoils every page.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext

from booking.languages import family


class Habit(NamedTuple):
    """How one language writes dates and lists; E is the month as it stands behind a day, F as it stands alone."""

    day: str
    day_of_year: str
    date: str
    column_head: str
    day_of_month: str
    comma: str


HABITS = {
    "de": Habit("l, j. F", "l, j. F Y", "j. F Y", "D j.", "j.", ", "),
    "en": Habit("l, j F", "l, j F Y", "j F Y", "D j", "j", ", "),
    "tr": Habit("j F l", "j F Y l", "j F Y", "j D", "j", ", "),
    "ar": Habit("l، j F", "l، j F Y", "j F Y", "D j", "j", "، "),
    "uk": Habit("l, j E", "l, j E Y р.", "j E Y р.", "D j", "j", ", "),
    "ru": Habit("l, j E", "l, j E Y г.", "j E Y г.", "D j", "j", ", "),
    "pl": Habit("l, j E", "l, j E Y", "j E Y", "D j", "j", ", "),
    "fa": Habit("l j F", "l j F Y", "j F Y", "D j", "j", "، "),
}


def habit() -> Habit:
    """Return the habit of the active language; one without its own, as Einfache Sprache, has its family's."""
    return HABITS.get(family(get_language() or ""), HABITS["en"])


def spoken_day(day: date) -> str:
    """Return weekday, day and month: "Tuesday, 24 November"."""
    return date_format(day, habit().day)


def spoken_day_of_year(day: date) -> str:
    """Return weekday, day, month and year: "Tuesday, 24 November 2026"."""
    return date_format(day, habit().day_of_year)


def spoken_date(day: date) -> str:
    """Return day, month and year, as beside a piece of news: "24 November 2026"."""
    return date_format(day, habit().date)


def spoken_month(day: date) -> str:
    """Return month and year: "November 2026"."""
    return date_format(day, "F Y")


def short_day(day: date) -> str:
    """Return the day as the head of a column: "Tue 24"."""
    return date_format(day, habit().column_head)


def day_of_month(day: date) -> str:
    """Return the number of the day; German writes a full stop behind it."""
    return date_format(day, habit().day_of_month)


def weekday_name(day: date) -> str:
    """Return the day of the week: "Tuesday"."""
    return date_format(day, "l")


def weekday_letters(day: date) -> str:
    """Return the day of the week in a few letters: "Tue"."""
    return date_format(day, "D")


def spoken_hour(moment: datetime, zone: ZoneInfo) -> str:
    """Return the time of day in the zone; German adds "Uhr" to it."""
    return pgettext("time of day", "%(time)s") % {"time": f"{moment.astimezone(zone):%H:%M}"}


def listed(parts: Iterable[object]) -> str:
    """Return the parts in one row, between them the language's comma: "Tuesday, 24 November, 14:20"."""
    return habit().comma.join(str(part) for part in parts)
