"""What a booking and its mail survive, tried on real processes."""

from __future__ import annotations

import os
import signal
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from booking.enums import OutboxStatus
from booking.models import OutboxMessage, Slot
from tests.faults.processes import LONG_ENOUGH, Redis, Rush, Web, Worker, wait_for
from tests.faults.visitor import READING_SECONDS, Visitor
from tests.sink import Sink

# Raise them to see longer outages than a test run has time for.
RELAY_AWAY = float(os.environ.get("FAULTS_RELAY_AWAY", "8"))
PATIENCE = float(os.environ.get("FAULTS_PATIENCE", "120"))
BOOKINGS, PER_SECOND = 200, 12.0


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Iterator[dict[str, object]]:
    """Collect what was measured; shown at the end of the run (`pytest -s`)."""
    measured: dict[str, object] = {}
    yield measured
    print(f"\n{request.node.name}: {measured}")  # noqa: T201


def delays(sink: Sink, rush: Rush) -> list[float]:
    """Return how long after its booking each first copy of a mail arrived, in s, shortest first."""
    first: dict[str, float] = {}
    for taken in sink.taken:
        first.setdefault(taken.recipient, taken.at)
    return sorted(first[email] - at for email, (at, _) in rush.bookings().items())


def all_sent() -> bool:
    return not OutboxMessage.objects.exclude(status=OutboxStatus.SENT).exists()


@pytest.mark.django_db(transaction=True)
def test_without_redis_a_mail_arrives_within_15_seconds(
    environment: dict[str, str],
    worker: Worker,
    slot: Slot,
    sink: Sink,
    tmp_path: Path,
    report: dict[str, object],
) -> None:
    worker.start()
    wait_for(lambda: worker.starts() == 1, LONG_ENOUGH, "worker")
    rush = Rush(environment, tmp_path / "rush.log", 5, 2)
    rush.start()
    rush.wait()
    wait_for(lambda: len(sink.taken) == 5, LONG_ENOUGH, "five mails")
    assert sorted(sink.recipients()) == sorted(rush.bookings())
    report["from booking to mail"] = [round(delay, 2) for delay in delays(sink, rush)]
    assert delays(sink, rush)[-1] < 15


@pytest.mark.once
@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_with_redis_a_mail_arrives_at_once(
    environment: dict[str, str],
    redis_server: Redis,
    worker: Worker,
    slot: Slot,
    sink: Sink,
    tmp_path: Path,
    report: dict[str, object],
) -> None:
    environment["REDIS_URL"] = redis_server.url
    worker.start()
    wait_for(lambda: worker.starts() == 1, LONG_ENOUGH, "worker")
    rush = Rush(environment, tmp_path / "rush.log", 40, 10)
    rush.start()
    rush.wait()
    wait_for(lambda: len(sink.taken) == 40, LONG_ENOUGH, "forty mails")
    measured = delays(sink, rush)
    report["from booking to mail"] = {
        "p50": round(statistics.median(measured), 3),
        "max": round(measured[-1], 3),
    }
    assert statistics.median(measured) < 1
    assert measured[-1] < 15


@pytest.mark.once
@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_a_redis_that_freezes_delays_no_booking_by_two_seconds(
    environment: dict[str, str],
    redis_server: Redis,
    worker: Worker,
    slot: Slot,
    sink: Sink,
    tmp_path: Path,
    report: dict[str, object],
) -> None:
    environment["REDIS_URL"] = redis_server.url
    worker.start()
    wait_for(lambda: worker.starts() == 1, LONG_ENOUGH, "worker")
    rush = Rush(environment, tmp_path / "rush.log", 60, 10)
    rush.start()
    wait_for(lambda: len(rush.bookings()) >= 5, LONG_ENOUGH, "five bookings")
    redis_server.freeze()
    rush.wait()
    latencies = sorted(seconds for _, seconds in rush.bookings().values())
    report["booking, in s"] = {"p50": statistics.median(latencies), "slowest": latencies[-3:]}
    assert len(latencies) == 60
    assert latencies[-1] < 2
    redis_server.thaw()
    report["all mails after the thaw"] = round(
        wait_for(lambda: len(sink.taken) >= 60, LONG_ENOUGH, "all mails"), 1
    )
    assert {*sink.recipients()} == {*rush.bookings()}


