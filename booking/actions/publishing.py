"""Availability becomes office hours and slots, up to the office's horizon."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from booking import recurrence
from booking.actions.diary import Diary, Skip
from booking.actions.errors import NoVideoLink
from booking.actions.seats import lock_hosts
from booking.enums import Channel, SkipReason
from booking.models import Availability, Host, OfficeHours, Service, Slot
from booking.recurrence import Pattern, Window

__all__ = [
    "AS_PUBLISHED",
    "Published",
    "Series",
    "Skip",
    "extend",
    "open_series",
    "plan",
    "publish",
    "refuse_video_without_link",
    "terms",
]

AS_PUBLISHED = Availability.objects.select_related("host__office", "service", "event__rule")


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

    @property
    def pauses(self) -> list[tuple[time, time]]:
        """The breaks, first one first; as a saved series has them."""
        return sorted(self.breaks)


@dataclass
class Published:
    """What publishing did: office hours made with their slots, those there already, and dates left out."""

    availability: Availability
    created: list[OfficeHours] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    kept: list[OfficeHours] = field(default_factory=list)
    skipped: list[Skip] = field(default_factory=list)


@transaction.atomic
def open_series(series: Series, now: datetime, *, as_draft: bool = False) -> Published:
    """Write a new series down and publish it, or keep it as a draft of which nothing is published.

    Raises NoVideoLink when it offers video and the host can hold none.
    """
    refuse_video_without_link(series)
    availability = Availability.objects.create(
        event=recurrence.define(series.pattern, series.host, str(series.service)),
        is_draft=as_draft,
        **terms(series),
    )
    return Published(availability) if as_draft else publish(availability, now)


def terms(series: Series) -> dict[str, Any]:
    """Return the fields of an Availability that say what the series says; its event is written by `recurrence`."""
    return {
        "host": series.host,
        "service": series.service,
        "starts_at": series.pattern.starts_at,
        "ends_at": series.pattern.ends_at,
        "slot_minutes": series.slot_minutes,
        "buffer_minutes": series.buffer_minutes,
        "capacity": series.capacity,
        "place": series.place,
        "skip_holidays": series.skip_holidays,
        "skip_school_holidays": series.skip_school_holidays,
        "breaks": [[start.isoformat("minutes"), end.isoformat("minutes")] for start, end in series.pauses],
        "desk_every": series.desk_every,
        **{f"offers_{channel.value}": channel in series.channels for channel in Channel},
    }


def refuse_video_without_link(series: Series) -> None:
    """Raise NoVideoLink when the series offers video and its host can hold none."""
    if Channel.VIDEO in series.channels and not series.host.has_video:
        raise NoVideoLink


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
    # Somebody may have changed or ended the series while we waited, or since the night's run has read its list.
    availability.refresh_from_db(from_queryset=AS_PUBLISHED)
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
    published.slots = [slot for hours in published.created for slot in diary.slots(hours)]
    Slot.objects.bulk_create(published.slots)
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
