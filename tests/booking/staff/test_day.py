"""One day: what comes next, whom to expect, whom to call. And what others may not read over a shoulder."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _

from booking.enums import Channel, Status
from booking.models import Booking, Host, Service, Slot
from tests import factories
from tests.booking.staff.pages import queries, words

DAY, WEEK, NAMES = reverse("staff:day"), reverse("staff:week"), reverse("staff:names")
TUESDAY = {"tag": factories.TUESDAY.isoformat()}
LISTS = (WEEK, f"{DAY}?tag={TUESDAY['tag']}", reverse("staff:hours_list"))


@pytest.fixture
def booked(slots: list[Slot]) -> list[Booking]:
    """Two appointments on Tuesday: 14:20 by phone and 15:00 at the office."""
    by_phone = factories.make_booking(slots[1], channel=Channel.PHONE, topic="wohnen")
    at_office = factories.make_booking(slots[3], name="Jonas Weber", email="j@example.org", phone="")
    return [by_phone, at_office]


def test_every_time_says_who_comes_how_about_what_and_which_number(
    desk: Client, booked: list[Booking]
) -> None:
    answer = desk.get(DAY, TUESDAY)
    shown = words(answer)
    assert f"14:20 Amira Yılmaz {Channel.PHONE.label} · Wohnen · {booked[0].code} 0171 2345678" in shown
    assert f"15:00 Jonas Weber {Channel.OFFICE.label} · {booked[1].code}" in shown
    assert f"14:40 {_('free')}" in shown
    assert '<a href="tel:01712345678">' in answer.content.decode()


@pytest.mark.parametrize(
    ("minutes_after_start", "next_code"),
    [(-60, 0), (20, 0), (39, 0), (40, 1), (79, 1), (80, None)],
)
def test_the_next_appointment_is_the_one_that_is_on_or_comes(
    desk: Client,
    booked: list[Booking],
    slots: list[Slot],
    clock: time_machine.Traveller,
    manager: object,
    minutes_after_start: int,
    next_code: int | None,
) -> None:
    clock.move_to(slots[0].start + timedelta(minutes=minutes_after_start))
    desk.force_login(manager)  # type: ignore[arg-type]
    found = desk.get(DAY).context["next_booked"]
    assert (found and found[1]) == (None if next_code is None else booked[next_code])


def test_there_is_no_next_appointment_on_other_days(desk: Client, booked: list[Booking]) -> None:
    assert desk.get(DAY, TUESDAY).context["next_booked"] is None


def test_an_empty_day_leads_to_the_next_office_hours(desk: Client, slots: list[Slot]) -> None:
    answer = desk.get(DAY)
    assert _("There are no office hours today.") in words(answer)
    assert f'href="{DAY}?tag={TUESDAY["tag"]}"' in answer.content.decode()
    later = desk.get(DAY, {"tag": "2026-11-25"})
    assert later.context["next_hours"] is None
    assert reverse("staff:publish") in later.content.decode()


@pytest.mark.parametrize(
    "typed", ["", "morgen", "2026-02-30", "9999-12-31", "0001-01-01", "2026-11-23T08:00"]
)
def test_a_day_that_is_none_is_today(desk: Client, typed: str) -> None:
    answer = desk.get(DAY, {"tag": typed})
    assert (answer.status_code, answer.context["day"].date) == (HTTPStatus.OK, date(2026, 11, 23))


def test_the_arrows_keep_the_person(desk: Client, host: Host) -> None:
    context = desk.get(DAY, {**TUESDAY, "person": host.slug}).context
    assert context["earlier"] == f"?tag=2026-11-23&person={host.slug}"
    assert context["later"] == f"?tag=2026-11-25&person={host.slug}"
    assert context["to_week"] == f"?ab=2026-11-24&person={host.slug}"


def test_a_day_belongs_to_the_offices_zone(
    desk: Client, manager: object, slots: list[Slot], clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 11, 23, 23, 30, tzinfo=factories.NOW.tzinfo))
    desk.force_login(manager)  # type: ignore[arg-type]
    assert desk.get(DAY).context["day"].date == factories.TUESDAY


def test_a_hold_that_ran_out_is_not_expected(desk: Client, booked: list[Booking], now: datetime) -> None:
    Booking.objects.filter(pk=booked[0].pk).update(status=Status.PENDING, held_until=now)
    assert "Amira" not in words(desk.get(DAY, TUESDAY))


def test_the_day_takes_the_same_queries_for_one_and_for_thirty(
    desk: Client, host: Host, service: Service
) -> None:
    slot = factories.make_slots(host, service, capacity=30)[0]
    factories.make_booking(slot)
    one = queries(lambda: desk.get(DAY, TUESDAY))
    for n in range(29):
        factories.make_booking(slot, email=f"p{n}@example.org")
    assert queries(lambda: desk.get(DAY, TUESDAY)) == one


@pytest.mark.parametrize("page", LISTS)
def test_hidden_names_leave_only_the_code(desk: Client, booked: list[Booking], page: str) -> None:
    assert "Amira" in words(desk.get(page))
    desk.post(NAMES, {"hide": "1", "next": page})
    hidden = desk.get(page).content.decode()
    assert [secret in hidden for secret in ("Amira", "Yılmaz", "Weber", "2345678", "A. Y.")] == [False] * 5
    assert [booking.code in hidden for booking in booked] == [True, True]
    desk.post(NAMES, {"hide": "0", "next": page})
    assert "Amira" in words(desk.get(page))


def test_names_are_hidden_on_the_start_page_the_hours_and_on_paper_too(
    desk: Client, slots: list[Slot], booked: list[Booking]
) -> None:
    pages = [
        reverse("wagtailadmin_home"),
        reverse("staff:hours", args=[slots[0].office_hours_id]),
        f"{reverse('staff:day_sheet')}?tag={TUESDAY['tag']}",
        reverse("staff:week_sheet"),
    ]
    before = ["Amira" in desk.get(page).content.decode() for page in pages]
    desk.post(NAMES, {"hide": "1"})
    after = [desk.get(page).content.decode() for page in pages]
    assert before == [True] * 4
    assert ["Amira" in page or "2345678" in page for page in after] == [False] * 4
    assert [booked[0].code in page for page in after] == [True] * 4


@pytest.mark.parametrize(
    ("back", "where"),
    [
        (f"{DAY}?tag=2026-11-24", f"{DAY}?tag=2026-11-24"),
        ("https://evil.example/", reverse("wagtailadmin_home")),
        ("//evil.example/", reverse("wagtailadmin_home")),
        ("javascript:alert(1)", reverse("wagtailadmin_home")),
        ("", reverse("wagtailadmin_home")),
    ],
)
def test_the_switch_goes_back_only_to_our_own_pages(desk: Client, back: str, where: str) -> None:
    answer = desk.post(NAMES, {"hide": "1", "next": back})
    assert (answer.status_code, answer.headers["Location"]) == (HTTPStatus.FOUND, where)


def test_two_taps_on_the_switch_are_one(desk: Client, booked: list[Booking]) -> None:
    for _tap in range(2):
        desk.post(NAMES, {"hide": "1"})
    assert "Amira" not in words(desk.get(WEEK))


def test_a_new_login_shows_names_again(desk: Client, manager: object, booked: list[Booking]) -> None:
    desk.post(NAMES, {"hide": "1"})
    desk.logout()
    desk.force_login(manager)  # type: ignore[arg-type]
    assert "Amira" in words(desk.get(WEEK))
