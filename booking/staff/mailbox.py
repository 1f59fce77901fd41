"""Whether mail leaves the house, and what went wrong, in words for people who do not run servers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from booking.enums import Fault, OutboxStatus
from booking.models import DeliveryState, Office, OutboxMessage

PATIENCE = timedelta(minutes=10)
# How long a mail that belongs to no appointment is worth a thought.
MEMORY = timedelta(days=7)


@dataclass(frozen=True)
class Trouble:
    """Why mail does not leave: it is on hold, or the oldest one waits since `since`."""

    on_hold: bool
    reason: str
    waiting: int
    since: datetime | None


def trouble(now: datetime) -> Trouble | None:
    """Return what keeps mail in the house: a hold, or ten minutes without success; None if all is well."""
    state = DeliveryState.objects.filter(on_hold=True).first()
    unsent = OutboxMessage.objects.unsent().order_by("created_at")
    oldest = unsent.values_list("created_at", flat=True).first()
    is_stuck = oldest is not None and oldest <= now - PATIENCE
    if state is None and not is_stuck:
        return None
    return Trouble(state is not None, state.reason if state else "", unsent.count(), oldest)


def missing(office: Office, now: datetime) -> QuerySet[OutboxMessage]:
    """Return the mails that did not arrive, or perhaps not, as long as somebody can do something about it.

    That is until the appointment is over, and for a week where there is none.
    """
    stranded = OutboxMessage.objects.filter(
        office=office, status__in=(OutboxStatus.FAILED, OutboxStatus.UNCERTAIN), erased_at=None
    )
    return stranded.filter(Q(booking__slot__end__gt=now) | Q(booking=None, created_at__gt=now - MEMORY))


def explain(message: OutboxMessage) -> str:
    """Return what went wrong with a mail at its last try; empty if nothing did."""
    return Fault.explain(message.last_error)
