"""One date changes: other times, another day, another place, or it falls out. The series stays as it is."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db import transaction

from booking.actions.diary import Diary, busy_in
from booking.actions.errors import DateGone, HostBusy, HoursClosed, MadeForOne, NotFound, SlotPast, WrongState
from booking.actions.recutting import Date, Recut
from booking.actions.revising import Decisions, Revision
from booking.actions.seats import lock_hosts, lock_hours
from booking.actions.telling import cancel_some, move_some, tell
from booking.enums import BookedTimes
from booking.models import Availability, Closure, Host, OfficeHours
from booking.recurrence import Window


@dataclass(frozen=True)
class DateTerms:
    """What one date shall be, in the office's local time; an empty place is that of the series."""

    day: date
    starts_at: time
    ends_at: time
    slot_minutes: int
    buffer_minutes: int
    capacity: int
    place: dict[str, str]
    breaks: tuple[tuple[time, time], ...] = ()
    desk_every: int = 0


def revise_date(
    hours: OfficeHours, terms: DateTerms, decisions: Decisions | None, now: datetime, word: str = ""
) -> Revision:
    """Give one date other times, terms or another day; on another day what stays keeps the old row.

    Raises StillBooked with the bookings for which no decision is there, NotEnoughSeats, DateGone when it has begun
    or does not take place, SlotPast, HostBusy or HoursClosed when the new time cannot be held, MadeForOne.
    """
    with transaction.atomic():
        return _revise(hours.pk, terms, decisions or {}, None, word, now)


def plan_date(hours: OfficeHours, terms: DateTerms, decisions: Decisions | None, now: datetime) -> Revision:
    """Return what `revise_date` would do, by doing it and taking it back; who is not decided about stays."""
    with transaction.atomic():
        revision = _revise(hours.pk, terms, decisions or {}, BookedTimes.KEEP, "", now)
        transaction.set_rollback(True)
    return revision


def drop_date(hours: OfficeHours, decisions: Decisions | None, now: datetime, word: str = "") -> Revision:
    """Let one date fall out: nothing of it is offered any more; who moves, moves to another date of the series.

    Raises StillBooked with the bookings for which no decision is there, NotEnoughSeats or DateGone.
    """
    with transaction.atomic():
        return _drop(hours.pk, decisions or {}, None, word, now)


def plan_drop(hours: OfficeHours, decisions: Decisions | None, now: datetime) -> Revision:
    """Return what `drop_date` would do, by doing it and taking it back; who is not decided about stays."""
    with transaction.atomic():
        revision = _drop(hours.pk, decisions or {}, BookedTimes.KEEP, "", now)
        transaction.set_rollback(True)
    return revision


def _locked(pk: int, now: datetime) -> tuple[OfficeHours, list[OfficeHours]]:
    """Lock the date's host and all dates of its series that have not begun; answers the date and the others."""
    row = OfficeHours.objects.select_related("availability").filter(pk=pk).first()
    if row is None:
        raise NotFound
    coming = OfficeHours.objects.filter(availability=row.availability_id, start__gt=now)
    owners = set(coming.order_by().values_list("host", flat=True))
    lock_hosts([row.availability.host_id, row.host_id, *owners])
    availability = Availability.objects.select_related("host__office", "service").get(pk=row.availability_id)
    locked = lock_hours([pk, *coming.values_list("pk", flat=True)])
    hosts = Host.objects.select_related("office").in_bulk({each.host_id for each in locked})
    if set(hosts) - {availability.host_id, row.host_id, *owners}:
        raise WrongState
    for each in locked:
        each.availability, each.host = availability, hosts[each.host_id]
    by_id = {each.pk: each for each in locked}
    date_ = by_id.pop(pk, None)
    if date_ is None or date_.start <= now or not date_.is_live or date_.withdrawn_at is not None:
        raise DateGone
    return date_, list(by_id.values())


