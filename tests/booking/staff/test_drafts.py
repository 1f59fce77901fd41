from __future__ import annotations

from datetime import date, datetime, time
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _
from schedule.models import Event
from wagtail.models import ModelLogEntry

from booking import recurrence
from booking.actions import drafts, publishing
from booking.actions.errors import NotADraft
from booking.enums import SeriesState
from booking.models import Availability, Host, Office, OfficeHours, Service
from tests import factories
from tests.booking.staff.pages import words
from tests.booking.staff.test_publishing import PUBLISH, typed

LIST = reverse("staff:series_list")


@pytest.fixture
def draft(host: Host, service: Service, now: datetime) -> Availability:
    pattern = factories.make_pattern(recurrence.Rhythm.WEEKLY)
    series = factories.make_series(host, service, pattern)
    return publishing.open_series(series, now, as_draft=True).availability


def page(draft: Availability, name: str = "series_draft") -> str:
    return reverse(f"staff:{name}", args=[draft.pk])


def send(desk: Client, draft: Availability, step: str, data: dict[str, Any]) -> Any:
    return desk.post(page(draft), data | {"step": step})


def logged() -> list[str]:
    return list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True))


def test_what_was_typed_can_be_saved_as_a_draft(desk: Client, host: Host, service: Service) -> None:
    answer = desk.post(PUBLISH, typed(host, service) | {"step": "draft"}, follow=True)
    draft = Availability.objects.get()
    assert answer.redirect_chain == [(page(draft, "series"), 302)]
    assert (draft.is_draft, OfficeHours.objects.count()) == (True, 0)
    assert _("This is a draft") in words(answer)
    assert logged() == ["booking.save_draft"]


def test_the_same_form_saved_twice_is_one_draft(desk: Client, host: Host, service: Service) -> None:
    data = typed(host, service, first_on="2026-11-23") | {"step": "draft"}
    first, second = desk.post(PUBLISH, data), desk.post(PUBLISH, data)
    assert first.headers["Location"] == second.headers["Location"]
    desk.post(PUBLISH, data | {"weekdays": ["FR"]})
    desk.post(PUBLISH, data | {"place": "Aula"})
    assert Availability.objects.count() == 3


