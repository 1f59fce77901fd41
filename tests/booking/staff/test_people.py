"""Who can log in: invitations that only their owner can open, and nobody above her own role."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.sql import emit_post_migrate_signal
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupCollectionPermission, ModelLogEntry
from wagtail.users.models import UserProfile

from booking import mails
from booking.actions import delivery, illness, logins
from booking.actions.errors import BookingError, NotInYourRole, NotSendable
from booking.enums import Occasion, OutboxStatus, Role
from booking.models import Host, Office, OutboxMessage
from booking.staff import history, roles
from qmportal.accounts.models import User
from tests import factories
from tests.booking.staff.pages import queries, words
from tests.booking.test_portraits import photo

LIST, INVITE, CHANGES = (reverse(f"staff:{name}") for name in ("logins", "login_invite", "changes"))
EMAIL, PASSWORD = "neu@musterstadt.example", "ein langer Satz als Passwort"
TYPED = {"name": "Nele Neumann", "email": EMAIL, "role": Role.MANAGER.value, "profile": ""}
FORBIDDEN, UNPROCESSABLE = HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY


def page(name: str, user: User) -> str:
    return reverse(f"staff:{name}", args=[user.pk])


def make_user(role: Role, email: str = "kollegin@musterstadt.example", **fields: Any) -> User:
    user = User.objects.create_user(email, **fields)
    if role == Role.ADMINISTRATOR:
        User.objects.filter(pk=user.pk).update(is_superuser=True)
    else:
        user.groups.add(roles.groups()[role])
    return User.objects.get(pk=user.pk)


def invited(desk: Client, **changes: str) -> OutboxMessage:
    assert desk.post(INVITE, TYPED | changes).headers["Location"] == LIST
    return OutboxMessage.objects.get(occasion=Occasion.LOGIN)


def link_in(message: OutboxMessage) -> str:
    """Return the link as it leaves the house, without its host."""
    sent = mails.email(message)
    found = re.findall(r"http\S+/reset/key/[^\s\"<]+", f"{sent.body} {sent.alternatives[0][0]}")
    assert len(set(found)) == 1
    return urlsplit(found[0]).path


def opens(link: str, password: str = PASSWORD) -> bool:
    browser = Client()
    form = browser.get(link, follow=True)
    if form.context.get("token_fail"):
        return False
    answer = browser.post(form.request["PATH_INFO"], {"password1": password, "password2": password})
    return answer.status_code == HTTPStatus.FOUND


# --- Invitations ---


def test_an_invitation_makes_a_login_in_its_role_and_one_mail(desk: Client) -> None:
    message = invited(desk, role="editor")
    user = User.objects.get(email=EMAIL)
    assert (user.get_full_name(), logins.role_of(user), user.is_superuser) == (
        "Nele Neumann",
        Role.EDITOR,
        False,
    )
    assert (message.recipient, message.subject, Host.objects.filter(user=user).exists()) == (
        EMAIL,
        f"Ihr Zugang: {message.office.name}",
        False,
    )
    assert user.has_usable_password() is False


def test_the_link_is_in_the_mail_alone_and_opens_the_login_once(desk: Client) -> None:
    message = invited(desk)
    link = link_in(message)
    key = link.rstrip("/").rpartition("/")[2]
    assert not any(key in str(value) for value in OutboxMessage.objects.values().get().values())
    for name in ("message", "message_html"):
        shown = desk.get(reverse(f"staff:{name}", args=[message.id])).content.decode()
        assert (key in shown, "/reset/key/" in shown) == (False, False)
    assert link_in(message) == link
    assert [opens(link), opens(link, "noch ein langer Satz dazu")] == [True, False]
    assert Client().login(email=EMAIL, password=PASSWORD)


def test_a_late_try_of_the_mail_opens_nothing_that_is_in_use(desk: Client) -> None:
    message = invited(desk)
    assert opens(link_in(message))
    late = mails.email(message)
    assert ("/reset/key/" in late.body, reverse("account_login") in late.body) == (False, True)


def test_the_link_ends_two_days_after_the_invitation_however_late_the_mail(
    desk: Client, now: datetime
) -> None:
    message = invited(desk)
    with time_machine.travel(now + timedelta(hours=50), tick=False):
        assert not opens(link_in(message))
    with time_machine.travel(now + timedelta(hours=46), tick=False):
        assert opens(link_in(message))


def test_an_invitation_is_not_sent_again_from_the_outbox_but_written_anew(
    desk: Client, now: datetime
) -> None:
    message = invited(desk)
    OutboxMessage.objects.update(status=OutboxStatus.FAILED)
    with pytest.raises(NotSendable):
        delivery.resend(message.id, now)
    assert "Senden Sie" not in words(desk.get(reverse("staff:message", args=[message.id])))
    user = User.objects.get(email=EMAIL)
    with time_machine.travel(now + timedelta(hours=1), tick=False):
        desk.post(page("login_invite_again", user))
    _first, second = OutboxMessage.objects.order_by("number")
    assert (second.recipient, second.status) == (EMAIL, OutboxStatus.QUEUED)
    assert opens(link_in(second))
    desk.post(page("login_invite_again", user))
    assert OutboxMessage.objects.count() == 2


@pytest.mark.parametrize("profile", ["new", "hers"])
def test_an_invited_person_gives_consultations_under_a_new_profile_or_her_old_one(
    desk: Client, office: Office, profile: str
) -> None:
    old = factories.make_host(office, "Nele Neumann")
    invited(desk, profile="new" if profile == "new" else str(old.pk))
    host = Host.objects.get(user__email=EMAIL)
    assert (host.pk == old.pk, host.name, host.office) == (profile == "hers", "Nele Neumann", office)
    assert Host.objects.count() == (3 if profile == "new" else 2)


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "HANNAH@musterstadt.example"},
        {"email": "keine Adresse"},
        {"name": ""},
        {"role": ""},
        {"role": "administrator"},
        {"profile": "999"},
    ],
)
def test_bad_input_invites_nobody_and_keeps_what_was_typed(desk: Client, changes: dict[str, str]) -> None:
    typed = TYPED | changes
    answer = desk.post(INVITE, typed)
    assert answer.status_code == UNPROCESSABLE
    assert answer.context["form"]["email"].value() == typed["email"]
    assert (User.objects.count(), OutboxMessage.objects.count(), Host.objects.count()) == (1, 0, 1)


def test_inviting_an_address_that_logs_in_already_changes_nothing_about_that_login(
    desk: Client, administrator: User
) -> None:
    before = User.objects.values().get(pk=administrator.pk)
    assert desk.post(INVITE, TYPED | {"email": administrator.email.upper()}).status_code == UNPROCESSABLE
    assert User.objects.values().get(pk=administrator.pk) == before
    assert OutboxMessage.objects.count() == 0


# --- Roles ---


@pytest.mark.parametrize("name", ["login", "login_invite_again", "login_off", "login_on", "login_factor"])
@pytest.mark.parametrize("whose", ["own", "administrator's"])
def test_a_manager_decides_neither_about_herself_nor_above_her(
    desk: Client, manager: User, administrator: User, name: str, whose: str
) -> None:
    user = manager if whose == "own" else administrator
    if user == administrator:
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    before = list(User.objects.values()), list(Authenticator.objects.values())
    assert desk.post(page(name, user), {"role": Role.EDITOR.value}).status_code == FORBIDDEN
    assert (list(User.objects.values()), list(Authenticator.objects.values())) == before
    assert OutboxMessage.objects.count() == 0


def test_a_manager_gives_and_takes_the_roles_up_to_her_own(desk: Client) -> None:
    user = make_user(Role.EDITOR)
    given = []
    for role in Role:
        answer = desk.post(page("login", user), {"role": role.value})
        given.append((answer.status_code, logins.role_of(User.objects.get(pk=user.pk))))
    assert given == [(302, Role.EDITOR), (302, Role.MANAGER), (422, Role.MANAGER)]


def test_an_administrator_makes_another_one_and_unmakes_her(admin_desk: Client, office: Office) -> None:
    user = make_user(Role.MANAGER)
    for role in (Role.ADMINISTRATOR, Role.MANAGER):
        admin_desk.post(page("login", user), {"role": role.value})
        user = User.objects.get(pk=user.pk)
        assert (logins.role_of(user), user.is_superuser) == (role, role == Role.ADMINISTRATOR)
    assert [group.name for group in user.groups.all()] == [roles.GROUP]


def test_of_two_administrators_who_remove_each_other_one_remains(administrator: User) -> None:
    other = make_user(Role.ADMINISTRATOR)
    logins.change_role(administrator, other.pk, Role.EDITOR, roles.groups())
    with pytest.raises(NotInYourRole):  # what she loaded before still says that she may
        logins.change_role(other, administrator.pk, Role.EDITOR, roles.groups())
    assert list(User.objects.filter(is_superuser=True)) == [administrator]


@pytest.mark.parametrize("lost", ["her role", "her login"])
def test_who_lost_her_role_meanwhile_invites_nobody(manager: User, office: Office, lost: str) -> None:
    stale = User.objects.get(pk=manager.pk)
    if lost == "her role":
        manager.groups.clear()
    else:
        User.objects.update(is_active=False)
    invitation = logins.Invitation(office, "Nele", EMAIL, Role.EDITOR)
    with pytest.raises(BookingError):
        logins.invite(stale, invitation, roles.groups(), factories.NOW)
    assert (User.objects.count(), OutboxMessage.objects.count()) == (1, 0)


# --- Doors ---


def test_switching_off_ends_what_is_open_and_on_brings_it_back(desk: Client) -> None:
    user = make_user(Role.MANAGER, password=PASSWORD)
    theirs = Client()
    theirs.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    home = reverse("wagtailadmin_home")
    assert theirs.get(home).status_code == HTTPStatus.OK
    assert desk.get(page("login_off", user)).status_code == HTTPStatus.OK
    assert User.objects.get(pk=user.pk).is_active is True
    desk.post(page("login_off", user))
    assert (theirs.get(home).status_code, UserSession.objects.filter(user=user).count()) == (302, 0)
    assert Client().login(email=user.email, password=PASSWORD) is False
    desk.post(page("login_on", user))
    assert Client().login(email=user.email, password=PASSWORD) is True


def test_a_lost_phone_is_forgotten_and_the_password_stays(desk: Client) -> None:
    user = make_user(Role.MANAGER, password=PASSWORD)
    for kind in Authenticator.Type:
        Authenticator.objects.create(user=user, type=kind, data={"secret": "x"})
    assert desk.get(page("login_factor", user)).status_code == HTTPStatus.OK
    assert Authenticator.objects.count() == len(Authenticator.Type)
    desk.post(page("login_factor", user))
    assert Authenticator.objects.count() == 0
    assert Client().login(email=user.email, password=PASSWORD) is True


def test_the_list_says_role_factor_and_day_with_the_same_queries_for_1_and_30(
    desk: Client, manager: User, now: datetime
) -> None:
    colleague = make_user(Role.EDITOR, first_name="Nele", last_login=now)
    Authenticator.objects.create(user=colleague, type=Authenticator.Type.WEBAUTHN, data={})
    rows = desk.get(LIST).context["rows"]
    assert [(row["role"], row["is_me"], row["login"].has_factor) for row in rows] == [
        ("Büro und Website", True, False),
        ("Nur Website", False, True),
    ]
    assert "Nele Nur Website mit zweitem Faktor · zuletzt angemeldet am" in words(desk.get(LIST))
    before = queries(lambda: desk.get(LIST))
    for number in range(28):
        make_user(Role.EDITOR, f"person{number}@musterstadt.example")
    assert len(desk.get(LIST).context["rows"]) == 30
    assert queries(lambda: desk.get(LIST)) == before


def test_wagtails_own_pages_of_users_lead_to_ours(admin_desk: Client, administrator: User) -> None:
    edit = reverse("wagtailusers_users:edit", args=[administrator.pk])
    of_many = [
        f"{reverse('wagtail_bulk_action', args=['accounts', 'user', action])}?id={administrator.pk}"
        for action in ("assign_role", "delete", "set_active_state")
    ]
    index = (reverse("wagtailusers_users:index"), reverse("wagtailusers_groups:index"))
    for address in (edit, *index, *of_many):
        assert admin_desk.post(address, {"is_superuser": ""}).headers["Location"] == LIST


def test_nobody_uploads_a_picture_that_is_kept_as_it_came(desk: Client, manager: User) -> None:
    """Wagtail's picture of an account would keep where it was taken, and no page shows it."""
    account = reverse("wagtailadmin_account")
    assert 'type="file"' not in desk.get(account).content.decode()
    upload = SimpleUploadedFile("ich.png", photo("PNG"), "image/png")
    typed = {"name_email-first_name": "Hannah", "name_email-last_name": "Helfrich", "avatar-avatar": upload}
    desk.post(
        account, typed | {"theme-theme": "dark", "theme-contrast": "system", "theme-density": "default"}
    )
    assert bool(UserProfile.get_for_user(manager).avatar) is False


