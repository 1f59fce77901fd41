"""Whatever people do in whatever order: nobody is booked twice, forgotten, or moved without being told.

`ANY_ORDER=300 pytest tests/booking/test_any_order.py` looks at that many random days instead of the fixed few.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from itertools import combinations
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from booking.actions import bookings, closing, handover, publishing
from booking.actions.errors import BookingError
from booking.enums import Actor, BookedTimes, Rhythm, Status, Weekday
from booking.models import Availability, Booking, Closure, OfficeHours, OutboxMessage, Slot
from tests import itip
from tests.factories import NOW, make_claim, make_host, make_office, make_pattern, make_series, make_service

EXAMPLES = int(os.environ.get("ANY_ORDER", "0"))
WEEKS = 3
# What each rule picks from a list of things that are there: the number, modulo their count.
PICK = st.integers(0, 999)
HOUR = st.integers(8, 17)
DECISION = st.sampled_from([BookedTimes.KEEP, BookedTimes.CANCEL])


class Days(RuleBasedStateMachine):
    """Two hosts, one service, and everything that can happen to them."""

    @initialize()
    def open_the_office(self) -> None:
        """Begin on Monday, 9:00, with a series of each host and a few bookings."""
        self.now = NOW
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.office = make_office(horizon_weeks=WEEKS)
        self.hosts = [make_host(self.office, name) for name in ("Hannah Helfrich", "Derya Aksoy")]
        self.service = make_service(self.office)
        for host, weekday in zip(self.hosts, (Weekday.TUESDAY, Weekday.WEDNESDAY), strict=True):
            pattern = make_pattern(Rhythm.WEEKLY, (weekday,))
            publishing.open_series(make_series(host, self.service, pattern), self.now)
        for slot in Slot.objects.order_by("pk")[::9]:
            bookings.book(slot.pk, make_claim(), self.now)

    def try_to(self, action: Callable[..., Any], *given: Any) -> None:
        """Do it; a refusal with a name is an answer, too, and leaves everything as it was."""
        try:
            with transaction.atomic():
                action(*given)
        except BookingError:
            return

    def pick(self, query: Any, number: int) -> Any:
        """Return one of the rows that are there, if any."""
        rows = list(query.order_by("pk"))
        return rows[number % len(rows)] if rows else None

    @rule(
        host=PICK,
        day=st.integers(0, 6),
        start=HOUR,
        length=st.integers(1, 3),
        capacity=st.integers(1, 2),
        once=st.booleans(),
        desk_every=st.sampled_from([0, 0, 3]),
    )
    def publish(
        self, host: int, day: int, start: int, length: int, capacity: int, once: bool, desk_every: int
    ) -> None:
        """Publish a date or a series; what overlaps is left out."""
        first = (self.now + timedelta(days=1 + day)).date()
        pattern = make_pattern(
            Rhythm.ONCE if once else Rhythm.WEEKLY,
            (list(Weekday)[first.weekday()],),
            time(start),
            time(start + length),
            first,
        )
        series = make_series(
            self.hosts[host % 2], self.service, pattern, capacity=capacity, desk_every=desk_every
        )
        self.try_to(publishing.open_series, series, self.now)

    @rule(slot=PICK, by_office=st.booleans(), has_mail=st.booleans())
    def book(self, slot: int, by_office: bool, has_mail: bool) -> None:
        """Book some time: mostly a free one, now and then any."""
        wanted = self.pick(Slot.objects.bookable(self.now) if slot % 4 else Slot.objects.all(), slot)
        if wanted:
            claim = make_claim(email="amira@example.org" if has_mail else "")
            actor = Actor.OFFICE if by_office else Actor.RESIDENT
            self.try_to(bookings.book, wanted.pk, claim, self.now, actor)

    @rule(booking=PICK, slot=PICK, actor=st.sampled_from([Actor.RESIDENT, Actor.OFFICE]))
    def move(self, booking: int, slot: int, actor: Actor) -> None:
        """Move some booking to some time."""
        mine = self.pick(Booking.objects.all(), booking)
        wanted = self.pick(Slot.objects.bookable(self.now) if slot % 4 else Slot.objects.all(), slot)
        if mine and wanted:
            self.try_to(bookings.reschedule, mine.pk, wanted.pk, actor, self.now)

    @rule(booking=PICK, actor=st.sampled_from([Actor.RESIDENT, Actor.OFFICE]))
    def cancel(self, booking: int, actor: Actor) -> None:
        """Cancel some booking."""
        mine = self.pick(Booking.objects.all(), booking)
        if mine:
            self.try_to(bookings.cancel, mine.pk, actor, self.now)

    @rule(
        host=st.integers(0, 2), day=st.integers(0, 14), start=HOUR, hours=st.integers(1, 30), booked=DECISION
    )
    def close(self, host: int, day: int, start: int, hours: int, booked: BookedTimes) -> None:
        """Close some hours or days, of somebody or of the whole office."""
        begin = datetime.combine(self.now.date() + timedelta(days=day), time(start), self.office.zone)
        who = [*self.hosts, None][host]
        end = begin + timedelta(hours=hours)
        self.try_to(closing.close, self.office, who, begin, end, "", booked, self.now)

    @rule(closure=PICK)
    def lift(self, closure: int) -> None:
        """Lift some closure."""
        wanted = self.pick(Closure.objects.select_related("office", "host"), closure)
        if wanted:
            self.try_to(closing.lift, wanted, self.now)

    @rule(series=PICK, days=st.integers(0, 14), booked=DECISION)
    def end_series(self, series: int, days: int, booked: BookedTimes) -> None:
        """End some series, once."""
        running = Availability.objects.filter(withdrawn_on=None).select_related("host__office", "event__rule")
        mine = self.pick(running, series)
        if mine:
            since = self.now.date() + timedelta(days=days)
            self.try_to(closing.withdraw, mine, since, booked, self.now)

    @rule(first=PICK, second=PICK, swap=st.booleans())
    def hand_over(self, first: int, second: int, swap: bool) -> None:
        """Let the other one give some office hours, or let both swap."""
        hours = (
            OfficeHours.objects.live().filter(end__gt=self.now) if first % 4 else OfficeHours.objects.all()
        )
        mine, other = (self.pick(hours, number) for number in (first, second))
        if mine and swap and other.pk != mine.pk:
            self.try_to(handover.swap, mine.pk, other.pk, self.now)
        elif mine:
            self.try_to(handover.take_over, mine.pk, self.hosts[second % 2].pk, self.now)

    @rule(hours=st.sampled_from([1, 5, 24, 72]))
    def wait(self, hours: int) -> None:
        """Let time pass; the night publishes what has come into the horizon."""
        self.now += timedelta(hours=hours)
        publishing.extend(self.now)

    @invariant()
    def nobody_shares_a_seat_and_nobody_is_left_behind(self) -> None:
        """Each live booking has a seat of its own in office hours that take place around it."""
        live = Booking.objects.exclude(status=Status.CANCELLED).with_parts()
        seats = [(booking.slot_id, booking.seat) for booking in live]
        assert len(set(seats)) == len(seats)
        for booking in live:
            slot, hours = booking.slot, booking.slot.office_hours
            assert booking.seat <= slot.capacity
            assert hours.is_live
            assert hours.start <= slot.start < slot.end <= hours.end

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        """No two live office hours of one host overlap."""
        for host in self.hosts:
            spans = OfficeHours.objects.filter(host=host).live().values_list("start", "end")
            assert [pair for pair in combinations(spans, 2) if _overlap(*pair)] == []

    @invariant()
    def everybody_was_told_how_it_is(self) -> None:
        """The last mail to each resident says what is true now: time, person, and whether it takes place."""
        for booking in Booking.objects.exclude(email="").with_parts():
            mails = OutboxMessage.objects.filter(booking=booking, recipient=booking.email).exclude(ics="")
            last = mails.order_by("number").last()
            assert last is not None
            entry = itip.message(last.ics, last.ics_method, booking.email)
            is_off = entry.one("STATUS").value == "CANCELLED"
            assert is_off == (booking.status == Status.CANCELLED)
            if not is_off:
                assert entry.one("DTSTART").moment == booking.slot.start
                assert entry.one("DTEND").moment == booking.slot.end
                assert booking.slot.office_hours.host.name in entry.one("SUMMARY").text

    def teardown(self) -> None:
        """Compare what page, JSON and feed say at the end, then forget the day."""
        if hasattr(self, "rollback"):
            try:
                with time_machine.travel(self.now, tick=False):
                    self._compare_the_outside()
            finally:
                transaction.set_rollback(True)
                self.rollback.__exit__(None, None, None)

    def _compare_the_outside(self) -> None:
        client = Client()
        free = {slot.pk: slot.free_seats for slot in Slot.objects.bookable(self.now)}
        first, last = self.now.date(), self.now.date() + timedelta(weeks=WEEKS + 1)
        answer = json.loads(client.get("/termine.json", {"from": first, "to": last}).content)
        assert {slot["id"]: slot["free"] for slot in answer["slots"]} == free
        assert _on_pages(client, self.now) == set(free)
        entries = itip.feed(client.get("/kalender/termine.ics").content)
        in_feed = {entry.one("UID").value: _free_seats(entry.one("SUMMARY").text) for entry in entries}
        by_hours = dict.fromkeys(in_feed, 0)
        for slot in Slot.objects.filter(pk__in=free).select_related("office_hours"):
            by_hours[str(slot.office_hours.uid)] += free[slot.pk]
        assert in_feed == by_hours


def _overlap(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _free_seats(summary: str) -> int:
    found = re.search(r"– (\d+) frei$", summary)
    return int(found.group(1)) if found else 0


def _on_pages(client: Client, now: datetime) -> set[int]:
    """Return the times that the week pages offer."""
    found: set[int] = set()
    for week in range(WEEKS + 2):
        since = (now.astimezone(UTC) + timedelta(weeks=week)).date()
        page = client.get("/termine/", {"ansicht": "woche", "ab": since}).content.decode()
        found |= {int(number) for number in re.findall(r'href="/termine/(\d+)/', page)}
    return found


@pytest.mark.django_db
def test_any_order_of_changes_leaves_everybody_told_and_nobody_booked_twice() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Days,
        settings=settings(
            max_examples=EXAMPLES or 8,
            stateful_step_count=25,
            phases=[Phase.generate, Phase.shrink] if EXAMPLES else [Phase.generate],
            derandomize=EXAMPLES == 0,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
