"""Public and school holidays of the office's Bundesland, by the holidays package (its data ships with it)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays


@lru_cache(maxsize=64)
def _year(state: str, year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("DE", subdiv=state, years=year, language="de"))


@lru_cache(maxsize=64)
def _school_year(state: str, year: int) -> dict[date, str]:
    return dict(
        holidays.country_holidays("DE", subdiv=state, years=year, language="de", categories=("school",))
    )


def school_holiday(state: str, day: date) -> str:
    """Return the German name of the school holidays on that day in that Bundesland, else an empty text.

    The package knows school holidays some three years ahead: a day beyond them has none.
    """
    return _school_year(state, day.year).get(day, "")


def school_holidays_known_until(state: str, since: date) -> date | None:
    """Return the last day of school holidays that the package knows from that year on, None when it knows none."""
    last, year = None, since.year
    while days := _school_year(state, year):
        last, year = max(days), year + 1
    return last


def public_holiday(state: str, day: date) -> str:
    """Return the German name of the public holiday on that day in that Bundesland, else an empty text."""
    return _year(state, day.year).get(day, "")