def test_a_manager_of_another_office_sees_neither_logins_nor_changes(client: Client, desk: Client) -> None:
    ours = make_user(Role.EDITOR)
    desk.post(page("login_off", ours))
    elsewhere = factories.make_office(name="Süd", slug="sued", is_default=False)
    theirs = make_user(Role.MANAGER, "sued@musterstadt.example")
    Host.objects.filter(pk=factories.make_host(elsewhere, "Sude Süd").pk).update(user=theirs)
    browser = Client()
    browser.force_login(theirs)
    assert [row["login"] for row in browser.get(LIST).context["rows"]] == [theirs]
    assert browser.get(CHANGES).context["rows"] == []
    assert browser.post(page("login_on", ours)).status_code == HTTPStatus.NOT_FOUND
    form = browser.get(INVITE).context["form"]
    assert [value for value, _label in form.fields["role"].choices] == ["manager"]
    assert [value for value, _label in form.fields["profile"].choices] == ["new"]


# --- Who it is ---

ASKED = reverse("account_reauthenticate")
DECISIONS = ("login", "login_invite_again", "login_off", "login_on", "login_factor")


def state() -> list[Any]:
    """Return everything that a decision about a login may change."""
    users = User.objects.order_by("pk").values_list("pk", "is_active", "is_superuser", "groups__name")
    return [*users, OutboxMessage.objects.count(), Authenticator.objects.count()]


