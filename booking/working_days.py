"""Days on which the office works, for what it promises."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from booking.models import Closure, Office
from booking.public_holidays import public_holiday

ONE_DAY = timedelta(days=1)
SATURDAY = 5
# A promise beyond it is none; an office that is closed for longer has to say so itself.
FARTHEST = timedelta(days=60)


def working_day_after(office: Office, day: date, number: int) -> date:
    """Return the nth working day after the given one, at most 60 days later.

    Weekends, public holidays and days that the whole office is closed from midnight to midnight do not count.
    """
    coming = _working_days(office, day + ONE_DAY, day + FARTHEST)
    for _n in range(number - 1):
        next(coming, None)
    return next(coming, day + FARTHEST)


def _working_days(office: Office, first: date, last: date) -> Iterator[date]:
    closed = list(
        Closure.objects.filter(
            office=office, host=None, start__lt=_begin(last + ONE_DAY, office), end__gt=_begin(first, office)
        ).values_list("start", "end")
    )
    for day in (first + ONE_DAY * n for n in range((last - first).days + 1)):
        if day.weekday() >= SATURDAY or public_holiday(office.state, day):
            continue
        begins, ends = _begin(day, office), _begin(day + ONE_DAY, office)
        if not any(start <= begins and ends <= end for start, end in closed):
            yield day


def _begin(day: date, office: Office) -> datetime:
    return datetime.combine(day, time.min, office.zone)
