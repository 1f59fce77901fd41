"""Who stands on the list of people to be called: everybody whom a mail cannot tell, or would tell too late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from booking.enums import CallReason
from booking.models import Booking, Call

SOON: Final = timedelta(hours=3)


def reason_to_call(booking: Booking, start: datetime, now: datetime) -> CallReason | None:
    """Return why a mail alone does not do to tell of a change of what begins at `start`; None when it does."""
    if not booking.email:
        return CallReason.NO_EMAIL
    return CallReason.SOON if start <= now + SOON else None


def put_down(booking: Booking, start: datetime, now: datetime) -> bool:
    """Put the resident on the list if a mail alone does not do; answers whether she stands there."""
    reason = reason_to_call(booking, start, now)
    if reason:
        put_all_down([Call(booking=booking, reason=reason, created_at=now)])
    return reason is not None


def put_all_down(calls: Iterable[Call]) -> None:
    """Write the calls down; who was called about an earlier change has to be called about this one, too."""
    Call.objects.bulk_create(
        calls,
        update_conflicts=True,
        unique_fields=["booking", "reason"],
        update_fields=["created_at", "done_at"],
    )
