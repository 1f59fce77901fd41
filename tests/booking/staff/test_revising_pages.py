from __future__ import annotations

from datetime import date, time
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import ModelLogEntry

from booking import recurrence
from booking.actions import redating
from booking.enums import HoursStatus, Occasion, Rhythm, Status
from booking.models import Availability, Booking, Host, Office, OfficeHours, OutboxMessage, Service, Slot
from booking.staff.forms.revising import DECISION
from qmportal.accounts.models import User
from tests import factories
from tests.booking.staff.pages import queries, words

TERMS = {
    "since": "2026-11-23",
    "rhythm": "weekly",
    "weekdays": ["TU"],
    "starts_at": "15:00",
    "ends_at": "17:00",
    "slot_minutes": "20",
    "buffer_minutes": "0",
    "capacity": "1",
    "channels": ["office", "phone", "video"],
    "skip_holidays": "on",
    "desk_every": "0",
}
DATE = {
    "first_on": "2026-11-24",
    "starts_at": "15:00",
    "ends_at": "17:00",
    "slot_minutes": "20",
    "buffer_minutes": "0",
    "capacity": "1",
    "desk_every": "0",
}


@pytest.fixture
def weekly(host: Host, service: Service) -> list[Slot]:
    return factories.make_slots(host, service, factories.make_pattern(rhythm=Rhythm.WEEKLY))


@pytest.fixture
def page(weekly: list[Slot]) -> str:
    return reverse("staff:series_revise", args=[weekly[0].office_hours.availability_id])


def of_date(name: str, slot: Slot) -> str:
    return reverse(f"staff:{name}", args=[slot.office_hours_id])


def decision(booking: Booking, choice: str) -> dict[str, str]:
    return {f"{DECISION}{booking.pk}": choice}


def hidden(answer: Any) -> dict[str, str]:
    """Return the decisions that the last page sends along."""
    return {name: each.outcome for each, name, _label in answer.context["affected"]}


def test_the_form_begins_with_the_series_as_it_is(desk: Client, page: str) -> None:
    form = desk.get(page).context["form"]
    shown = {name: form[name].value() for name in ("since", "rhythm", "starts_at", "slot_minutes")}
    assert shown == {
        "since": factories.NOW.date(),
        "rhythm": Rhythm.WEEKLY,
        "starts_at": time(14),
        "slot_minutes": 20,
    }


def test_without_bookings_two_clicks_change_the_series(desk: Client, page: str) -> None:
    answer = desk.post(page, TERMS)
    assert answer.status_code == HTTPStatus.OK
    assert _("No booked appointment is affected.") in words(answer)
    assert Availability.objects.get().starts_at == time(14)
    done = desk.post(page, TERMS | {"step": "apply"}, follow=True)
    assert done.redirect_chain == [(reverse("staff:revised"), HTTPStatus.FOUND)]
    assert ngettext("%(dates)s date is changed.", "%(dates)s dates are changed.", 12) % {
        "dates": 12
    } in words(done)
    assert Availability.objects.get().starts_at == time(15)
    assert ModelLogEntry.objects.get().action == "booking.revise_series"


def test_who_is_affected_is_asked_about_before_anything_changes(
    desk: Client, page: str, weekly: list[Slot]
) -> None:
    booking = factories.make_booking(weekly[0])
    factories.make_booking(weekly[8], name="Nicht betroffen")
    asked = desk.post(page, TERMS)
    assert [choice.affected.booking for choice in asked.context["choices"]] == [booking]
    assert booking.code in words(asked)
    shown = desk.post(page, TERMS | {"step": "all-move"})
    text = ngettext("%(verb)s and notify %(people)s person", "%(verb)s and notify %(people)s people", 1)
    assert text % {"verb": _("Change the series"), "people": 1} in words(shown)
    assert hidden(shown) == decision(booking, "move")
    assert Booking.objects.get(pk=booking.pk).sequence == 0
    desk.post(page, TERMS | hidden(shown) | {"step": "apply"})
    assert Booking.objects.get(pk=booking.pk).sequence == 1
    assert OutboxMessage.objects.filter(occasion=Occasion.MOVED).count() == 1


def test_each_booking_can_be_decided_alone(desk: Client, page: str, weekly: list[Slot]) -> None:
    keeps, goes = factories.make_booking(weekly[0]), factories.make_booking(weekly[1], email="b@example.org")
    half = desk.post(page, TERMS | decision(keeps, "keep") | {"step": "decided"})
    assert half.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert _("Please decide for each appointment what becomes of it.") in words(half)
    both = decision(keeps, "keep") | decision(goes, "cancel")
    shown = desk.post(page, TERMS | both | {"step": "decided", "word": "Neue Zeiten"})
    assert shown.status_code == HTTPStatus.OK
    desk.post(page, TERMS | both | {"step": "apply", "word": "Neue Zeiten"})
    assert [b.status for b in Booking.objects.order_by("slot__start")] == [Status.CONFIRMED, Status.CANCELLED]
    assert "Neue Zeiten" in OutboxMessage.objects.get(occasion=Occasion.CANCELLED_BY_OFFICE).text


