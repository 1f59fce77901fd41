from __future__ import annotations

from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from booking.actions import closing
from booking.enums import Channel, Rhythm
from booking.models import Host, Office, OfficeHours, Service, Slot
from booking.recurrence import Pattern
from qmportal.accounts.models import User
from tests import factories
from tests.booking.staff.pages import queries, words

PROFILE, OFFICE, SERVICES = reverse("staff:profile"), reverse("staff:office"), reverse("staff:services")
NEW = reverse("staff:service_new")


def filled(answer: Any, **changes: Any) -> dict[str, Any]:
    """Return what the browser would send for the form as it is shown, with changes."""
    form, funders = answer.context["form"], answer.context.get("funders")
    forms = [form, funders.management_form, *funders.forms] if funders is not None else [form]
    data = {field.html_name: field.value() for each in forms for field in each}
    return {
        name: value for name, value in (data | changes).items() if value is not None and value is not False
    }


def errors_of(answer: Any) -> list[str]:
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    return list(answer.context["form"].errors)


def test_a_host_changes_her_own_profile(desk: Client, host: Host) -> None:
    changes = {
        "name": "Hannah H. <b>",
        "role_de": "Beraterin",
        "role_en": "Adviser",
        "video_url": "meet.musterstadt.example/hannah",
        "wants_invitations": "on",
    }
    answer = desk.post(PROFILE, filled(desk.get(PROFILE), **changes))
    assert answer.headers["Location"] == PROFILE
    host.refresh_from_db()
    assert (host.name, host.role) == ("Hannah H. <b>", {"de": "Beraterin", "en": "Adviser"})
    assert host.video_url == "https://meet.musterstadt.example/hannah"
    assert (host.wants_notices, host.wants_invitations) == (True, True)
    assert host.slug == "hannah-helfrich"
    assert "<b>" not in words(desk.get(PROFILE)).replace("Hannah H. <b>", "")
    assert ModelLogEntry.objects.get().action == "wagtail.edit"


def test_who_gives_no_consultations_has_no_profile(admin_desk: Client, office: Office, host: Host) -> None:
    assert "form" not in admin_desk.get(PROFILE).context
    assert admin_desk.post(PROFILE, {"name": "Niemand"}).headers["Location"] == PROFILE
    assert [h.name for h in Host.objects.all()] == ["Hannah Helfrich"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"video_url": "http://video.example"}, "video_url"),
        ({"video_url": "javascript:alert(1)"}, "video_url"),
        ({"video_url": "https://" + "x" * 600 + ".example"}, "video_url"),
        ({"email": "hannah"}, "email"),
        ({"email": ""}, "email"),
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"role_de": "x" * 121}, "role_de"),
        ({"role_en": "a\u2028b"}, "role_en"),
        ({"phone": "x" * 41}, "phone"),
    ],
)
def test_a_mistake_in_the_profile_is_told_and_nothing_is_saved(
    desk: Client, host: Host, changes: dict[str, str], field: str
) -> None:
    data = filled(desk.get(PROFILE), **changes)
    assert errors_of(desk.post(PROFILE, data)) == [field]
    before = host.video_url, host.name
    host.refresh_from_db()
    assert (host.video_url, host.name) == before


def test_the_video_link_stays_while_somebody_may_come_by_video(
    desk: Client, host: Host, slots: list[Slot]
) -> None:
    data = filled(desk.get(PROFILE), video_url="")
    assert errors_of(desk.post(PROFILE, data)) == ["video_url"]
    closing.withdraw(slots[0].office_hours.availability, slots[0].start.date(), None, factories.NOW)
    assert desk.post(PROFILE, data).status_code == HTTPStatus.FOUND


@pytest.mark.parametrize(
    ("pattern", "is_kept"),
    [
        (factories.make_pattern(Rhythm.WEEKLY), True),
        (factories.make_pattern(Rhythm.WEEKLY, first_on=date(2027, 6, 1)), True),
        (factories.make_pattern(first_on=date(2027, 6, 1)), True),
        (factories.make_pattern(Rhythm.WEEKLY, last_on=date(2026, 11, 25)), False),
        (factories.make_pattern(), False),
    ],
)
def test_the_video_link_stays_for_a_running_series_without_live_hours(
    desk: Client,
    manager: User,
    host: Host,
    service: Service,
    clock: time_machine.Traveller,
    pattern: Pattern,
    is_kept: bool,
) -> None:
    factories.make_slots(host, service, pattern)
    OfficeHours.objects.update(status="cancelled")
    clock.move_to(factories.NOW + timedelta(days=3))
    desk.force_login(manager)
    answer = desk.post(PROFILE, filled(desk.get(PROFILE), video_url=""))
    assert answer.status_code == (HTTPStatus.UNPROCESSABLE_ENTITY if is_kept else HTTPStatus.FOUND)


def test_the_video_link_may_go_when_no_series_offers_video_any_more(
    desk: Client, host: Host, service: Service, now: datetime
) -> None:
    weekly = factories.make_pattern(Rhythm.WEEKLY)
    slots = factories.make_slots(host, service, weekly)
    closing.withdraw(slots[0].office_hours.availability, now.date(), None, now)
    later = factories.make_pattern(Rhythm.WEEKLY, first_on=date(2026, 12, 1))
    factories.make_slots(host, service, later, channels=(Channel.PHONE,))
    assert desk.post(PROFILE, filled(desk.get(PROFILE), video_url="")).status_code == HTTPStatus.FOUND


