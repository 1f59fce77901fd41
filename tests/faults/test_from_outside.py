"""The main job as an outsider sees it: real web server, real worker, real relay, on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from booking.models import Booking, Slot
from tests import itip
from tests.faults.processes import LONG_ENOUGH, Web, Worker, wait_for
from tests.faults.visitor import Visitor, all_book_at_once, slot_ids
from tests.sink import Sink

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def web(environment: dict[str, str], tmp_path: Path) -> Iterator[Web]:
    """The web server, running; the worker knows the same SITE_URL."""
    web = Web(environment, tmp_path)
    environment["SITE_URL"] = web.url
    web.start()
    yield web
    web.stop()


def next_invitation(sink: Sink, number: int, method: str) -> itip.Component:
    """Wait up to 15 s for the mail of that number and return its invitation, read strictly."""
    wait_for(lambda: len(sink.taken) == number, LONG_ENOUGH, f"mail {number}")
    parts = [part for part in sink.taken[-1].mail.walk() if part.get_content_type() == "text/calendar"]
    assert [part.get_param("method") for part in parts] == [method]
    invitation: bytes = parts[0].get_payload(decode=True)  # type: ignore[assignment]
    return itip.message(invitation, method, sink.taken[-1].recipient)


def offered_on(visitor: Visitor, slot_id: int) -> list[str]:
    """Return where the slot is offered."""
    in_json = {entry["id"] for entry in visitor.get("/termine.json").json()["slots"]}
    on_page = slot_ids(visitor.get("/termine/").text)
    return [name for name, ids in (("json", in_json), ("page", on_page)) if slot_id in ids]


def test_book_move_and_cancel_from_outside(web: Web, worker: Worker, slot: Slot, sink: Sink) -> None:
    Slot.objects.update(capacity=1)
    worker.start()
    visitor = Visitor(web.url)
    first, second = visitor.get("/termine.json").json()["slots"][:2]
    feed = visitor.get("/kalender/termine.ics")
    known = {"If-None-Match": feed.headers["ETag"]}
    assert visitor.get("/kalender/termine.ics", headers=known).status_code == 304

    answer = visitor.book(first["url"])
    assert answer.status_code == 303
    booked = next_invitation(sink, 1, "REQUEST")
    assert booked.one("UID").value == str(Booking.objects.get().pk)
    assert booked.one("SEQUENCE").value == "0"
    assert offered_on(visitor, first["id"]) == []
    assert visitor.get("/kalender/termine.ics", headers=known).status_code == 200

    page = web.url + answer.headers["Location"]
    moving = visitor.form(page + "verschieben/") | {"slot": str(second["id"])}
    assert visitor.send(page + "verschieben/", moving).status_code == 303
    moved = next_invitation(sink, 2, "REQUEST")
    itip.follows(moved, booked)
    assert offered_on(visitor, first["id"]) == ["json", "page"]
    assert offered_on(visitor, second["id"]) == []

    assert visitor.send(page + "absagen/", visitor.form(page + "absagen/")).status_code == 303
    itip.follows(next_invitation(sink, 3, "CANCEL"), moved)
    assert offered_on(visitor, second["id"]) == ["json", "page"]


@pytest.mark.parametrize(("capacity", "rivals"), [(1, 50), (20, 100)])
def test_rivals_over_http_win_as_often_as_there_are_seats(
    web: Web, slot: Slot, capacity: int, rivals: int
) -> None:
    if connection.vendor == "sqlite":
        rivals = 20 if capacity == 1 else 40
    Slot.objects.filter(pk=slot.pk).update(capacity=capacity)
    visitors = [Visitor(web.url, f"rival-{n}@example.org") for n in range(rivals)]
    answers = all_book_at_once(visitors, f"/termine/{slot.pk}/")
    assert Counter(answer.status_code for answer in answers) == {303: capacity, 409: rivals - capacity}
    seats = Booking.objects.filter(slot=slot).values_list("seat", flat=True)
    assert sorted(seats) == list(range(1, capacity + 1))
