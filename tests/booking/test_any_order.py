"""Whatever people do in whatever order: nobody is booked twice, forgotten, or moved without being told.

`ANY_ORDER=300 pytest tests/booking/test_any_order.py` looks at that many random days instead of the fixed few.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from booking import recurrence
from booking.actions import (
    attendance,
    bookings,
    calls,
    closing,
    desk,
    drafts,
    handover,
    illness,
    offers,
    offices,
    publishing,
    redating,
    revising,
)
from booking.actions.errors import BookingError, NeedsConsent
from booking.enums import Actor, Attendance, BookedTimes, Rhythm, Weekday
from booking.models import Absence, Availability, Booking, Call, Closure, Host, OfficeHours, Slot
from tests.booking import promises
from tests.factories import NOW, make_claim, make_host, make_office, make_pattern, make_series, make_service

EXAMPLES = int(os.environ.get("ANY_ORDER", "0"))
WEEKS = 3
# What each rule picks from a list of things that are there: the number, modulo their count.
PICK = st.integers(0, 999)
HOUR = st.integers(8, 17)
DECISION = st.sampled_from([BookedTimes.KEEP, BookedTimes.CANCEL])
DECISIONS = st.sampled_from(BookedTimes)


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
        for number, slot in enumerate(Slot.objects.order_by("pk")[::5]):
            email = "" if number % 3 == 0 else "amira@example.org"
            bookings.book(slot.pk, make_claim(email=email), self.now)
        self.feeds: dict[str, list[Any]] = {}
        self.remember()

    def remember(self, by_herself: Booking | None = None) -> None:
        """Keep what people know and what is over, to compare with what a step leaves."""
        self.by_herself = by_herself and by_herself.pk
        self.known = promises.without_address()
        self.over = promises.what_is_over(self.now)

    def try_to(self, action: Callable[..., Any], *given: Any) -> Any:
        """Do it; a refusal with a name is an answer, too, and leaves everything as it was."""
        try:
            with transaction.atomic():
                return action(*given)
        except BookingError as refusal:
            return refusal

    def pick(self, query: Any, number: int) -> Any:
        """Return one of the rows that are there, if any."""
        # The ids of bookings are random: the same numbers would pick others the next time.
        order = ("slot", "seat", "created_at", "sequence") if query.model is Booking else ("pk",)
        rows = list(query.order_by(*order))
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
            self.remember(by_herself=mine if actor == Actor.RESIDENT else None)
            self.try_to(bookings.reschedule, mine.pk, wanted.pk, actor, self.now)

    @rule(booking=PICK, actor=st.sampled_from([Actor.RESIDENT, Actor.OFFICE]))
    def cancel(self, booking: int, actor: Actor) -> None:
        """Cancel some booking."""
        mine = self.pick(Booking.objects.all(), booking)
        if mine:
            self.remember(by_herself=mine if actor == Actor.RESIDENT else None)
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
        running = Availability.objects.filter(withdrawn_on=None, is_draft=False).select_related(
            "host__office", "event__rule"
        )
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

    @rule(
        series=PICK,
        day=st.integers(0, 6),
        start=HOUR,
        length=st.integers(1, 3),
        minutes=st.sampled_from([15, 20, 30]),
        capacity=st.integers(1, 2),
        ahead=st.integers(0, 14),
        choice=DECISIONS,
    )
    def revise_series(
        self,
        series: int,
        day: int,
        start: int,
        length: int,
        minutes: int,
        capacity: int,
        ahead: int,
        choice: BookedTimes,
    ) -> None:
        """Give some series other days and times; everybody concerned stays, moves or is cancelled."""
        mine = self.pick(
            Availability.objects.filter(is_extra=False).select_related("host__office", "service"), series
        )
        if mine is None:
            return
        weekdays = (list(Weekday)[day], list(Weekday)[(day + series) % 7])
        pattern = make_pattern(
            Rhythm.WEEKLY, weekdays, time(start), time(start + length), recurrence.pattern(mine).first_on
        )
        wanted = make_series(mine.host, mine.service, pattern, capacity=capacity, slot_minutes=minutes)
        since = self.now.date() + timedelta(days=ahead)
        plan = self.try_to(revising.plan_series, mine, wanted, since, None, self.now)
        if isinstance(plan, revising.Revision):
            decided = {each.booking.pk: choice for each in plan.affected}
            self.try_to(revising.revise_series, mine, wanted, since, decided, self.now)

    @rule(
        hours=PICK,
        days=st.integers(0, 3),
        start=HOUR,
        minutes=st.sampled_from([20, 45]),
        falls_out=st.booleans(),
        choice=DECISIONS,
    )
    def revise_date(
        self, hours: int, days: int, start: int, minutes: int, falls_out: bool, choice: BookedTimes
    ) -> None:
        """Give some date other times, maybe on another day, or let it fall out."""
        mine = self.pick(OfficeHours.objects.live().filter(start__gt=self.now), hours)
        if mine is None:
            return
        day = mine.start.astimezone(self.office.zone).date() + timedelta(days=days)
        terms = redating.DateTerms(day, time(start), time(start + 2), minutes, 0, 1, {})
        plan = (
            self.try_to(redating.plan_drop, mine, None, self.now)
            if falls_out
            else self.try_to(redating.plan_date, mine, terms, None, self.now)
        )
        if not isinstance(plan, revising.Revision):
            return
        decided = {each.booking.pk: choice for each in plan.affected}
        if falls_out:
            self.try_to(redating.drop_date, mine, decided, self.now)
        else:
            self.try_to(redating.revise_date, mine, terms, decided, self.now)

    @rule(host=st.integers(0, 1), hours=st.sampled_from([3, 30, 80, 200]), at_once=st.booleans())
    def fall_ill(self, host: int, hours: int, at_once: bool) -> None:
        """Report somebody ill; the worker comes when time passes, or at once."""
        end = self.now + timedelta(hours=hours)
        absence = self.try_to(illness.report, self.hosts[host], self.now, end, self.now)
        if at_once:
            illness.send_now(absence.pk, self.now)
            self._work()

    @rule(absence=PICK)
    def take_the_illness_back(self, absence: int) -> None:
        """Take some absence back, if its minute is not over."""
        mine = self.pick(Absence.objects.all(), absence)
        if mine:
            self.try_to(illness.undo, mine.pk, self.now)

    @rule(booking=PICK, slot=PICK, answer=st.sampled_from(["accept", "decline", "choose", "call"]))
    def answer_an_offer(self, booking: int, slot: int, answer: str) -> None:
        """Let somebody whose appointment fell out accept, decline or choose, by mail or on the phone."""
        concerned = Booking.objects.filter(absence__isnull=False) | Booking.objects.filter(
            replaces__isnull=False
        )
        mine = self.pick(concerned, booking)
        wanted = self.pick(Slot.objects.bookable(self.now), slot)
        call = self.pick(Call.objects.all(), booking)
        if mine and answer == "accept":
            self.try_to(bookings.confirm, mine.pk, self.now)
        elif mine and answer == "decline":
            self.remember(by_herself=mine)
            self.try_to(bookings.cancel, mine.pk, Actor.RESIDENT, self.now)
        elif mine and wanted and answer == "choose":
            self.remember(by_herself=mine)
            self.try_to(offers.choose, mine.pk, wanted.pk, self.now)
        elif call and wanted and answer == "call":
            self.remember(by_herself=offers.replacement_of(call.booking))
            self.try_to(calls.choose_for, call.pk, wanted.pk, self.now)

    @rule(
        host=st.integers(0, 1),
        day=st.integers(0, 9),
        start=HOUR,
        minutes=st.sampled_from([15, 30, 90]),
        has_mail=st.booleans(),
    )
    def book_outside(self, host: int, day: int, start: int, minutes: int, has_mail: bool) -> None:
        """Make a time for one person, whatever stands against it."""
        wish = desk.Wish(
            self.hosts[host], self.service, self.now.date() + timedelta(days=day), time(start, 10), minutes
        )
        claim = make_claim(email="amira@example.org" if has_mail else "")
        refused = self.try_to(desk.book_outside, wish, claim, "", self.now)
        if isinstance(refused, NeedsConsent):
            self.try_to(desk.book_outside, wish, claim, refused.obstacles.key, self.now)

    @rule(booking=PICK, came=st.sampled_from([*Attendance, None]))
    def note_who_came(self, booking: int, came: Attendance | None) -> None:
        """Note whether somebody came."""
        mine = self.pick(Booking.objects.all(), booking)
        if mine:
            self.try_to(attendance.note, mine.pk, came, self.now)

    @rule(
        draft=PICK, host=st.integers(0, 1), start=HOUR, then=st.sampled_from(["save", "publish", "discard"])
    )
    def draft(self, draft: int, host: int, start: int, then: str) -> None:
        """Write a draft down, publish one, or throw one away."""
        pattern = make_pattern(Rhythm.WEEKLY, (Weekday.FRIDAY,), time(start), time(start + 1))
        series = make_series(self.hosts[host], self.service, pattern)
        mine = self.pick(Availability.objects.filter(is_draft=True), draft)
        if then == "save":
            self.try_to(drafts.save_draft, series, self.now)
        elif mine and then == "publish":
            self.try_to(drafts.publish_draft, mine, series, self.now)
        elif mine:
            self.try_to(drafts.discard_draft, mine)

    @rule(host=st.integers(0, 1))
    def stop_or_go_on(self, host: int) -> None:
        """Offer nothing of somebody any more, or again."""
        mine = Host.objects.select_related("office").get(pk=self.hosts[host].pk)
        if mine.is_active:
            offices.deactivate_host(mine)
        else:
            offices.reactivate_host(mine, self.now)

    @rule(hours=st.sampled_from([1, 5, 24, 72]))
    def wait(self, hours: int) -> None:
        """Let time pass; the night publishes what has come into the horizon."""
        self.now += timedelta(hours=hours)
        publishing.extend(self.now)
        self._work()

    def _work(self) -> None:
        """Do what beat calls."""
        bookings.expire(self.now)
        held = promises.held(self.now)
        illness.carry_out(self.now)
        promises.others_keep_half_of_what_is_free(held, self.now)
        calls.collect(self.now)

    @invariant()
    def every_promise_holds(self) -> None:
        """Nobody is booked twice, left behind, in two places, or told something else than what is true."""
        promises.everybody_has_a_seat_of_her_own()
        promises.nobody_is_in_two_places(self.hosts)
        promises.everybody_was_told_how_it_is()
        promises.nothing_else_is_offered(self.now)
        promises.whom_no_mail_reaches_is_called(self.known, self.by_herself, self.now)

    @invariant()
    def what_is_over_stays_as_it_was(self) -> None:
        """Nothing changes a time or an appointment that is over."""
        now = promises.what_is_over(self.now)
        assert {key: now.get(key) for key in self.over} == self.over
        self.remember()

    @invariant()
    def the_feed_never_changes_behind_its_tag(self) -> None:
        """The same tag is the same feed: a calendar program may keep what it has."""
        tag, entries = promises.feed(self.office, self.now)
        assert self.feeds.setdefault(tag, entries) == entries

    def teardown(self) -> None:
        """Compare what page, JSON and feed say at the end, then forget the day."""
        if hasattr(self, "rollback"):
            try:
                with time_machine.travel(self.now, tick=False):
                    promises.everywhere_the_same_is_free(self.now, WEEKS)
            finally:
                transaction.set_rollback(True)
                self.rollback.__exit__(None, None, None)


@pytest.mark.shared
@pytest.mark.django_db
def test_any_order_of_changes_leaves_everybody_told_and_nobody_booked_twice() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Days,
        settings=settings(
            max_examples=EXAMPLES or 5,
            stateful_step_count=25,
            phases=[Phase.generate, Phase.shrink] if EXAMPLES else [Phase.generate],
            derandomize=EXAMPLES == 0,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
