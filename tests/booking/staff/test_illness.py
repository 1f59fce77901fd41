"""The morning on which somebody is ill, as the office lives it; and the list of calls."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from booking.actions import bookings, closing, illness
from booking.enums import CallReason, Occasion, Rhythm, Status, Weekday
from booking.models import Absence, Booking, Call, Closure, Host, Office, OutboxMessage, Service, Slot
from tests import factories
from tests.booking.staff.pages import queries, words

ASK, CALLS = reverse("staff:illness"), reverse("staff:calls")
MINUTE = timedelta(seconds=60)


@pytest.fixture
def today(host: Host, service: Service, now: datetime) -> list[Slot]:
    """Hannah's times of today, Monday, 14 to 18, twelve of 20 minutes."""
    pattern = factories.make_pattern(weekdays=(Weekday.MONDAY,), first_on=now.date(), ends_at=time(18))
    return factories.make_slots(host, service, pattern)


@pytest.fixture
def others(office: Office, service: Service) -> list[Slot]:
    """Bruno's fifteen times, each Wednesday."""
    bruno = factories.make_host(office, "Bruno Brück")
    pattern = factories.make_pattern(
        Rhythm.WEEKLY,
        (Weekday.WEDNESDAY,),
        ends_at=time(19),
        first_on=date(2026, 11, 25),
        last_on=date(2026, 12, 9),
    )
    return factories.make_slots(bruno, service, pattern)


def book(slots: list[Slot], *, mails: int, phones: int) -> list[Booking]:
    emails = [f"r{n}@example.org" for n in range(mails)] + [""] * phones
    return [
        factories.make_booking(slot, email=email, name=f"Person {n}", phone=f"0171 00000{n:02}")
        for n, (slot, email) in enumerate(zip(slots, emails, strict=False))
    ]


def button(answer: Any) -> str:
    """Return what the big button says that it was shown for."""
    found = re.search(r'name="step"\s+value="(\d[^"]*)"', answer.content.decode())
    assert found is not None
    return found.group(1)


def report(desk: Client, **answer: Any) -> Any:
    asked = {"until": "rest"} | answer
    shown = desk.post(ASK, asked)
    return desk.post(ASK, asked | {"step": button(shown)})


# --- the question ---


def test_it_is_asked_for_oneself_and_the_rest_of_today_with_the_number_of_people(
    desk: Client, today: list[Slot], host: Host, office: Office, now: datetime
) -> None:
    book(today, mails=3, phones=2)
    answer = desk.get(ASK)
    data = answer.context["data"]
    assert (data["host"], data["start"]) == (host, now)
    assert data["end"] == datetime(2026, 11, 24, tzinfo=office.zone)
    assert (answer.context["by_mail"], answer.context["by_phone"]) == (3, 2)
    assert Absence.objects.count() == 0


def test_an_administrator_without_hours_chooses_who_it_is(admin_desk: Client, today: list[Slot]) -> None:
    assert "data" not in admin_desk.get(ASK).context
    assert admin_desk.post(ASK, {"until": "rest"}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        ({"host": "x"}, ["host"]),
        ({"until": "x"}, ["until"]),
        ({"until": "day"}, ["last_on"]),
        ({"until": "day", "last_on": "bald"}, ["last_on"]),
        ({"until": "day", "last_on": "2026-11-22"}, ["last_on"]),
        ({"until": "day", "last_on": "2028-01-01"}, ["last_on"]),
    ],
)
def test_a_mistake_is_told_beside_its_field(
    desk: Client, host: Host, answer: dict[str, str], fields: list[str]
) -> None:
    told = desk.post(ASK, {"host": host.pk, "until": "rest", "step": "x"} | answer)
    assert (told.status_code, list(told.context["form"].errors)) == (HTTPStatus.UNPROCESSABLE_ENTITY, fields)
    assert Absence.objects.count() == 0


