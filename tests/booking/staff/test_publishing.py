from __future__ import annotations

import html
import re
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from booking import recurrence
from booking.enums import Channel, Rhythm, SkipReason
from booking.models import Availability, Closure, Host, Office, OfficeHours, Service, Slot
from booking.staff import results, sentences
from booking.staff.forms.series import BREAKS, SeriesForm, from_series, times_per_date
from booking.staff.templatetags.staff import day_and_hour
from qmportal.accounts.models import User
from tests import factories
from tests.booking.staff.pages import queries, words

PUBLISH = reverse("staff:publish")


def typed(host: Host, service: Service, /, **changes: Any) -> dict[str, Any]:
    """Fill the form in: every Tuesday, 14 to 17, 20 minutes each."""
    return {
        "service": service.pk,
        "host": host.pk,
        "rhythm": "weekly",
        "weekdays": ["TU"],
        "starts_at": "14:00",
        "ends_at": "17:00",
        "first_on": "2026-11-24",
        "last_on": "",
        "slot_minutes": "20",
        "buffer_minutes": "0",
        "capacity": "1",
        "channels": ["office", "phone"],
        "place": "",
        "skip_holidays": "on",
        "desk_every": "0",
    } | changes


def send(desk: Client, step: str, data: dict[str, Any]) -> Any:
    return desk.post(PUBLISH, data | {"step": step})


def hidden_inputs(form: SeriesForm) -> dict[str, list[str]]:
    """Return what the form of the preview sends on, as the browser would."""
    found: dict[str, list[str]] = {}
    for field in form.retold():
        for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', field.as_hidden()):
            found.setdefault(name, []).append(html.unescape(value))
    return found


def errors_of(answer: Any) -> dict[str, list[str]]:
    return {name: list(errors) for name, errors in answer.context["form"].errors.items()}


def test_the_form_begins_with_the_values_of_the_service(desk: Client, host: Host, office: Office) -> None:
    factories.make_service(office)
    advice = factories.make_service(
        office, "projektberatung", minutes=45, buffer_minutes=15, offers_phone=False
    )
    form = desk.get(PUBLISH, {"angebot": "projektberatung"}).context["form"]
    assert form.initial["service"] == advice.pk
    assert form.initial["slot_minutes"] == 45
    assert form.initial["buffer_minutes"] == 15
    assert form.initial["channels"] == [Channel.OFFICE, Channel.VIDEO]
    assert form.initial["host"] == host.pk
    assert form.initial["first_on"] == date(2026, 11, 24)


def test_without_a_service_the_page_says_what_is_missing(desk: Client) -> None:
    answer = desk.get(PUBLISH)
    assert answer.status_code == HTTPStatus.OK
    assert reverse("staff:services") in answer.content.decode()


def test_values_of_another_service_are_taken_over_and_the_rest_stays(
    desk: Client, host: Host, service: Service, office: Office
) -> None:
    advice = factories.make_service(office, "projektberatung", minutes=45, offers_office=False)
    answer = send(desk, "suggest", typed(host, advice, starts_at="09:30", place="Bücherei <b>"))
    form = answer.context["form"]
    assert form.errors == {}
    assert form["slot_minutes"].value() == 45
    assert form["channels"].value() == [Channel.PHONE, Channel.VIDEO]
    assert form["starts_at"].value() == "09:30"
    assert form["weekdays"].value() == ["TU"]
    assert form["place"].value() == "Bücherei <b>"


@pytest.mark.parametrize("service_id", ["", "0", "abc", "9" * 40, "²"])
def test_a_service_that_is_none_falls_back_to_the_first(
    desk: Client, host: Host, service: Service, service_id: str
) -> None:
    answer = send(desk, "suggest", typed(host, service, service=service_id))
    assert answer.status_code == HTTPStatus.OK
    assert answer.context["form"]["service"].value() == service.pk


def test_the_preview_shows_every_date_and_saves_nothing(desk: Client, host: Host, service: Service) -> None:
    answer = send(desk, "preview", typed(host, service))
    assert answer.status_code == HTTPStatus.OK
    lines = answer.context["dates"]
    assert [line.day for line in lines[:2]] == [date(2026, 11, 24), date(2026, 12, 1)]
    assert len(lines) == 12
    assert {line.times for line in lines} == {9}
    series = answer.context["series"]
    assert sentences.whole(series.pattern, series) in words(answer)
    assert (Availability.objects.count(), OfficeHours.objects.count(), Slot.objects.count()) == (0, 0, 0)


