"""What everybody can do about her own login: password, second factor, sessions; in German, saying "Sie"."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from booking.models import Host
from booking.staff.roles import managers_group
from qmportal.accounts.devices import device
from qmportal.accounts.models import User

pytestmark = pytest.mark.once

EMAIL, PASSWORD = "hannah@musterstadt.example", "ein langer Satz als Passwort"
HOME = reverse("wagtailadmin_home")
PASSWORD_PAGE, FACTOR_PAGE = reverse("account_change_password"), reverse("mfa_index")
SESSIONS_PAGE, SETUP = reverse("usersessions_list"), reverse("mfa_activate_totp")
CODES, NEW_CODES = reverse("mfa_view_recovery_codes"), reverse("mfa_generate_recovery_codes")
REMOVAL, SECOND_STEP = reverse("mfa_deactivate_totp"), reverse("mfa_authenticate")
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def words(answer: Any) -> str:
    page = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def logged_in(browser: Client | None = None) -> Client:
    """Log in by the login page, as far as the password takes one."""
    browser = browser or Client(headers={"user-agent": FIREFOX})
    browser.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD})
    return browser


def asked_again(browser: Client, page: str) -> Any:
    """Open a page that asks for the password once more, and give it."""
    browser.get(page, follow=True)
    return browser.post(
        reverse("account_reauthenticate") + f"?next={page}", {"password": PASSWORD, "next": page}
    )


def number(secret: str) -> str:
    """Return what the app shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def set_up(browser: Client) -> str:
    """Set up the second factor and return its key."""
    asked_again(browser, SETUP)
    secret = str(browser.get(SETUP).context["form"].secret)
    assert browser.post(SETUP, {"code": number(secret)}).headers["Location"] == CODES
    return secret


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    """Stop the clock, so that no number of an app runs out on its way, and forget who tried how often before."""
    cache.clear()
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture
def user(db: None) -> User:
    user = User.objects.create_user(EMAIL, PASSWORD)
    user.groups.add(managers_group())
    return user


@pytest.fixture
def desk(user: User) -> Client:
    """The manager's browser, logged in with her password."""
    return logged_in()


@pytest.mark.parametrize("has_profile", [True, False])
def test_the_profile_leads_to_everything_about_the_own_login(
    desk: Client, user: User, host: Host, has_profile: bool
) -> None:
    if has_profile:
        Host.objects.filter(pk=host.pk).update(user=user)
    answer = desk.get(reverse("staff:profile"))
    assert ("form" in answer.context) is has_profile
    page = answer.content.decode()
    assert [f'href="{address}"' in page for address in (PASSWORD_PAGE, FACTOR_PAGE, SESSIONS_PAGE)] == [
        True
    ] * 3
    assert EMAIL in words(answer)


def test_wagtails_page_of_the_account_leads_there_too(desk: Client) -> None:
    page = desk.get(reverse("wagtailadmin_account")).content.decode()
    assert [f'href="{address}"' in page for address in (PASSWORD_PAGE, FACTOR_PAGE, SESSIONS_PAGE)] == [
        True
    ] * 3


def test_a_new_password_opens_the_door_and_the_old_one_no_more(desk: Client) -> None:
    new = "ein ganz anderer langer Satz"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert desk.post(PASSWORD_PAGE, data).status_code == HTTPStatus.FOUND
    assert desk.get(HOME).status_code == HTTPStatus.OK
    assert [Client().login(email=EMAIL, password=text) for text in (PASSWORD, new)] == [False, True]


def test_setting_up_shows_a_picture_and_the_key_and_asks_for_the_password_first(desk: Client) -> None:
    assert desk.get(SETUP).headers["Location"].startswith(reverse("account_reauthenticate"))
    assert asked_again(desk, SETUP).headers["Location"] == SETUP
    answer = desk.get(SETUP)
    assert 'src="data:image/svg+xml;base64,' in answer.content.decode()
    assert "img-src 'self' data:" in answer.headers["Content-Security-Policy"]
    assert answer.context["form"].secret in words(answer)
    assert f'href="{html.escape(answer.context["totp_url"])}"' in answer.content.decode()


def test_a_wrong_number_sets_nothing_up_and_keeps_the_key(desk: Client) -> None:
    asked_again(desk, SETUP)
    secret = desk.get(SETUP).context["form"].secret
    answer = desk.post(SETUP, {"code": "000000" if number(secret) != "000000" else "111111"})
    assert answer.context["form"].secret == secret
    assert answer.context["form"].errors == {"code": [_("Incorrect code.")]}
    assert f"<title>{_('Error:')}" in " ".join(answer.content.decode().split()).replace("<title> ", "<title>")
    assert Authenticator.objects.count() == 0