def test_a_button_shown_for_another_answer_only_shows_the_right_number(
    desk: Client, today: list[Slot], slots: list[Slot], host: Host
) -> None:
    book(today, mails=2, phones=0)
    book(slots, mails=1, phones=0)
    stale = button(desk.get(ASK))
    changed = {"host": host.pk, "until": "day", "last_on": "2026-11-24"}
    answer = desk.post(ASK, changed | {"step": stale})
    assert (answer.status_code, answer.context["by_mail"], Absence.objects.count()) == (HTTPStatus.OK, 3, 0)
    assert desk.post(ASK, changed | {"step": button(answer)}).status_code == HTTPStatus.FOUND
    assert Absence.objects.get().end == datetime(2026, 11, 25, tzinfo=host.office.zone)


def test_the_whole_of_today_begins_at_midnight(desk: Client, host: Host, office: Office) -> None:
    report(desk, host=host.pk, until="today")
    absence = Absence.objects.get()
    midnight = datetime(2026, 11, 23, tzinfo=office.zone)
    assert (absence.start, absence.end) == (midnight, midnight + timedelta(days=1))


# --- twelve bookings, eight with an address and four without ---


def test_a_morning_with_twelve_bookings(
    desk: Client,
    today: list[Slot],
    others: list[Slot],
    host: Host,
    clock: time_machine.Traveller,
    now: datetime,
) -> None:
    booked = book(today, mails=8, phones=4)
    home = report(desk, host=host.pk).headers["Location"]
    waiting = desk.get(home)
    assert (waiting.context["seconds"], waiting.context["people"], waiting.headers["Refresh"]) == (
        60,
        12,
        "5",
    )
    assert "Refresh" not in desk.get(home, {"ruhig": "1"}).headers

    clock.move_to(now + MINUTE)
    assert illness.carry_out(now + MINUTE) == 12
    done = desk.get(home)
    assert "Refresh" not in done.headers
    assert (done.context["told"], done.context["people"], done.context["calls"]) == (12, 12, 4)
    assert OutboxMessage.objects.filter(occasion=Occasion.FALLS_OUT).count() == 8
    holds = list(Booking.objects.filter(status=Status.PENDING).order_by("replaces__slot__start"))
    assert [hold.replaces for hold in holds] == booked

    page = desk.get(CALLS)
    assert [row.booking for row in page.context["waiting"]] == booked[8:]
    source = page.content.decode()
    for booking, hold in zip(booked[8:], holds[8:], strict=True):
        assert f'href="tel:{booking.phone.replace(" ", "")}"' in source
        assert (booking.name in source, booking.code in source, hold.code in source) == (True, True, True)

    accepted, released, *unanswered = (row.call for row in page.context["waiting"])
    answered = desk.post(
        reverse("staff:call_answer", args=[accepted.pk]), {"antwort": "annehmen"}, follow=True
    )
    # Once in the message, once below, where it stays.
    assert words(answered).count(holds[8].code) == 2
    desk.post(reverse("staff:call_answer", args=[released.pk]), {"antwort": "freigeben"})
    bookings.confirm(holds[0].pk, now + MINUTE)
    tally = dict(desk.get(home).context["tally"])
    assert {answer.value: number for answer, number in tally.items()} == {
        "accepted": 2,
        "declined": 1,
        "waiting": 9,
    }
    page = desk.get(CALLS)
    assert [row.call for row in page.context["waiting"]] == unanswered
    assert {row.call for row in page.context["done"]} == {released, accepted}


def test_taken_back_within_the_minute_it_leads_to_the_beginning(
    desk: Client, today: list[Slot], host: Host
) -> None:
    book(today, mails=1, phones=0)
    home = report(desk, host=host.pk).headers["Location"]
    absence = Absence.objects.get()
    undo = reverse("staff:absence_undo", args=[absence.pk])
    assert desk.post(undo).headers["Location"] == ASK
    assert (Absence.objects.count(), Closure.objects.count()) == (0, 0)
    for stale in (
        desk.post(undo),
        desk.get(home),
        desk.post(reverse("staff:absence_send", args=[absence.pk])),
    ):
        assert (stale.status_code, stale.headers["Location"]) == (HTTPStatus.FOUND, ASK)
    actions = list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["booking.report_absence", "booking.undo_absence"]


