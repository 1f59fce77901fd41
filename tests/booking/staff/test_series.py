from __future__ import annotations

from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import ModelLogEntry

from booking import recurrence
from booking.enums import Occasion, Rhythm, SeriesState, Status
from booking.models import Availability, Booking, Host, Office, OutboxMessage, Service, Slot
from booking.staff import sentences
from booking.staff.templatetags.staff import short_date
from qmportal.accounts.models import User
from tests import factories
from tests.booking.staff.pages import queries, words

LIST = reverse("staff:series_list")


@pytest.fixture
def weekly(host: Host, service: Service) -> list[Slot]:
    return factories.make_slots(host, service, factories.make_pattern(rhythm=Rhythm.WEEKLY))


@pytest.fixture
def series(weekly: list[Slot]) -> Availability:
    return weekly[0].office_hours.availability


def end(desk: Client, series: Availability, **data: Any) -> Any:
    return desk.post(reverse("staff:series_end", args=[series.pk]), data)


def test_the_list_says_each_series_in_plain_words(desk: Client, series: Availability) -> None:
    shown = words(desk.get(LIST))
    pattern = recurrence.pattern(series)
    assert f"{recurrence.sentence(pattern)} {sentences.details(pattern, series)}" in shown
    assert _("next on %(day)s") % {"day": short_date(factories.TUESDAY)} in shown
    assert ngettext("%(dates)s date", "%(dates)s dates", 12) % {"dates": 12} in shown


def test_ended_series_come_last(desk: Client, host: Host, service: Service, now: datetime) -> None:
    made = [
        factories.make_slots(host, service, factories.make_pattern(starts_at=time(h), ends_at=time(h + 1)))
        for h in (8, 9, 10)
    ]
    first, second, third = [slots[0].office_hours.availability for slots in made]
    Availability.objects.filter(pk=first.pk).update(withdrawn_on=date(2026, 11, 1))
    Availability.objects.filter(pk=second.pk).update(withdrawn_on=date(2026, 12, 1))
    answer = desk.get(LIST)
    rows = answer.context["rows"]
    assert [row.series for row in rows] == [second, third, first]
    assert _("ends on %(day)s") % {"day": short_date(date(2026, 12, 1))} in words(answer)
    assert _("ended on %(day)s") % {"day": short_date(date(2026, 11, 1))} in words(answer)


def test_a_series_after_its_last_day_has_ended(
    client: Client, manager: User, host: Host, service: Service, clock: time_machine.Traveller
) -> None:
    last_day = factories.TUESDAY + timedelta(days=7)
    factories.make_slots(host, service, factories.make_pattern(Rhythm.WEEKLY, last_on=last_day))
    clock.move_to(datetime.combine(last_day, time(22), host.office.zone))
    client.force_login(manager)
    assert [row.state for row in client.get(LIST).context["rows"]] == [SeriesState.RUNNING]
    clock.shift(timedelta(hours=3))
    client.force_login(manager)
    answer = client.get(LIST)
    assert [row.state for row in answer.context["rows"]] == [SeriesState.ENDED]
    assert _("last day was %(day)s") % {"day": short_date(last_day)} in words(answer)
    series = Availability.objects.get()
    page = client.get(reverse("staff:series", args=[series.pk]))
    assert _("last day was %(day)s") % {"day": short_date(last_day)} in words(page)
    assert reverse("staff:series_end", args=[series.pk]) not in page.content.decode()


def test_the_list_shows_one_person_s_series_when_asked(
    desk: Client, series: Availability, service: Service, office: Office
) -> None:
    colleague = factories.make_host(office, "Mehmet Aydın")
    [theirs, *_rest] = factories.make_slots(colleague, service)
    assert [row.series for row in desk.get(LIST).context["rows"]] == [
        series,
        theirs.office_hours.availability,
    ]
    only = desk.get(LIST, {"person": colleague.slug}).context["rows"]
    assert [row.series for row in only] == [theirs.office_hours.availability]
    everybody = desk.get(LIST, {"person": "niemand"}).context["rows"]
    assert len(everybody) == 2


def test_a_series_made_for_one_appointment_is_not_listed(desk: Client, series: Availability) -> None:
    Availability.objects.update(is_extra=True)
    assert desk.get(LIST).context["rows"] == []


def test_the_list_takes_the_same_queries_for_one_and_for_thirty(
    desk: Client, host: Host, service: Service, series: Availability
) -> None:
    one = queries(lambda: desk.get(LIST))
    for n in range(29):
        pattern = factories.make_pattern(first_on=date(2026, 11, 25) + timedelta(days=n))
        factories.make_slots(host, service, pattern, skip_holidays=False)
    assert len(desk.get(LIST).context["rows"]) == 30
    assert queries(lambda: desk.get(LIST)) == one


def test_one_series_shows_its_coming_dates(desk: Client, series: Availability) -> None:
    dates = desk.get(reverse("staff:series", args=[series.pk])).context["dates"]
    assert [stretch.hours for stretch in dates] == list(series.office_hours.order_by("start"))


def test_one_series_takes_the_same_queries_for_one_date_and_for_many(
    desk: Client, series: Availability
) -> None:
    page = reverse("staff:series", args=[series.pk])
    many = queries(lambda: desk.get(page))
    for hours in series.office_hours.order_by("start")[1:]:
        hours.slots.all().delete()
        hours.delete()
    assert queries(lambda: desk.get(page)) == many