def test_the_preview_names_the_reason_of_each_date_left_out(
    desk: Client, host: Host, service: Service
) -> None:
    factories.make_slots(host, service)
    answer = send(desk, "preview", typed(host, service, weekdays=["TU", "FR"]))
    skips = {line.day: line.skip for line in answer.context["dates"] if line.skip}
    assert {day: skip.reason for day, skip in skips.items()} == {
        date(2026, 11, 24): SkipReason.OVERLAP,
        date(2026, 12, 25): SkipReason.HOLIDAY,
        date(2027, 1, 1): SkipReason.HOLIDAY,
    }
    shown = words(answer)
    for skip in skips.values():
        assert f"{skip.reason.label} ({skip.detail})" in shown


def test_what_was_typed_goes_on_from_preview_to_publishing_and_back(
    desk: Client, host: Host, service: Service
) -> None:
    data = typed(host, service, weekdays=["TU", "TH"], place="Bücherei, Raum 2", last_on="2026-12-31")
    form = send(desk, "preview", data).context["form"]
    retold = hidden_inputs(form)
    assert (retold.pop("skip_holidays"), retold.pop("skip_school_holidays")) == (["True"], ["False"])
    assert retold == {
        name: value if isinstance(value, list) else [str(value)]
        for name, value in data.items()
        if value and name != "skip_holidays"
    }
    again = send(desk, "edit", data)
    assert again.status_code == HTTPStatus.OK
    assert 'value="Bücherei, Raum 2"' in again.content.decode()


def test_publishing_makes_the_series_and_its_result_is_told(
    desk: Client, host: Host, service: Service
) -> None:
    data = typed(host, service, weekdays=["FR"], buffer_minutes="10", capacity="3", place="Bücherei")
    answer = desk.post(PUBLISH, data | {"step": "publish"}, follow=True)
    series = Availability.objects.get()
    assert answer.redirect_chain == [(reverse("staff:series", args=[series.pk]) + "?ergebnis", 302)]
    assert recurrence.pattern(series).rhythm == Rhythm.WEEKLY
    assert (series.slot_minutes, series.buffer_minutes, series.capacity) == (20, 10, 3)
    assert (series.channels, series.place) == ([Channel.OFFICE, Channel.PHONE], {"de": "Bücherei"})
    assert (series.starts_at, series.ends_at) == (time(14), time(17))
    summary = answer.context["summary"]
    assert (summary.created, summary.kept) == (OfficeHours.objects.count(), 0)
    assert [skip.day for skip in summary.skipped] == [date(2026, 12, 25), date(2027, 1, 1)]
    assert ModelLogEntry.objects.get().action == "booking.publish"


def test_the_result_names_the_moment_when_residents_can_book(
    desk: Client, host: Host, service: Service
) -> None:
    Service.objects.filter(pk=service.pk).update(horizon_weeks=1)
    data = typed(host, service, first_on="2026-12-08") | {"step": "publish"}
    answer = desk.post(PUBLISH, data, follow=True)
    moment = day_and_hour(factories.NOW.replace(month=12, day=1, hour=13).astimezone(host.office.zone))
    assert answer.context["summary"].opens_at == factories.NOW.replace(month=12, day=1, hour=13)
    assert _("Residents can book from %(moment)s on.") % {"moment": moment} in words(answer)
    assert _("Residents can book now.") not in words(answer)


def test_the_result_of_another_series_is_not_told(desk: Client, host: Host, service: Service) -> None:
    desk.post(PUBLISH, typed(host, service) | {"step": "publish"})
    other = factories.make_slots(host, service, factories.make_pattern(starts_at=time(18), ends_at=time(19)))
    page = reverse("staff:series", args=[other[0].office_hours.availability_id])
    assert desk.get(page, {"ergebnis": ""}).context["summary"] is None


def test_pressed_twice_publish_makes_one_series(desk: Client, host: Host, service: Service) -> None:
    data = typed(host, service) | {"step": "publish"}
    first, second = desk.post(PUBLISH, data), desk.post(PUBLISH, data)
    assert (first.status_code, second.status_code) == (HTTPStatus.FOUND, HTTPStatus.OK)
    assert second.context["may_publish"] is False
    assert Availability.objects.count() == 1


def test_a_series_that_begins_beyond_the_horizon_may_be_published(
    desk: Client, host: Host, service: Service
) -> None:
    data = typed(host, service, first_on="2027-06-01")
    preview = send(desk, "preview", data)
    assert (preview.context["may_publish"], preview.context["dates"]) == (True, [])
    assert send(desk, "publish", data).status_code == HTTPStatus.FOUND


