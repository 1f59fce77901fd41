"""Whether mail leaves the house, and what went wrong, in words for people who do not run servers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.enums import Fault, OutboxStatus
from booking.models import DeliveryState, Office, OutboxMessage

PATIENCE = timedelta(minutes=10)


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


def failed(office: Office) -> int:
    """Return how many mails of the office failed for good."""
    return OutboxMessage.objects.filter(office=office, status=OutboxStatus.FAILED).count()


def explain(message: OutboxMessage) -> str:
    """Return what went wrong with a mail at its last try; empty if nothing did."""
    return Fault.explain(message.last_error)
