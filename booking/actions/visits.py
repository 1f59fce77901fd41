"""People who come without an appointment: each is counted once, and can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID, uuid5

from django.db import transaction

from booking.actions.errors import DayNotOver
from booking.enums import Channel
from booking.models import Office, Service, Visit

MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Details:
    """What may be said about a visit; nothing of it must."""

    service: Service | None = None
    channel: Channel = Channel.OFFICE
    topic: str = ""
    language: str = ""


@transaction.atomic
def count(office: Office, request_id: UUID, now: datetime) -> Visit:
    """Count one visit now; the same tap again answers the same visit."""
    return Visit.objects.get_or_create(request_id=request_id, defaults={"office": office, "came_at": now})[0]


@transaction.atomic
def describe(visit: Visit, details: Details) -> bool:
    """Write down what the visit was about; False when it was taken back meanwhile."""
    changed = Visit.objects.filter(pk=visit.pk).update(
        service=details.service, channel=details.channel, topic=details.topic, language=details.language
    )
    return changed == 1


@transaction.atomic
def enter(
    office: Office, day: date, number: int, request_id: UUID, now: datetime, details: Details | None = None
) -> int:
    """Count visits of a local day afterwards, 1 to 50 of them; answers how many were new.

    The same form sent again counts nobody twice. Raises DayNotOver for a day to come.
    """
    if not 1 <= number <= MOST_AT_ONCE:
        message = f"1 to {MOST_AT_ONCE} visits can be entered at once"
        raise ValueError(message)
    if day > now.astimezone(office.zone).date():
        raise DayNotOver
    came_at = min(datetime.combine(day, time(12), office.zone), now)
    said = details or Details()
    ids = [uuid5(request_id, str(n)) for n in range(number)]
    before = Visit.objects.filter(request_id__in=ids).count()
    rows = [
        Visit(
            office=office,
            came_at=came_at,
            service=said.service,
            channel=said.channel,
            topic=said.topic,
            language=said.language,
            request_id=each,
        )
        for each in ids
    ]
    # The only way to say ON CONFLICT (request_id): "ignore" would swallow any constraint.
    Visit.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["request_id"], update_fields=["request_id"]
    )
    return number - before


@transaction.atomic
def take_back(office: Office, request_id: UUID) -> int:
    """Take back what one tap, or one form, counted; answers how many visits went."""
    ids = [request_id, *(uuid5(request_id, str(n)) for n in range(MOST_AT_ONCE))]
    return Visit.objects.filter(office=office, request_id__in=ids).delete()[0]
