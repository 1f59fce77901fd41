"""What a host keeps for herself: her profile, her photo, her private calendar, and trying an invitation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, QuerySet

from booking.actions import delivery
from booking.actions.errors import AlreadyTested, NoAddress, NoTest, OwnMailbox
from booking.actions.seats import lock_hosts
from booking.enums import Occasion
from booking.ical import rehearsal
from booking.mails.rehearsal import test_called_off, test_invitation
from booking.models import Host, OutboxMessage

FETCH_NOTED_EVERY = timedelta(hours=1)


def save_profile(host: Host, fields: Iterable[str], now: datetime) -> None:
    """Write what the host says about herself, and nothing else.

    Her private calendar may have been revoked between reading the row and writing it.
    """
    host.profile_saved_at = now
    host.save(update_fields=[*fields, "profile_saved_at", "updated_at"])


def set_photo(host: Host, portrait: bytes) -> None:
    """Show the finished WebP portrait of the host from now on; the one before is deleted.

    It gets a name of its own, since browsers keep the old one for a day.
    """
    name = default_storage.save(f"hosts/{uuid4().hex}.webp", ContentFile(portrait))
    try:
        _change_photo(host, name)
    except BaseException:
        default_storage.delete(name)
        raise


def remove_photo(host: Host) -> None:
    """Show no portrait of the host any more, and delete it."""
    _change_photo(host, "")


@transaction.atomic
def _change_photo(host: Host, name: str) -> None:
    old = lock_hosts([host.pk])[0].photo.name
    Host.objects.filter(pk=host.pk).update(photo=name)
    if old:
        # Only then: until the commit everybody still sees the page that shows it.
        transaction.on_commit(lambda: default_storage.delete(old), robust=True)


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


@transaction.atomic
def send_test(host: Host, now: datetime) -> None:
    """Invite the host to an appointment that is made up, so that she sees what residents get.

    Raises NoAddress, OwnMailbox, and AlreadyTested while the last one still stands in her calendar.
    """
    locked = _with_office(host)
    if not locked.email:
        raise NoAddress
    if locked.email.casefold() == locked.office.email.casefold():
        raise OwnMailbox
    if test_runs(locked, now):
        raise AlreadyTested
    Host.objects.filter(pk=locked.pk).update(test_sent_at=now)
    delivery.post(test_invitation(locked, now))


@transaction.atomic
def call_off_test(host: Host, now: datetime) -> None:
    """Take the made-up appointment out of the host's calendar again. Raises NoTest."""
    locked = _with_office(host)
    if not test_runs(locked, now):
        raise NoTest
    delivery.post(test_called_off(locked, now))


def test_runs(host: Host, now: datetime) -> bool:
    """Tell whether a made-up appointment is ahead that was not called off; the host's office is at hand."""
    if not host.email or host.test_sent_at is None or rehearsal.starts(host, host.test_sent_at) <= now:
        return False
    return not tests_sent(host).filter(ics_method="CANCEL").exists()


def tests_sent(host: Host) -> QuerySet[OutboxMessage]:
    """Return the mails of the host's last test, newest first."""
    mails = OutboxMessage.objects.filter(office=host.office, occasion=Occasion.TEST_INVITATION)
    mine = mails.filter(recipient=host.email, created_at__gte=host.test_sent_at)
    return mine.order_by("-number")


def _with_office(host: Host) -> Host:
    locked = lock_hosts([host.pk])[0]
    locked.office = host.office
    return locked
