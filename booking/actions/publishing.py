"""Availability becomes office hours and slots, up to the office's horizon."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import transaction

from booking import recurrence
from booking.actions.diary import Diary, Skip
from booking.actions.errors import NoVideoLink
from booking.actions.seats import lock_hosts
from booking.enums import Channel, SkipReason
from booking.models import Availability, Host, OfficeHours, Service, Slot
from booking.recurrence import Pattern, Window

__all__ = ["Published", "Series", "Skip", "extend", "open_series", "plan", "publish", "publish_draft"]


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
    diary = Diary.of(host, availability, dates)
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
