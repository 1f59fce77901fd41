"""What is published changes: a whole series, a series from a day on, one date, or one date that falls out.

Nothing happens to a booking silently: whom the change touches is named first, and for each it is said whether it
stays, moves, or is cancelled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from booking import recurrence
from booking.actions.diary import Diary, Skip, busy_in
from booking.actions.errors import NotFound, NoVideoLink, SeriesEnded, WrongState
from booking.actions.publishing import Published, Series, publish, terms
from booking.actions.recutting import Affected, Date, Recut
from booking.actions.seats import lock_hosts, lock_hours
from booking.actions.telling import cancel_some, move_some, tell
from booking.enums import BookedTimes, Channel, SkipReason
from booking.models import Availability, Booking, Closure, OfficeHours
from booking.recurrence import Window

Decisions = Mapping[UUID, BookedTimes]


@dataclass
class Revision:
    """What a change did to dates and bookings; `untouched` are dates about which was decided one by one."""

    availability: Availability
    made: list[OfficeHours] = field(default_factory=list)
    changed: list[OfficeHours] = field(default_factory=list)
    kept: list[OfficeHours] = field(default_factory=list)
    untouched: list[OfficeHours] = field(default_factory=list)
    removed: list[OfficeHours] = field(default_factory=list)
    skipped: list[Skip] = field(default_factory=list)
    affected: list[Affected] = field(default_factory=list)


def revise_series(
    availability: Availability,
    series: Series,
    since: date,
    decisions: Decisions | None,
    now: datetime,
    word: str = "",
) -> Revision:
    """Give a series other days, times or terms from that local day on; host and service stay.

    What has begun is never touched. If earlier dates would otherwise change with it, the series ends the day
    before and a new one goes on with its dates: rows and UIDs stay. `word` is said to whom is cancelled. Raises
    StillBooked with the bookings for which no decision is there, NotEnoughSeats, NoVideoLink or SeriesEnded.
    """
    with transaction.atomic():
        return _revise_series(availability.pk, series, since, decisions or {}, None, word, now)


def plan_series(
    availability: Availability, series: Series, since: date, decisions: Decisions | None, now: datetime
) -> Revision:
    """Return what `revise_series` would do, by doing it and taking it back; who is not decided about stays."""
    with transaction.atomic():
        revision = _revise_series(availability.pk, series, since, decisions or {}, BookedTimes.KEEP, "", now)
        transaction.set_rollback(True)
    return revision


def _revise_series(
    pk: int,
    series: Series,
    since: date,
    decisions: Decisions,
    default: BookedTimes | None,
    word: str,
    now: datetime,
) -> Revision:
    before, rows = _locked(pk, since, now)
    if Channel.VIDEO in series.channels and not before.host.has_video:
        raise NoVideoLink
    zone = before.host.office.zone
    today = now.astimezone(zone).date()
    since = max(since, today)
    days = [row.start.astimezone(zone).date() for row in rows]
    until = max([today + timedelta(weeks=before.host.office.horizon_weeks), *days])
    former_days = {window.day for window in recurrence.windows(before, since, until)}
    after = _rewritten(before, series, since, rows, now)
    calendar = _Calendar(before, after, rows, former_days, recurrence.windows(after, since, until), now)
    recut = calendar.recut()
    return carry_out(recut, calendar, decisions, default, word)


def _locked(pk: int, since: date, now: datetime) -> tuple[Availability, list[OfficeHours]]:
    """Lock the series' host, the hosts who took dates of it over, and its dates from that day that have not begun."""
    parts = Availability.objects.select_related("host__office", "service", "event__rule")
    found = parts.filter(pk=pk).first()
    if found is None:
        raise NotFound
    start = datetime.combine(since, time.min, found.host.office.zone)
    coming = OfficeHours.objects.filter(availability=pk, start__gt=now, start__gte=start)
    owners = set(coming.order_by().values_list("host", flat=True))
    hosts = {host.pk: host for host in lock_hosts([found.host_id, *owners])}
    availability = parts.get(pk=pk)
    ends = availability.withdrawn_on
    if (
        availability.is_draft
        or availability.is_extra
        or (ends and ends <= now.astimezone(availability.host.office.zone).date())
    ):
        raise SeriesEnded
    rows = lock_hours(coming.values_list("pk", flat=True))
    for row in rows:
        if row.host_id not in hosts:
            raise WrongState
        hosts[row.host_id].office = availability.host.office
        row.host = hosts[row.host_id]
        row.availability = availability
    return availability, sorted(rows, key=lambda row: row.start)


def _rewritten(
    before: Availability, series: Series, since: date, rows: list[OfficeHours], now: datetime
) -> Availability:
    """Return the series with its new terms: the same row, or a new one where the old one has to stay as it was."""
    former = recurrence.pattern(before)
    pattern = recurrence.continued(former, series.pattern, since)
    after = copy(before)
    for name, value in terms(series).items():
        setattr(after, name, value)
    after.host, after.service, after.withdrawn_on = before.host, before.service, None
    if _must_part(before, after, former.begins_on, since, rows, now):
        recurrence.end(before, since - timedelta(days=1))
        Availability.objects.filter(pk=before.pk).update(withdrawn_on=since, updated_at=now)
        after.pk, after._state.adding = None, True
        after.event = recurrence.define(pattern, before.host, before.event.title)
    else:
        after.event = copy(before.event)
        recurrence.rewrite(after.event, pattern, before.host, before.event.title)
    after.save()
    return after