def test_a_day_that_is_over_cannot_be_published(desk: Client, host: Host, service: Service) -> None:
    data = typed(host, service, rhythm="once", weekdays=[], first_on="2026-11-16")
    answer = send(desk, "publish", data)
    assert answer.context["may_publish"] is False
    assert Availability.objects.count() == 0


def test_once_needs_no_weekday_and_has_no_last_day(desk: Client, host: Host, service: Service) -> None:
    send(desk, "publish", typed(host, service, rhythm="once", weekdays=[], last_on="2026-12-24"))
    pattern = recurrence.pattern(Availability.objects.get())
    assert (pattern.rhythm, pattern.last_on) == (Rhythm.ONCE, None)
    assert OfficeHours.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"rhythm": "monthly-1", "weekdays": ["TU", "TH"]}, "weekdays"),
        ({"rhythm": "monthly-1", "weekdays": []}, "weekdays"),
        ({"weekdays": ["XX"]}, "weekdays"),
        ({"ends_at": "14:00"}, "ends_at"),
        ({"ends_at": "13:00"}, "ends_at"),
        ({"starts_at": "nachmittags"}, "starts_at"),
        ({"ends_at": "14:10"}, "slot_minutes"),
        ({"slot_minutes": "4"}, "slot_minutes"),
        ({"slot_minutes": "1e3"}, "slot_minutes"),
        ({"buffer_minutes": "-1"}, "buffer_minutes"),
        ({"capacity": "0"}, "capacity"),
        ({"capacity": "201"}, "capacity"),
        ({"last_on": "2026-11-23"}, "last_on"),
        ({"first_on": "24. November"}, "first_on"),
        ({"first_on": "0001-01-01"}, "first_on"),
        ({"first_on": "9999-12-31"}, "first_on"),
        ({"channels": []}, "channels"),
        ({"channels": ["brieftaube"]}, "channels"),
        ({"rhythm": "daily"}, "rhythm"),
        ({"host": "0"}, "host"),
        ({"service": "abc"}, "service"),
        ({"place": "Raum\x00"}, "place"),
        ({"place": "Raum\u2028zwei"}, "place"),
        ({"place": "x" * 121}, "place"),
        ({"break_1_from": "15:00"}, "break_1_until"),
        ({"break_1_until": "15:00"}, "break_1_from"),
        ({"break_1_from": "15:00", "break_1_until": "15:00"}, "break_1_until"),
        ({"break_1_from": "14:00", "break_1_until": "14:15"}, "break_1_from"),
        ({"break_1_from": "16:45", "break_1_until": "17:00"}, "break_1_from"),
        ({"break_2_from": "mittags", "break_2_until": "15:00"}, "break_2_from"),
        (
            {
                "break_1_from": "15:00",
                "break_1_until": "15:30",
                "break_3_from": "15:29",
                "break_3_until": "15:45",
            },
            "break_3_from",
        ),
        ({"break_1_from": "14:10", "break_1_until": "16:50"}, "slot_minutes"),
        ({"desk_every": "5"}, "desk_every"),
        ({"desk_every": "2", "slot_minutes": "180"}, "desk_every"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_typed_is_lost(
    desk: Client, host: Host, service: Service, changes: dict[str, Any], field: str
) -> None:
    data = typed(host, service, **changes)
    answer = send(desk, "publish", data)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(errors_of(answer)) == [field]
    page = html.unescape(answer.content.decode())
    assert f'id="id_{field}_error"' in page
    assert _("Error:") in page.partition("</title>")[0]
    for name in data.keys() - {"skip_holidays"}:
        value = data[name] if isinstance(data[name], list) else str(data[name])
        assert answer.context["form"][name].data == value or name in changes
    assert Availability.objects.count() == 0


def test_hours_and_days_may_be_typed_as_one_says_them(host: Host, service: Service, office: Office) -> None:
    form = SeriesForm(
        typed(host, service, starts_at="9", ends_at="11.30", first_on="24.11.2026"), office=office
    )
    assert form.errors == {}
    pattern = form.series().pattern
    assert (pattern.starts_at, pattern.ends_at, pattern.first_on) == (
        time(9),
        time(11, 30),
        factories.TUESDAY,
    )


def test_video_without_a_link_is_refused_with_what_to_do(desk: Client, host: Host, service: Service) -> None:
    Host.objects.filter(pk=host.pk).update(video_url="")
    answer = send(desk, "publish", typed(host, service, channels=["video"]))
    assert errors_of(answer) == {
        "channels": [
            _(
                "%(host)s has no video link yet. Please enter it under “My profile” first, "
                "or publish without video."
            )
            % {"host": "Hannah Helfrich"}
        ]
    }


def test_people_and_services_of_another_office_cannot_be_chosen(
    desk: Client, host: Host, service: Service
) -> None:
    elsewhere = factories.make_office(name="Süd", slug="sued", is_default=False)
    data = typed(factories.make_host(elsewhere, "Sude Süd"), factories.make_service(elsewhere, "andere"))
    assert sorted(errors_of(send(desk, "publish", data))) == ["host", "service"]


COFFEE = (time(15), time(15, 15))
LUNCH = (time(15, 55), time(16, 35))


@pytest.mark.parametrize(
    ("minutes", "pause", "breaks", "times"),
    [
        (20, 0, (), 9),
        (45, 15, (), 3),
        (60, 60, (), 2),
        (180, 0, (), 1),
        (90, 30, (), 1),
        (20, 0, (COFFEE,), 8),
        (20, 5, (COFFEE,), 6),
        (20, 0, (LUNCH, COFFEE), 6),
        (45, 0, (COFFEE, LUNCH), 1),
        (60, 0, (COFFEE, (time(15, 15), time(16))), 2),
    ],
)
def test_the_preview_counts_appointments_as_publishing_makes_them(
    host: Host,
    service: Service,
    minutes: int,
    pause: int,
    breaks: tuple[tuple[time, time], ...],
    times: int,
) -> None:
    terms: dict[str, Any] = {"slot_minutes": minutes, "buffer_minutes": pause, "breaks": breaks}
    made = factories.make_slots(host, service, **terms)
    assert times_per_date(factories.make_series(host, service, **terms)) == len(made) == times


def test_the_suggested_first_day_is_tomorrow_in_the_offices_zone(
    client: Client, manager: User, service: Service, clock: Any
) -> None:
    # 23:30 UTC is already the next day in Berlin.
    clock.move_to(factories.NOW.replace(hour=23, minute=30))
    client.force_login(manager)
    assert client.get(PUBLISH).context["form"].initial["first_on"] == factories.NOW.date() + timedelta(days=2)


def everything(host: Host, service: Service) -> dict[str, Any]:
    """Fill in all that the form knows."""
    return typed(
        host,
        service,
        rhythm="every-2-weeks",
        weekdays=["TU", "TH"],
        last_on="2027-06-30",
        break_1_from="15:00",
        break_1_until="15:15",
        break_2_from="16:00",
        break_2_until="16:10",
        skip_school_holidays="on",
        desk_every="3",
        place="Bücherei",
        capacity="4",
    )


def test_a_saved_series_fills_the_form_as_it_was_typed(desk: Client, host: Host, service: Service) -> None:
    data = everything(host, service)
    assert send(desk, "publish", data).status_code == HTTPStatus.FOUND
    said = from_series(Availability.objects.get())
    again = SeriesForm(said, office=host.office)
    first = SeriesForm(data, office=host.office)
    assert (first.errors, again.errors) == ({}, {})
    assert again.series() == first.series()
    assert [said[name] for name in BREAKS[0]] == [time(15), time(15, 15)]


def test_what_is_rarely_needed_is_folded_until_it_says_something(
    desk: Client, host: Host, service: Service
) -> None:
    empty = desk.get(PUBLISH).context["form"]
    assert [group.is_open for group in empty.groups() if group.folds] == [False] * 4
    full = send(desk, "edit", everything(host, service)).context["form"]
    assert [group.is_open for group in full.groups() if group.folds] == [True] * 4
    wrong = send(desk, "preview", typed(host, service, break_2_from="x")).context["form"]
    assert [group.is_open for group in wrong.groups() if group.folds] == [True, False, False, False]


def test_places_that_were_used_before_are_suggested(desk: Client, host: Host, service: Service) -> None:
    for hour, place in ((8, "Bücherei"), (10, "Aula"), (12, "Bücherei"), (14, "")):
        pattern = factories.make_pattern(starts_at=time(hour), ends_at=time(hour + 1))
        factories.make_slots(host, service, pattern, place={"de": place} if place else {})
    assert desk.get(PUBLISH).context["form"].places() == ["Aula", "Bücherei"]


def test_the_preview_says_how_much_residents_can_book_and_from_when_on(
    desk: Client, host: Host, service: Service
) -> None:
    Service.objects.filter(pk=service.pk).update(horizon_weeks=2, notice_hours=48)
    start = datetime(2026, 12, 1, 16, tzinfo=host.office.zone)
    Closure.objects.create(office=host.office, start=start, end=start + timedelta(minutes=20))
    answer = send(desk, "preview", typed(host, service, desk_every="3", last_on="2026-12-15"))
    # Four Tuesdays of nine times: tomorrow is too near, what comes after next week too far.
    assert answer.context["outlook"] == results.Outlook(
        on_web=17, at_once=5, at_desk=12, closed=1, opens_at=None
    )
    second = answer.context["dates"][1]
    assert (second.times, second.at_desk, second.closed) == (9, 3, 1)


def test_the_preview_names_the_moment_when_a_far_series_opens(
    desk: Client, host: Host, service: Service
) -> None:
    Service.objects.filter(pk=service.pk).update(horizon_weeks=1)
    outlook = send(desk, "preview", typed(host, service, first_on="2026-12-08")).context["outlook"]
    assert outlook.at_once == 0
    assert outlook.opens_at == factories.NOW.replace(month=12, day=1, hour=13)


@pytest.mark.parametrize(
    ("last_on", "warned"), [("2027-06-30", None), ("2029-12-31", date(2029, 9, 10)), ("", None)]
)
def test_the_preview_warns_where_nobody_knows_the_school_holidays(
    desk: Client, host: Host, service: Service, last_on: str, warned: date | None
) -> None:
    data = typed(host, service, last_on=last_on, skip_school_holidays="on")
    assert send(desk, "preview", data).context["school_holidays_end"] == warned
    del data["skip_school_holidays"]
    assert send(desk, "preview", data).context["school_holidays_end"] is None


def test_a_similar_series_begins_with_the_values_of_its_model(
    desk: Client, host: Host, service: Service
) -> None:
    send(desk, "publish", everything(host, service))
    model = Availability.objects.get()
    answer = desk.get(PUBLISH, {"reihe": model.pk})
    initial = answer.context["form"].initial
    assert initial == from_series(model)
    assert (Availability.objects.count(), answer.context["model"]) == (1, model)


def test_a_similar_series_begins_on_the_next_date_of_its_model(
    client: Client, manager: User, host: Host, service: Service, clock: Any
) -> None:
    pattern = factories.make_pattern(Rhythm.EVERY_2_WEEKS)
    [slot, *_rest] = factories.make_slots(host, service, pattern)
    # A Friday after the first date: the next one is not in the coming week.
    clock.move_to(factories.NOW + timedelta(days=4))
    client.force_login(manager)
    page = {"reihe": slot.office_hours.availability_id}
    assert client.get(PUBLISH, page).context["form"].initial["first_on"] == date(2026, 12, 8)


def test_a_similar_series_to_one_that_is_over_begins_tomorrow(
    client: Client, manager: User, host: Host, service: Service, clock: Any
) -> None:
    pattern = factories.make_pattern(Rhythm.WEEKLY, last_on=date(2026, 12, 1))
    [slot, *_rest] = factories.make_slots(host, service, pattern)
    clock.move_to(factories.NOW + timedelta(days=30))
    client.force_login(manager)
    page = {"reihe": slot.office_hours.availability_id}
    initial = client.get(PUBLISH, page).context["form"].initial
    assert (initial["first_on"], initial["last_on"]) == (date(2026, 12, 24), None)


@pytest.mark.parametrize("key", ["0", "9" * 30])
def test_a_model_that_does_not_exist_is_a_404(desk: Client, host: Host, service: Service, key: str) -> None:
    assert desk.get(PUBLISH, {"reihe": key}).status_code == HTTPStatus.NOT_FOUND


def test_a_series_of_another_office_is_no_model(desk: Client, service: Service) -> None:
    elsewhere = factories.make_office(name="Süd", slug="sued", is_default=False)
    colleague = factories.make_host(elsewhere, "Sude Süd")
    [slot, *_rest] = factories.make_slots(colleague, factories.make_service(elsewhere, "andere"))
    page = {"reihe": slot.office_hours.availability_id}
    assert desk.get(PUBLISH, page).status_code == HTTPStatus.NOT_FOUND


def test_the_form_takes_the_same_queries_after_one_and_after_thirty_series(
    desk: Client, host: Host, service: Service
) -> None:
    factories.make_slots(host, service, place={"de": "Aula"})
    one = queries(lambda: desk.get(PUBLISH))
    for n in range(29):
        pattern = factories.make_pattern(first_on=date(2026, 11, 25) + timedelta(days=n))
        factories.make_slots(host, service, pattern, place={"de": f"Raum {n}"})
    assert queries(lambda: desk.get(PUBLISH)) == one