def test_an_administrator_changes_the_office(admin_desk: Client, office: Office) -> None:
    changes = {"phone": "0123 999", "retention_days": 0, "opening_note_en": "", "opening_note_de": "Immer"}
    answer = admin_desk.post(OFFICE, filled(admin_desk.get(OFFICE), **changes))
    assert answer.headers["Location"] == OFFICE
    office.refresh_from_db()
    assert (office.phone, office.retention_days, office.opening_note) == ("0123 999", 0, {"de": "Immer"})
    assert (office.slug, office.time_zone) == ("musterstadt-nord", "Europe/Berlin")


def test_texts_in_languages_without_a_field_are_kept(admin_desk: Client, office: Office) -> None:
    Office.objects.update(access_note={"de": "Ohne Stufe", "tr": "Basamaksız"})
    admin_desk.post(OFFICE, filled(admin_desk.get(OFFICE), access_note_en="No step"))
    office.refresh_from_db()
    assert office.access_note == {"de": "Ohne Stufe", "tr": "Basamaksız", "en": "No step"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"retention_days": 31}, "retention_days"),
        ({"retention_days": -1}, "retention_days"),
        ({"horizon_weeks": 0}, "horizon_weeks"),
        ({"horizon_weeks": 53}, "horizon_weeks"),
        ({"reminder_hours": 169}, "reminder_hours"),
        ({"change_until_hours": 10**20}, "change_until_hours"),
        ({"state": "XX"}, "state"),
        ({"email": "kein postfach"}, "email"),
        ({"map_url": "http://karte.example"}, "map_url"),
        ({"phone": ""}, "phone"),
        ({"opening_note_de": "x" * 301}, "opening_note_de"),
    ],
)
def test_a_mistake_in_the_office_is_told(
    admin_desk: Client, office: Office, changes: dict[str, Any], field: str
) -> None:
    assert errors_of(admin_desk.post(OFFICE, filled(admin_desk.get(OFFICE), **changes))) == [field]


def test_a_service_is_added_under_a_short_name_of_its_own(
    desk: Client, office: Office, service: Service
) -> None:
    changes = {
        "title_de": "Sprechstunde",
        "title_en": "Consultation",
        "channels": ["video"],
        "topics": "Wohnen | Housing | tr: Konut\n\n  Müll & Ordnung  \n",
        "minutes": 45,
    }
    answer = desk.post(NEW, filled(desk.get(NEW), **changes))
    assert answer.headers["Location"] == SERVICES
    new = Service.objects.exclude(pk=service.pk).get()
    assert (new.office, new.slug, new.minutes) == (office, "sprechstunde-2", 45)
    assert new.title == {"de": "Sprechstunde", "en": "Consultation"}
    assert new.channels == [Channel.VIDEO]
    assert new.topics == [
        {"key": "wohnen", "title": {"de": "Wohnen", "en": "Housing", "tr": "Konut"}},
        {"key": "mull-ordnung", "title": {"de": "Müll & Ordnung"}},
    ]
    assert new.is_active is True


def test_a_topic_that_stays_keeps_its_key_and_a_removed_one_frees_no_meaning(
    desk: Client, service: Service
) -> None:
    page = reverse("staff:service", args=[service.pk])
    assert desk.get(page).context["form"]["topics"].value() == "Wohnen | Housing"
    desk.post(page, filled(desk.get(page), topics="Wohnen!\nWohnen | Living"))
    service.refresh_from_db()
    assert service.topics == [
        {"key": "wohnen-2", "title": {"de": "Wohnen!"}},
        {"key": "wohnen", "title": {"de": "Wohnen", "en": "Living"}},
    ]


def test_a_changed_service_keeps_its_address(desk: Client, service: Service) -> None:
    page = reverse("staff:service", args=[service.pk])
    data = filled(desk.get(page), title_de="Beratung", channels=["phone"], is_active=None, notice_hours=48)
    assert desk.post(page, data).headers["Location"] == SERVICES
    service.refresh_from_db()
    assert (service.slug, service.title["de"], service.channels) == (
        "sprechstunde",
        "Beratung",
        [Channel.PHONE],
    )
    assert (service.is_active, service.notice_hours) == (False, 48)
    assert _("not offered") in words(desk.get(SERVICES))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title_de": ""}, "title_de"),
        ({"title_de": "x" * 81}, "title_de"),
        ({"minutes": 4}, "minutes"),
        ({"minutes": 481}, "minutes"),
        ({"channels": []}, "channels"),
        ({"channels": ["rauchzeichen"]}, "channels"),
        ({"topics": "| Housing"}, "topics"),
        ({"topics": "x" * 81}, "topics"),
        ({"topics": "\n".join(f"Thema {n}" for n in range(41))}, "topics"),
        ({"topics": "Wohnen\nWohnen"}, "topics"),
        ({"topics": "a\x00b"}, "topics"),
        ({"topics": "Wohnen | Housing | Konut"}, "topics"),
        ({"horizon_weeks": 0}, "horizon_weeks"),
    ],
)
@pytest.mark.parametrize("is_new", [True, False])
def test_a_mistake_in_a_service_is_told_and_nothing_is_saved(
    desk: Client, service: Service, changes: dict[str, Any], field: str, is_new: bool
) -> None:
    page = NEW if is_new else reverse("staff:service", args=[service.pk])
    good = {"title_de": "Neu", "channels": ["office"]} if is_new else {}
    assert errors_of(desk.post(page, filled(desk.get(page), **good | changes))) == [field]
    assert list(Service.objects.values_list("title__de", flat=True)) == ["Sprechstunde"]


def test_the_services_take_the_same_queries_for_one_and_for_thirty(
    desk: Client, office: Office, service: Service
) -> None:
    one = queries(lambda: desk.get(SERVICES))
    for n in range(29):
        factories.make_service(office, f"angebot-{n}")
    assert queries(lambda: desk.get(SERVICES)) == one
    assert len(desk.get(SERVICES).context["services"]) == 30
