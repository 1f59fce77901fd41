"""Administrators look after the people who give consultations."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import ModelLogEntry

from booking.actions import bookings, closing
from booking.actions.errors import LoginClosed, LoginTaken, SlotClosed
from booking.enums import Channel, Rhythm, Status
from booking.models import Booking, Host, Office, OfficeHours, OutboxMessage, Service, Slot
from booking.staff import roles
from qmportal.accounts.models import User
from tests import factories
from tests.booking.staff.pages import queries, words
from tests.booking.staff.test_settings import errors_of, filled

LIST, NEW = reverse("staff:hosts"), reverse("staff:host_new")
GUEST = {"name": "Sabine Öztürk", "wants_notices": None}
EMAIL, PASSWORD = "sabine@caritas.example", "ein langer Satz als Passwort"


def page(host: Host, name: str = "host") -> str:
    return reverse(f"staff:{name}", args=[host.pk])


def link_in(answer: Any) -> str:
    """Return the path of the one-time link that the page shows."""
    found = re.search(r"http\S+/konto/password/reset/key/[\w-]+/", words(answer))
    assert found is not None
    return urlsplit(found[0]).path


def come_in(link: str) -> bool:
    """Open the link in a fresh browser, choose a password there and log in with it."""
    browser = Client()
    form = browser.get(link, follow=True)
    if form.context.get("token_fail"):
        return False
    browser.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    browser.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD})
    return browser.get(reverse("staff:hours_list")).status_code == HTTPStatus.OK


@pytest.fixture
def guest(office: Office) -> Host:
    """An adviser of an association, without a login."""
    return factories.make_host(office, "Sabine Brandt", email="", wants_notices=False)


def test_a_guest_adviser_is_added_without_a_login_and_can_give_consultations(
    admin_desk: Client, office: Office, service: Service
) -> None:
    changes = GUEST | {"role_de": "Schuldnerberatung", "role_en": "Debt advice", "phone": "0123 9"}
    answer = admin_desk.post(NEW, filled(admin_desk.get(NEW), **changes))
    host = Host.objects.get()
    assert answer.headers["Location"] == page(host)
    assert (host.office, host.slug, host.user, host.is_active) == (office, "sabine-oeztuerk", None, True)
    assert host.role == {"de": "Schuldnerberatung", "en": "Debt advice"}
    assert User.objects.count() == 1
    assert len(factories.make_slots(host, service, channels=(Channel.OFFICE,))) == 9
    shown = words(admin_desk.get(LIST))
    assert ("Sabine Öztürk" in shown, _("without a login") in shown) == (True, True)
    assert ModelLogEntry.objects.get().action == "wagtail.create"


def test_two_hosts_of_one_name_have_two_addresses(admin_desk: Client, office: Office) -> None:
    for name in ("Ada", "Ada", "Оксана", "Оксана"):
        admin_desk.post(NEW, filled(admin_desk.get(NEW), name=name, wants_notices=None))
    slugs = Host.objects.order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["ada", "ada-2", "person", "person-2"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"email": "nix"}, "email"),
        ({"email": "", "wants_notices": "on"}, "email"),
        ({"video_url": "http://video.example"}, "video_url"),
        ({"role_de": "x" * 121}, "role_de"),
    ],
)
@pytest.mark.parametrize("is_new", [True, False])
def test_a_mistake_is_told_and_nothing_is_saved(
    admin_desk: Client, guest: Host, changes: dict[str, str], field: str, is_new: bool
) -> None:
    form = NEW if is_new else page(guest)
    good = GUEST if is_new else {}
    answer = admin_desk.post(form, filled(admin_desk.get(form), **good | changes))
    assert errors_of(answer) == [field]
    assert list(Host.objects.values_list("name", "email")) == [("Sabine Brandt", "")]


def test_a_changed_host_keeps_her_address(admin_desk: Client, guest: Host) -> None:
    data = filled(admin_desk.get(page(guest)), name="Sabine Brandt-Kaya", email=EMAIL, wants_notices="on")
    assert admin_desk.post(page(guest), data).headers["Location"] == LIST
    guest.refresh_from_db()
    assert (guest.name, guest.slug) == ("Sabine Brandt-Kaya", "sabine-brandt")
    assert (guest.email, guest.wants_notices) == (EMAIL, True)


def test_a_refused_form_is_headed_by_the_saved_name(admin_desk: Client, guest: Host) -> None:
    answer = admin_desk.post(page(guest), filled(admin_desk.get(page(guest)), name="Neu", email="nix"))
    assert answer.context["page_title"] == "Sabine Brandt"


def test_the_list_takes_the_same_queries_for_one_and_for_thirty(admin_desk: Client, guest: Host) -> None:
    one = queries(lambda: admin_desk.get(LIST))
    for number in range(29):
        user = User.objects.create_user(f"{number}@musterstadt.example")
        factories.make_host(guest.office, f"Person {number}", user=user)
    assert queries(lambda: admin_desk.get(LIST)) == one
    assert len(admin_desk.get(LIST).context["hosts"]) == 30


def test_before_a_host_stops_it_is_said_what_goes_and_what_stays(
    admin_desk: Client, host: Host, service: Service, now: datetime
) -> None:
    slots = factories.make_slots(host, service, factories.make_pattern(Rhythm.WEEKLY))
    mine = [factories.make_booking(slot, email=f"{slot.pk}@example.org") for slot in slots[:3]]
    bookings.cancel(mine[2].pk, "office", now)
    answer = admin_desk.get(page(host, "host_deactivate"))
    assert (answer.context["dates"], answer.context["bookings"]) == (12, mine[:2])
    shown = words(answer)
    texts = "%(people)s booked appointment stays", "%(people)s booked appointments stay"
    assert ngettext(*texts, 2) % {"people": 2} in shown
    assert (mine[0].code in shown, mine[2].code in shown) == (True, False)
    assert Host.objects.get().is_active is True


def test_nothing_of_a_host_who_stopped_can_be_booked_and_what_is_booked_stays(
    admin_desk: Client, client: Client, host: Host, service: Service, now: datetime, clock: Any
) -> None:
    slots = factories.make_slots(host, service, factories.make_pattern(Rhythm.WEEKLY))
    booking = factories.make_booking(slots[0])
    OutboxMessage.objects.all().delete()
    feed, free = reverse("booking:feed"), reverse("booking:free_times")
    tag = client.get(feed).headers["ETag"]
    clock.shift(timedelta(seconds=1))
    assert admin_desk.post(page(host, "host_deactivate")).headers["Location"] == LIST
    assert Slot.objects.bookable(now).count() == 0
    assert client.get(free).json()["slots"] == []
    assert client.get(feed).headers["ETag"] != tag
    with pytest.raises(SlotClosed):
        factories.make_booking(slots[1], email="zwei@example.org")
    booking.refresh_from_db()
    assert (booking.status, OutboxMessage.objects.count()) == (Status.CONFIRMED, 0)
    hours = admin_desk.get(reverse("staff:hours", args=[slots[0].office_hours_id]))
    assert (booking.code in words(hours), _("no longer offered") in words(hours)) == (True, True)
    assert _("not offered") in words(admin_desk.get(LIST))
    assert ModelLogEntry.objects.get().action == "booking.deactivate_host"


def test_a_host_who_comes_back_is_offered_with_the_dates_that_were_left_out(
    admin_desk: Client, host: Host, service: Service, now: datetime, clock: Any, administrator: User
) -> None:
    factories.make_slots(host, service, factories.make_pattern(Rhythm.WEEKLY))
    admin_desk.post(page(host, "host_deactivate"))
    clock.move_to(now + timedelta(weeks=2))
    admin_desk.force_login(administrator)
    answer = admin_desk.post(page(host, "host_reactivate"), follow=True)
    assert OfficeHours.objects.count() == 14
    assert Slot.objects.bookable(now + timedelta(weeks=2)).count() == 12 * 9
    text = ngettext(
        "The times of %(host)s are offered again. %(count)d date was added.",
        "The times of %(host)s are offered again. %(count)d dates were added.",
        2,
    )
    assert text % {"host": host, "count": 2} in words(answer)


def test_stopping_or_coming_back_twice_changes_nothing_more(
    admin_desk: Client, host: Host, slots: list[Slot]
) -> None:
    for name in ("host_reactivate", "host_deactivate", "host_deactivate"):
        admin_desk.post(page(host, name))
    assert admin_desk.get(page(host, "host_deactivate")).headers["Location"] == page(host)
    assert [entry.action for entry in ModelLogEntry.objects.all()] == ["booking.deactivate_host"]


def test_the_appointments_that_stay_take_the_same_queries_for_one_and_for_thirty(
    admin_desk: Client, host: Host, service: Service
) -> None:
    slots = factories.make_slots(host, service, capacity=30)
    factories.make_booking(slots[0])
    one = queries(lambda: admin_desk.get(page(host, "host_deactivate")))
    for number in range(29):
        factories.make_booking(slots[0], email=f"{number}@example.org")
    assert queries(lambda: admin_desk.get(page(host, "host_deactivate"))) == one


def test_a_new_login_comes_with_a_link_that_lets_the_host_in_once(admin_desk: Client, guest: Host) -> None:
    answer = admin_desk.post(page(guest, "host_login"), {"email": EMAIL})
    user = User.objects.get(email=EMAIL)
    guest.refresh_from_db()
    assert (guest.user, user.get_full_name(), user.is_superuser) == (user, "Sabine Brandt", False)
    assert [group.name for group in user.groups.all()] == [roles.GROUP]
    assert "no-store" in answer.headers["Cache-Control"]
    link = link_in(answer)
    assert come_in(link) is True
    assert come_in(link) is False
    assert (mail.outbox, OutboxMessage.objects.count()) == ([], 0)
    assert ModelLogEntry.objects.get().action == "booking.give_login"
    assert (
        link in str(ModelLogEntry.objects.get().data),
        EMAIL in str(ModelLogEntry.objects.get().data),
    ) == (
        False,
        False,
    )


def test_the_link_of_a_login_that_nobody_used_can_be_shown_again_and_no_other(
    admin_desk: Client, guest: Host
) -> None:
    admin_desk.post(page(guest, "host_login"), {"email": EMAIL})
    assert EMAIL in words(admin_desk.get(page(guest, "host_login")))
    again = admin_desk.post(page(guest, "host_login"))
    assert User.objects.filter(email=EMAIL).count() == 1
    assert come_in(link_in(again)) is True
    answer = admin_desk.post(page(guest, "host_login"))
    assert "/konto/password/reset/key/" not in answer.content.decode()
    assert "<form" not in admin_desk.get(page(guest, "host_login")).content.decode().partition("<main")[2]


def test_looking_at_a_login_again_gives_back_no_right_that_was_taken(admin_desk: Client, guest: Host) -> None:
    admin_desk.post(page(guest, "host_login"), {"email": EMAIL})
    user = User.objects.get(email=EMAIL)
    user.groups.clear()
    admin_desk.post(page(guest, "host_login"))
    assert user.groups.count() == 0


def test_a_login_that_exists_is_linked_and_keeps_its_password(admin_desk: Client, guest: Host) -> None:
    user = User.objects.create_user(EMAIL, PASSWORD)
    answer = admin_desk.post(page(guest, "host_login"), {"email": EMAIL.upper()})
    assert "/konto/password/reset/key/" not in answer.content.decode()
    guest.refresh_from_db()
    assert guest.user == user
    assert user.groups.get().name == roles.GROUP
    assert Client().login(email=EMAIL, password=PASSWORD) is True


def test_no_link_opens_the_login_of_an_administrator(
    client: Client, guest: Host, administrator: User
) -> None:
    colleague = User.objects.create_user("leitung@musterstadt.example")
    colleague.user_permissions.add(*roles.permissions(roles.ENTER, *roles.ADMINISTRATOR))
    client.force_login(colleague)
    answer = client.post(page(guest, "host_login"), {"email": administrator.email})
    assert answer.status_code == HTTPStatus.OK
    assert "/konto/password/reset/key/" not in answer.content.decode()


@pytest.mark.parametrize(
    ("whose", "error"), [("colleague", LoginTaken), ("closed", LoginClosed)], ids=["taken", "closed"]
)
def test_a_login_of_somebody_else_or_switched_off_is_refused(
    admin_desk: Client, guest: Host, whose: str, error: type[LoginTaken]
) -> None:
    user = User.objects.create_user(EMAIL, PASSWORD, is_active=whose != "closed")
    if whose == "colleague":
        factories.make_host(guest.office, "Erste", user=user)
    answer = admin_desk.post(page(guest, "host_login"), {"email": EMAIL})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.context["form"].errors == {"email": [str(error.message)]}
    guest.refresh_from_db()
    assert (guest.user, user.groups.count()) == (None, 0)


@pytest.mark.parametrize("email", ["", "nix", "a@b", f"{'x' * 300}@example.org", "a\r\nb@example.org"])
def test_an_address_that_is_none_makes_no_login(admin_desk: Client, guest: Host, email: str) -> None:
    before = User.objects.count()
    answer = admin_desk.post(page(guest, "host_login"), {"email": email})
    assert errors_of(answer) == ["email"]
    assert User.objects.count() == before


def test_a_host_with_a_login_gets_no_second_one(admin_desk: Client, manager: User, host: Host) -> None:
    admin_desk.post(page(host, "host_login"), {"email": EMAIL})
    host.refresh_from_db()
    assert (host.user, User.objects.filter(email=EMAIL).count()) == (manager, 0)


def test_closures_keep_working_for_a_host_who_stopped(
    admin_desk: Client, host: Host, slots: list[Slot], office: Office, now: datetime
) -> None:
    booking = factories.make_booking(slots[0])
    admin_desk.post(page(host, "host_deactivate"))
    closing.close(office, host, now, now + timedelta(days=3), "", "cancel", now)
    assert Booking.objects.get(pk=booking.pk).status == Status.CANCELLED
