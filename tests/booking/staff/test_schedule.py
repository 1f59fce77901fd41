from __future__ import annotations

from datetime import date, datetime, time, timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from booking.actions import closing
from booking.enums import BookedTimes, Channel, Rhythm, SlotOffer
from booking.models import Booking, Host, Office, Service, Slot
from booking.staff import agenda
from tests import factories
from tests.booking.staff.pages import queries, words

LIST = reverse("staff:hours_list")


def publish_weekly(host: Host, service: Service) -> list[Slot]:
    return factories.make_slots(host, service, factories.make_pattern(rhythm=Rhythm.WEEKLY))


def test_the_list_says_who_comes_when_and_how_much_is_free(desk: Client, slots: list[Slot]) -> None:
    booking = factories.make_booking(slots[1], channel=Channel.PHONE)
    shown = words(desk.get(LIST))
    assert "14:20 Amira Yılmaz" in shown
    assert f"{Channel.PHONE.label} · {booking.code}" in shown
    assert f"14:00–{_time('17:00')}" in shown
    free = ngettext("of %(seats)s seat free", "of %(seats)s seats free", 9) % {"seats": 9}
    assert f"8 {free}" in shown


def _time(hour: str) -> str:
    return pgettext("time of day", "%(time)s") % {"time": hour}


def test_days_come_in_order_with_the_hours_of_all_hosts(
    desk: Client, office: Office, host: Host, service: Service
) -> None:
    colleague = factories.make_host(office, "Derya Aksoy")
    publish_weekly(host, service)
    publish_weekly(colleague, service)
    days = desk.get(LIST).context["days"]
    assert [day for day, _found in days] == [factories.TUESDAY + timedelta(weeks=n) for n in range(4)]
    assert [len(found) for _day, found in days] == [2, 2, 2, 2]


def test_one_host_can_be_chosen(desk: Client, office: Office, host: Host, service: Service) -> None:
    colleague = factories.make_host(office, "Derya Aksoy")
    factories.make_slots(host, service)
    factories.make_slots(colleague, service)
    answer = desk.get(LIST, {"person": "derya-aksoy"})
    assert [s.hours.host for _day, found in answer.context["days"] for s in found] == [colleague]
    assert "person=derya-aksoy" in answer.context["later"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("2026-12-01", date(2026, 12, 1)),
        ("2026-10-01", date(2026, 10, 1)),
        ("", date(2026, 11, 23)),
        ("morgen", date(2026, 11, 23)),
        ("0001-01-01", date(2026, 11, 23)),
        ("9999-12-31", date(2026, 11, 23)),
        ("2026-13-45", date(2026, 11, 23)),
        ("<script>", date(2026, 11, 23)),
    ],
)
def test_the_list_begins_on_any_sensible_day(desk: Client, typed: str, first: date) -> None:
    answer = desk.get(LIST, {"ab": typed, "person": "niemand"})
    assert (answer.status_code, answer.context["since"]) == (HTTPStatus.OK, first)


def test_an_empty_list_leads_to_publishing(desk: Client) -> None:
    assert reverse("staff:publish") in desk.get(LIST).content.decode()


def test_hours_that_fall_out_stay_in_the_list_with_their_reason(
    desk: Client, office: Office, slots: list[Slot], now: datetime
) -> None:
    closing.close(office, None, now, now + timedelta(days=7), "Betriebsausflug", None, now)
    assert "Betriebsausflug" in words(desk.get(LIST))


def test_a_closed_hour_within_open_ones_is_not_counted_as_free(
    desk: Client, office: Office, slots: list[Slot], now: datetime
) -> None:
    closing.close(office, None, slots[0].start, slots[3].start, "Arzt", None, now)
    stretch = desk.get(LIST).context["days"][0][1][0]
    assert (stretch.free, stretch.seats) == (6, 6)


def test_seats_of_times_that_are_over_are_not_free(slots: list[Slot], office: Office, clock: object) -> None:
    later = slots[2].start + timedelta(minutes=1)
    assert agenda.stretches(agenda.in_office(office), later)[0].free == 6


