from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from booking.actions import closing
from booking.enums import Occasion, Rhythm, SkipReason, Status
from booking.models import Booking, Closure, Host, Office, OfficeHours, OutboxMessage, Service, Slot
from tests import factories
from tests.booking.staff.pages import queries, words

LIST, NEW = reverse("staff:closures"), reverse("staff:closure_new")
TUESDAY = {"host": "", "first_on": "2026-11-24", "reason": "Betriebsausflug"}


def close(desk: Client, step: str = "", **changes: Any) -> Any:
    return desk.post(NEW, TUESDAY | changes | {"step": step})


def test_who_is_affected_is_shown_before_anything_is_closed(desk: Client, slots: list[Slot]) -> None:
    with_mail, without = factories.make_booking(slots[3]), factories.make_booking(slots[0], email="")
    answer = close(desk)
    assert answer.context["bookings"] == [without, with_mail]
    assert (answer.context["dates"], answer.context["by_mail"], answer.context["by_phone"]) == (1, 1, 1)
    shown = words(answer)
    assert (with_mail.code in shown, without.phone in shown) == (True, True)
    assert Closure.objects.count() == 0


def test_nothing_is_closed_over_bookings_without_a_decision(desk: Client, slots: list[Slot]) -> None:
    booking = factories.make_booking(slots[0])
    answer = close(desk, "close")
    assert (answer.status_code, answer.context["bookings"]) == (HTTPStatus.OK, [booking])
    assert Closure.objects.count() == 0


def test_a_whole_day_is_closed_from_midnight_to_midnight(
    desk: Client, slots: list[Slot], office: Office
) -> None:
    answer = close(desk, "close")
    assert answer.headers["Location"] == LIST
    closure = Closure.objects.get()
    midnight = datetime(2026, 11, 24, tzinfo=office.zone)
    assert (closure.start, closure.end) == (midnight, midnight + timedelta(days=1))
    assert (closure.host, closure.reason) == (None, "Betriebsausflug")
    assert OfficeHours.objects.live().count() == 0
    assert ModelLogEntry.objects.get().action == "booking.close"


def test_a_closure_may_keep_booked_times(desk: Client, slots: list[Slot]) -> None:
    factories.make_booking(slots[0])
    close(desk, "keep")
    assert Booking.objects.get().status == Status.CONFIRMED
    assert Slot.objects.filter(closure=None).count() == 0


def test_a_closure_may_cancel_booked_times_with_its_reason(desk: Client, slots: list[Slot]) -> None:
    factories.make_booking(slots[0])
    close(desk, "cancel")
    assert Booking.objects.get().status == Status.CANCELLED
    mail = OutboxMessage.objects.get(occasion=Occasion.CANCELLED_BY_OFFICE)
    assert "Betriebsausflug" in mail.text


def test_one_host_can_be_away_for_some_hours(
    desk: Client, slots: list[Slot], host: Host, office: Office
) -> None:
    close(desk, "close", host=host.pk, starts_at="14:00", ends_at="15.00", reason="")
    closure = Closure.objects.get()
    assert (closure.host, closure.reason) == (host, "")
    assert closure.end - closure.start == timedelta(hours=1)
    assert Slot.objects.filter(closure=closure).count() == 3


def test_several_days_reach_to_the_end_of_the_last_one(desk: Client, office: Office) -> None:
    close(desk, "close", last_on="2027-01-06")
    assert Closure.objects.get().end == datetime(2027, 1, 7, tzinfo=office.zone)


