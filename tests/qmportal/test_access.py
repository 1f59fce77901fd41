from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from booking.models import Host, Office
from booking.staff.logins import one_time_link
from qmportal.accounts.access import forget_ended_sessions
from qmportal.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.once]

EMAIL = "hannah.helfrich@musterstadt.example"
PASSWORD = "ein langer Satz als Passwort"
ANSWERS: dict[str, Any] = {
    "name": "Quartiersmanagement Süd",
    "street": "Lindenplatz 4",
    "postal_code": "12345",
    "city": "Musterstadt",
    "state": "NW",
    "time_zone": "Europe/Berlin",
    "email": "quartier-sued@musterstadt.example",
    "phone": "01234 5678",
    "admin_email": EMAIL,
    "admin_name": "Hannah Helfrich",
}


def test_sessions_that_ended_are_forgotten_with_their_addresses() -> None:
    user = User.objects.create_user(EMAIL, PASSWORD)
    for _ in range(2):
        Client().post("/konto/login/", {"login": EMAIL, "password": PASSWORD})
    first = UserSession.objects.order_by("pk").first()
    assert first is not None
    Session.objects.filter(session_key=first.session_key).update(expire_date=timezone.now())
    assert forget_ended_sessions(timezone.now()) == 1
    assert UserSession.objects.filter(user=user).count() == Session.objects.count() == 1


def test_a_relay_that_is_away_is_told_to_whoever_waits_for_the_mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = "booking.relay.RelayBackend"
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    User.objects.create_user(EMAIL, PASSWORD)
    page = Client().post("/konto/password/reset/", {"email": EMAIL}, follow=True)
    assert page.status_code == 200
    assert "konnte gerade nicht gesendet werden" in page.content.decode()


def test_whoever_forgot_her_password_gets_our_mail_and_a_stranger_none(
    mailoutbox: list[EmailMessage],
) -> None:
    User.objects.create_user(EMAIL, PASSWORD)
    for address in (EMAIL, "niemand@example.org"):
        page = Client().post("/konto/password/reset/", {"email": address})
        assert (page.status_code, page["Location"]) == (302, "/konto/password/reset/done/")
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [([EMAIL], "[testserver] Ihr neues Passwort")]


