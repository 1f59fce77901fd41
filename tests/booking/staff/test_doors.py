"""Who sees and changes what: every route of the back end for everybody who may knock."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from http import HTTPStatus
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from booking.actions import closing, delivery, illness, publishing, visits
from booking.enums import CallReason, Status
from booking.models import Booking, Call, Host, Office, OutboxMessage, Service, Slot
from booking.staff import roles
from booking.staff.urls import urlpatterns
from qmportal.accounts.models import User
from tests import factories

OF_A_HOST = ("host", "host_deactivate", "host_reactivate", "host_login", "host_photo", "host_photo_remove")
OF_A_BOOKING = ("booking_made", "booking_slip", "booking_move", "attendance")
OF_AN_INQUIRY = ("inquiry", "inquiry_answered", "inquiry_forwarded", "inquiry_reopened", "inquiry_erase")
OF_A_LOGIN = ("login", "login_invite_again", "login_off", "login_on", "login_factor")
# Who opens one appointment or one mail wants to know whose it is.
OF_ONE_PERSON = {"booking", "booking_cancel", "booking_made", "booking_move", "message", "message_html"}
OK, FOUND, FORBIDDEN = HTTPStatus.OK, HTTPStatus.FOUND, HTTPStatus.FORBIDDEN
# name -> (what a manager gets, what an administrator gets) for a GET.
GET_ANSWERS = {
    "week": (200, 200),
    "week_sheet": (200, 200),
    "day": (200, 200),
    "day_sheet": (200, 200),
    "door_sign": (200, 200),
    "poster": (200, 200),
    "embed": (200, 200),
    "names": (405, 405),
    "hours_list": (200, 200),
    "publish": (200, 200),
    "hours": (200, 200),
    "hours_revise": (200, 200),
    "hours_drop": (200, 200),
    "hours_handover": (200, 200),
    "booking": (200, 200),
    "booking_cancel": (200, 200),
    "booking_made": (200, 200),
    "booking_slip": (200, 200),
    "booking_move": (200, 200),
    "attendance": (405, 405),
    "book": (200, 200),
    "book_outside": (200, 200),
    "find_booking": (200, 200),
    "visits": (200, 200),
    "visit_count": (405, 405),
    "visits_enter": (200, 200),
    "visit_take_back": (405, 405),
    "visit": (200, 200),
    "series_list": (200, 200),
    "series": (200, 200),
    "series_draft": (200, 200),
    "series_discard": (200, 200),
    "revised": (302, 302),
    "series_revise": (302, 302),
    "series_end": (200, 200),
    "closures": (200, 200),
    "closure_new": (200, 200),
    "closure_lift": (200, 200),
    "illness": (200, 200),
    "absence": (200, 200),
    "absence_undo": (405, 405),
    "absence_send": (405, 405),
    "absence_sign": (200, 200),
    "calls": (200, 200),
    "call_tick": (405, 405),
    "call_answer": (405, 405),
    "call_other_time": (302, 302),
    "inquiries": (200, 200),
    "inquiry": (200, 200),
    "inquiry_answered": (405, 405),
    "inquiry_forwarded": (405, 405),
    "inquiry_reopened": (405, 405),
    "inquiry_erase": (200, 200),
    "report": (200, 200),
    "outbox": (200, 200),
    "mail_release": (403, 200),
    "mail_discard": (403, 200),
    "message": (200, 200),
    "message_html": (200, 200),
    "message_resend": (405, 405),
    "profile": (200, 200),
    "profile_photo": (200, 200),
    "profile_photo_remove": (302, 200),
    "profile_feed": (200, 200),
    "profile_feed_revoke": (302, 200),
    "test_invitation": (405, 200),
    "test_call_off": (405, 200),
    "office": (403, 200),
    "hosts": (403, 200),
    "host_new": (403, 200),
    "host": (403, 200),
    "host_photo": (403, 200),
    "host_photo_remove": (403, 302),
    "host_deactivate": (403, 200),
    "host_reactivate": (403, 405),
    "host_login": (403, 200),
    "logins": (200, 200),
    "login_invite": (200, 200),
    "login": (200, 200),
    "login_invite_again": (405, 405),
    "login_off": (200, 200),
    "login_on": (405, 405),
    "login_factor": (200, 200),
    "changes": (200, 200),
    "services": (200, 200),
    "service_new": (200, 200),
    "service": (200, 200),
}
# The same for an empty POST; 405 where nothing can be posted.
POST_ANSWERS = {
    "week": (405, 405),
    "week_sheet": (405, 405),
    "day": (405, 405),
    "day_sheet": (405, 405),
    "door_sign": (405, 405),
    "poster": (405, 405),
    "embed": (405, 405),
    "names": (302, 302),
    "hours_list": (405, 405),
    "publish": (422, 422),
    "hours": (405, 405),
    "hours_revise": (422, 422),
    "hours_drop": (200, 200),
    "hours_handover": (422, 422),
    "booking": (405, 405),
    "booking_cancel": (302, 302),
    "booking_made": (405, 405),
    "booking_slip": (405, 405),
    "booking_move": (302, 302),
    "attendance": (302, 302),
    "book": (404, 404),
    "book_outside": (422, 422),
    "find_booking": (422, 422),
    "visits": (405, 405),
    "visit_count": (302, 302),
    "visits_enter": (422, 422),
    "visit_take_back": (302, 302),
    "visit": (302, 302),
    "series_list": (405, 405),
    "series": (405, 405),
    "series_draft": (422, 422),
    "series_discard": (302, 302),
    "revised": (405, 405),
    "series_revise": (302, 302),
    "series_end": (422, 422),
    "closures": (405, 405),
    "closure_new": (422, 422),
    "closure_lift": (302, 302),
    "illness": (422, 422),
    "absence": (405, 405),
    "absence_undo": (302, 302),
    "absence_send": (302, 302),
    "absence_sign": (405, 405),
    "calls": (405, 405),
    "call_tick": (302, 302),
    "call_answer": (302, 302),
    "call_other_time": (302, 302),
    "inquiries": (405, 405),
    "inquiry": (405, 405),
    "inquiry_answered": (302, 302),
    "inquiry_forwarded": (422, 422),
    "inquiry_reopened": (302, 302),
    "inquiry_erase": (302, 302),
    "report": (405, 405),
    "outbox": (405, 405),
    "mail_release": (403, 302),
    "mail_discard": (403, 302),
    "message": (405, 405),
    "message_html": (405, 405),
    "message_resend": (302, 302),
    "profile": (422, 302),
    "profile_photo": (422, 302),
    "profile_photo_remove": (302, 302),
    "profile_feed": (302, 302),
    "profile_feed_revoke": (302, 302),
    "test_invitation": (302, 302),
    "test_call_off": (302, 302),
    "office": (403, 422),
    "hosts": (403, 405),
    "host_new": (403, 422),
    "host": (403, 422),
    "host_photo": (403, 422),
    "host_photo_remove": (403, 302),
    "host_deactivate": (403, 302),
    "host_reactivate": (403, 302),
    "host_login": (403, 422),
    "logins": (405, 405),
    "login_invite": (422, 422),
    "login": (422, 422),
    "login_invite_again": (302, 302),
    "login_off": (302, 302),
    "login_on": (302, 302),
    "login_factor": (302, 302),
    "changes": (405, 405),
    "services": (405, 405),
    "service_new": (422, 422),
    "service": (422, 422),
}


@pytest.fixture
def booking(slots: list[Slot]) -> Booking:
    return factories.make_booking(slots[0])


@pytest.fixture
def addresses(office: Office, service: Service, booking: Booking, now: datetime) -> dict[str, str]:
    """Give the address of every route, each with something real behind it."""
    delivery.hold("a restore", now)
    closure = closing.close(
        office, None, now + timedelta(weeks=6), now + timedelta(weeks=7), "Urlaub", None, now
    )
    host = booking.slot.office_hours.host
    absence = illness.report(host, now + timedelta(weeks=8), now + timedelta(weeks=9), now)
    call = Call.objects.create(booking=booking, reason=CallReason.MAIL_FAILED, created_at=now)
    mail = OutboxMessage.objects.filter(booking=booking).first()
    assert mail is not None
    series = booking.slot.office_hours.availability_id
    evening = factories.make_pattern(starts_at=time(18), ends_at=time(19))
    plan = factories.make_series(booking.slot.office_hours.host, service, evening)
    draft = publishing.open_series(plan, now, as_draft=True).availability
    colleague = User.objects.create_user("kollegin@musterstadt.example")
    keys: dict[str, object] = {
        "hours": booking.slot.office_hours_id,
        "hours_revise": booking.slot.office_hours_id,
        "hours_drop": booking.slot.office_hours_id,
        "hours_handover": booking.slot.office_hours_id,
        "booking": booking.pk,
        "booking_cancel": booking.pk,
        **dict.fromkeys(OF_A_BOOKING, booking.pk),
        "visit": visits.count(office, uuid4(), now).pk,
        "series": series,
        "series_draft": draft.pk,
        "series_discard": draft.pk,
        "series_revise": series,
        "series_end": series,
        "closure_lift": closure.pk,
        **dict.fromkeys(("absence", "absence_undo", "absence_send", "absence_sign"), absence.pk),
        **dict.fromkeys(("call_tick", "call_answer", "call_other_time"), call.pk),
        "message": mail.id,
        "message_html": mail.id,
        "message_resend": mail.id,
        "service": service.pk,
        **dict.fromkeys(OF_AN_INQUIRY, factories.make_inquiry(office).pk),
        **dict.fromkeys(OF_A_LOGIN, colleague.pk),
        **dict.fromkeys(OF_A_HOST, booking.slot.office_hours.host_id),
    }
    names = [str(route.name) for route in urlpatterns]
    return {n: reverse(f"staff:{n}", args=[keys[n]] if n in keys else []) for n in names}


def answers(client: Client, addresses: dict[str, str], method: str) -> dict[str, int]:
    send = getattr(client, method)
    return {name: send(address).status_code for name, address in addresses.items()}


def test_every_route_is_in_both_tables() -> None:
    names = [route.name for route in urlpatterns]
    assert names == list(GET_ANSWERS)
    assert names == list(POST_ANSWERS)


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_not_logged_in_is_sent_to_the_login(
    client: Client, addresses: dict[str, str], method: str
) -> None:
    for address in addresses.values():
        answer = getattr(client, method)(address)
        assert answer.status_code == FOUND
        assert answer.headers["Location"] == f"{reverse('account_login')}?next={address}"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_login_without_rights_sees_nothing(
    client: Client, stranger: User, addresses: dict[str, str], method: str
) -> None:
    client.force_login(stranger)
    assert set(answers(client, addresses, method).values()) == {FORBIDDEN}


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_editor_of_the_website_sees_nothing_of_the_bookings(
    client: Client, editor: User, addresses: dict[str, str], method: str
) -> None:
    client.force_login(editor)
    assert set(answers(client, addresses, method).values()) == {FORBIDDEN}


@pytest.mark.parametrize(("method", "table"), [("get", GET_ANSWERS), ("post", POST_ANSWERS)])
def test_a_manager_runs_the_office_but_not_its_settings(
    desk: Client, addresses: dict[str, str], method: str, table: dict[str, tuple[int, int]]
) -> None:
    assert answers(desk, addresses, method) == {name: wanted for name, (wanted, _) in table.items()}


@pytest.mark.parametrize(("method", "table"), [("get", GET_ANSWERS), ("post", POST_ANSWERS)])
def test_an_administrator_may_do_everything(
    admin_desk: Client, addresses: dict[str, str], method: str, table: dict[str, tuple[int, int]]
) -> None:
    assert answers(admin_desk, addresses, method) == {name: wanted for name, (_, wanted) in table.items()}


def test_looking_changes_nothing(desk: Client, addresses: dict[str, str], booking: Booking) -> None:
    before = list(Booking.objects.values()), list(OutboxMessage.objects.values())
    answers(desk, addresses, "get")
    assert (list(Booking.objects.values()), list(OutboxMessage.objects.values())) == before


def test_hidden_names_stand_on_the_pages_of_the_one_person_alone(
    desk: Client, addresses: dict[str, str], booking: Booking
) -> None:
    told = (booking.name, booking.phone, booking.email)
    assert all(told)
    pages = {"wagtailadmin_home": reverse("wagtailadmin_home"), **addresses}

    def tell() -> set[str]:
        found = {name: desk.get(address).content.decode() for name, address in pages.items()}
        return {name for name, page in found.items() if any(secret in page for secret in told)}

    assert {"wagtailadmin_home", "calls", "outbox", "hours"} <= tell()
    desk.post(reverse("staff:names"), {"hide": "1"})
    assert tell() == OF_ONE_PERSON


@pytest.mark.parametrize("page", ["wagtailadmin_home", "wagtailadmin_account", "wagtailadmin_explore_root"])
def test_a_login_without_rights_gets_a_page_not_a_loop(client: Client, stranger: User, page: str) -> None:
    client.force_login(stranger)
    answer = client.get(reverse(page), follow=True)
    assert (answer.status_code, answer.redirect_chain) == (FORBIDDEN, [])
    assert reverse("account_logout") in answer.content.decode()


def test_the_login_page_does_not_send_strangers_round_in_circles(client: Client, stranger: User) -> None:
    client.force_login(stranger)
    answer = client.get(reverse("account_login"), follow=True)
    assert answer.status_code == FORBIDDEN
    assert len(answer.redirect_chain) == 1


def test_an_unknown_address_is_a_404(admin_desk: Client, office: Office) -> None:
    for name in (
        "hours",
        "hours_revise",
        "hours_drop",
        "series",
        "series_revise",
        "series_draft",
        "series_discard",
        "series_revise",
        "series_end",
        "closure_lift",
        "host",
        "host_login",
        "service",
    ):
        for key in (0, 10**6, 10**40):
            assert admin_desk.get(reverse(f"staff:{name}", args=[key])).status_code == HTTPStatus.NOT_FOUND
    for name in ("booking", "booking_cancel", "message", "message_html"):
        assert admin_desk.get(reverse(f"staff:{name}", args=[uuid4()])).status_code == HTTPStatus.NOT_FOUND


def test_another_office_is_out_of_sight(client: Client, addresses: dict[str, str]) -> None:
    elsewhere = factories.make_office(name="Süd", slug="sued", is_default=False)
    user = User.objects.create_user("sued@musterstadt.example")
    user.groups.add(roles.managers_group())
    user.user_permissions.add(*roles.permissions(*roles.ADMINISTRATOR))
    colleague = factories.make_host(elsewhere, "Sude Süd")
    Host.objects.filter(pk=colleague.pk).update(user=user)
    client.force_login(user)
    foreign = {n: a for n, a in addresses.items() if a.strip("/").rpartition("/")[2] or n}
    keyed = (
        "hours",
        "booking",
        "booking_cancel",
        "booking_made",
        "booking_slip",
        "booking_move",
        "visit",
        "series",
        "series_draft",
        "series_discard",
        "series_revise",
        "series_end",
        "closure_lift",
        "absence",
        "absence_sign",
        "message",
        "inquiry",
        "host",
        "host_deactivate",
        "host_login",
        "login",
        "login_off",
        "login_factor",
        "service",
    )
    assert {name: client.get(foreign[name]).status_code for name in keyed} == dict.fromkeys(keyed, 404)
    of_ours = ("absence_undo", "absence_send", "call_tick", "call_answer", "call_other_time")
    posts = (
        "booking_cancel",
        "series_draft",
        "series_discard",
        "series_revise",
        "series_end",
        "closure_lift",
        "message_resend",
        *of_ours,
        "booking_move",
        "attendance",
        "visit",
        *OF_AN_INQUIRY[1:],
        *OF_A_HOST,
        *OF_A_LOGIN,
        "service",
    )
    assert {name: client.post(foreign[name]).status_code for name in posts} == dict.fromkeys(posts, 404)


def test_colleagues_of_one_office_change_each_others_hours_and_bookings(
    client: Client, addresses: dict[str, str], booking: Booking, office: Office
) -> None:
    colleague = User.objects.create_user("derya@musterstadt.example")
    colleague.groups.add(roles.managers_group())
    Host.objects.filter(pk=factories.make_host(office, "Derya Aksoy").pk).update(user=colleague)
    client.force_login(colleague)
    for name in ("hours", "booking", "series", "series_end", "closure_lift", "message", "service"):
        assert client.get(addresses[name]).status_code == OK
    assert client.post(addresses["booking_cancel"], {"word": ""}).status_code == FOUND
    booking.refresh_from_db()
    assert booking.status == Status.CANCELLED


def test_the_managers_group_can_be_asked_for_twice(db: None) -> None:
    first, second = roles.managers_group(), roles.managers_group()
    assert first == second
    assert {f"{p.content_type.app_label}.{p.codename}" for p in second.permissions.all()} == {
        roles.ENTER,
        *roles.MANAGER,
        *roles.TRANSLATE,
        *settings.WEBSITE_PERMISSIONS,
    }


def test_before_an_office_is_opened_the_back_end_says_what_to_do(admin_desk: Client) -> None:
    answer = admin_desk.get(reverse("staff:hours_list"))
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "manage.py new_office" in answer.content.decode()
    assert admin_desk.get(reverse("wagtailadmin_home")).status_code == OK