def test_a_draft_with_a_mistake_is_not_saved(desk: Client, host: Host, service: Service) -> None:
    answer = desk.post(PUBLISH, typed(host, service, ends_at="13:00") | {"step": "draft"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert Availability.objects.count() == 0


def test_drafts_stand_first_in_the_list_and_are_marked(
    desk: Client, host: Host, service: Service, draft: Availability
) -> None:
    factories.make_slots(host, service, factories.make_pattern(starts_at=time(8), ends_at=time(9)))
    answer = desk.get(LIST)
    assert [row.state for row in answer.context["rows"]] == [SeriesState.DRAFT, SeriesState.RUNNING]
    assert _("Draft, not published") in words(answer)


def test_a_draft_opens_as_it_was_saved(desk: Client, draft: Availability) -> None:
    form = desk.get(page(draft)).context["form"]
    assert (form["host"].value(), form["starts_at"].value()) == (draft.host_id, time(14))


def test_a_draft_is_changed_and_stays_a_draft(
    desk: Client, host: Host, service: Service, office: Office, draft: Availability
) -> None:
    colleague = factories.make_host(office, "Mehmet Aydın")
    send(desk, draft, "draft", typed(colleague, service, weekdays=["FR"], starts_at="9:00", ends_at="12:00"))
    changed = Availability.objects.get()
    pattern = recurrence.pattern(changed)
    assert (changed.pk, changed.is_draft, changed.host) == (draft.pk, True, colleague)
    assert (changed.starts_at, changed.event.calendar) == (time(9), colleague.calendar)
    assert recurrence.sentence(pattern) == "jeden Freitag, 09:00–12:00 Uhr"
    assert (Event.objects.count(), OfficeHours.objects.count()) == (1, 0)


def test_the_dates_of_a_draft_are_shown_without_publishing_them(desk: Client, draft: Availability) -> None:
    answer = desk.get(page(draft), {"vorschau": ""})
    assert len(answer.context["dates"]) == 12
    assert (answer.context["may_publish"], OfficeHours.objects.count()) == (True, 0)


def test_a_draft_whose_host_lost_her_video_link_says_so(desk: Client, draft: Availability) -> None:
    Host.objects.update(video_url="")
    answer = desk.get(page(draft), {"vorschau": ""})
    assert list(answer.context["form"].errors) == ["channels"]


def test_a_draft_is_published_as_it_was_typed_last(
    desk: Client, host: Host, service: Service, draft: Availability
) -> None:
    answer = send(desk, draft, "publish", typed(host, service, weekdays=["WE"]))
    assert answer.headers["Location"] == page(draft, "series") + "?ergebnis"
    published = Availability.objects.get()
    assert (published.pk, published.is_draft) == (draft.pk, False)
    first = OfficeHours.objects.earliest("start")
    assert first.start.date() == date(2026, 11, 25)
    assert logged() == ["booking.publish"]


def test_a_draft_published_twice_is_published_once(
    desk: Client, host: Host, service: Service, draft: Availability
) -> None:
    data = typed(host, service)
    send(desk, draft, "publish", data)
    dates = OfficeHours.objects.count()
    answer = desk.post(page(draft), data | {"step": "publish", "weekdays": ["FR"]}, follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert str(NotADraft()) in words(answer)
    assert OfficeHours.objects.count() == dates


@pytest.mark.parametrize("change", ["rewrite", "publish", "discard"])
def test_what_is_no_draft_any_more_is_left_alone(
    host: Host, service: Service, draft: Availability, now: datetime, change: str
) -> None:
    series = factories.make_series(host, service, factories.make_pattern(starts_at=time(8)))
    drafts.publish_draft(draft, factories.make_series(host, service), now)
    with pytest.raises(NotADraft):
        {
            "rewrite": lambda: drafts.rewrite_draft(draft, series, now),
            "publish": lambda: drafts.publish_draft(draft, series, now),
            "discard": lambda: drafts.discard_draft(draft),
        }[change]()
    assert Availability.objects.get().starts_at == time(14)
    assert OfficeHours.objects.count() == 1


def test_a_published_series_cannot_be_opened_as_a_draft(desk: Client, host: Host, service: Service) -> None:
    series = factories.make_slots(host, service)[0].office_hours.availability
    for name in ("series_draft", "series_discard"):
        assert desk.get(page(series, name)).headers["Location"] == page(series, "series")


def test_discarding_asks_first(desk: Client, draft: Availability) -> None:
    assert desk.get(page(draft, "series_discard")).status_code == HTTPStatus.OK
    assert Availability.objects.get() == draft


def test_a_discarded_draft_is_gone(desk: Client, draft: Availability) -> None:
    answer = desk.post(page(draft, "series_discard"), follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert (Availability.objects.count(), Event.objects.count()) == (0, 0)
    assert logged() == ["booking.discard_draft"]
    assert desk.get(page(draft)).status_code == HTTPStatus.NOT_FOUND


def test_discarding_what_was_published_meanwhile_keeps_it(
    desk: Client, host: Host, service: Service, draft: Availability, now: datetime
) -> None:
    drafts.publish_draft(draft, factories.make_series(host, service), now)
    answer = desk.post(page(draft, "series_discard"), follow=True)
    assert str(NotADraft()) in words(answer)
    assert Availability.objects.count() == 1


def test_a_draft_cannot_be_ended(desk: Client, draft: Availability) -> None:
    for answer in (desk.get(page(draft, "series_end")), desk.post(page(draft, "series_end"))):
        assert answer.headers["Location"] == page(draft, "series")