def test_too_late_to_take_back_is_said_and_nothing_changes(
    desk: Client, today: list[Slot], host: Host, clock: time_machine.Traveller, now: datetime
) -> None:
    home = report(desk, host=host.pk).headers["Location"]
    clock.move_to(now + MINUTE)
    answer = desk.post(reverse("staff:absence_undo", args=[Absence.objects.get().pk]))
    assert answer.headers["Location"] == home
    assert Absence.objects.count() == 1
    assert "booking.undo_absence" not in ModelLogEntry.objects.values_list("action", flat=True)


def test_sending_at_once_ends_the_minute(desk: Client, today: list[Slot], host: Host, now: datetime) -> None:
    report(desk, host=host.pk)
    desk.post(reverse("staff:absence_send", args=[Absence.objects.get().pk]))
    assert Absence.objects.get().acts_at == now


def test_a_closure_lifted_early_is_told_on_the_page(
    desk: Client, today: list[Slot], host: Host, now: datetime
) -> None:
    home = report(desk, host=host.pk).headers["Location"]
    lift = reverse("staff:closure_lift", args=[Closure.objects.get().pk])
    assert (
        lift in desk.get(home, {"ruhig": "1"}).content.decode() or Absence.objects.get().finished_at is None
    )
    closing.lift(Closure.objects.get(), now)
    answer = desk.get(home)
    assert (answer.context["absence"].closure, lift in answer.content.decode()) == (None, False)


def test_the_page_takes_the_same_queries_for_one_and_for_thirty(
    desk: Client, host: Host, service: Service, office: Office, now: datetime
) -> None:
    slots = factories.make_slots(host, service, factories.make_pattern(), capacity=4)
    for n in range(30):
        factories.make_booking(slots[n % 9], email="", phone=f"0171 {n:07}")
    absence = illness.report(host, now, now + timedelta(days=2), now)
    assert illness.carry_out(now + MINUTE) == 30
    pages = (reverse("staff:absence", args=[absence.pk]), CALLS)
    thirty = [queries(lambda page=page: desk.get(page)) for page in pages]  # type: ignore[misc]
    first = Booking.objects.filter(absence=absence).first()
    assert first is not None
    Call.objects.exclude(booking=first).delete()
    Booking.objects.exclude(pk=first.pk).update(absence=None)
    assert len(desk.get(CALLS).context["waiting"]) == 1
    assert [queries(lambda page=page: desk.get(page)) for page in pages] == thirty  # type: ignore[misc]


# --- the list of calls ---


@pytest.fixture
def call(slots: list[Slot], now: datetime) -> Call:
    booking = factories.make_booking(slots[0])
    return Call.objects.create(booking=booking, reason=CallReason.MAIL_FAILED, created_at=now)


def test_without_calls_the_list_says_so(desk: Client, office: Office) -> None:
    answer = desk.get(CALLS)
    assert (answer.context["waiting"], "st-empty" in answer.content.decode()) == ([], True)


def test_a_tick_moves_a_call_down_and_another_one_brings_it_back(desk: Client, call: Call) -> None:
    tick = reverse("staff:call_tick", args=[call.pk])
    for value, done in (("1", 1), ("1", 1), ("0", 0), ("0", 0)):
        assert desk.post(tick, {"erledigt": value}).headers["Location"] == CALLS
        page = desk.get(CALLS).context
        assert (len(page["done"]), len(page["waiting"])) == (done, 1 - done)


def test_the_menu_and_the_start_page_count_the_calls(desk: Client, call: Call) -> None:
    page = desk.get(reverse("wagtailadmin_home")).content.decode()
    assert "(1)" in page
    assert f'href="{CALLS}"' in page.partition("<main")[2]
    desk.post(reverse("staff:call_tick", args=[call.pk]), {"erledigt": "1"})
    later = desk.get(reverse("wagtailadmin_home")).content.decode()
    assert f'href="{CALLS}"' not in later.partition("<main")[2]


@pytest.fixture
def fallen(today: list[Slot], others: list[Slot], host: Host, now: datetime) -> Call:
    """A call about an appointment that fell out, with another time held."""
    factories.make_booking(today[0], email="")
    illness.report(host, now, now + timedelta(days=1), now - MINUTE)
    illness.carry_out(now)
    return Call.objects.get()


