from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from booking.enums import Weekday
from booking.models import Slot
from tests import factories
from tests.faults.processes import Redis, Worker
from tests.sink import Sink

SEATS = 200


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A relay that runs."""
    sink = Sink()
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture
def environment(transactional_db: None, sink: Sink, tmp_path: Path) -> dict[str, str]:
    """What a process needs to use the test's database and relay, and no broker but files."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return inherited | {
        "DATABASE_URL": _database_url(),
        "DJANGO_SETTINGS_MODULE": "qmportal.settings",
        "EMAIL_URL": sink.url,
        "REDIS_URL": "",
        "SITE_URL": "http://musterstadt.example",
        "VAR_DIR": str(tmp_path),
    }


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[Redis]:
    """A Redis of our own, which a test may stop and freeze."""
    if shutil.which("redis-server") is None:
        message = "redis-server is not there"
        (pytest.fail if os.environ.get("REQUIRE_SERVICES") == "1" else pytest.skip)(message)
    server = Redis(tmp_path)
    server.start()
    yield server
    server.thaw()
    server.kill()


@pytest.fixture
def worker(environment: dict[str, str], tmp_path: Path) -> Iterator[Worker]:
    """A worker that is not started yet."""
    worker = Worker(environment, tmp_path)
    yield worker
    worker.kill()


@pytest.fixture
def slot(transactional_db: None) -> Slot:
    """One slot with 200 seats, a week from today, whose host wants no notices."""
    day = (datetime.now(UTC) + timedelta(days=7)).date()
    office = factories.make_office()
    host = factories.make_host(office, wants_notices=False)
    pattern = factories.make_pattern(weekdays=(list(Weekday)[day.weekday()],), first_on=day)
    service = factories.make_service(office)
    return factories.make_slots(host, service, pattern, datetime.now(UTC), capacity=SEATS)[0]


def _database_url() -> str:
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{Path(config['NAME']).resolve()}"
    login = f"{config['USER']}:{config['PASSWORD']}@{config['HOST']}:{config['PORT']}"
    return f"postgres://{login}/{config['NAME']}"
