"""The doorbell of the website."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command


@shared_task
def publish_scheduled() -> None:
    """Publish and take back the pages whose time has come."""
    call_command("publish_scheduled")
