"""Whatever is changed after whatever else: nobody is booked twice, lost, or moved without being told."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.db.models import Q
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking import recurrence
from booking.actions import bookings, publishing, redating, revising
from booking.actions.errors import BookingError
from booking.enums import Actor, BookedTimes, Channel, Rhythm, SlotOffer, Weekday
from booking.ical import contents
from booking.models import Availability, Booking, Host, OfficeHours, OutboxMessage, Service, Slot
from booking.recurrence import Pattern
from tests import factories

# A Wednesday in the second week: dates lie behind, one is tomorrow.
NOW = datetime(2026, 12, 2, 8, 0, tzinfo=UTC)
TODAY = NOW.date()

choices = st.sampled_from(BookedTimes)
series = st.tuples(
    st.just("series"),
    st.integers(9, 15),
    st.integers(1, 4),
    st.sampled_from([20, 30, 45]),
    st.integers(1, 2),
    st.sets(st.sampled_from([Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY]), min_size=1),
    st.sampled_from([(Channel.OFFICE,), (Channel.OFFICE, Channel.PHONE)]),
    st.sampled_from([{}, {"de": "Bücherei"}]),
    st.integers(0, 10),
    choices,
)
dates = st.tuples(
    st.just("date"),
    st.integers(0, 5),
    st.integers(0, 2),
    st.integers(9, 16),
    st.sampled_from([20, 45]),
    choices,
)
drops = st.tuples(st.just("drop"), st.integers(0, 5), choices)
books = st.tuples(st.just("book"), st.integers(0, 60), st.sampled_from([Channel.OFFICE, Channel.PHONE]))
leaves = st.tuples(st.just("leave"), st.integers(0, 10))
nights = st.tuples(st.just("night"))
steps = st.lists(st.one_of(series, dates, drops, books, books, books, leaves, nights), min_size=3, max_size=9)


class Desk:
    """One office in which things happen one after the other, and who was decided about how."""

    def __init__(self, host: Host, service: Service) -> None:
        self.host, self.service = host, service
        self.kept: set[Any] = set()
        self.sequences: dict[Any, int] = {}

    def open(self) -> None:
        """Publish two series that get in each other's way, and fill the first dates a little."""
        both = (Channel.OFFICE, Channel.PHONE)
        for starts_at, ends_at, day in ((13, 16, Weekday.TUESDAY), (10, 12, Weekday.WEDNESDAY)):
            pattern = factories.make_pattern(Rhythm.WEEKLY, (day,), time(starts_at), time(ends_at))
            factories.make_slots(self.host, self.service, pattern, factories.NOW, channels=both)
        for slot in Slot.objects.order_by("start")[4:40:6]:
            factories.make_booking(slot, factories.NOW, email=f"{slot.pk}@example.org")

    def step(self, name: str, *said: Any) -> None:
        """Do one thing; what is refused has changed nothing."""
        actions: dict[str, Callable[..., None]] = {
            "series": self._series,
            "date": self._date,
            "drop": self._drop,
            "book": self._book,
            "leave": self._leave,
            "night": lambda: self._extend(),
        }
        try:
            actions[name](*said)
        except BookingError:
            return

    def _extend(self) -> None:
        publishing.extend(NOW)

    def _series(self, *said: Any) -> None:
        starts, length, minutes, seats, days, channels, place, ahead, choice = said
        running = Availability.objects.running(TODAY).order_by("-pk").select_related("host__office")
        for each in running[:1]:
            pattern = Pattern(
                Rhythm.WEEKLY,
                tuple(sorted(days)),
                time(starts),
                time(starts + length),
                recurrence.pattern(each).first_on,
            )
            terms = publishing.Series(self.host, self.service, pattern, minutes, 0, seats, channels, place)
            since = TODAY + timedelta(days=ahead)
            plan = revising.plan_series(each, terms, since, None, NOW)
            self._decide(plan, choice)
            revising.revise_series(each, terms, since, self._decisions(plan, choice), NOW)

    def _hours(self, index: int) -> OfficeHours:
        found = OfficeHours.objects.filter(start__gt=NOW).live().order_by("start")
        return found[index % max(1, found.count())]

    def _date(self, index: int, days: int, starts: int, minutes: int, choice: BookedTimes) -> None:
        hours = self._hours(index)
        day = hours.start.astimezone(self.host.office.zone).date() + timedelta(days=days)
        terms = redating.DateTerms(day, time(starts), time(starts + 2), minutes, 0, 1, {})
        plan = redating.plan_date(hours, terms, None, NOW)
        self._decide(plan, choice)
        redating.revise_date(hours, terms, self._decisions(plan, choice), NOW)

    def _drop(self, index: int, choice: BookedTimes) -> None:
        hours = self._hours(index)
        plan = redating.plan_drop(hours, None, NOW)
        self._decide(plan, choice)
        redating.drop_date(hours, self._decisions(plan, choice), NOW)

    def _decide(self, plan: revising.Revision, choice: BookedTimes) -> None:
        if choice == BookedTimes.KEEP:
            self.kept |= {each.booking.pk for each in plan.affected}

    @staticmethod
    def _decisions(plan: revising.Revision, choice: BookedTimes) -> dict[Any, BookedTimes]:
        return {each.booking.pk: choice for each in plan.affected}

    def _book(self, index: int, channel: Channel) -> None:
        free = list(Slot.objects.bookable(NOW))
        if free:
            factories.make_booking(
                free[index % len(free)], NOW, channel=channel, email=f"{index}@example.org"
            )

    def _leave(self, index: int) -> None:
        live = list(Booking.objects.live(NOW).filter(slot__start__gt=NOW).order_by("pk"))
        if live:
            bookings.cancel(live[index % len(live)].pk, Actor.RESIDENT, NOW)


