"""Nobody works in the back end with a password alone."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _

from booking.models import Office
from booking.staff.logins import one_time_link
from booking.staff.roles import managers_group
from qmportal.accounts.models import User
from tests.qmportal.test_login_pages import (
    CODES,
    EMAIL,
    FACTOR_PAGE,
    HOME,
    PASSWORD,
    PASSWORD_PAGE,
    SECOND_STEP,
    SETUP,
    asked_again,
    logged_in,
    number,
    set_up,
    standing_clock,
    words,
)

pytestmark = pytest.mark.once

__all__ = ["standing_clock"]

SHOW_APP, SHOW_PASSKEY = reverse("mfa_reauthenticate"), reverse("mfa_reauthenticate_webauthn")
ADD_PASSKEY = reverse("mfa_add_webauthn")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def user(db: None) -> User:
    user = User.objects.create_user(EMAIL, PASSWORD)
    user.groups.add(managers_group())
    return user


@pytest.fixture
def desk(user: User, office: Office) -> Client:
    """The manager's browser, logged in with her password."""
    return logged_in()


def goes_to(answer: Any) -> str:
    assert answer.status_code == HTTPStatus.FOUND
    return str(answer.headers["Location"])


@pytest.mark.parametrize("page", ["wagtailadmin_home", "staff:hours_list", "wagtailadmin_account"])
def test_the_back_end_leads_to_the_second_factor_first(desk: Client, page: str) -> None:
    address = reverse(page)
    assert [goes_to(desk.get(address)), goes_to(desk.post(address))] == [FACTOR_PAGE] * 2
    shown = words(desk.get(FACTOR_PAGE))
    assert _("The back end opens when you have one. Choose one of the two; it takes two minutes.") in shown


def test_after_setting_it_up_she_goes_on_where_she_wanted(desk: Client) -> None:
    wanted = f"{reverse('staff:outbox')}?status=failed"
    desk.get(wanted)
    set_up(desk)
    assert f'href="{wanted}"' in desk.get(CODES).content.decode()
    assert desk.get(wanted).status_code == HTTPStatus.OK
    assert f'href="{wanted}"' not in desk.get(CODES).content.decode()


def test_emergency_codes_alone_are_no_second_factor(desk: Client, user: User) -> None:
    RecoveryCodes.activate(user)
    assert goes_to(desk.get(HOME)) == FACTOR_PAGE


def test_her_own_login_and_the_public_pages_stay_open_without_one(desk: Client) -> None:
    pages = (
        FACTOR_PAGE,
        PASSWORD_PAGE,
        reverse("usersessions_list"),
        reverse("booking:slots"),
        "/health/live",
    )
    assert [desk.get(page).status_code for page in pages] == [HTTPStatus.OK] * len(pages)
    assert asked_again(desk, SETUP).headers["Location"] == SETUP


def test_a_session_older_than_the_factor_has_to_show_it(desk: Client) -> None:
    """Else whoever knows the password and is logged in could add a factor of her own."""
    other = logged_in()
    asked_again(other, SETUP)
    secret = set_up(desk)
    for page in (HOME, SETUP, ADD_PASSKEY, PASSWORD_PAGE, CODES):
        assert goes_to(other.get(page)) == f"{SHOW_APP}?next={quote(page, safe='')}"
    for page in (ADD_PASSKEY, PASSWORD_PAGE, reverse("mfa_deactivate_totp")):
        assert goes_to(other.post(page)) == f"{SHOW_APP}?next={quote(HOME, safe='')}"
    assert _("Use your password") not in words(other.get(SHOW_APP))
    assert goes_to(other.post(f"{SHOW_APP}?next={HOME}", {"code": number(secret), "next": HOME})) == HOME
    assert other.get(HOME).status_code == HTTPStatus.OK


def test_who_has_a_passkey_alone_is_asked_for_that(desk: Client, user: User) -> None:
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Handy"})
    assert goes_to(desk.get(HOME)) == f"{SHOW_PASSKEY}?next={quote(HOME, safe='')}"


def test_a_new_password_does_not_replace_the_second_factor(user: User, office: Office) -> None:
    TOTP.activate(user, SECRET)
    browser = Client()
    form = browser.get(one_time_link(user).removeprefix("http://127.0.0.1:8000"), follow=True)
    new = "ein ganz neuer Satz als Passwort"
    browser.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert goes_to(browser.get(HOME)).startswith(reverse("account_login"))
    assert goes_to(browser.post(reverse("account_login"), {"login": EMAIL, "password": new})) == SECOND_STEP
    assert goes_to(browser.get(HOME)).startswith(reverse("account_login"))
    browser.post(SECOND_STEP, {"code": number(SECRET)})
    assert browser.get(HOME).status_code == HTTPStatus.OK


def test_without_her_last_factor_she_has_to_set_up_another(desk: Client) -> None:
    set_up(desk)
    assert desk.get(HOME).status_code == HTTPStatus.OK
    desk.post(reverse("mfa_deactivate_totp"))
    assert goes_to(desk.get(HOME)) == FACTOR_PAGE


def test_the_demo_with_its_public_password_goes_without(desk: Client, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    assert desk.get(HOME).status_code == HTTPStatus.OK
