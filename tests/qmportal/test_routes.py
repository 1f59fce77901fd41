"""Every address of the house, and who gets what there: an address that stands in no table fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, NamedTuple
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from booking import links
from booking.models import Office, Slot
from booking.staff.roles import editors_group, managers_group
from qmportal.accounts.models import User
from tests import factories
from tests.booking.staff.test_doors import GET_ANSWERS

pytestmark = pytest.mark.once

BACK_END, OWN_LOGIN = "/verwaltung/", "/konto/"
OK, FOUND, FORBIDDEN = HTTPStatus.OK, HTTPStatus.FOUND, HTTPStatus.FORBIDDEN
REFUSED = {FOUND, FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
# name -> what anybody gets for a GET and for an empty POST; of a booking, with its link.
PUBLIC = {
    "/robots.txt": (200, 405),
    "sitemap": (200, 405),
    "/.well-known/security.txt": (200, 405),
    "search": (200, 405),
    "favicon": (302, 405),
    "manifest": (200, 405),
    "/media/": (404, 404),
    "booking:slots": (200, 405),
    "booking:slot": (200, 422),
    "booking:find": (200, 422),
    "booking:booking": (200, 405),
    "booking:confirm": (303, 303),
    "booking:accept": (303, 303),
    "booking:other_time": (303, 422),
    "booking:cancel": (200, 303),
    # Cancelled by the POST before: there is nothing to move any more.
    "booking:move": (200, 409),
    "booking:video": (303, 405),
    "booking:file": (200, 405),
    "booking:data": (200, 303),
    "booking:calendar": (200, 405),
    "booking:feed": (200, 405),
    "booking:feed_of_events": (200, 405),
    "booking:feed_of_service": (200, 405),
    "booking:feed_of_host": (200, 405),
    "booking:private_feed": (404, 405),
    "booking:free_times": (200, 405),
    "booking:inquiry": (200, 422),
    "booking:inquiry_received": (404, 405),
    "booking:barrier": (200, 422),
    "booking:embedded": (200, 405),
    "booking:poster": (200, 405),
    "event_file": (404, 404),
    "wagtail_serve": (404, 404),
    "wagtaildocs_serve": (404, 404),
    "wagtaildocs_authenticate_with_password": (404, 404),
    "wagtailcore_authenticate_with_password": (404, 404),
    "wagtailcore_login": (302, 302),
}
# The pages of one's own login that open without one.
ENTRANCE = {
    "account_login": (200, 200),
    "account_inactive": (200, 405),
    "account_signup": (200, 200),
    "account_email_verification_sent": (200, 405),
    "account_confirm_email": (200, 404),
    "account_reset_password": (200, 200),
    "account_reset_password_done": (200, 405),
    "account_reset_password_from_key": (200, 200),
    "account_reset_password_from_key_done": (200, 405),
}
# Those that lead to the login.
OWN = {
    "account_logout",
    "account_reauthenticate",
    "account_email",
    "account_change_password",
    "account_set_password",
    "account_confirm_login_code",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "mfa_login_webauthn",
    "usersessions_list",
    "/konto/email/",
}
# Of Wagtail, what needs no login: its icons and its words, and ways of its own that are shut.
OPEN_IN_THE_BACK_END = {
    "wagtailadmin_sprite": (200, 200),
    "wagtailadmin_javascript_catalog": (200, 405),
    "wagtailadmin_password_reset_done": (404, 404),
    "wagtailadmin_password_reset_confirm": (404, 404),
    "wagtailadmin_password_reset_complete": (404, 404),
}
# Wagtail's rooms by the first part of their addresses: for all who come in, where it asks for a page or a file
# whether they may; and for administrators alone.
FOR_WRITERS = {
    "",
    "account",
    "api",
    "block-preview",
    "bulk",
    "choose-anchor-link",
    "choose-email-link",
    "choose-external-link",
    "choose-page",
    "choose-phone-link",
    "dismissibles",
    "documents",
    "editing-sessions",
    "embeds",
    "failwhale",
    "images",
    "jsi18n",
    "login",
    "logout",
    "meldungen",
    "nirgends",
    "pages",
    "password_reset",
    "seiten",
    "snippets",
    "sprite",
    "tag-autocomplete",
    "test404",
    "translation",
    "veranstaltungen",
}
FOR_ADMINISTRATORS = {"collections", "groups", "redirects", "reports", "sites", "users", "workflows"}
BY_HAND = {
    "account_confirm_email": "/konto/confirm-email/x/",
    "account_reset_password_from_key": "/konto/password/reset/key/1-x/",
    "wagtaildocs_serve": "/dokumente/1/x.pdf",
    "wagtailadmin_pages:revisions_compare": "/verwaltung/pages/1/revisions/compare/live...latest/",
    "event_file": "/veranstaltungen/gibt-es-nicht/termin.ics",
    "wagtail_serve": "/gibt-es-nicht/",
}


class Route(NamedTuple):
    """One address: its name with its namespaces, or what it is where it has none; with arguments filled in."""

    name: str
    address: str

    @property
    def room(self) -> str:
        """The first part of an address of the back end."""
        return self.address.removeprefix(BACK_END).partition("/")[0]


def routes() -> list[Route]:
    """Walk the whole site map."""
    return list(_walk(get_resolver(), "/", ()))


def _walk(resolver: Any, before: str, spaces: tuple[str, ...]) -> Iterator[Route]:
    for each in resolver.url_patterns:
        pattern = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each, pattern, (*spaces, each.namespace) if each.namespace else spaces)
        elif isinstance(each, URLPattern):
            address = _filled(pattern)
            yield Route(":".join((*spaces, each.name)) if each.name else address, address)


def _filled(pattern: str) -> str:
    """Put something into each place of a pattern; 1 where a number is wanted."""
    if pattern.startswith("/^media"):
        return "/media/"
    kinds = {"int": "1", "uuid": str(UUID(int=1))}
    plain = re.sub(r"<(?:(\w+):)?\w+>", lambda found: kinds.get(found[1] or "", "x"), pattern)
    return plain.replace("^.*/$", "nirgends/").replace("^", "")


def outside() -> list[Route]:
    return [route for route in routes() if not route.address.startswith(BACK_END)]


def inside() -> list[Route]:
    """Return the addresses of the back end that are Wagtail's."""
    ours = [f"staff:{name}" for name in GET_ANSWERS]
    return [route for route in routes() if route.address.startswith(BACK_END) and route.name not in ours]