def past() -> list[Any]:
    """Return everything that has begun."""
    hours = OfficeHours.objects.filter(start__lte=NOW).order_by("pk")
    slots = Slot.objects.filter(office_hours__start__lte=NOW).order_by("pk")
    booked = Booking.objects.filter(slot__office_hours__start__lte=NOW).order_by("pk")
    return [
        list(hours.values("pk", "uid", "start", "end", "status")),
        list(slots.values()),
        list(booked.values()),
    ]


def check(desk: Desk) -> None:
    """Hold the office to its promises."""
    live = list(Booking.objects.live(NOW).select_related("slot__office_hours").order_by("pk"))
    assert len({(b.slot_id, b.seat) for b in live}) == len(live)
    for slot_id, taken in Counter(b.slot_id for b in live).items():
        assert taken <= Slot.objects.get(pk=slot_id).capacity
    for booking in live:
        slot, hours = booking.slot, booking.slot.office_hours
        assert booking.seat <= slot.capacity
        assert hours.is_live
        assert hours.start <= slot.start < slot.end <= hours.end
        if slot.offer == SlotOffer.NONE or hours.withdrawn_at:
            assert booking.pk in desk.kept
    for one, other in pairwise(OfficeHours.objects.live().filter(host=desk.host).order_by("start")):
        assert one.end <= other.start
    for booking in Booking.objects.all():
        told = OutboxMessage.objects.filter(booking=booking, recipient=booking.email).count()
        assert told == booking.sequence + 1
    overlapping = Slot.objects.filter(Q(offer=SlotOffer.WEB) | Q(offer=SlotOffer.DESK), start__gt=NOW)
    by_hours: dict[int, list[Slot]] = {}
    for slot in [*overlapping, *(b.slot for b in live if b.slot.offer == SlotOffer.NONE)]:
        by_hours.setdefault(slot.office_hours_id, []).append(slot)
    for mine in by_hours.values():
        times = sorted({(slot.start, slot.end) for slot in mine})
        assert all(one[1] <= other[0] for one, other in pairwise(times))


def shown(host: Host) -> tuple[Counter[datetime], Counter[datetime], Counter[datetime]]:
    """Return the free seats by time as residents see them: on the page, as JSON, in the feed."""
    until = NOW + timedelta(days=28)
    page = Slot.objects.bookable(NOW).filter(start__lt=until)
    answer = Client().get("/termine.json", {"to": until.date() - timedelta(days=1)})
    rows = json.loads(answer.content)["slots"]
    entries = contents.entries(contents.Selection(host.office, NOW))
    return (
        Counter({slot.start: slot.free_seats for slot in page if slot.start.date() < until.date()}),
        Counter({datetime.fromisoformat(row["start"]).astimezone(UTC): row["free"] for row in rows}),
        Counter({at: n for entry in entries for at, n in entry.free if at.date() < until.date()}),
    )


@pytest.mark.shared
@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=steps)
def test_whatever_is_changed_every_promise_holds(host: Host, service: Service, steps: list[Any]) -> None:
    with time_machine.travel(NOW, tick=False), transaction.atomic():
        desk = Desk(host, service)
        desk.open()
        before = past()
        for step in steps:
            desk.step(*step)
            check(desk)
        assert past() == before
        on_page, as_json, in_feed = shown(host)
        assert on_page == as_json == in_feed
        transaction.set_rollback(True)
