"""What a host keeps for herself: her profile, her photo, her private calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from booking.actions.seats import lock_hosts
from booking.models import Host

FETCH_NOTED_EVERY = timedelta(hours=1)


def save_profile(host: Host, fields: Iterable[str], now: datetime) -> None:
    """Write what the host says about herself, and nothing else.

    Her private calendar may have been revoked between reading the row and writing it.
    """
    host.profile_saved_at = now
    host.save(update_fields=[*fields, "profile_saved_at", "updated_at"])


@transaction.atomic
def open_feed(host: Host, now: datetime) -> bool:
    """Give the host a private calendar; False when she has one, whose address stays."""
    is_new = lock_hosts([host.pk])[0].feed_created_at is None
    if is_new:
        Host.objects.filter(pk=host.pk).update(feed_created_at=now, feed_fetched_at=None)
    return is_new


@transaction.atomic
def revoke_feed(host: Host) -> bool:
    """Close the host's private calendar for good: its address never opens anything again. False without one."""
    mine = Host.objects.filter(pk=host.pk, feed_created_at__isnull=False)
    closed = mine.update(feed_version=F("feed_version") + 1, feed_created_at=None, feed_fetched_at=None)
    return closed == 1


def note_fetch(host: Host, now: datetime) -> None:
    """Note that a program has fetched the private calendar, at most once an hour.

    Nothing that the public calendar shows has changed, so its version must not.
    """
    limit = now - FETCH_NOTED_EVERY
    if host.feed_fetched_at is None or host.feed_fetched_at <= limit:
        stale = Q(feed_fetched_at=None) | Q(feed_fetched_at__lte=limit)
        Host.objects.filter(stale, pk=host.pk, feed_version=host.feed_version).update(feed_fetched_at=now)