def address_of(route: Route) -> str:
    return BY_HAND.get(route.name, route.address)


def logged_in(email: str, *groups: Any, **fields: Any) -> Client:
    user = User.objects.create_user(email, **fields)
    user.groups.add(*groups)
    browser = Client()
    browser.force_login(user)
    return browser


def leads_to_login(answer: Any) -> bool:
    ways = (
        f"{OWN_LOGIN}login/",
        f"{BACK_END}login/",
        f"{OWN_LOGIN}password/reset/",
        "/",
        f"{OWN_LOGIN}password/change/",
    )
    return answer.status_code == FOUND and answer.headers["Location"].partition("?")[0] in ways


def test_every_route_stands_in_a_table() -> None:
    assert {route.name for route in outside()} == {*PUBLIC, *ENTRANCE, *OWN}
    assert {route.room for route in inside()} == FOR_WRITERS | FOR_ADMINISTRATORS
    assert len(routes()) > 300


def public_addresses(slots: list[Slot]) -> dict[str, str]:
    """Give the public addresses, each with something real behind it."""
    hours = slots[0].office_hours
    slugs = {
        "booking:feed_of_service": hours.availability.service.slug,
        "booking:feed_of_host": hours.host.slug,
    }
    link = links.token(factories.make_booking(slots[0]))
    found = {route.name: address_of(route) for route in outside() if route.name in PUBLIC}
    for name, address in found.items():
        if name.startswith("booking:"):
            real = slugs.get(name, link)
            found[name] = address.replace("/1/", f"/{slots[1].pk}/").replace("/x", f"/{real}")
    return found


def test_the_public_gets_these_answers_and_no_others(slots: list[Slot]) -> None:
    addresses = public_addresses(slots)
    with time_machine.travel(factories.NOW, tick=False):
        gets = {name: Client().get(address).status_code for name, address in addresses.items()}
        posts = {name: Client().post(address).status_code for name, address in addresses.items()}
    assert {name: (gets[name], posts[name]) for name in addresses} == PUBLIC


def both(route: Route) -> list[Any]:
    return [send(address_of(route)) for send in (Client().get, Client().post)]


def test_without_a_login_ones_own_pages_lead_there(db: None) -> None:
    answers = {route.name: both(route) for route in outside() if route.name in {*ENTRANCE, *OWN}}
    codes = {name: tuple(answer.status_code for answer in answers[name]) for name in ENTRANCE}
    assert codes == ENTRANCE
    assert [name for name in OWN if not all(map(leads_to_login, answers[name]))] == []


def test_without_a_login_the_back_end_leads_there(db: None) -> None:
    answers = {route.address: both(route) for route in inside() if route.name not in OPEN_IN_THE_BACK_END}
    assert [address for address, given in answers.items() if not all(map(leads_to_login, given))] == []
    opened = {route.name: both(route) for route in inside() if route.name in OPEN_IN_THE_BACK_END}
    codes = {name: tuple(answer.status_code for answer in given) for name, given in opened.items()}
    assert codes == OPEN_IN_THE_BACK_END


def test_a_login_without_rights_gets_nothing_of_the_back_end(db: None) -> None:
    stranger = logged_in("fremd@musterstadt.example")
    assert {stranger.get(address_of(route)).status_code for route in inside()} == {FORBIDDEN}


@pytest.mark.parametrize("role", ["editor", "manager"])
def test_the_rooms_of_administrators_are_shut_to_others(db: None, role: str) -> None:
    group = editors_group() if role == "editor" else managers_group()
    browser = logged_in("kollegin@musterstadt.example", group)
    rooms = [route for route in inside() if route.room in FOR_ADMINISTRATORS]
    answers = {
        (route.name, method): getattr(browser, method)(address_of(route)).status_code
        for route in rooms
        for method in ("get", "post")
    }
    assert {place: status for place, status in answers.items() if status not in REFUSED} == {}


def test_an_editor_sees_nothing_of_the_office(office: Office) -> None:
    editor = logged_in("redaktion@musterstadt.example", editors_group())
    ours = [route for route in routes() if route.name.startswith("staff:")]
    assert {editor.get(route.address).status_code for route in ours} == {FORBIDDEN}
    assert editor.get(BACK_END).status_code == OK


def test_an_administrator_opens_those_rooms(office: Office) -> None:
    browser = logged_in("admin@musterstadt.example", is_superuser=True)
    rooms = ("sites", "collections", "redirects", "reports/site-history")
    assert {browser.get(f"{BACK_END}{room}/").status_code for room in rooms} == {OK}
