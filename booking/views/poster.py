"""The poster for the window: the free times of a week on one sheet of A3, and where to book them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from booking import dates, links
from booking.models import Office, Slot
from booking.views import times
from booking.views.answers import this_office
from booking.views.overview import WORKING_DAYS
from booking.views.times import Day, Group

ONE_DAY, WEEK = timedelta(days=1), timedelta(days=7)
# What head and foot leave at least of the paper, in millimetres, and how many times
# stand in a line by the size of the letters in points, largest first.
ROOM = 233.0
SIZES = {52: 4, 44: 4, 38: 5, 32: 6, 29: 5, 27: 5, 25: 5, 23: 6, 20: 6, 17: 6, 15: 6}
# From this size on a day's name is too long to stand beside its times: it stands above them.
LARGE = 32
LINE_MM, TITLE_LINE_MM, DAY_LINE_MM = 0.353 * 1.3, 0.353 * 0.6 * 1.3, 0.353 * 0.75 * 1.2
GROUP_GAP, DAY_GAP = 3.0, 6.5 - 3.0
# So many letters of a title, times the size, fill one line.
LETTERS_BY_SIZE = 1500
# What stands before the reason of a closed day has at most so many letters, in any language.
NOTHING_FREE = 25


@dataclass(frozen=True)
class Sheet:
    """The days that fit on the sheet, in letters of so many points; the rest stands on the website."""

    days: list[Day]
    size: int
    is_cut: bool

    @property
    def is_large(self) -> bool:
        """Whether the names of the days stand above the times."""
        return self.size >= LARGE

    @property
    def has_times(self) -> bool:
        """Whether there is anything to choose."""
        return any(day.groups for day in self.days)


@require_safe
def poster(request: HttpRequest) -> HttpResponse:
    """Show the poster of the coming seven days, of `?woche=2026-W48`, or of the days from `?ab=2026-11-24` on."""
    office, now = this_office(), timezone.now()
    today = now.astimezone(office.zone).date()
    first = first_day(request, today)
    address = links.slots_url()
    context = {
        "office": office,
        "sheet": laid_out(_days(office, first, now)),
        "first": dates.spoken_day(first),
        "last": dates.spoken_day(first + WEEK - ONE_DAY),
        "today": dates.spoken_day_of_year(today),
        "address": address.partition("://")[2],
        "qr": segno.make_qr(address, error="m").svg_inline(omitsize=True, svgclass=None, lineclass=None),
    }
    response = render(request, "booking/poster.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def first_day(request: HttpRequest, today: date) -> date:
    """Return the first day that is asked for, today where it cannot be read."""
    week, day = request.GET.get("woche", ""), request.GET.get("ab", "")
    try:
        if re.fullmatch(r"20[0-9]{2}-W[0-9]{2}", week, re.ASCII):
            return date.fromisocalendar(int(week[:4]), int(week[-2:]), 1)
        if re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", day, re.ASCII):
            return date.fromisoformat(day)
    except ValueError:
        pass
    return today


def _days(office: Office, first: date, now: datetime) -> list[Day]:
    """Return the days of the week that have free times, and the coming working days that are closed."""
    today, week = now.astimezone(office.zone).date(), [first + ONE_DAY * n for n in range(WEEK.days)]
    free = Slot.objects.bookable(now).filter(office_hours__host__office=office)
    shown = times.between(free, week[0], week[-1], office.zone)
    closed = times.closed_days(office, week)
    days = times.by_day(times.rows(shown), office.zone, today, week, closed)
    return [day for day in days if day.groups or (day.closed and day.date >= today and _is_weekday(day.date))]


def _is_weekday(day: date) -> bool:
    return day.weekday() < WORKING_DAYS


def laid_out(days: list[Day]) -> Sheet:
    """Choose the largest letters in which all days fit; what the smallest leave no room for is cut at the end.

    Days without free times are left out where letters would become more than one size smaller for them.
    """
    with_times, every_day = _fitted([day for day in days if day.groups]), _fitted(days)
    sizes = list(SIZES)
    is_roomy = sizes.index(every_day.size) - sizes.index(with_times.size) <= 1 and not every_day.is_cut
    return every_day if is_roomy else with_times


def _fitted(days: list[Day]) -> Sheet:
    for size in SIZES:
        if _height(days, size) <= ROOM:
            return Sheet(days, size, is_cut=False)
    kept, smallest = days, min(SIZES)
    while _height(kept, smallest) > ROOM:
        kept = _without_last_group(kept)
    return Sheet(kept, smallest, is_cut=True)


def _without_last_group(days: list[Day]) -> list[Day]:
    *before, last = days
    shorter = replace(last, groups=last.groups[:-1])
    return [*before, shorter] if shorter.groups else before


def _height(days: list[Day], size: int) -> float:
    return sum(DAY_GAP + _day_height(day, size) for day in days)


def _day_height(day: Day, size: int) -> float:
    if not day.groups:
        # Its date is as small as the reason, above or beside which it stands.
        lines = _lines(NOTHING_FREE + len(day.closed.text), size)
        return GROUP_GAP + size * TITLE_LINE_MM * (lines + 1 if size >= LARGE else max(lines, 2))
    groups = sum(_group_height(each, size) for each in day.groups)
    return groups + size * DAY_LINE_MM if size >= LARGE else max(groups, size)


def _group_height(group: Group, size: int) -> float:
    """Return the millimetres of a group: a title of one or more lines, then its times."""
    title = len(" · ".join((group.service, group.host, group.ways, group.place)))
    time_lines = -(-len(group.times) // SIZES[size])
    return GROUP_GAP + size * (time_lines * LINE_MM + _lines(title, size) * TITLE_LINE_MM)


def _lines(letters: int, size: int) -> int:
    return -(-letters * size // LETTERS_BY_SIZE)