def _drop(pk: int, decisions: Decisions, default: BookedTimes | None, word: str, now: datetime) -> Revision:
    row, others = _locked(pk, now)
    dates = [_as_it_is(other) for other in others]
    recut = Recut(row.availability, Diary(row.availability, {}, [], []), dates, [row], now)
    return _carry_out(recut, decisions, default, word)


def _as_it_is(row: OfficeHours) -> Date:
    return Date(row, row.original_start, row.start, row.end, row.place, None)


def _revise(
    pk: int, terms: DateTerms, decisions: Decisions, default: BookedTimes | None, word: str, now: datetime
) -> Revision:
    row, others = _locked(pk, now)
    if row.availability.is_extra:
        raise MadeForOne
    zone = row.host.office.zone
    start, end = (
        datetime.combine(terms.day, at, zone).astimezone(UTC) for at in (terms.starts_at, terms.ends_at)
    )
    is_same_day = row.start.astimezone(zone).date() == terms.day
    diary = _diary(row, terms, start, end)
    _check(diary, Window(terms.day, start, end), now)
    goes_on = row if is_same_day else _on_new_day(row, start, end, terms, others, now)
    date_ = Date(
        goes_on,
        goes_on.original_start,
        start,
        end,
        terms.place,
        list(diary.cut(goes_on, start, end)),
        is_elsewhere=is_same_day and row.where != (terms.place or row.availability.place),
    )
    recut = Recut(row.availability, diary, [date_], [] if is_same_day else [row], now)
    revision = _carry_out(recut, decisions, default, word)
    if not is_same_day:
        revision.made, revision.changed, revision.kept = [goes_on], [], []
    return revision


def _diary(row: OfficeHours, terms: DateTerms, start: datetime, end: datetime) -> Diary:
    cut = copy(row.availability)
    cut.slot_minutes, cut.buffer_minutes = terms.slot_minutes, terms.buffer_minutes
    cut.capacity, cut.desk_every = terms.capacity, terms.desk_every
    cut.breaks = [[begin.isoformat("minutes"), finish.isoformat("minutes")] for begin, finish in terms.breaks]
    # Booked times that stay may let it reach from the old times to the new ones.
    reach = min(start, row.start), max(end, row.end)
    busy = OfficeHours.objects.filter(host=row.host_id).live().overlapping(*reach).exclude(pk=row.pk)
    closures = Closure.objects.in_force(row.host, start, end)
    return Diary(cut, {}, busy_in(busy), list(closures))


def _check(diary: Diary, window: Window, now: datetime) -> None:
    if window.start <= now:
        raise SlotPast
    if diary.clash(window.day, window.start, window.end):
        raise HostBusy
    if diary.shut(window):
        raise HoursClosed


def _on_new_day(
    row: OfficeHours,
    start: datetime,
    end: datetime,
    terms: DateTerms,
    others: list[OfficeHours],
    now: datetime,
) -> OfficeHours:
    """Return the office hours of the new day: what once was cancelled there at that time, else new ones."""
    there = next((other for other in others if other.original_start == start), None)
    if there is not None:
        return there
    return OfficeHours.objects.create(
        availability=row.availability,
        host=row.host,
        original_start=start,
        start=start,
        end=end,
        place=terms.place,
        modified_at=now,
    )


def _carry_out(recut: Recut, decisions: Decisions, default: BookedTimes | None, word: str) -> Revision:
    recut.read()
    dates = len(recut.dates)
    recut.decide(decisions, default)
    if len(recut.dates) < dates:  # what stays would reach into other office hours
        raise HostBusy
    cancel_some(recut, word)
    recut.write()
    move_some(recut, [])
    recut.clear(erase=False)
    tell(recut)
    cut = [each for each in recut.dates if each.wanted is not None]
    return Revision(
        recut.availability,
        changed=[each.hours for each in cut if each.is_changed],
        kept=[each.hours for each in cut if not each.is_changed],
        removed=recut.leaving,
        affected=list(recut.affected.values()),
    )
