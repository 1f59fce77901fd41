from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from booking.actions import visits
from booking.actions.errors import DayNotOver
from booking.actions.visits import Details
from booking.enums import Channel
from booking.models import Office, Service, Visit
from tests.factories import NOW, make_office

TODAY = date(2026, 11, 23)


def test_one_tap_is_one_visit_however_often_it_arrives(office: Office) -> None:
    tap = uuid4()
    first = visits.count(office, tap, NOW)
    assert visits.count(office, tap, NOW + timedelta(seconds=1)) == first
    visits.count(office, uuid4(), NOW)
    assert list(Visit.objects.values_list("came_at", flat=True)) == [NOW, NOW]


def test_what_it_was_about_can_be_said_afterwards(office: Office, service: Service) -> None:
    visit = visits.count(office, uuid4(), NOW)
    assert visits.describe(visit, Details(service, Channel.PHONE, "wohnen", "tr"))
    visit.refresh_from_db()
    assert (visit.service, visit.channel, visit.topic, visit.language) == (service, "phone", "wohnen", "tr")


def test_a_tap_is_taken_back_and_says_nothing_any_more(office: Office) -> None:
    tap = uuid4()
    visit = visits.count(office, tap, NOW)
    assert (visits.take_back(office, tap), visits.take_back(office, tap)) == (1, 0)
    assert not visits.describe(visit, Details(language="tr"))
    assert Visit.objects.count() == 0


def test_days_that_are_over_are_entered_with_a_number_once(office: Office, service: Service) -> None:
    form = uuid4()
    entered = [
        visits.enter(office, date(2026, 11, 20), 12, form, NOW, Details(service=service)) for _ in range(2)
    ]
    assert entered == [12, 0]
    days = {visit.came_at.astimezone(office.zone).date() for visit in Visit.objects.all()}
    assert (Visit.objects.count(), days) == (12, {date(2026, 11, 20)})
    assert visits.take_back(office, form) == 12


def test_nobody_is_counted_before_she_came(office: Office) -> None:
    with pytest.raises(DayNotOver):
        visits.enter(office, TODAY + timedelta(days=1), 1, uuid4(), NOW)
    visits.enter(office, TODAY, 2, uuid4(), NOW)
    assert {visit.came_at for visit in Visit.objects.all()} == {NOW}


@pytest.mark.parametrize("number", [0, -1, 51])
def test_a_slip_of_the_finger_is_not_a_crowd(office: Office, number: int) -> None:
    with pytest.raises(ValueError, match="1 to 50"):
        visits.enter(office, TODAY, number, uuid4(), NOW)


def test_a_visit_names_nobody() -> None:
    stored = {field.name for field in Visit._meta.get_fields()}
    assert stored == {"id", "office", "came_at", "service", "channel", "topic", "language", "request_id"}


def test_another_office_cannot_take_it_back(office: Office) -> None:
    tap = uuid4()
    visits.count(office, tap, NOW)
    elsewhere = make_office(name="Süd", slug="sued", is_default=False)
    assert visits.take_back(elsewhere, tap) == 0
