"""What an orchestrator asks: whether the process is up, and whether it can do its work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from booking.models import DeliveryState, OutboxMessage

MAIL_MAY_WAIT = timedelta(minutes=10)


class HealthMiddleware:
    """Answer /health/live and /health/ready before anything else looks at the request.

    An orchestrator asks by the address of the container, which is no allowed host, and by plain http.
    Redis is not asked: the pages do without it, and what it would delay shows in the age of the mail.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.is_migrated = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the two addresses, pass every other request on."""
        if request.path == "/health/live":
            return _answer({"status": "ok"}, 200)
        if request.path == "/health/ready":
            return self.ready(timezone.now())
        return self.get_response(request)

    def ready(self, now: datetime) -> HttpResponse:
        """Answer 200 when everything works, else 503, with the state of each part and no personal data."""
        try:
            self.is_migrated = self.is_migrated or is_migrated()
            parts = {"database": "ok", "migrations": "ok" if self.is_migrated else "missing"}
            mail = mail_state(now) if self.is_migrated else {"status": "unknown"}
        except Error:
            parts, mail = {"database": "unreachable", "migrations": "unknown"}, {"status": "unknown"}
        works = {*parts.values(), mail["status"]} <= {"ok", "on hold"}
        state = "ok" if works else "failing"
        return _answer({"status": state, **parts, "mail": mail}, 200 if works else 503)


def is_migrated() -> bool:
    """Tell whether the database has every migration of this version."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def mail_state(now: datetime) -> dict[str, Any]:
    """Report the age of the oldest unsent mail, in seconds; a hold is somebody's decision and no fault."""
    oldest = OutboxMessage.objects.unsent().aggregate(oldest=Min("created_at"))["oldest"]
    age = max(now - oldest, timedelta()) if oldest else timedelta()
    if DeliveryState.objects.filter(on_hold=True).exists():
        status = "on hold"
    else:
        status = "ok" if age < MAIL_MAY_WAIT else "late"
    return {"status": status, "oldest_seconds": int(age.total_seconds())}


def _answer(content: dict[str, Any], status: int) -> HttpResponse:
    return JsonResponse(content, status=status, headers={"Cache-Control": "no-store"})