def _must_part(
    before: Availability,
    after: Availability,
    begins_on: date,
    since: date,
    rows: list[OfficeHours],
    now: datetime,
) -> bool:
    """Tell whether dates that stay behind would wrongly say the new place or ways, or the day lies ahead."""
    if since > now.astimezone(before.host.office.zone).date() and begins_on < since:
        return True
    if (before.place, before.channels) == (after.place, after.channels):
        return False
    earlier = OfficeHours.objects.filter(availability=before).exclude(pk__in=[row.pk for row in rows])
    return earlier.exists() or Booking.objects.filter(slot__office_hours__in=rows).exists()


@dataclass
class _Calendar:
    """The dates of a series before and after: which go on, which go, which nobody touches."""

    before: Availability
    after: Availability
    rows: list[OfficeHours]
    former_days: set[date]
    windows: list[Window]
    now: datetime
    untouched: list[OfficeHours] = field(default_factory=list)
    skipped: list[Skip] = field(default_factory=list)

    def recut(self) -> Recut:
        """Pair each new date with the office hours of that day and say what becomes of both."""
        zone = self.after.host.office.zone
        on_day: dict[date, list[OfficeHours]] = defaultdict(list)
        for row in self.rows:
            on_day[row.start.astimezone(zone).date()].append(row)
        pairs = [(window, self._main(on_day[window.day], window)) for window in self.windows]
        paired = {row.pk for _, row in pairs if row}
        leaving, rest = [], [row for row in self.rows if row.pk not in paired]
        for row in rest:
            takes_place = row.withdrawn_at is None and (row.is_live or row.closure_id)
            if takes_place and row.start.astimezone(zone).date() in self.former_days:
                leaving.append(row)
            elif takes_place:
                self.untouched.append(row)
        diary = self._diary(paired, leaving)
        dates = [date for window, row in pairs if (date := self._date(window, row, diary, leaving))]
        gone_channels = frozenset(self.before.channels) - frozenset(self.after.channels)
        return Recut(self.after, diary, dates, leaving, self.now, gone_channels)

    @staticmethod
    def _main(rows: list[OfficeHours], window: Window) -> OfficeHours | None:
        """Return the office hours of the day that go on as the new date."""
        named = next((row for row in rows if row.original_start == window.start), None)
        takes_place = next((row for row in rows if row.is_live and row.withdrawn_at is None), None)
        return named or takes_place or next(iter(rows), None)

    def _diary(self, paired: set[int], leaving: list[OfficeHours]) -> Diary:
        moments = [moment for window in self.windows for moment in (window.start, window.end)]
        moments += [moment for row in self.rows for moment in (row.start, row.end)]
        diary = Diary(self.after, {}, [], [])
        if moments:
            start, end = min(moments), max(moments)
            host = self.after.host
            busy = OfficeHours.objects.filter(host=host).live().overlapping(start, end).exclude(pk__in=paired)
            booked = Q(slots__bookings__isnull=False)
            empty = {row.pk for row in leaving} - set(
                OfficeHours.objects.filter(booked, pk__in=[row.pk for row in leaving]).values_list(
                    "pk", flat=True
                )
            )
            diary.busy = busy_in(busy.exclude(pk__in=empty))
            diary.closures = list(Closure.objects.in_force(host, start, end))
        return diary

    def _date(
        self, window: Window, row: OfficeHours | None, diary: Diary, leaving: list[OfficeHours]
    ) -> Date | None:
        """Return what becomes of the office hours of a day that has a date; None where there are none, or they go."""
        if row is None:
            return None
        is_elsewhere = row.where != self.after.place
        was_decided = row.host_id != self.after.host_id or (
            (not row.is_live or row.withdrawn_at is not None)
            and row.closure_id is None
            and window.day in self.former_days
        )
        if was_decided:
            self.untouched.append(row)
            return Date(row, window.start, row.start, row.end, {}, None, is_elsewhere)
        past = Skip(window.day, SkipReason.PAST) if window.start <= self.now else None
        skip = past or diary.day_off(window.day) or diary.clash(window.day, window.start, window.end)
        if skip:
            self.skipped.append(skip)
            leaving.append(row)
            return None
        if closed := diary.shut(window):
            self.skipped.append(closed)
        wanted = list(diary.cut(row, window.start, window.end))
        return Date(row, window.start, window.start, window.end, {}, wanted, is_elsewhere)


def carry_out(
    recut: Recut, calendar: _Calendar, decisions: Decisions, default: BookedTimes | None, word: str
) -> Revision:
    """Do what was thought through: cancel, write, publish, move, clear away and tell."""
    recut.read()
    recut.decide(decisions, default)
    cancel_some(recut, word)
    recut.write()
    published = Published(recut.availability)
    if len(recut.dates) < len(calendar.windows):
        published = publish(recut.availability, recut.now)
    move_some(recut, published.created)
    recut.clear(erase=True)
    tell(recut)
    return _revision(recut, calendar, published)


def _revision(recut: Recut, calendar: _Calendar, published: Published) -> Revision:
    told = {skip.day for skip in calendar.skipped}
    cut = [each for each in recut.dates if each.wanted is not None]
    return Revision(
        recut.availability,
        made=published.created,
        changed=[each.hours for each in cut if each.is_changed],
        kept=[each.hours for each in cut if not each.is_changed],
        untouched=calendar.untouched,
        removed=recut.leaving,
        skipped=[*calendar.skipped, *(skip for skip in published.skipped if skip.day not in told)],
        affected=list(recut.affected.values()),
    )
