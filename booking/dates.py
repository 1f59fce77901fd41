"""How days and hours are said to people, in the active language."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import pgettext


def spoken_day(day: date) -> str:
    """Return weekday, day and month: "Tuesday, 24 November"."""
    return date_format(day, pgettext("date format", "l, j F"))


def spoken_day_of_year(day: date) -> str:
    """Return weekday, day, month and year: "Tuesday, 24 November 2026"."""
    return date_format(day, pgettext("date format", "l, j F Y"))


def spoken_month(day: date) -> str:
    """Return month and year: "November 2026"."""
    return date_format(day, "F Y")


def short_day(day: date) -> str:
    """Return the day as the head of a column: "Tue 24"."""
    return date_format(day, pgettext("date format", "D j"))


def day_of_month(day: date) -> str:
    """Return the number of the day; German writes a full stop behind it."""
    return date_format(day, pgettext("date format", "j"))


def weekday_name(day: date) -> str:
    """Return the day of the week: "Tuesday"."""
    return date_format(day, "l")


def weekday_letters(day: date) -> str:
    """Return the day of the week in two or three letters: "Tue"."""
    return date_format(day, "D")


def spoken_hour(moment: datetime, zone: ZoneInfo) -> str:
    """Return the time of day in the zone; German adds "Uhr" to it."""
    return pgettext("time of day", "%(time)s") % {"time": f"{moment.astimezone(zone):%H:%M}"}
