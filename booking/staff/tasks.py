"""The doorbell of the log."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from booking.staff import history


@shared_task
def forget_changes() -> None:
    """Erase what the log has kept for long enough."""
    history.forget(timezone.now())