def proven(browser: Client, address: str, password: str = PASSWORD) -> Any:
    """Give the password that is asked for before the address opens."""
    return browser.post(f"{ASKED}?next={address}", {"password": password, "next": address})


@pytest.fixture
def open_computer(desk: Client, manager: User) -> Client:
    """The manager's browser, in which she logged in with her password some time ago."""
    cache.clear()  # wrong guesses are counted
    manager.set_password(PASSWORD)
    manager.save()
    desk.force_login(manager)
    return desk


@pytest.mark.parametrize("name", DECISIONS)
def test_nothing_is_decided_about_a_login_at_a_computer_that_was_left_open(
    open_computer: Client, name: str
) -> None:
    user = make_user(Role.EDITOR)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    address, before = page(name, user), state()
    answer = open_computer.post(address, {"role": Role.MANAGER.value})
    assert answer.headers["Location"] == f"{ASKED}?next={quote(address, safe='')}"
    assert proven(open_computer, address, "falsch geraten, wie schade").status_code == HTTPStatus.OK
    assert state() == before


def test_what_was_typed_is_done_once_the_password_was_given(open_computer: Client) -> None:
    assert open_computer.post(INVITE, TYPED).headers["Location"].startswith(ASKED)
    assert User.objects.filter(email=EMAIL).count() == 0
    assert proven(open_computer, INVITE).headers["Location"] == LIST
    assert (User.objects.filter(email=EMAIL).count(), OutboxMessage.objects.count()) == (1, 1)
    assert "reauthentication_state" not in str(dict(open_computer.session))


