"""The start page, the menu and the log: where our pages meet Wagtail's."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from booking import dates
from booking.actions import closing
from booking.enums import OutboxStatus, Rhythm
from booking.models import Host, Office, OutboxMessage, Service, Slot
from booking.staff.urls import urlpatterns
from qmportal.accounts.models import User
from tests import factories
from tests.booking.staff.pages import queries, words

HOME = reverse("wagtailadmin_home")


def menu(answer: Any) -> set[str]:
    """Return the addresses that the menu leads to, those of its submenus included."""
    props = re.search(r'id="wagtail-sidebar-props"[^>]*>(.*?)</script>', answer.content.decode(), re.S)
    assert props is not None
    return set(re.findall(r'"(/verwaltung/[^"]*)"', json.dumps(json.loads(props.group(1)))))


def staff_pages(*names: str) -> set[str]:
    return {reverse(f"staff:{name}") for name in names}


OURS = {reverse(f"staff:{r.name}") for r in urlpatterns if "<" not in str(r.pattern)}


def test_the_menu_of_a_manager_has_her_work_and_nothing_else(desk: Client) -> None:
    shown = menu(desk.get(HOME))
    assert shown & OURS == staff_pages(
        "week",
        "hours_list",
        "publish",
        "series_list",
        "closures",
        "poster",
        "embed",
        "illness",
        "calls",
        "inquiries",
        "book",
        "find_booking",
        "visits",
        "report",
        "logins",
        "changes",
        "outbox",
        "profile",
        "services",
    )
    assert [page for page in shown if page.startswith("/verwaltung/reports")] == []


def test_the_menu_of_an_administrator_has_the_office_too(admin_desk: Client) -> None:
    shown = menu(admin_desk.get(HOME))
    assert staff_pages("office", "hosts", "profile", "services") <= shown
    assert [page for page in shown if page.startswith("/verwaltung/reports")] != []


@pytest.mark.parametrize("who", ["editor", "manager", "administrator"])
def test_everybody_finds_the_handbook_with_javascript_and_without(
    client: Client, who: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))
    page = client.get(HOME).content.decode()
    address = static("staff/handbuch.pdf")
    assert [page.count(f'"{address}"'), finders.find("staff/handbuch.pdf") is not None] == [2, True]


@pytest.mark.parametrize("who", ["manager", "administrator"])
def test_nobody_is_sent_to_wagtails_english_pages(
    client: Client, who: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert "wagtail.org" not in client.get(HOME).content.decode()


def test_the_menu_of_an_editor_has_nothing_of_ours(client: Client, editor: User) -> None:
    client.force_login(editor)
    answer = client.get(HOME)
    assert answer.status_code == HTTPStatus.OK
    assert menu(answer) & OURS == set()
    assert "st-numbers" not in answer.content.decode()


def test_the_start_page_shows_today_and_the_week(
    desk: Client, host: Host, service: Service, office: Office, now: datetime
) -> None:
    today = factories.make_slots(host, service, factories.make_pattern(first_on=now.date()))
    factories.make_slots(host, service, factories.make_pattern(Rhythm.WEEKLY))
    for slot in today[:2]:
        factories.make_booking(slot, email=f"{slot.pk}@example.org")
    closing.close(office, None, now + timedelta(days=1), now + timedelta(days=2), "zu", None, now)
    answer = desk.get(HOME)
    page, shown = answer.content.decode(), words(answer)
    assert f"2 {ngettext('appointment today', 'appointments today', 2)}" in shown
    assert f"{_('Next appointment')} 14:00" in shown
    assert page.count('<article class="st-block') == 2
    assert page.count('<section class="st-daypart') == 1
    assert "zu" in shown.split()


def test_what_comes_next_stands_first_then_the_buttons_then_the_first_steps(
    desk: Client, slots: list[Slot]
) -> None:
    factories.make_booking(slots[0])
    shown = words(desk.get(HOME)).partition(_("Next appointment"))[2]
    parts = [
        dates.spoken_day(factories.TUESDAY),
        "Amira Yılmaz",
        _("Book for somebody"),
        _("Visit without appointment"),
        _("Falls out today"),
        _("Your first steps"),
        _("There are no office hours today."),
    ]
    assert sorted(parts, key=shown.index) == parts


def test_numbers_that_are_nothing_take_no_room(desk: Client, slots: list[Slot]) -> None:
    assert "st-numbers" not in desk.get(HOME).content.decode()
    factories.make_booking(slots[0])
    OutboxMessage.objects.update(status=OutboxStatus.FAILED)
    shown = desk.get(HOME).content.decode().partition('class="st-numbers"')[2].partition("</ul>")[0]
    assert shown.count("<li") == 1


def test_without_javascript_the_menu_is_a_list_of_links(desk: Client, office: Office) -> None:
    answer = desk.get(HOME)
    shown = answer.content.decode().partition('class="st-menu"')[2].partition("</nav>")[0]
    # The portal around the product adds what is its own.
    assert set(re.findall(r'href="(/verwaltung/[^"]+/)"', shown)) & OURS == menu(answer) & OURS


def test_a_day_without_hours_names_the_next_ones(desk: Client, slots: list[Slot]) -> None:
    answer = desk.get(HOME)
    assert _("There are no office hours today.") in words(answer)
    assert f"{reverse('staff:day')}?tag=2026-11-24" in answer.content.decode()


def test_the_first_steps_stay_until_they_are_done(
    desk: Client, host: Host, service: Service, now: datetime
) -> None:
    steps = {_("Look through your profile"), _("Publish your first office hours")}
    assert [step in words(desk.get(HOME)) for step in steps] == [True, True]
    assert words(desk.get(HOME)).count(f"({_('done')})") == 0
    factories.make_slots(host, service)
    assert words(desk.get(HOME)).count(f"({_('done')})") == 1
    Host.objects.update(profile_saved_at=now, test_sent_at=now)
    assert _("Your first steps") not in words(desk.get(HOME))


def test_who_gives_no_consultations_has_no_first_steps(admin_desk: Client, office: Office) -> None:
    assert _("Your first steps") not in words(admin_desk.get(HOME))


@pytest.mark.parametrize("status", [OutboxStatus.FAILED, OutboxStatus.UNCERTAIN])
def test_mails_that_perhaps_did_not_arrive_are_counted_with_what_to_do(
    desk: Client, slots: list[Slot], status: str
) -> None:
    factories.make_booking(slots[0])
    advice = _("Please open each of these mails: send it again, or call the person.")
    quiet = desk.get(HOME)
    assert (quiet.content.decode().count("is-critical"), advice in words(quiet)) == (0, False)
    OutboxMessage.objects.update(status=status)
    answer = desk.get(HOME)
    assert '<li class="is-critical">' in answer.content.decode()
    assert advice in words(answer)
    assert len(desk.get(reverse("staff:outbox"), {"status": "missing"}).context["rows"]) == 2
    assert reverse("staff:outbox") + "?status=missing" in answer.content.decode()


def test_the_start_page_takes_the_same_queries_for_one_and_for_thirty(
    desk: Client, host: Host, service: Service
) -> None:
    slots = factories.make_slots(host, service, capacity=30)
    factories.make_booking(slots[0])
    one = queries(lambda: desk.get(HOME))
    for n in range(29):
        factories.make_booking(slots[n % 9], email=f"p{n}@example.org")
    factories.make_slots(
        host, service, factories.make_pattern(Rhythm.WEEKLY, first_on=factories.TUESDAY + timedelta(days=7))
    )
    assert queries(lambda: desk.get(HOME)) == one


def test_the_pages_carry_the_offices_name_and_no_other_brand(desk: Client, office: Office) -> None:
    for page in (HOME, reverse("staff:hours_list"), reverse("wagtailadmin_account")):
        title = desk.get(page).content.decode().partition("</title>")[0]
        assert title.rpartition(" - ")[2] == office.name


def test_administrators_see_who_changed_what(
    client: Client, desk: Client, slots: list[Slot], administrator: User, page_tree: Page
) -> None:
    booking = factories.make_booking(slots[0])
    desk.post(reverse("staff:booking_cancel", args=[booking.pk]))
    client.force_login(administrator)
    answer = client.get(reverse("wagtailadmin_reports:site_history"))
    shown = words(answer)
    assert answer.status_code == HTTPStatus.OK
    assert (booking.code in shown, _("Cancel an appointment") in shown) == (True, True)
    assert "Amira" not in shown


def test_every_page_of_ours_keeps_the_strict_policy(desk: Client, slots: list[Slot]) -> None:
    for address in OURS - staff_pages("office", "hosts", "host_new", "mail_release", "mail_discard"):
        answer = desk.get(address)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        page = answer.content.decode().partition("<main")[2]
        assert re.findall(r"\sstyle=|<style|\son[a-z]+=", page) == []