def test_an_expired_hold_frees_its_seat(desk: Client, slots: list[Slot], now: datetime) -> None:
    booking = factories.make_booking(slots[0])
    Booking.objects.filter(pk=booking.pk).update(status="pending", held_until=now)
    assert desk.get(LIST).context["days"][0][1][0].free == 9


def test_the_list_takes_the_same_queries_for_one_and_for_thirty(
    desk: Client, host: Host, service: Service
) -> None:
    factories.make_booking(factories.make_slots(host, service)[0])
    one = queries(lambda: desk.get(LIST))
    make_thirty(host, service)
    assert queries(lambda: desk.get(LIST)) == one
    assert sum(len(found) for _day, found in desk.get(LIST).context["days"]) == 31


def make_thirty(host: Host, service: Service) -> None:
    """Publish thirty days of office hours in the next four weeks, each with a booking."""
    for n in range(30):
        pattern = factories.make_pattern(
            starts_at=time(8 if n < 15 else 10),
            ends_at=time(9 if n < 15 else 11),
            first_on=date(2026, 11, 25) + timedelta(days=n % 15),
        )
        slots = factories.make_slots(host, service, pattern, skip_holidays=False)
        factories.make_booking(slots[0], email=f"person{n}@example.org")


def test_one_days_hours_show_every_time(desk: Client, slots: list[Slot]) -> None:
    booking = factories.make_booking(slots[4])
    answer = desk.get(reverse("staff:hours", args=[slots[0].office_hours_id]))
    times = answer.context["stretch"].times
    assert [time.bookings for time in times] == [[], [], [], [], [booking], [], [], [], []]
    assert words(answer).count(_("free")) >= 8
    assert reverse("staff:booking", args=[booking.pk]) in answer.content.decode()


def test_a_time_that_is_only_kept_says_so_and_an_empty_one_is_gone(desk: Client, slots: list[Slot]) -> None:
    factories.make_booking(slots[0])
    Slot.objects.filter(pk__in=(slots[0].pk, slots[1].pk)).update(offer=SlotOffer.NONE)
    shown = words(desk.get(reverse("staff:hours", args=[slots[0].office_hours_id])))
    assert (shown.count(_("kept for this appointment only")), _("closed") in shown) == (1, False)
    assert [f"{hour} Uhr" in shown for hour in ("14:00", "14:20", "14:40")] == [True, False, True]


def test_a_group_shows_each_person_and_the_seats_left(desk: Client, host: Host, service: Service) -> None:
    slot = factories.make_slots(host, service, capacity=5)[0]
    for n in range(3):
        factories.make_booking(slot, name=f"Person {n}", email=f"p{n}@example.org")
    shown = words(desk.get(reverse("staff:hours", args=[slot.office_hours_id])))
    assert [f"Person {n}" in shown for n in range(3)] == [True, True, True]
    assert _("%(free)s of %(seats)s free") % {"free": 2, "seats": 5} in shown


def test_one_days_hours_take_the_same_queries_empty_and_full(
    desk: Client, host: Host, service: Service
) -> None:
    slot = factories.make_slots(host, service, capacity=30)[0]
    page = reverse("staff:hours", args=[slot.office_hours_id])
    factories.make_booking(slot)
    one = queries(lambda: desk.get(page))
    for n in range(29):
        factories.make_booking(slot, email=f"p{n}@example.org")
    assert queries(lambda: desk.get(page)) == one


def test_kept_appointments_of_an_ended_series_stay_in_the_list(
    desk: Client, slots: list[Slot], now: datetime
) -> None:
    factories.make_booking(slots[0])
    series = slots[0].office_hours.availability
    closing.withdraw(series, factories.TUESDAY, BookedTimes.KEEP, now)
    answer = desk.get(LIST)
    stretch = answer.context["days"][0][1][0]
    assert (len(stretch.booked), stretch.free) == (1, 0)
    assert _("no longer offered") in words(answer)