def test_for_a_quarter_of_an_hour_nobody_is_asked_twice(
    open_computer: Client, clock: time_machine.Traveller, now: datetime
) -> None:
    user = make_user(Role.EDITOR)
    proven(open_computer, LIST)
    for minutes, asked in ((14, False), (16, True)):
        clock.move_to(now + timedelta(minutes=minutes), tick=False)
        answer = open_computer.post(page("login", user), {"role": Role.EDITOR.value})
        assert answer.headers["Location"].startswith(ASKED) is asked


def test_a_new_link_for_a_host_is_not_shown_at_a_computer_that_was_left_open(
    admin_desk: Client, administrator: User, host: Host
) -> None:
    administrator.set_password(PASSWORD)
    administrator.save()
    admin_desk.force_login(administrator)
    address = reverse("staff:host_login", args=[host.pk])
    assert admin_desk.post(address, {"email": EMAIL}).headers["Location"].startswith(ASKED)
    assert Host.objects.filter(pk=host.pk, user=None).exists()


def test_who_may_not_is_not_asked_either(editor: User) -> None:
    editor.set_password(PASSWORD)
    editor.save()
    browser = Client()
    browser.force_login(editor)
    assert browser.post(INVITE, TYPED).status_code == FORBIDDEN


# --- Who changed what ---


