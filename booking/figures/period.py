"""The time a report is about: whole months, since a day or a week can be that of one colleague."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

MONTHS_OF_YEAR = 12
MONTHS_OF_QUARTER = 3


def months_on(month: date, number: int) -> date:
    """Return the first day of the month that is so many months later."""
    year, index = divmod(month.year * MONTHS_OF_YEAR + month.month - 1 + number, MONTHS_OF_YEAR)
    return date(year, index + 1, 1)


@dataclass(frozen=True)
class Period:
    """From one month to another, both with all their days; each is told by its first day."""

    first: date
    last: date

    @property
    def after(self) -> date:
        """The first day that is no longer in it."""
        return months_on(self.last, 1)

    def interval(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the half-open interval between two local midnights."""
        return datetime.combine(self.first, time(), zone), datetime.combine(self.after, time(), zone)

    def months(self) -> Iterator[date]:
        """Give its months, first one first."""
        month = self.first
        while month <= self.last:
            yield month
            month = months_on(month, 1)

    def quarters(self, today: date) -> list[Quarter]:
        """Return the quarters of the calendar that lie in it whole and are over, first one first."""
        begun = (Quarter.of(month) for month in self.months())
        whole = (each for each in dict.fromkeys(begun) if self.first <= each.first and each.last <= self.last)
        return [each for each in whole if each.after <= today]


@dataclass(frozen=True)
class Quarter(Period):
    """Three months of the calendar."""

    @classmethod
    def of(cls, day: date) -> Quarter:
        """Return the quarter that the day lies in."""
        first = date(day.year, day.month - (day.month - 1) % MONTHS_OF_QUARTER, 1)
        return cls(first, months_on(first, MONTHS_OF_QUARTER - 1))

    @property
    def number(self) -> int:
        """Its place in the year, from 1."""
        return (self.first.month - 1) // MONTHS_OF_QUARTER + 1
