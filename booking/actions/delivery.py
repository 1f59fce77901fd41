"""How mail gets from the outbox to the relay: at least once, rarely twice, whatever dies on the way.

Nobody holds a transaction while talking to the relay.
"""

from __future__ import annotations

import logging
import random
import time
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.db.models import F, Q

from booking import mails
from booking.actions.doorbell import doorbell
from booking.actions.errors import NotOnHold, NotSendable
from booking.actions.leases import MOST_COPIES, claim, give_back, kept, sendable
from booking.enums import Fault, Occasion, OutboxStatus
from booking.failures import trace
from booking.models import DeliveryState, OutboxMessage
from booking.models.outbox import UNSENT
from booking.relay import Answer, Outcome, hand_over

__all__ = ["claim", "discard_held", "hold", "post", "release", "resend", "send", "sweep"]

logger = logging.getLogger(__name__)

FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=1)
SILENCE_WAIT: Final = timedelta(minutes=15)
LONGEST_TRY: Final = timedelta(hours=48)
TOO_LATE: Final = timedelta(hours=3)
BATCH: Final = 100
SWEEP_SECONDS: Final = 45.0


def post(messages: list[OutboxMessage]) -> None:
    """Put mails into the outbox within the caller's transaction, and ring for them once it is committed.

    A mail that is already there (the same dedupe key) is not written again.
    """
    if not messages:
        return
    # The only way to say ON CONFLICT (dedupe_key): "ignore" would let SQLite drop a mail over any constraint.
    OutboxMessage.objects.bulk_create(
        messages, update_conflicts=True, unique_fields=["dedupe_key"], update_fields=["dedupe_key"]
    )
    ids = [message.id for message in messages]
    transaction.on_commit(lambda: doorbell.ring(ids), robust=True)


def send(message_id: UUID, now: datetime) -> Answer | None:
    """Claim a mail, hand it over and write down what came of it; None when it is not to be sent now."""
    message = claim(message_id, now)
    if message is None:
        return None
    started = time.monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - started)

    with kept(message, clock):
        answer = _try(message)
        if not give_back(message, _verdict(message, answer, clock())):
            logger.warning("Mail %s was taken over before its outcome was known", message.id)
    _ring_for_next(message, clock())
    return answer


def _try(message: OutboxMessage) -> Answer:
    try:
        answer = hand_over(mails.email(message))
    except Exception as error:  # noqa: BLE001 - one bad mail must not stop the others
        # It is kept, for a mended version of the product may build it.
        logger.error("Mail %s cannot be built: %s", message.id, trace(error))
        return Answer(Outcome.OUR_FAULT, Fault.NOT_BUILT)
    if answer.outcome is Outcome.OUR_FAULT:
        logger.error("Mail %s is kept back by a fault of our own: %s", message.id, answer.error)
    elif answer.outcome is not Outcome.SENT:
        logger.warning("Mail %s: %s (%s)", message.id, answer.outcome, answer.error)
    return answer


def _verdict(message: OutboxMessage, answer: Answer, now: datetime) -> dict[str, Any]:
    """Return what an outcome makes of a mail: sent, to be tried again, or given up."""
    if answer.outcome is Outcome.SENT:
        return {"status": OutboxStatus.SENT, "sent_at": now, "last_error": ""}
    if answer.outcome is Outcome.REFUSED:
        return {"status": OutboxStatus.FAILED, "last_error": answer.error}
    uncertain = message.uncertain_attempts + (answer.outcome is Outcome.UNCERTAIN)
    next_attempt_at = now + (SILENCE_WAIT if answer.silent else _wait(message.attempts))
    status = OutboxStatus.QUEUED
    if uncertain >= MOST_COPIES or next_attempt_at >= message.give_up_at:
        status = OutboxStatus.UNCERTAIN if uncertain else OutboxStatus.FAILED
    return {
        "status": status,
        "uncertain_attempts": uncertain,
        "next_attempt_at": next_attempt_at,
        "last_error": answer.error,
    }


def _wait(attempts: int) -> timedelta:
    """Return 30 s, doubled with each try up to an hour, give or take half: mails do not come back in step."""
    wait: timedelta = min(FIRST_WAIT * 2 ** min(attempts - 1, 10), LONGEST_WAIT)
    return wait * random.uniform(0.5, 1.5)  # noqa: S311 - spreads load, hides nothing


def _ring_for_next(message: OutboxMessage, now: datetime) -> None:
    """Ring for the mail that had to wait behind this one."""
    if message.booking_id is None:
        return
    waiting = OutboxMessage.objects.due(now).filter(booking=message.booking_id, recipient=message.recipient)
    if next_id := waiting.values_list("id", flat=True).first():
        doorbell.ring([next_id])


def sweep(now: datetime) -> int:
    """Send what is due, oldest first, for about 45 s and at most 100 mails; answers how many were tried.

    Any number of sweeps may run at once: each mail is claimed by one of them.
    """
    started = time.monotonic()
    _give_up(now)
    tried = 0
    for message_id in _batch(now):
        passed = time.monotonic() - started
        if passed > SWEEP_SECONDS:
            break
        try:
            tried += send(message_id, now + timedelta(seconds=passed)) is not None
        except DatabaseError as error:
            logger.warning("Mail %s is left to a later sweep (%s)", message_id, type(error).__name__)
            connection.close_if_unusable_or_obsolete()
    return tried