def test_with_a_second_factor_the_password_alone_opens_nothing(desk: Client) -> None:
    secret = set_up(desk)
    browser = Client()
    answer = browser.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD})
    assert answer.headers["Location"] == SECOND_STEP
    assert browser.get(HOME).status_code == HTTPStatus.FOUND
    assert browser.post(SECOND_STEP, {"code": "000000x"}).status_code == HTTPStatus.OK
    assert browser.get(HOME).status_code == HTTPStatus.FOUND
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        browser.post(SECOND_STEP, {"code": number(secret)})
        assert browser.get(HOME).status_code == HTTPStatus.OK


def test_an_emergency_code_opens_the_door_once(desk: Client) -> None:
    set_up(desk)
    code = desk.get(CODES).context["unused_codes"][0]
    first, second = Client(), Client()
    for browser in (first, second):
        logged_in(browser).post(SECOND_STEP, {"code": code})
    assert [browser.get(HOME).status_code for browser in (first, second)] == [HTTPStatus.OK, HTTPStatus.FOUND]
    assert len(desk.get(CODES).context["unused_codes"]) == 9


def test_the_codes_can_be_saved_and_made_anew(desk: Client) -> None:
    set_up(desk)
    old = list(desk.get(CODES).context["unused_codes"])
    saved = desk.get(reverse("mfa_download_recovery_codes"))
    heading, *_how, codes = saved.content.decode().strip().partition("\n\n")
    assert heading.startswith(_("Emergency codes"))
    assert codes.split() == old
    assert "attachment" in saved.headers["Content-Disposition"]
    desk.post(NEW_CODES)
    new = desk.get(CODES).context["unused_codes"]
    assert (len(new), set(old) & set(new)) == (10, set())


def test_without_the_app_the_password_is_enough_again(desk: Client) -> None:
    set_up(desk)
    desk.post(REMOVAL)
    assert Authenticator.objects.count() == 0
    assert logged_in().get(HOME).status_code == HTTPStatus.OK


def test_sessions_are_listed_as_devices_and_the_others_can_be_ended(desk: Client) -> None:
    other = logged_in()
    shown = words(desk.get(SESSIONS_PAGE))
    assert shown.count("Firefox · Windows") == 2
    assert shown.count(_("this device")) == 1
    desk.post(SESSIONS_PAGE)
    assert (desk.get(HOME).status_code, other.get(HOME).status_code) == (HTTPStatus.OK, HTTPStatus.FOUND)
    assert UserSession.objects.count() == 1


def test_the_own_address_is_changed_by_an_administrator_alone(desk: Client) -> None:
    answer = desk.post("/konto/email/", {"action_add": "", "email": "andere@example.org"})
    assert answer.headers["Location"] == PASSWORD_PAGE
    assert User.objects.get().email == EMAIL


def test_every_page_says_sie_and_keeps_the_strict_policy(desk: Client) -> None:
    pages = [PASSWORD_PAGE, FACTOR_PAGE, SESSIONS_PAGE, reverse("account_reauthenticate")]
    before = [desk.get(page) for page in pages]
    asked_again(desk, SETUP)
    setup = desk.get(SETUP)
    set_up(desk)
    answers = [*before, setup, *(desk.get(page) for page in (FACTOR_PAGE, CODES, NEW_CODES, REMOVAL))]
    stranger = Client()
    logged_in(stranger)
    answers += [stranger.get(SECOND_STEP), desk.get(reverse("mfa_reauthenticate"))]
    mistaken = {"oldpassword": PASSWORD, "password1": PASSWORD + "1", "password2": PASSWORD + "2"}
    answers.append(desk.post(PASSWORD_PAGE, mistaken))
    for answer in answers:
        assert answer.status_code == HTTPStatus.OK
        assert re.findall(r"\b([Dd]u|[Dd]ein\w*|[Dd]ir|[Dd]ich)\b", words(answer)) == []
        assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
        main = answer.content.decode().partition("<main")[2]
        assert re.findall(r"\sstyle=|<style|<script|\son[a-z]+=", main) == []


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox · Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari · iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; SM-S911B) SamsungBrowser/26.0 Chrome/122.0 Mobile Safari/537.36",
            "Samsung Internet · Android",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge · Mac",
        ),
    ],
)
def test_a_device_is_called_by_its_browser_and_system(user_agent: str, name: str) -> None:
    assert device(user_agent) == name


@pytest.mark.parametrize("user_agent", ["curl/8.5.0", ""])
def test_a_device_that_says_nothing_of_itself_is_unknown(user_agent: str) -> None:
    assert device(user_agent) == _("unknown device")
