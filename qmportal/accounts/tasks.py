"""The doorbell of the logins."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from qmportal.accounts import access


@shared_task
def forget_ended_sessions() -> None:
    """Erase the sessions that ended."""
    access.forget_ended_sessions(timezone.now())
