"""The free times as a page: a list of days, a week or a month, and what helps where nothing is free."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max

from booking import dates
from booking.forms import Search, View
from booking.models import Office, Slot
from booking.models.slot import SlotQuerySet
from booking.views import times

Context = dict[str, Any]
ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(weeks=1)
WORKING_DAYS = 5


def draw(office: Office, wanted: Search, now: datetime, today: date) -> Context:
    """Return what the page of the wanted view shows; the same number of queries for any number of times."""
    drawing = {View.LIST: _list, View.WEEK: _week, View.MONTH: _month}[wanted.view]
    context = drawing(office, wanted, now, today)
    return context if context["has_times"] else context | _nothing(office, wanted, now)


def unless(day: date, today: date) -> date | None:
    """Return the day, or None where it is today, which needs no saying in an address."""
    return None if day == today else day


def _free(office: Office, wanted: Search, now: datetime) -> SlotQuerySet:
    return times.matching(Slot.objects.bookable(now), office, wanted)


def _list(office: Office, wanted: Search, now: datetime, today: date) -> Context:
    """The next days that have free times."""
    free, zone = _free(office, wanted, now), office.zone
    found = times.free_days(free, wanted.since, zone)
    days, rest = found[: times.DAYS_ON_A_PAGE], found[times.DAYS_ON_A_PAGE :]
    shown = times.between(free, days[0], days[-1], zone) if days else free.none()
    earlier = times.earlier_days(free, wanted.since, zone) if wanted.since > today else []
    return {
        "days": times.by_day(times.rows(shown), zone, today),
        "has_times": bool(days),
        "previous_url": wanted.query(since=unless(earlier[0], today)) if earlier else "",
        "next_url": wanted.query(since=rest[0]) if rest else "",
    }


def _week(office: Office, wanted: Search, now: datetime, today: date) -> Context:
    """Monday to Friday, and the weekend where it has times."""
    free, zone = _free(office, wanted, now), office.zone
    this_week = _this_week(free, today, zone)
    monday = max(_monday(wanted.since), this_week)
    week = [monday + ONE_DAY * n for n in range(7)]
    shown = times.between(free, week[0], week[-1], zone)
    closed = times.closed_days(office, week, wanted.host)
    days = times.by_day(times.rows(shown), zone, today, week, closed)
    while len(days) > WORKING_DAYS and not days[-1].groups:
        days.pop()
    last = _last_day(office, now)
    return {
        "days": days,
        "has_times": any(day.groups for day in days),
        "first": dates.spoken_day(days[0].date),
        "last": dates.spoken_day(days[-1].date),
        "previous_url": wanted.query(since=monday - ONE_WEEK) if monday > this_week else "",
        "next_url": wanted.query(since=monday + ONE_WEEK) if last and last >= monday + ONE_WEEK else "",
    }


def _monday(day: date) -> date:
    return day - ONE_DAY * day.weekday()


def _this_week(free: SlotQuerySet, today: date, zone: ZoneInfo) -> date:
    """Return the Monday of the week that has something to offer: on a weekend without times that of the next."""
    monday = _monday(today)
    is_weekend = today.weekday() >= WORKING_DAYS
    if is_weekend and not times.between(free, today, monday + ONE_DAY * 6, zone).exists():
        return monday + ONE_WEEK
    return monday


def _month(office: Office, wanted: Search, now: datetime, today: date) -> Context:
    """A month with the number of free seats on each day."""
    first = wanted.since.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    offered = times.matching(Slot.objects.offered(now).with_seats(now), office, wanted)
    every_day = [first + ONE_DAY * n for n in range((following - first).days)]
    closed = times.closed_days(office, every_day, wanted.host)
    shown = times.between(offered, first, following - ONE_DAY, office.zone)
    weeks = times.month(office, first, shown, closed, today)
    last = _last_day(office, now)
    return {
        "weeks": weeks,
        "weekdays": times.weekdays(),
        "month": dates.spoken_month(first),
        "has_times": any(day.kind == "free" for week in weeks for day in week),
        "day_url": wanted.query(View.LIST) + ("&" if wanted.query(View.LIST) != "?" else ""),
        "previous": dates.spoken_month(first - ONE_DAY),
        "previous_url": wanted.query(since=max(first - ONE_DAY, today)) if first > today else "",
        "next": dates.spoken_month(following),
        "next_url": wanted.query(since=following) if last and last >= following else "",
    }


def _last_day(office: Office, now: datetime) -> date | None:
    """Return the last day for which times are published."""
    upcoming = Slot.objects.upcoming(now).filter(office_hours__host__office=office)
    last = upcoming.aggregate(last=Max("start"))["last"]
    return last.astimezone(office.zone).date() if last else None


def _nothing(office: Office, wanted: Search, now: datetime) -> Context:
    """What helps where nothing is free: the next free time, and how far times are published."""
    last, following = _last_day(office, now), _free(office, wanted, now).first()
    day = following.start.astimezone(office.zone).date() if following else None
    return {
        "published_until": dates.spoken_day_of_year(last) if last else "",
        "next_day": dates.spoken_day(day) if day else "",
        "next_day_url": wanted.query(since=day) if day else "",
    }