def test_each_step_is_in_the_log_without_an_address(desk: Client) -> None:
    invited(desk)
    user = User.objects.get(email=EMAIL)
    desk.post(page("login", user), {"role": "editor"})
    desk.post(page("login_off", user))
    desk.post(page("login_on", user))
    desk.post(page("login_factor", user))
    rows = desk.get(CHANGES).context["rows"]
    assert [str(row.what) for row in reversed(rows)] == [
        "Eine Person wurde eingeladen",
        "Die Rolle wurde geändert",
        "Der Zugang wurde gesperrt",
        "Der Zugang wurde wieder freigegeben",
        "Der zweite Faktor wurde zurückgesetzt",
    ]
    assert {(row.who, row.name, row.url) for row in rows} == {("Hannah", "Nele Neumann", page("login", user))}
    assert not any(EMAIL in str(entry) for entry in ModelLogEntry.objects.values())


def test_a_login_without_a_name_is_a_number_in_the_log(desk: Client) -> None:
    user = make_user(Role.EDITOR)
    desk.post(page("login_off", user))
    assert ModelLogEntry.objects.get().label == f"Zugang {user.pk}"


def test_the_log_needs_the_same_queries_for_1_and_30_changes(desk: Client) -> None:
    users = [make_user(Role.EDITOR, f"person{number}@musterstadt.example") for number in range(30)]
    desk.post(page("login_off", users[0]))
    before = queries(lambda: desk.get(CHANGES))
    for user in users[1:]:
        desk.post(page("login_off", user))
    assert len(desk.get(CHANGES).context["rows"]) == 30
    assert queries(lambda: desk.get(CHANGES)) == before


def test_the_log_forgets_after_a_year_and_who_was_ill_after_a_month(
    desk: Client, host: Host, now: datetime
) -> None:
    desk.post(page("login_off", make_user(Role.EDITOR)))
    absence = illness.report(host, now, now + timedelta(days=1), now)
    history.note(absence, "booking.report_absence")
    for days, left in ((29, 2), (31, 1), (364, 1), (366, 0)):
        history.forget(now + timedelta(days=days))
        assert ModelLogEntry.objects.count() == left


def test_the_groups_of_the_roles_are_those_that_the_actions_name(db: None) -> None:
    assert {role: group.name for role, group in roles.groups().items()} == logins.GROUP_NAMES
    assert Group.objects.count() >= 2


def test_an_update_brings_the_groups_there_are_what_is_new_and_makes_none(db: None) -> None:
    managers = roles.managers_group()
    Group.objects.exclude(pk=managers.pk).delete()
    before = set(managers.permissions.all())
    managers.permissions.clear()
    GroupCollectionPermission.objects.all().delete()
    for _time in range(2):
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
        assert set(managers.permissions.all()) == before
    assert list(Group.objects.all()) == [managers]
    assert GroupCollectionPermission.objects.count() == len(roles.FILES)
