"""A passkey from its making to its removal, with the device that Chromium plays; and what is said without one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from booking.models import Office
from booking.staff.roles import managers_group
from qmportal.accounts.models import User
from tests.journeys.still import violations
from tests.journeys.test_office import RULES

pytestmark = pytest.mark.browser
EMAIL, PASSWORD = "hannah@musterstadt.example", "ein langer Satz als Passwort"
HOME = reverse("wagtailadmin_home")
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def user(office: Office) -> User:
    user = User.objects.create_user(EMAIL, PASSWORD, first_name="Hannah")
    user.groups.add(managers_group())
    return user


@pytest.fixture
def address(live_server: LiveServer, settings: Any) -> str:
    """Browsers make passkeys for names only, not for numbers."""
    settings.SECOND_FACTOR_REQUIRED, settings.SITE_HOST = True, "localhost"
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def page(browser: Browser, browser_context_args: dict[str, Any], address: str) -> Iterator[Page]:
    """The browser of a phone that can tell its owner; faults of a page fail the test."""
    context = browser.new_context(**{**browser_context_args, "base_url": address})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
    yield page
    context.close()
    assert faults == []


def log_in(page: Page) -> None:
    page.goto(reverse("account_login"))
    page.locator("[name=login]").fill(EMAIL)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")


def log_out(page: Page) -> None:
    page.goto(reverse("account_logout"))
    page.locator("main button").first.click()


def barriers(page: Page) -> list[str]:
    return [fault["id"] for fault in violations(page, RULES)]


def test_a_passkey_opens_the_back_end_with_the_password_and_without(page: Page, user: User) -> None:
    log_in(page)
    page.wait_for_url(f"**{reverse('mfa_index')}")
    page.locator(f"a[href='{reverse('mfa_add_webauthn')}']").click()
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.locator("[name=name]").fill("Mein Handy")
    assert barriers(page) == []
    page.locator("[data-passkey=create]").click()
    page.wait_for_url(f"**{reverse('mfa_view_recovery_codes')}")
    assert Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).wrap().name == "Mein Handy"
    page.locator(f"a[href='{HOME}'].kern-btn--primary").click()
    page.wait_for_url(lambda url: urlsplit(url).path == HOME)

    log_out(page)
    log_in(page)
    page.wait_for_url(f"**{reverse('mfa_authenticate')}")
    assert barriers(page) == []
    page.locator("[data-passkey=get]").click()
    page.wait_for_url(lambda url: urlsplit(url).path == HOME)

    log_out(page)
    wanted = reverse("staff:hours_list")
    page.goto(wanted)
    assert barriers(page) == []
    page.locator("[data-passkey=get]").click()
    page.wait_for_url(lambda url: urlsplit(url).path == wanted)

    page.goto(reverse("mfa_list_webauthn"))
    assert "Mein Handy" in page.locator("main").inner_text()
    assert barriers(page) == []


def test_a_login_that_is_switched_off_is_not_opened_by_its_passkey(page: Page, user: User) -> None:
    log_in(page)
    page.goto(reverse("mfa_add_webauthn"))
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.locator("[name=name]").press("Enter")
    page.wait_for_url(f"**{reverse('mfa_view_recovery_codes')}")
    log_out(page)
    User.objects.update(is_active=False)
    page.goto(HOME)
    page.locator("[data-passkey=get]").click()
    page.wait_for_url(lambda url: reverse("account_inactive") in url)
    page.goto(HOME)
    page.wait_for_url(lambda url: reverse("account_login") in url)


def test_without_scripts_the_login_page_names_the_other_way(
    without_scripts: BrowserContext, address: str, user: User
) -> None:
    page = without_scripts.new_page()
    page.goto(f"{address}{reverse('account_login')}")
    assert page.locator("[data-passkey=get]").is_visible() is False
    assert page.locator("[data-passkey-note=script]").is_visible() is True
