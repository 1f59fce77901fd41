"""Series that are written down but not published: they are changed, published or thrown away."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from booking import recurrence
from booking.actions.errors import NotADraft
from booking.actions.publishing import Published, Series, publish, refuse_video_without_link, terms
from booking.actions.seats import lock_hosts
from booking.models import Availability


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


def _locked(draft: Availability, *hosts: int) -> Availability:
    """Return the draft as it is now, its host and those that it shall have locked."""
    lock_hosts([draft.host_id, *hosts])
    parts = Availability.objects.select_related("host__office", "service", "event__rule")
    # Locked itself, too: a colleague may just be giving it to another host.
    found = parts.select_for_update(of=("self",)).filter(pk=draft.pk, is_draft=True).first()
    if found is None:
        raise NotADraft
    return found
