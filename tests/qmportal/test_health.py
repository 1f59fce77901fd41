from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from model_bakery import baker

from booking.enums import OutboxStatus
from booking.models import DeliveryState, OutboxMessage

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def ready(host: str = "10.0.0.7:8000") -> tuple[int, dict[str, Any]]:
    response = Client().get("/health/ready", headers={"host": host})
    return response.status_code, response.json()


def unsent_mail(age: timedelta, status: OutboxStatus = OutboxStatus.QUEUED) -> None:
    made_at = timezone.now() - age
    baker.make(
        OutboxMessage,
        status=status,
        recipient="nele@example.org",
        created_at=made_at,
        next_attempt_at=made_at,
        give_up_at=made_at + timedelta(days=2),
    )


def test_live_needs_neither_database_nor_a_known_host() -> None:
    response = Client().get("/health/live", headers={"host": "10.0.0.7:8000"})
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_ready_when_nothing_waits() -> None:
    mail = {"status": "ok", "oldest_seconds": 0}
    assert ready() == (200, {"status": "ok", "database": "ok", "migrations": "ok", "mail": mail})


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "code", "status"), [(9, 200, "ok"), (11, 503, "late")])
def test_a_mail_that_waits_for_more_than_ten_minutes_is_a_fault(minutes: int, code: int, status: str) -> None:
    unsent_mail(timedelta(minutes=minutes))
    answer = ready()
    assert (answer[0], answer[1]["mail"]["status"]) == (code, status)
    assert "example.org" not in str(answer)


@pytest.mark.django_db
def test_sent_and_failed_mails_do_not_count_as_waiting() -> None:
    unsent_mail(timedelta(days=1), OutboxStatus.SENT)
    unsent_mail(timedelta(days=1), OutboxStatus.FAILED)
    assert ready()[0] == 200


@pytest.mark.django_db
def test_mail_on_hold_is_reported_and_no_fault() -> None:
    unsent_mail(timedelta(hours=3))
    DeliveryState.objects.update_or_create(id=1, defaults={"on_hold": True, "changed_at": timezone.now()})
    code, answer = ready()
    assert (code, answer["status"], answer["mail"]["status"]) == (200, "ok", "on hold")


@pytest.mark.django_db(transaction=True)
def test_a_database_without_the_newest_migration_is_not_ready() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, applied FROM django_migrations WHERE app = 'booking' ORDER BY id DESC LIMIT 1"
        )
        name, applied = cursor.fetchone()
        cursor.execute("DELETE FROM django_migrations WHERE app = 'booking' AND name = %s", [name])
    try:
        code, answer = ready()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('booking', %s, %s)",
                [name, applied],
            )
    assert (code, answer["migrations"], answer["mail"]) == (503, "missing", {"status": "unknown"})
