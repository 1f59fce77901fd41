"""Who may send a mail: a claim is a token and a lease on the row, taken and given back by compare and set."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, Exists, F, IntegerField, When

from booking.enums import OutboxStatus
from booking.models import DeliveryState, OutboxMessage
from booking.models.outbox import OutboxQuerySet

logger = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=45)
RENEW_SECONDS: Final = 15.0
RENEW_AT_MOST: Final = timedelta(minutes=15)
MOST_COPIES: Final = 3
PAUSES: Final = (0.5, 1, 2, 4, 8, 16)


def sendable(now: datetime) -> OutboxQuerySet:
    """Return what is due while the outbox is open, less what was perhaps sent too often already."""
    on_hold = DeliveryState.objects.filter(on_hold=True)
    spent = {"status": OutboxStatus.INFLIGHT, "uncertain_attempts__gte": MOST_COPIES - 1}
    return OutboxMessage.objects.due(now).filter(~Exists(on_hold)).exclude(**spent)


def claim(message_id: UUID, now: datetime) -> OutboxMessage | None:
    """Take a due mail for this sender alone; None when it is taken, not due, on hold, or behind an earlier one.

    Taking it over from a sender that died counts as a try of unknown end: it may have sent it.
    """
    token = uuid4()
    abandoned = When(status=OutboxStatus.INFLIGHT, then=F("uncertain_attempts") + 1)
    uncertain = Case(abandoned, default=F("uncertain_attempts"), output_field=IntegerField())
    with transaction.atomic(durable=True):
        taken = sendable(now).filter(id=message_id)
        if not taken.update(
            status=OutboxStatus.INFLIGHT,
            claim_token=token,
            lease_until=now + LEASE,
            attempts=F("attempts") + 1,
            uncertain_attempts=uncertain,
        ):
            return None
        return OutboxMessage.objects.select_related("office").get(id=message_id, claim_token=token)


@contextmanager
def kept(message: OutboxMessage, clock: Callable[[], datetime]) -> Iterator[None]:
    """Renew the lease while the sender works: so it may be short, and a dead sender is soon replaced."""
    done = threading.Event()

    def renew() -> None:
        mine = OutboxMessage.objects.filter(id=message.id, claim_token=message.claim_token)
        end = clock() + RENEW_AT_MOST
        while not done.wait(RENEW_SECONDS) and clock() < end:
            try:
                mine.update(lease_until=clock() + LEASE)
            except DatabaseError as error:
                logger.warning("Mail %s: no renewed lease (%s)", message.id, type(error).__name__)
            finally:
                connection.close()

    thread = threading.Thread(target=renew, name=f"lease of {message.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def give_back(message: OutboxMessage, changes: dict[str, Any]) -> bool:
    """End the claim with what became of the mail; answers False when another sender has taken over meanwhile.

    A database that restarts is asked again for half a minute: to forget that a mail was sent makes a copy.
    """
    mine = OutboxMessage.objects.filter(id=message.id, claim_token=message.claim_token)
    for pause in PAUSES:
        try:
            return mine.update(claim_token=None, lease_until=None, **changes) == 1
        except (OperationalError, InterfaceError) as error:
            logger.warning("Mail %s: the database is away (%s)", message.id, type(error).__name__)
            connection.close()
            time.sleep(pause)
    return mine.update(claim_token=None, lease_until=None, **changes) == 1