def test_no_other_mail_of_the_login_leaves_the_house(mailoutbox: list[EmailMessage]) -> None:
    user = User.objects.create_user(EMAIL, PASSWORD)
    browser = Client()
    browser.force_login(user)
    for fields in ({"action_add": "", "email": "neu@example.org"}, {"action_send": "", "email": EMAIL}):
        assert browser.post("/konto/email/", fields)["Location"] == "/konto/password/change/"
    new = "ein ganz neuer Satz als Passwort"
    browser.post("/konto/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert can_log_in(new)
    typed = {"email": "neu@example.org", "password1": PASSWORD, "password2": PASSWORD}
    Client().post("/konto/signup/", typed)
    assert (mailoutbox, User.objects.count()) == ([], 1)


def new_office(**changes: Any) -> str:
    out = StringIO()
    call_command("new_office", interactive=False, stdout=out, **ANSWERS | changes)
    return out.getvalue()


def link_in(text: str) -> str:
    found = re.search(r"http\S+", text)
    assert found
    return urlsplit(found[0]).path


def use(link: str, password: str = PASSWORD) -> bool:
    """Open the link in a fresh browser, set the password there, and tell whether that worked."""
    browser = Client()
    page = browser.get(link, follow=True)
    if page.context.get("token_fail"):
        return False
    answer = browser.post(page.request["PATH_INFO"], {"password1": password, "password2": password})
    return answer.status_code == 302


def can_log_in(password: str = PASSWORD) -> bool:
    return Client().login(email=EMAIL, password=password)


def test_a_new_office_has_an_administrator_who_comes_in_by_the_link_alone() -> None:
    link = link_in(new_office())
    user = User.objects.get()
    assert (user.email, user.get_full_name(), user.is_superuser) == (EMAIL, "Hannah Helfrich", True)
    assert not user.has_usable_password()
    assert use(link)
    assert can_log_in()


def test_the_link_works_once() -> None:
    link = link_in(new_office())
    assert use(link)
    assert not use(link, "noch ein langer Satz dazu")
    assert not can_log_in("noch ein langer Satz dazu")


def test_the_link_expires_after_two_days() -> None:
    link = link_in(new_office())
    # Keys count local hours, and the traveller's clock stands in UTC: hence two hours to either side.
    with time_machine.travel(timezone.now() + timedelta(hours=50), tick=False):
        assert not use(link)
    with time_machine.travel(timezone.now() + timedelta(hours=46), tick=False):
        assert use(link)


def test_the_first_office_is_the_one_of_the_site_the_second_gets_another_short_name() -> None:
    new_office(host=True)
    new_office(admin_email="zwei@musterstadt.example")
    assert list(Office.objects.order_by("pk").values_list("slug", "is_default")) == [
        ("quartiersmanagement-sued", True),
        ("quartiersmanagement-sued-2", False),
    ]
    host = Host.objects.get()
    assert (host.slug, host.user.email, host.calendar.name) == ("hannah-helfrich", EMAIL, "Hannah Helfrich")


def test_a_new_office_has_a_home_page() -> None:
    new_office()
    assert Client().get("/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"state": "XX"}, "XX"),
        ({"email": "no address"}, "E-Mail"),
        ({"time_zone": "Berlin"}, "Europe/Berlin"),
        ({"street": None}, ":"),
    ],
)
def test_a_bad_or_missing_answer_makes_nothing(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        new_office(**changes)
    assert (Office.objects.count(), User.objects.count()) == (0, 0)


def test_the_command_asks_again_after_a_bad_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    place = ["Süd", "Lindenviertel", "", "", "Lindenplatz 4", "12345", "Musterstadt", "Bayern", "BY", ""]
    answers = iter([*place, "no address", "b@example.org", "1", EMAIL, "Hannah Helfrich", "j"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(answers))
    errors = StringIO()
    call_command("new_office", stdout=StringIO(), stderr=errors)
    office = Office.objects.get()
    assert (office.state, office.time_zone, office.email) == ("BY", "Europe/Berlin", "b@example.org")
    assert (office.district, office.programme, office.carrier) == ("Lindenviertel", "", "")
    assert len(errors.getvalue().splitlines()) == 2
    assert Host.objects.get().office == office


def test_reset_login_takes_everything_away_and_gives_one_link() -> None:
    use(one_time_link(User.objects.create_superuser(EMAIL, None)))
    user = User.objects.get()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    browser = Client()
    browser.login(email=EMAIL, password=PASSWORD)
    UserSession.objects.create(
        user=user, ip="127.0.0.1", session_key=browser.session.session_key, user_agent="x"
    )
    out = StringIO()
    call_command("reset_login", EMAIL.upper(), stdout=out)
    assert not can_log_in()
    assert "_auth_user_id" not in Client(cookies=browser.cookies).session
    assert (Authenticator.objects.count(), UserSession.objects.count()) == (0, 0)
    assert use(link_in(out.getvalue()), "ein ganz neuer Satz als Passwort")
    assert can_log_in("ein ganz neuer Satz als Passwort")


def test_reset_login_of_a_stranger_says_so() -> None:
    with pytest.raises(CommandError):
        call_command("reset_login", "niemand@example.org")


def test_a_login_is_deleted_for_good_and_what_was_done_with_it_stays(office: Office) -> None:
    boss = User.objects.create_superuser("chefin@musterstadt.example")
    gone = User.objects.create_user(EMAIL, PASSWORD, first_name="Nele", last_name="Neumann")
    log(gone, "booking.switch_login_off", user=boss, title="Nele Neumann")
    log(office, "wagtail.edit", user=gone)
    with pytest.raises(CommandError):
        call_command("delete_login", EMAIL)
    assert User.objects.count() == 2
    User.objects.filter(pk=gone.pk).update(is_active=False)
    call_command("delete_login", EMAIL.upper(), stdout=StringIO())
    assert list(User.objects.all()) == [boss]
    assert [entry.label for entry in ModelLogEntry.objects.order_by("pk")] == [
        f"Zugang {gone.pk}",
        str(office),
    ]
    browser = Client()
    browser.force_login(boss)
    rows = browser.get(reverse("staff:changes")).context["rows"]
    assert [row.who for row in rows] == ["gelöschter Zugang", "chefin@musterstadt.example"]
    with pytest.raises(CommandError):
        call_command("delete_login", EMAIL)