def test_a_closure_over_the_change_of_clocks_ends_at_local_midnight(desk: Client, office: Office) -> None:
    close(desk, "close", first_on="2027-03-28")
    closure = Closure.objects.get()
    assert closure.end.timestamp() - closure.start.timestamp() == 23 * 3600


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first_on": ""}, "first_on"),
        ({"first_on": "2026-11-22"}, "first_on"),
        ({"first_on": "9999-12-31"}, "first_on"),
        ({"last_on": "2026-11-23"}, "last_on"),
        ({"last_on": "9999-12-31"}, "last_on"),
        ({"last_on": "bald"}, "last_on"),
        ({"starts_at": "15:00", "ends_at": "14:00"}, "ends_at"),
        ({"starts_at": "25:00"}, "starts_at"),
        ({"ends_at": "später"}, "ends_at"),
        ({"host": "0"}, "host"),
        ({"host": "x"}, "host"),
        ({"reason": "x" * 121}, "reason"),
        ({"reason": "a\x00b"}, "reason"),
        ({"reason": "a\u2028b"}, "reason"),
    ],
)
def test_a_mistake_is_told_beside_its_field(desk: Client, changes: dict[str, str], field: str) -> None:
    answer = close(desk, "close", **changes)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(answer.context["form"].errors) == [field]
    assert Closure.objects.count() == 0


def test_going_back_keeps_what_was_typed(desk: Client, host: Host) -> None:
    form = close(desk, "edit", host=host.pk, last_on="2026-12-01").context["form"]
    assert [form[name].value() for name in ("host", "last_on", "reason")] == [
        str(host.pk),
        "2026-12-01",
        "Betriebsausflug",
    ]


def test_the_list_shows_what_is_not_over(desk: Client, office: Office, host: Host, now: datetime) -> None:
    closing.close(office, None, now - timedelta(days=3), now - timedelta(days=2), "vorbei", None, now)
    closing.close(office, host, now - timedelta(days=1), now + timedelta(days=1), "läuft", None, now)
    closing.close(office, None, now + timedelta(days=3), now + timedelta(days=4), "kommt", None, now)
    assert [closure.reason for closure in desk.get(LIST).context["closures"]] == ["läuft", "kommt"]


def test_the_list_takes_the_same_queries_for_one_and_for_thirty(
    desk: Client, office: Office, host: Host, now: datetime
) -> None:
    def add(n: int) -> None:
        Closure.objects.create(
            office=office, host=host, start=now + timedelta(days=n), end=now + timedelta(days=n + 1)
        )

    add(1)
    one = queries(lambda: desk.get(LIST))
    for n in range(29):
        add(n)
    assert queries(lambda: desk.get(LIST)) == one


def test_lifting_asks_first_and_brings_everything_back(
    desk: Client, slots: list[Slot], office: Office
) -> None:
    close(desk, "close")
    closure = Closure.objects.get()
    page = reverse("staff:closure_lift", args=[closure.pk])
    assert "Betriebsausflug" in words(desk.get(page))
    assert Closure.objects.count() == 1
    assert desk.post(page).headers["Location"] == LIST
    assert Closure.objects.count() == 0
    assert OfficeHours.objects.live().count() == 1
    assert ModelLogEntry.objects.latest("pk").action == "booking.lift"
    assert desk.post(page).status_code == HTTPStatus.NOT_FOUND


def test_what_cannot_come_back_is_told_once_with_its_reason(
    desk: Client, host: Host, service: Service, slots: list[Slot]
) -> None:
    close(desk, "close")
    factories.make_slots(host, service, factories.make_pattern(rhythm=Rhythm.WEEKLY))
    close_over = Closure.objects.get()
    Closure.objects.filter(pk=close_over.pk).update(end=close_over.start + timedelta(hours=1))
    other = OfficeHours.objects.exclude(pk=slots[0].office_hours_id).order_by("start")[0]
    OfficeHours.objects.filter(pk=other.pk).update(
        start=slots[0].office_hours.start, end=slots[0].office_hours.end
    )
    answer = desk.post(reverse("staff:closure_lift", args=[close_over.pk]), follow=True)
    refused = answer.context["refused"]
    assert [skip.reason for skip in refused] == [SkipReason.OVERLAP]
    assert str(SkipReason.OVERLAP.label) in words(answer)
    assert desk.get(LIST).context["refused"] == []
