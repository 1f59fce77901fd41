"""Mails about nothing in particular, and what was rung for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from booking.actions import delivery
from booking.enums import Occasion
from booking.models import Office, OutboxMessage
from qmportal.celery import app


def rung(drop: bool = False) -> list[tuple[str, list[str]]]:
    """Take the doorbell's messages out of the broker: task and arguments."""
    messages = []
    with app.connection_for_read() as broker, broker.SimpleQueue("celery") as queue:
        while queue.qsize():
            message = queue.get(block=False)
            message.ack()
            messages.append((message.headers["task"], message.payload[0]))
    return messages


def make_message(office: Office, now: datetime, **fields: Any) -> OutboxMessage:
    """Make an unsaved mail about nothing in particular."""
    identity = uuid4()
    defaults: dict[str, Any] = {
        "id": identity,
        "dedupe_key": identity.hex,
        "office": office,
        "occasion": Occasion.TEST,
        "language": "de",
        "message_id": f"<{identity}@musterstadt.example>",
        "sender": "Quartiersmanagement <nord@musterstadt.example>",
        "recipient": "amira@example.org",
        "subject": "Ihr Termin",
        "text": "Guten Tag",
        "html": "<p>Guten Tag</p>",
        "created_at": now,
        "next_attempt_at": now,
        "give_up_at": now + timedelta(hours=48),
    }
    return OutboxMessage(**defaults | fields)


def queue(office: Office, now: datetime, **fields: Any) -> OutboxMessage:
    """Put such a mail into the outbox."""
    message = make_message(office, now, **fields)
    delivery.post([message])
    return message


def reload(message: OutboxMessage) -> OutboxMessage:
    return OutboxMessage.objects.get(id=message.id)