def test_who_books_meanwhile_is_asked_about_too(desk: Client, page: str, weekly: list[Slot]) -> None:
    first = factories.make_booking(weekly[0])
    late = factories.make_booking(weekly[1], email="b@example.org")
    answer = desk.post(page, TERMS | decision(first, "cancel") | {"step": "apply"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert [choice.affected.booking for choice in answer.context["choices"]] == [first, late]
    assert not Booking.objects.filter(status=Status.CANCELLED).exists()


def test_too_few_free_times_are_said_and_nothing_is_lost(desk: Client, page: str, weekly: list[Slot]) -> None:
    made = [factories.make_booking(slot, email=f"{n}@example.org") for n, slot in enumerate(weekly[:9])]
    one_hour = TERMS | {"ends_at": "16:00", "slot_minutes": "60", "last_on": "2026-11-24", "step": "all-move"}
    answer = desk.post(page, one_hour)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert len(answer.context["choices"]) == len(made)
    assert answer.context["form"]["slot_minutes"].value() == "60"


def test_bad_input_comes_back_as_typed(desk: Client, page: str) -> None:
    for wrong in ({"since": "2026-11-01"}, {"ends_at": "14:00"}, {"weekdays": []}, {"last_on": "2026-11-01"}):
        answer = desk.post(page, TERMS | wrong)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert answer.context["form"].errors


def test_afterwards_the_numbers_to_call_are_shown(desk: Client, page: str, weekly: list[Slot]) -> None:
    booking = factories.make_booking(weekly[0], email="")
    done = desk.post(page, TERMS | decision(booking, "move") | {"step": "apply"}, follow=True)
    assert list(done.context["calls"]) == [booking]
    assert "0171 2345678" in words(done)
    assert "Amira" not in str(desk.session.items())


def test_the_question_takes_the_same_queries_for_one_and_for_thirty(
    desk: Client, host: Host, service: Service
) -> None:
    slots = factories.make_slots(host, service, factories.make_pattern(rhythm=Rhythm.WEEKLY), capacity=30)
    page = reverse("staff:series_revise", args=[slots[0].office_hours.availability_id])
    factories.make_booking(slots[0])
    one = queries(lambda: desk.post(page, TERMS))
    for n in range(29):
        factories.make_booking(slots[n % 3], email=f"{n}@example.org")
    assert len(desk.post(page, TERMS).context["choices"]) == 30
    assert queries(lambda: desk.post(page, TERMS)) == one


def test_from_a_later_day_on_the_new_series_is_shown(desk: Client, page: str) -> None:
    done = desk.post(page, TERMS | {"since": "2026-12-08", "step": "apply"}, follow=True)
    new = Availability.objects.latest("pk")
    assert done.context["done"]["url"] == reverse("staff:series", args=[new.pk])
    assert recurrence.pattern(new).starts_at == time(15)
    assert Availability.objects.count() == 2


def test_a_single_date_is_changed_as_a_date(desk: Client, slots: list[Slot]) -> None:
    answer = desk.get(reverse("staff:series_revise", args=[slots[0].office_hours.availability_id]))
    assert answer.headers["Location"] == of_date("hours_revise", slots[0])


def test_one_date_is_changed(desk: Client, weekly: list[Slot]) -> None:
    page = of_date("hours_revise", weekly[0])
    assert desk.get(page).context["form"]["first_on"].value() == date(2026, 11, 24)
    booking = factories.make_booking(weekly[0])
    assert len(desk.post(page, DATE).context["choices"]) == 1
    done = desk.post(page, DATE | decision(booking, "move") | {"step": "apply"})
    assert done.headers["Location"] == reverse("staff:revised")
    booking.refresh_from_db()
    assert booking.slot.start > weekly[0].start
    assert Availability.objects.get().starts_at == time(14)


def test_one_date_moves_to_the_library_and_back(desk: Client, office: Office, weekly: list[Slot]) -> None:
    page = of_date("hours_revise", weekly[0])
    desk.post(page, DATE | {"place": "Bücherei", "step": "apply"})
    assert OfficeHours.objects.earliest("start").place == {"de": "Bücherei"}
    desk.post(page, DATE | {"place": "", "step": "apply"})
    assert OfficeHours.objects.earliest("start").place == {}


def test_a_time_that_is_taken_comes_back_with_the_reason(
    desk: Client, host: Host, service: Service, weekly: list[Slot]
) -> None:
    factories.make_slots(host, service, factories.make_pattern(starts_at=time(9), ends_at=time(11)))
    answer = desk.post(of_date("hours_revise", weekly[0]), DATE | {"starts_at": "10:00"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert _("There are already office hours at this time.") in words(answer)


def test_a_date_falls_out_after_asking(desk: Client, weekly: list[Slot]) -> None:
    page = of_date("hours_drop", weekly[0])
    booking = factories.make_booking(weekly[0])
    assert len(desk.get(page).context["choices"]) == 1
    shown = desk.post(page, {"step": "all-cancel"})
    assert OfficeHours.objects.live().count() == 12
    desk.post(page, hidden(shown) | {"step": "apply"})
    assert Booking.objects.get(pk=booking.pk).status == Status.CANCELLED
    assert OfficeHours.objects.earliest("start").status == HoursStatus.CANCELLED
    assert ModelLogEntry.objects.get().action == "booking.drop_date"


@pytest.mark.parametrize("name", ["hours_revise", "hours_drop"])
def test_a_stale_page_changes_nothing_and_says_why(desk: Client, weekly: list[Slot], name: str) -> None:
    redating.drop_date(weekly[0].office_hours, None, factories.NOW)
    answer = desk.post(of_date(name, weekly[0]), DATE | {"step": "apply"}, follow=True)
    assert answer.redirect_chain == [(of_date("hours", weekly[0]), HTTPStatus.FOUND)]
    text = _("This date has begun or was cancelled. It cannot be changed any more.")
    assert text in answer.content.decode()


def test_what_has_begun_offers_no_change(
    desk: Client, manager: User, weekly: list[Slot], clock: time_machine.Traveller
) -> None:
    assert desk.get(of_date("hours", weekly[0])).context["may_revise"] is True
    clock.move_to(weekly[0].start)
    desk.force_login(manager)
    assert desk.get(of_date("hours", weekly[0])).context["may_revise"] is False