def test_ending_asks_from_which_day_on_and_shows_who_has_booked(
    desk: Client, series: Availability, weekly: list[Slot]
) -> None:
    early, late = factories.make_booking(weekly[0]), factories.make_booking(weekly[9], email="")
    answer = end(desk, series, since="2026-12-01")
    assert answer.status_code == HTTPStatus.OK
    assert answer.context["bookings"] == [late]
    assert (answer.context["dates"], answer.context["by_mail"], answer.context["by_phone"]) == (11, 0, 1)
    shown = words(answer)
    assert late.code in shown
    assert early.code not in shown
    assert _("End it and cancel without a mail") in shown
    assert Availability.objects.get().withdrawn_on is None


def test_an_end_with_booked_times_is_never_silent(
    desk: Client, series: Availability, weekly: list[Slot]
) -> None:
    booking = factories.make_booking(weekly[9])
    answer = end(desk, series, since="2026-12-01", step="end")
    assert answer.context["bookings"] == [booking]
    assert Availability.objects.get().withdrawn_on is None


def test_ending_can_keep_what_is_booked(desk: Client, series: Availability, weekly: list[Slot]) -> None:
    factories.make_booking(weekly[9])
    answer = end(desk, series, since="2026-12-01", step="keep")
    assert answer.headers["Location"] == reverse("staff:series", args=[series.pk])
    assert Booking.objects.get().status == Status.CONFIRMED
    assert Availability.objects.get().withdrawn_on == date(2026, 12, 1)
    assert ModelLogEntry.objects.get().action == "booking.end_series"


def test_ending_can_cancel_what_is_booked_and_tell_everybody(
    desk: Client, series: Availability, weekly: list[Slot]
) -> None:
    factories.make_booking(weekly[9])
    button = ngettext(
        "End it, cancel and notify %(people)s person", "End it, cancel and notify %(people)s people", 1
    )
    assert button % {"people": 1} in words(end(desk, series, since="2026-12-01"))
    end(desk, series, since="2026-12-01", step="cancel")
    assert Booking.objects.get().status == Status.CANCELLED
    assert OutboxMessage.objects.filter(occasion=Occasion.CANCELLED_BY_OFFICE).count() == 1


def test_an_ended_series_cannot_end_again(desk: Client, series: Availability) -> None:
    end(desk, series, since="2026-11-23", step="end")
    page = reverse("staff:series", args=[series.pk])
    end_page = reverse("staff:series_end", args=[series.pk])
    assert desk.get(end_page).headers["Location"] == page
    assert end(desk, series, since="2026-11-24", step="end").headers["Location"] == page
    assert Availability.objects.get().withdrawn_on == date(2026, 11, 23)
    assert end_page not in desk.get(page).content.decode()


def test_an_end_that_lies_ahead_can_come_earlier(
    desk: Client, series: Availability, weekly: list[Slot]
) -> None:
    end(desk, series, since="2026-12-08", step="end")
    page = desk.get(reverse("staff:series", args=[series.pk]))
    assert reverse("staff:series_end", args=[series.pk]) in page.content.decode()
    assert _("ends on %(day)s") % {"day": short_date(date(2026, 12, 8))} in words(page)
    booking = factories.make_booking(weekly[9])
    assert end(desk, series, since="2026-12-01", step="end").context["bookings"] == [booking]
    end(desk, series, since="2026-12-01", step="cancel")
    assert Availability.objects.get().withdrawn_on == date(2026, 12, 1)
    assert Booking.objects.get().status == Status.CANCELLED
    free = Slot.objects.bookable(factories.NOW)
    assert {short_date(slot.start) for slot in free} == {short_date(factories.TUESDAY)}


@pytest.mark.parametrize("since", ["2026-12-01", "2026-12-02"])
def test_an_end_that_lies_ahead_cannot_come_later(desk: Client, series: Availability, since: str) -> None:
    end(desk, series, since="2026-12-01", step="end")
    answer = end(desk, series, since=since, step="end")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    day = date_format(date(2026, 12, 1), "DATE_FORMAT")
    message = _("The series already ends on %(day)s. Please choose an earlier day.") % {"day": day}
    assert answer.context["form"].errors == {"since": [message]}
    assert Availability.objects.get().withdrawn_on == date(2026, 12, 1)


def test_ending_today_shows_who_is_booked_in_hours_that_go_on(
    desk: Client, manager: User, series: Availability, weekly: list[Slot], clock: time_machine.Traveller
) -> None:
    early, late = factories.make_booking(weekly[0]), factories.make_booking(weekly[8])
    clock.move_to(weekly[0].end)
    desk.force_login(manager)
    assert end(desk, series, since="2026-11-24").context["bookings"] == [late]
    assert early.code not in words(end(desk, series, since="2026-11-24", step="end"))


@pytest.mark.parametrize("since", ["", "2026-11-22", "morgen", "9999-12-31", "2026-02-30", "<b>"])
def test_a_day_that_is_none_or_over_is_refused(desk: Client, series: Availability, since: str) -> None:
    answer = end(desk, series, since=since, step="end")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(answer.context["form"].errors) == ["since"]
    assert Availability.objects.get().withdrawn_on is None


def test_an_unknown_button_only_asks(desk: Client, series: Availability) -> None:
    assert end(desk, series, since="2026-12-01", step="sofort").status_code == HTTPStatus.OK
    assert Availability.objects.get().withdrawn_on is None
