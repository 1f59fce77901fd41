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
    free = Slot.objects.bookable(now).filter(office_hours__host__office=office)
    shown = times.between(free, first, first + WEEK - ONE_DAY, office.zone)
    return times.by_day(times.rows(shown), office.zone, now.astimezone(office.zone).date())


def laid_out(days: list[Day]) -> Sheet:
    """Choose the largest letters in which all days fit; what the smallest leave no room for is cut at the end."""
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
    groups = sum(_group_height(each, size) for each in day.groups)
    return groups + size * DAY_LINE_MM if size >= LARGE else max(groups, size)


def _group_height(group: Group, size: int) -> float:
    """Return the millimetres of a group: a title of one or more lines, then its times."""
    title = len(" · ".join((group.service, group.host, group.ways, group.place)))
    title_lines = -(-title * size // LETTERS_BY_SIZE)
    time_lines = -(-len(group.times) // SIZES[size])
    return GROUP_GAP + size * (time_lines * LINE_MM + title_lines * TITLE_LINE_MM)
