"""Runs the workloads and prints the table."""

from __future__ import annotations

import resource
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import website, world
from booking.actions.bookings import book
from booking.models import Slot

WARM_UP, RUNS = 2, 15


@dataclass
class Row:
    """One measured workload: CPU and wall in milliseconds, medians; queries of one run; bytes of the answer."""

    name: str
    cpu: float
    wall: float
    queries: int
    size: int


def measure(name: str, work: Callable[[], Any], runs: int = RUNS) -> Row:
    """Run the work until its median can be trusted."""
    for _ in range(WARM_UP):
        work()
    cpu, wall = [], []
    for _ in range(runs):
        before, start = resource.getrusage(resource.RUSAGE_SELF), perf_counter()
        answer = work()
        after = resource.getrusage(resource.RUSAGE_SELF)
        wall.append((perf_counter() - start) * 1000)
        cpu.append((after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1000)
    with CaptureQueriesContext(connection) as context:
        answer = work()
    size = len(answer.content) if isinstance(answer, HttpResponse) else 0
    return Row(name, statistics.median(cpu), statistics.median(wall), len(context), size)


def run() -> None:
    """Build the world, measure, print."""
    now = timezone.now()
    start = perf_counter()
    website.build(world.build(now), now)
    print(f"built in {perf_counter() - start:.1f} s on {connection.vendor}: {world.size()}\n")
    yardsticks = [measure("yardstick: constant answer of 10 kB", _constant), measure(*_plain_rows())]
    rows = [*yardsticks, *_pages(), *_actions()]
    print(f"{'workload':<58}{'CPU ms':>9}{'wall ms':>9}{'queries':>9}{'kB':>8}{'× rows':>8}")
    for row in rows:
        ratio = row.cpu / yardsticks[1].cpu
        print(
            f"{row.name:<58}{row.cpu:>9.1f}{row.wall:>9.1f}{row.queries:>9}{row.size / 1000:>8.1f}{ratio:>8.2f}"
        )


def _constant() -> HttpResponse:
    request: HttpRequest = RequestFactory().get("/")
    return HttpResponse(b"x" * 10_000 if request.path == "/" else b"")


def _plain_rows() -> tuple[str, Callable[[], HttpResponse]]:
    def work() -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, start FROM booking_slot ORDER BY start LIMIT 1000")
            return HttpResponse(
                "".join(f"<li><a href='/{pk}/'>{start}</a></li>" for pk, start in cursor.fetchall())
            )

    return "yardstick: 1,000 rows, one query, f-strings", work


def _pages() -> list[Row]:
    client = Client(SERVER_NAME=settings.SITE_HOST)
    today = timezone.localdate()
    until = today + timedelta(days=28)
    slot = Slot.objects.bookable(timezone.now())[0]
    etag = client.get("/kalender/termine.ics").headers["ETag"]
    pages = {
        "free times, list": "/termine/",
        "free times, week": "/termine/?ansicht=woche",
        "free times, month": "/termine/?ansicht=monat",
        "booking form": f"/termine/{slot.pk}/",
        "free times as JSON, 4 weeks": f"/termine.json?from={today}&to={until}",
        "calendar feed, 12 weeks": "/kalender/termine.ics",
        **website.PAGES,
    }
    rows = [measure(name, lambda path=path: client.get(path)) for name, path in pages.items()]  # type: ignore[misc]
    unchanged = {"HTTP_IF_NONE_MATCH": etag}
    rows.append(measure("calendar feed, 304", lambda: client.get("/kalender/termine.ics", **unchanged)))
    return rows


def _actions() -> list[Row]:
    now = timezone.now()
    slots = iter(Slot.objects.bookable(now).values_list("pk", flat=True)[:200])
    numbers = iter(range(10_000, 20_000))

    def again() -> None:
        with transaction.atomic():
            world.republish(now)

    return [
        measure(
            "book a time, with both mails rendered",
            lambda: book(next(slots), world.claim(next(numbers)), now),
        ),
        measure("publish 60 series again, nothing new", again, runs=3),
        measure(
            "change 60 series: all times cut anew, booked ones kept", lambda: world.shift_all(now), runs=2
        ),
        measure("publish one week more", lambda: world.a_new_week(now), runs=1),
    ]
