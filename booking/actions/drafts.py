"""Series that are written down but not published: they are changed, published or thrown away."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from booking import recurrence
from booking.actions.errors import NotADraft
from booking.actions.publishing import (
    Published,
    Series,
    open_series,
    publish,
    refuse_video_without_link,
    terms,
)
from booking.actions.seats import lock_hosts
from booking.enums import Rhythm, Weekday
from booking.models import Availability
from booking.recurrence import Pattern


@transaction.atomic
def save_draft(series: Series, now: datetime) -> Availability:
    """Write the series down without publishing anything; the same words sent twice are one draft.

    Raises NoVideoLink as publishing does.
    """
    lock_hosts([series.host.pk])
    pattern = _as_read_back(series.pattern)
    alike = Availability.objects.filter(is_draft=True, **terms(series)).select_related("event__rule")
    for draft in alike.select_related("host__office"):
        if recurrence.pattern(draft) == pattern:
            return draft
    return open_series(series, now, as_draft=True).availability


@transaction.atomic
def rewrite_draft(draft: Availability, series: Series, now: datetime) -> Availability:
    """Let the draft say what the series says, and answer it; nothing is published.

    Raises NotADraft when it has been published or discarded meanwhile, NoVideoLink as publishing does.
    """
    availability = _locked(draft, series.host.pk)
    refuse_video_without_link(series)
    recurrence.rewrite(availability.event, series.pattern, series.host, str(series.service))
    for name, value in terms(series).items():
        setattr(availability, name, value)
    availability.updated_at = now
    availability.save()
    return availability


@transaction.atomic
def publish_draft(draft: Availability, series: Series, now: datetime) -> Published:
    """Let the draft say what the series says, and publish it.

    Raises NotADraft when it has been published or discarded meanwhile, NoVideoLink as publishing does.
    """
    availability = rewrite_draft(draft, series, now)
    availability.is_draft = False
    availability.save(update_fields=["is_draft"])
    return publish(availability, now)


@transaction.atomic
def discard_draft(draft: Availability) -> None:
    """Throw the draft away. Raises NotADraft when it has been published or discarded meanwhile."""
    availability = _locked(draft)
    event = availability.event
    availability.delete()
    event.delete()


def _as_read_back(pattern: Pattern) -> Pattern:
    is_once = pattern.rhythm is Rhythm.ONCE
    weekdays = () if is_once else tuple(day for day in Weekday if day in pattern.weekdays)
    return replace(pattern, weekdays=weekdays, first_on=pattern.begins_on)


def _locked(draft: Availability, *hosts: int) -> Availability:
    """Return the draft as it is now, its host and those that it shall have locked."""
    lock_hosts([draft.host_id, *hosts])
    parts = Availability.objects.select_related("host__office", "service", "event__rule")
    # Locked itself, too: a colleague may just be giving it to another host.
    found = parts.select_for_update(of=("self",)).filter(pk=draft.pk, is_draft=True).first()
    if found is None:
        raise NotADraft
    return found
