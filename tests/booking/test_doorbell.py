"""The worker is woken where there is a broker, and nobody notices where there is none."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from celery import Celery, current_app

from booking.actions.doorbell import Doorbell, doorbell
from qmportal import celery as portal_celery
from qmportal.celery import app
from tests.booking.outbox import rung
from tests.sink import free_port


@contextmanager
def broker_at(url: str) -> Iterator[None]:
    """Ring through another broker, as a page of the real portal would."""
    other = Celery("other", set_as_current=True)
    other.conf.update(portal_celery.broker(url, Path("unused"), testing=False), task_publish_retry=False)
    try:
        yield
    finally:
        app.set_current()
        other.close()


def test_a_broker_that_is_away_is_neither_noticed_nor_asked_again_at_once() -> None:
    bell = Doorbell()
    with broker_at(f"redis://127.0.0.1:{free_port()}/0"):
        started = time.monotonic()
        for _ in range(50):
            bell.ring([UUID(int=1)])
        assert time.monotonic() - started < 1.0
    assert bell.silent_until > started


def test_a_broker_that_is_back_is_rung_again(bell: None) -> None:
    doorbell.silent_until = time.monotonic() + 60
    doorbell.ring([UUID(int=1)])
    assert rung() == []
    doorbell.silent_until = time.monotonic()
    doorbell.ring([UUID(int=1)])
    assert rung() == [("booking.tasks.deliver", [str(UUID(int=1))])]


def test_pages_ring_in_the_portals_broker_in_every_thread() -> None:
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: current_app.main).result() == "qmportal"
