"""Doorbells: ids in, one action, no logic. What they ring for stands in the database."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from booking.actions import bookings, calls, day_plan, delivery, illness, publishing, reminders, retention


@shared_task
def deliver(message_id: str) -> None:
    """Send one mail."""
    delivery.send(UUID(message_id), timezone.now())


@shared_task
def sweep() -> None:
    """Send every mail that is due."""
    delivery.sweep(timezone.now())


@shared_task
def carry_out_absences() -> None:
    """Call off what falls out because somebody is ill."""
    illness.carry_out(timezone.now())


@shared_task
def collect_calls() -> None:
    """Note who has to be called because a mail did not arrive."""
    calls.collect(timezone.now())


@shared_task
def expire_holds() -> None:
    """Free the seats that nobody confirmed."""
    bookings.expire(timezone.now())


@shared_task
def remind() -> None:
    """Write the reminders that are due."""
    reminders.remind(timezone.now())


@shared_task
def write_day_plans() -> None:
    """Write the plans of the day that are due."""
    day_plan.write_day_plans(timezone.now())


@shared_task
def erase() -> None:
    """Erase the contact data that is no longer needed."""
    retention.erase(timezone.now())


@shared_task
def extend() -> None:
    """Publish every series up to its horizon."""
    publishing.extend(timezone.now())
