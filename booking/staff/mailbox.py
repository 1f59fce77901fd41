"""Whether mail leaves the house, and what went wrong, in words for people who do not run servers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from booking.enums import Fault, Occasion, OutboxStatus
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
    """Return what keeps mail in the house: a hold, or ten minutes without success; None if all is well.

    A mail that waits while later ones have left is a matter between the mail server and one address, not of the
    house.
    """
    state = held().first()
    if state is None and not stuck(now).exists():
        return None
    unsent = OutboxMessage.objects.unsent()
    oldest = unsent.aggregate(oldest=Min("created_at"))["oldest"]
    return Trouble(state is not None, state.reason if state else "", unsent.count(), oldest)


def held() -> QuerySet[DeliveryState]:
    """Return the switch if mail is on hold."""
    return DeliveryState.objects.filter(on_hold=True)


def stuck(now: datetime) -> QuerySet[OutboxMessage]:
    """Return the mails that wait for ten minutes while none has left."""
    left_since = OutboxMessage.objects.filter(
        status=OutboxStatus.SENT, created_at__gte=OuterRef("created_at")
    )
    waiting = OutboxMessage.objects.unsent().filter(created_at__lte=now - PATIENCE)
    return waiting.exclude(Exists(left_since))


def missing(office: Office, now: datetime) -> QuerySet[OutboxMessage]:
    """Return the mails that did not arrive, or perhaps not, as long as somebody can do something about it.

    That is until the appointment is over, and for a week where there is none. A plan of the day is missed by
    nobody but its host, and stands in the back end too.
    """
    stranded = OutboxMessage.objects.filter(
        office=office, status__in=(OutboxStatus.FAILED, OutboxStatus.UNCERTAIN), erased_at=None
    ).exclude(occasion=Occasion.DAY_PLAN)
    return stranded.filter(Q(booking__slot__end__gt=now) | Q(booking=None, created_at__gt=now - MEMORY))


def explain(message: OutboxMessage) -> str:
    """Return what went wrong with a mail at its last try; empty if nothing did."""
    return Fault.explain(message.last_error)
