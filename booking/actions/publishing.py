"""Availability becomes office hours and slots, up to the office's horizon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from booking import recurrence
from booking.actions.errors import NoVideoLink
from booking.actions.seats import lock_hosts
from booking.enums import Channel, SkipReason, SlotOffer
from booking.models import Availability, Closure, Host, OfficeHours, Service, Slot
from booking.public_holidays import public_holiday, school_holiday
from booking.recurrence import Pattern, Window


@dataclass(frozen=True)
class Series:
    """What the publishing form says: a new series of office hours.

    `breaks` are local times inside each date; every `desk_every`th time of a date is kept off the web, 0 is none.
    """

    host: Host
    service: Service
    pattern: Pattern
    slot_minutes: int
    buffer_minutes: int
    capacity: int
    channels: tuple[Channel, ...]
    place: dict[str, str] = field(default_factory=dict)
    skip_holidays: bool = True
    skip_school_holidays: bool = False
    breaks: tuple[tuple[time, time], ...] = ()
    desk_every: int = 0


@dataclass(frozen=True)
class Skip:
    """A date of the series on which no office hours were made, and why; `detail` names the holiday or closure."""

    day: date
    reason: SkipReason
    detail: str = ""


@dataclass
class Published:
    """What publishing did: office hours made, those that were there already, and dates left out."""

    availability: Availability
    created: list[OfficeHours] = field(default_factory=list)
    kept: list[OfficeHours] = field(default_factory=list)
    skipped: list[Skip] = field(default_factory=list)


@transaction.atomic
def open_series(series: Series, now: datetime, *, as_draft: bool = False) -> Published:
    """Write a new series down and publish it, or keep it as a draft of which nothing is published.

    Raises NoVideoLink when it offers video and the host can hold none.
    """
    if Channel.VIDEO in series.channels and not series.host.has_video:
        raise NoVideoLink
    availability = Availability.objects.create(
        event=recurrence.define(series.pattern, series.host, str(series.service)),
        host=series.host,
        service=series.service,
        starts_at=series.pattern.starts_at,
        ends_at=series.pattern.ends_at,
        slot_minutes=series.slot_minutes,
        buffer_minutes=series.buffer_minutes,
        capacity=series.capacity,
        place=series.place,
        skip_holidays=series.skip_holidays,
        skip_school_holidays=series.skip_school_holidays,
        breaks=[[start.isoformat("minutes"), end.isoformat("minutes")] for start, end in series.breaks],
        desk_every=series.desk_every,
        is_draft=as_draft,
        **{f"offers_{channel.value}": channel in series.channels for channel in Channel},
    )
    return Published(availability) if as_draft else publish(availability, now)


@transaction.atomic
def publish_draft(availability: Availability, now: datetime) -> Published:
    """Publish a series that was kept as a draft; one that is published already stays as it is.

    Raises NoVideoLink when it offers video and the host can hold none.
    """
    host = lock_hosts([availability.host_id])[0]
    if availability.offers_video and not host.has_video:
        raise NoVideoLink
    Availability.objects.filter(pk=availability.pk).update(is_draft=False, updated_at=now)
    availability.is_draft = False
    return publish(availability, now)


def plan(series: Series, now: datetime) -> Published:
    """Return what `open_series` would do, by doing it and taking it back: nothing is saved."""
    with transaction.atomic():
        published = open_series(series, now)
        transaction.set_rollback(True)
    return published


@transaction.atomic
def publish(availability: Availability, now: datetime) -> Published:
    """Make the office hours of the series that are missing from today up to the horizon.

    Idempotent: what is there is kept as it is, cancelled dates stay cancelled. Right across clock changes, since
    `recurrence` keeps the local hour.
    """
    host = lock_hosts([availability.host_id])[0]
    office = availability.host.office
    today = now.astimezone(office.zone).date()
    until = today + timedelta(weeks=office.horizon_weeks)
    dates = _before(availability.withdrawn_on, recurrence.windows(availability, today, until))
    diary = _Diary.of(host, availability, dates)
    published = Published(availability)
    for window in dates:
        there = diary.made.get(window.start)
        if there and there.is_live:
            published.kept.append(there)
        elif availability.offers_video and not host.has_video:
            published.skipped.append(Skip(window.day, SkipReason.NO_VIDEO_LINK))
        elif skip := diary.obstacle(window, now):
            published.skipped.append(skip)
        else:
            published.created.append(diary.enter(window, now))
    OfficeHours.objects.bulk_create(published.created)
    Slot.objects.bulk_create(slot for hours in published.created for slot in diary.slots(hours))
    return published


def extend(now: datetime) -> list[Published]:
    """Publish every running series up to its office's horizon; what beat calls each night.

    One that fails does not keep the others back; what failed is raised at the end as an ExceptionGroup.
    """
    # The day in UTC may still be yesterday: one day more costs nothing, for `publish` looks at the local day.
    running = Availability.objects.running(now.date() - timedelta(days=1))
    done, failures = [], []
    for availability in running.select_related("host__office", "service", "event__rule"):
        try:
            done.append(publish(availability, now))
        except Exception as error:  # noqa: BLE001 - raised again below
            failures.append(error)
    if failures:
        raise ExceptionGroup("series that could not be extended", failures)
    return done


def _before(end: date | None, dates: list[Window]) -> list[Window]:
    return [window for window in dates if end is None or window.day < end]


@dataclass
class _Diary:
    """Everything that decides whether a date of the series can be held; the host is locked."""

    availability: Availability
    made: dict[datetime, OfficeHours]
    busy: list[OfficeHours]
    closures: list[Closure]

    @classmethod
    def of(cls, host: Host, availability: Availability, dates: list[Window]) -> _Diary:
        """Read it in a fixed number of queries, and only as far as dates are missing."""
        made = OfficeHours.objects.filter(
            availability=availability, original_start__in=[window.start for window in dates]
        )
        diary = cls(availability, {hours.original_start: hours for hours in made}, [], [])
        missing = [window for window in dates if window.start not in diary.made]
        if missing:
            start, end = missing[0].start, missing[-1].end
            busy = OfficeHours.objects.filter(host=host).live().overlapping(start, end)
            diary.busy = list(busy.select_related("availability__service"))
            diary.closures = list(Closure.objects.in_force(host, start, end))
        return diary

    def obstacle(self, window: Window, now: datetime) -> Skip | None:
        """Return why nothing can be held then, None if something can."""
        if window.start in self.made:
            return Skip(window.day, SkipReason.CANCELLED)
        if window.start <= now:
            return Skip(window.day, SkipReason.PAST)
        state = self.availability.host.office.state
        if self.availability.skip_holidays and (name := public_holiday(state, window.day)):
            return Skip(window.day, SkipReason.HOLIDAY, name)
        if self.availability.skip_school_holidays and (name := school_holiday(state, window.day)):
            return Skip(window.day, SkipReason.SCHOOL_HOLIDAY, name)
        slots = list(self.intervals(window.start, window.end))
        closed = [self.closure_of(*interval) for interval in slots]
        if closed and all(closed):
            return Skip(window.day, SkipReason.CLOSED, closed[0].reason if closed[0] else "")
        for other in self.busy:
            if other.start < window.end and other.end > window.start:
                return Skip(window.day, SkipReason.OVERLAP, str(other.availability.service))
        return None

    def closure_of(self, start: datetime, end: datetime) -> Closure | None:
        """Return the closure that a slot falls under."""
        return next((c for c in self.closures if c.start < end and c.end > start), None)

    def intervals(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Cut the stretch into slots, in UTC: a step is as long as it says on both sides of a clock change.

        After a break the cutting begins anew.
        """
        length = timedelta(minutes=self.availability.slot_minutes)
        step = length + timedelta(minutes=self.availability.buffer_minutes)
        for pause_start, pause_end in [*self._pauses(start), (end, end)]:
            while start + length <= min(pause_start, end):
                yield start, start + length
                start += step
            start = max(start, pause_end)

    def _pauses(self, start: datetime) -> list[tuple[datetime, datetime]]:
        """Return the breaks of the local day on which the stretch begins, as moments."""
        zone = self.availability.host.office.zone
        day = start.astimezone(zone).date()
        return [
            (_moment(day, begin, zone), _moment(day, finish, zone))
            for begin, finish in self.availability.pauses
            if _moment(day, finish, zone) > start
        ]

    def enter(self, window: Window, now: datetime) -> OfficeHours:
        """Put new office hours down, unsaved, so that no later date of the run overlaps them."""
        hours = OfficeHours(
            availability=self.availability,
            host=self.availability.host,
            original_start=window.start,
            start=window.start,
            end=window.end,
            modified_at=now,
        )
        self.busy.append(hours)
        return hours

    def slots(self, hours: OfficeHours) -> Iterator[Slot]:
        """Return the slots of saved office hours, unsaved; those under a closure are marked so."""
        every = self.availability.desk_every
        for number, (start, end) in enumerate(self.intervals(hours.start, hours.end), start=1):
            is_kept_back = every > 0 and number % every == 0
            yield Slot(
                office_hours=hours,
                start=start,
                end=end,
                capacity=self.availability.capacity,
                offer=SlotOffer.DESK if is_kept_back else SlotOffer.WEB,
                closure=self.closure_of(start, end),
            )


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