@pytest.mark.once
@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_a_web_server_that_never_saw_redis_answer_books_all_the_same(
    environment: dict[str, str],
    redis_server: Redis,
    slot: Slot,
    tmp_path: Path,
    report: dict[str, object],
) -> None:
    environment["REDIS_URL"] = redis_server.url
    redis_server.freeze()
    web = Web(environment, tmp_path)
    web.start()
    try:
        visitors = [Visitor(web.url, f"resident-{n}@example.org") for n in range(10)]
        page = f"/termine/{slot.pk}/"
        forms = [visitor.typed(visitor.form(page)) for visitor in visitors]
        time.sleep(READING_SECONDS)
        answers = [visitor.send(page, form) for visitor, form in zip(visitors, forms, strict=True)]
    finally:
        web.stop()
    latencies = [answer.elapsed.total_seconds() for answer in answers]
    report["answer to the booking, in s"] = [round(seconds, 2) for seconds in latencies]
    assert [answer.status_code for answer in answers] == [303] * 10
    assert max(latencies) < 2


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_dead_workers_a_forgetful_redis_and_a_relay_that_is_away_lose_no_mail(
    environment: dict[str, str],
    redis_server: Redis,
    worker: Worker,
    slot: Slot,
    sink: Sink,
    tmp_path: Path,
    report: dict[str, object],
) -> None:
    environment["REDIS_URL"] = redis_server.url
    worker.start()
    wait_for(lambda: worker.starts() == 1, LONG_ENOUGH, "worker")
    rush = Rush(environment, tmp_path / "rush.log", BOOKINGS, PER_SECOND)
    rush.start()
    wait_for(lambda: len(sink.taken) >= 10, LONG_ENOUGH, "ten mails")
    # The worst moment: the relay has the mail, and the worker dies before it can write that down.
    killed_at = _kill_at_next_mail(worker, sink)
    victim = sink.taken[-1].recipient
    worker.start()
    wait_for(lambda: len(rush.bookings()) >= 70, LONG_ENOUGH, "seventy bookings")
    redis_server.stop()
    time.sleep(2)
    redis_server.start()
    sink.stop()
    wait_for(lambda: len(rush.bookings()) >= 150, LONG_ENOUGH, "150 bookings")
    worker.kill()
    time.sleep(max(0.0, RELAY_AWAY - 6))
    worker.start()
    sink.start()
    rush.wait()
    report["all mails after the last fault"] = round(
        wait_for(lambda: {*sink.recipients()} >= {*rush.bookings()}, PATIENCE, "all mails"), 1
    )
    wait_for(all_sent, PATIENCE, "all written down as sent")
    copies = Counter(sink.recipients())
    again = [taken.at - killed_at for taken in sink.taken if taken.recipient == victim][1:]
    report["copies"] = dict(Counter(copies.values()))
    report["second copy of the mail whose sender was killed"] = [round(seconds, 1) for seconds in again]
    assert len(rush.bookings()) == BOOKINGS
    assert {*copies} == {*rush.bookings()}
    assert max(copies.values()) <= 3
    assert len({(taken.recipient, taken.message_id, taken.content) for taken in sink.taken}) == BOOKINGS
    assert again[0] < 90


def _kill_at_next_mail(worker: Worker, sink: Sink) -> float:
    """Kill the worker, and all that it started, the moment the sink has taken a mail and not yet answered."""
    struck = threading.Event()

    def strike() -> None:
        if not struck.is_set():
            worker.signal(signal.SIGKILL)
            struck.set()

    sink.on_taken = strike
    assert struck.wait(LONG_ENOUGH)
    killed_at = time.monotonic()
    sink.on_taken = None
    worker.wait()
    return killed_at
