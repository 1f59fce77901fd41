from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from qmportal.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "cookie",
    ['"abcdefgh\\000"', '"abcdefgh\\012"', "abcdefgh\udced\udca0\udc80", "abcdefgh%00", "ä" * 32, "a" * 4000],
)
@pytest.mark.parametrize("path", ["/verwaltung/", "/konto/login/"])
def test_a_session_cookie_that_is_not_ours_is_nobody_s(cookie: str, path: str) -> None:
    raw = cookie.encode("utf-8", "surrogateescape").decode("latin-1")
    answer = Client().get(path, HTTP_COOKIE=f"{settings.SESSION_COOKIE_NAME}={raw}")
    assert answer.status_code == {"/verwaltung/": 302, "/konto/login/": 200}[path]


def test_a_session_of_ours_stays_open() -> None:
    browser = Client()
    browser.force_login(User.objects.create_superuser("admin@musterstadt.example"))
    assert browser.get("/konto/sessions/").status_code == 200