def _batch(now: datetime) -> list[UUID]:
    due = sendable(now).values_list("id", flat=True)
    if not connection.features.has_select_for_update_skip_locked:
        return list(due[:BATCH])
    with transaction.atomic():  # what somebody is claiming at this moment is not worth waiting for
        return list(due.select_for_update(skip_locked=True)[:BATCH])


def _give_up(now: datetime) -> None:
    """Give up what was perhaps sent three times already, and what would arrive long after its time."""
    if DeliveryState.objects.filter(on_hold=True).exists():
        return
    abandoned = OutboxMessage.objects.filter(status=OutboxStatus.INFLIGHT, lease_until__lt=now)
    spent = abandoned.filter(uncertain_attempts__gte=MOST_COPIES - 1).update(
        status=OutboxStatus.UNCERTAIN,
        uncertain_attempts=F("uncertain_attempts") + 1,
        claim_token=None,
        lease_until=None,
        last_error=Fault.SENDER_DIED,
    )
    waiting = OutboxMessage.objects.filter(status=OutboxStatus.QUEUED, give_up_at__lte=now)
    of_no_use = Q(booking__slot__start__lte=now - TOO_LATE) | Q(occasion=Occasion.DAY_PLAN)
    late = list(waiting.filter(of_no_use).values_list("number", flat=True))
    given_up = waiting.filter(number__in=late).update(status=OutboxStatus.FAILED, last_error=Fault.EXPIRED)
    if spent or given_up:
        logger.error("%s mails were perhaps sent, %s came too late to be sent", spent, given_up)


@transaction.atomic
def hold(reason: str, now: datetime) -> None:
    """Let no mail out until `release` or `discard_held`: what is in the outbox now may have been sent before."""
    state = {"on_hold": True, "reason": reason, "changed_at": now}
    DeliveryState.objects.update_or_create(id=1, defaults=state)


@transaction.atomic
def release(now: datetime) -> int:
    """Open the outbox and send all that waited; answers how many mails. Raises NotOnHold."""
    _open(now)
    waiting = OutboxMessage.objects.unsent()
    # The wait was our own decision, so it does not count against mails whose appointment is still to come.
    coming = waiting.exclude(booking__slot__start__lte=now).values_list("number", flat=True)
    waiting.filter(number__in=list(coming), give_up_at__lt=now + TOO_LATE).update(give_up_at=now + TOO_LATE)
    return waiting.count()


@transaction.atomic
def discard_held(now: datetime) -> int:
    """Discard what was in the outbox when it was put on hold, and open it; answers how many. Raises NotOnHold.

    Mails written since then are sent. What is discarded stays to be seen, and `resend` brings it back.
    """
    held_at = _open(now)
    held = OutboxMessage.objects.filter(created_at__lte=held_at)
    queued = held.filter(status=OutboxStatus.QUEUED)
    abandoned = held.filter(status=OutboxStatus.INFLIGHT, lease_until__lt=now)
    end = {"status": OutboxStatus.DISCARDED, "claim_token": None, "lease_until": None}
    return queued.update(**end) + abandoned.update(**end)


def _open(now: datetime) -> datetime:
    """Take the outbox off hold and answer since when it was on."""
    state = DeliveryState.objects.select_for_update().filter(on_hold=True).first()
    if state is None:
        raise NotOnHold
    DeliveryState.objects.update(on_hold=False, reason="", changed_at=now)
    transaction.on_commit(lambda: doorbell.ring([]), robust=True)
    return state.changed_at


@transaction.atomic
def resend(message_id: UUID, now: datetime) -> None:
    """Queue a mail again that failed, was discarded, or did not reach anybody though it was sent.

    Raises NotSendable when it is on its way, erased, or older than what the recipient's calendar knows: some
    calendars would go back to the older time. An invitation to log in is written anew instead, since its link ends.
    """
    message = OutboxMessage.objects.filter(id=message_id).first()
    if message is None or message.occasion == Occasion.LOGIN or _is_outdated(message):
        raise NotSendable
    ended = OutboxMessage.objects.exclude(status__in=UNSENT).exclude(text="").filter(erased_at=None)
    queued = ended.filter(id=message_id).update(
        status=OutboxStatus.QUEUED,
        attempts=0,
        uncertain_attempts=0,
        next_attempt_at=now,
        give_up_at=max(message.give_up_at, now + TOO_LATE),
        last_error="",
        sent_at=None,
    )
    if not queued:
        raise NotSendable
    transaction.on_commit(lambda: doorbell.ring([message_id]), robust=True)


def _is_outdated(message: OutboxMessage) -> bool:
    if message.booking_id is None or not message.ics_method:
        return False
    gone = (OutboxStatus.QUEUED, OutboxStatus.INFLIGHT, OutboxStatus.SENT, OutboxStatus.UNCERTAIN)
    later = OutboxMessage.objects.filter(booking=message.booking_id, recipient=message.recipient)
    return later.filter(number__gt=message.number, status__in=gone).exclude(ics_method="").exists()