def test_another_time_for_the_person_on_the_phone_takes_the_place_of_the_held_one(
    desk: Client, fallen: Call, now: datetime
) -> None:
    page = reverse("staff:call_other_time", args=[fallen.pk])
    assert f'href="{page}"' in desk.get(CALLS).content.decode()
    held = Booking.objects.get(replaces=fallen.booking)
    listed = [slot for day in desk.get(page).context["days"] for group in day.groups for slot in group.slots]
    assert listed == list(Slot.objects.at_desk(now).free(now))
    assert held.slot not in listed
    assert desk.post(page, {"slot": ""}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    made = reverse("staff:booking_made", args=[held.pk])
    for _time in range(2):
        assert desk.post(page, {"slot": listed[-1].pk}).headers["Location"] == made
    held.refresh_from_db()
    fallen.refresh_from_db()
    assert (held.status, held.slot, fallen.done_at) == (Status.CONFIRMED, listed[-1], now)
    assert list(ModelLogEntry.objects.values_list("action", "label")) == [("booking.choose_for", held.code)]
    for stale in (desk.get(page), desk.post(page, {"slot": listed[0].pk})):
        assert stale.headers["Location"] == CALLS


def test_a_time_that_somebody_took_meanwhile_asks_for_another(desk: Client, fallen: Call) -> None:
    page = reverse("staff:call_other_time", args=[fallen.pk])
    gone = desk.get(page).context["days"][0].groups[0].slots[-1]
    factories.make_booking(gone)
    answer = desk.post(page, {"slot": gone.pk})
    assert (answer.status_code, answer.context["is_gone"]) == (HTTPStatus.CONFLICT, True)
    assert Booking.objects.get(replaces=fallen.booking).status == Status.PENDING


def test_nothing_is_held_any_more_is_said_politely(desk: Client, call: Call) -> None:
    answer = desk.post(reverse("staff:call_answer", args=[call.pk]), {"antwort": "annehmen"}, follow=True)
    assert _("This time is no longer held. Please look at the list again.") in words(answer)
    call.refresh_from_db()
    assert call.done_at is None
    assert (
        desk.post(reverse("staff:call_answer", args=[call.pk]), {"antwort": "?"}).headers["Location"] == CALLS
    )


def test_the_log_names_no_contact_data(desk: Client, call: Call) -> None:
    desk.post(reverse("staff:call_tick", args=[call.pk]), {"erledigt": "1"})
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.label, entry.data) == ("booking.call_done", call.booking.code, {})


# --- the door, and the website ---


def test_the_sign_for_the_door_says_who_when_and_what_comes_next(
    desk: Client, today: list[Slot], others: list[Slot], host: Host
) -> None:
    report(desk, host=host.pk)
    shown = words(desk.get(reverse("staff:absence_sign", args=[Absence.objects.get().pk])))
    for text in (
        "Hannah Helfrich",
        "Montag, 23. November",
        "Mittwoch, 25. November",
        "Bruno Brück",
        "0123 456-700",
    ):
        assert text in shown
    assert "/termine/" in shown


@pytest.mark.parametrize("query", ["", "?ansicht=woche", "?ansicht=monat", "?ab=2026-12-01"])
def test_everybody_sees_at_once_who_is_not_there_and_no_reason(
    client: Client, desk: Client, today: list[Slot], others: list[Slot], host: Host, now: datetime, query: str
) -> None:
    report(desk, host=host.pk)
    seen = Client().get(reverse("booking:slots") + query)
    shown = words(seen)
    assert shown.count("Hannah Helfrich") >= 1
    assert "Montag, 23. November" in shown
    assert [word for word in ("krank", "ill ", "sick") if word in shown.casefold()] == []
    illness.undo(Absence.objects.get().pk, now)
    assert "kern-alert--warning" not in Client().get(reverse("booking:slots") + query).content.decode()


def test_a_colleague_can_be_asked_instead(
    desk: Client, host: Host, office: Office, service: Service, now: datetime
) -> None:
    pattern = factories.make_pattern(first_on=now.date())
    hours = factories.make_slots(host, service, pattern)[0].office_hours
    way = f'href="{reverse("staff:hours_handover", args=[hours.pk])}"'
    assert way not in desk.get(reverse("staff:illness")).content.decode()
    factories.make_host(office, "Derya Aksoy")
    assert way in desk.get(reverse("staff:illness")).content.decode()
