from __future__ import annotations

from datetime import date, timedelta
from http import HTTPStatus
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _

from booking.actions import visits
from booking.models import Office, Service, Visit
from tests import factories
from tests.booking.staff.pages import queries, words

NOW = factories.NOW


def test_one_tap_on_the_start_page_counts_and_a_double_one_counts_once(
    desk: Client, office: Office, service: Service
) -> None:
    assert reverse("staff:visit_count") in desk.get(reverse("wagtailadmin_home")).content.decode()
    tap = {"request_id": str(uuid4())}
    places = {desk.post(reverse("staff:visit_count"), tap).headers["Location"] for _n in range(2)}
    visit = Visit.objects.get()
    assert places == {reverse("staff:visit", args=[visit.pk])}
    assert (visit.office, visit.came_at, visit.channel) == (office, NOW, "office")
    assert "1 heute" in words(desk.get(reverse("wagtailadmin_home")))


def test_each_answer_is_one_tap_and_the_same_tap_takes_it_back(
    desk: Client, office: Office, service: Service
) -> None:
    page = reverse("staff:visit", args=[visits.count(office, uuid4(), NOW).pk])
    for answer in ({"service": service.pk}, {"topic": "wohnen"}, {"language": "tr"}, {"channel": "phone"}):
        assert desk.post(page, answer).status_code == HTTPStatus.FOUND
    said = Visit.objects.values("service", "topic", "language", "channel")
    assert said.get() == {"service": service.pk, "topic": "wohnen", "language": "tr", "channel": "phone"}
    desk.post(page, {"language": "tr"})
    desk.post(page, {"service": service.pk})
    assert said.get() == {"service": None, "topic": "", "language": "", "channel": "phone"}


def test_what_is_no_button_of_ours_says_nothing(desk: Client, office: Office, service: Service) -> None:
    page = reverse("staff:visit", args=[visits.count(office, uuid4(), NOW).pk])
    for name in ("service", "topic", "language", "channel", "name"):
        for text in ("x" * 500, "a\x00b", "", "9" * 40):
            assert desk.post(page, {name: text}).status_code == HTTPStatus.FOUND
    said = Visit.objects.values("service", "topic", "language", "channel").get()
    assert said == {"service": None, "topic": "", "language": "", "channel": "office"}


def test_a_tap_by_mistake_is_taken_back(desk: Client, office: Office) -> None:
    visit = visits.count(office, uuid4(), NOW)
    undo = {"request_id": str(visit.request_id)}
    assert _("This was taken back already. Nothing was done.") not in words(
        desk.post(reverse("staff:visit_take_back"), undo, follow=True)
    )
    assert Visit.objects.count() == 0
    again = desk.post(reverse("staff:visit_take_back"), undo, follow=True)
    assert _("This was taken back already. Nothing was done.") in words(again)
    assert desk.post(reverse("staff:visit", args=[visit.pk])).status_code == HTTPStatus.NOT_FOUND


def test_days_that_are_over_are_entered_with_a_number_and_can_be_taken_back(
    desk: Client, office: Office, service: Service
) -> None:
    form = {"day": "2026-11-20", "number": "12", "service": service.pk, "request_id": str(uuid4())}
    for _n in range(2):
        answer = desk.post(reverse("staff:visits_enter"), form)
        assert answer.status_code == HTTPStatus.OK
    assert Visit.objects.filter(service=service).count() == 12
    days = desk.get(reverse("staff:visits")).context["days"]
    assert days == [{"day": date(2026, 11, 20), "visits": 12}]
    desk.post(reverse("staff:visit_take_back"), {"request_id": form["request_id"]})
    assert Visit.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("number", "51"),
        ("number", "0"),
        ("number", "viele"),
        ("day", "2026-11-24"),
        ("day", "2025-01-01"),
        ("day", "gestern"),
        ("service", "999"),
    ],
)
def test_a_number_or_day_that_makes_no_sense_is_refused(desk: Client, field: str, text: str) -> None:
    form = {"day": "2026-11-20", "number": "3", "request_id": str(uuid4())} | {field: text}
    answer = desk.post(reverse("staff:visits_enter"), form)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert (answer.context["form"][field].value(), Visit.objects.count()) == (text, 0)


def test_the_visits_of_another_office_are_out_of_sight(desk: Client) -> None:
    elsewhere = factories.make_office(name="Süd", slug="sued", is_default=False)
    visit = visits.count(elsewhere, uuid4(), NOW)
    assert desk.get(reverse("staff:visit", args=[visit.pk])).status_code == HTTPStatus.NOT_FOUND
    desk.post(reverse("staff:visit_take_back"), {"request_id": str(visit.request_id)})
    assert (Visit.objects.count(), desk.get(reverse("staff:visits")).context["days"]) == (1, [])


def test_the_page_takes_the_same_queries_for_one_visit_and_for_thirty(desk: Client, office: Office) -> None:
    visits.count(office, uuid4(), NOW)
    one = queries(lambda: desk.get(reverse("staff:visits")))
    for n in range(30):
        visits.count(office, uuid4(), NOW - timedelta(hours=n * 7))
    assert queries(lambda: desk.get(reverse("staff:visits"))) == one
