"""Two who decide about logins at the same moment: an administrator remains, and an address logs in once."""

from __future__ import annotations

from collections import Counter

import pytest

from booking.actions import logins
from booking.enums import Role
from booking.models import OutboxMessage
from booking.staff.roles import groups
from qmportal.accounts.models import User
from tests.factories import NOW, make_office
from tests.faults.test_races import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def administrators() -> tuple[User, User]:
    one, other = (User.objects.create_superuser(f"{name}@musterstadt.example") for name in ("eins", "zwei"))
    return one, other


def test_of_two_administrators_who_remove_each_other_at_once_one_remains() -> None:
    one, other = administrators()
    given = groups()
    results = all_at_once(
        [
            lambda: logins.change_role(one, other.pk, Role.EDITOR, given),
            lambda: logins.change_role(other, one.pk, Role.EDITOR, given),
        ]
    )
    assert Counter(results) == {"ok": 1, "NotInYourRole": 1}
    assert User.objects.filter(is_superuser=True).count() == 1


def test_of_two_administrators_who_switch_each_other_off_at_once_one_remains() -> None:
    one, other = administrators()
    results = all_at_once(
        [lambda: logins.switch_off(one, other.pk), lambda: logins.switch_off(other, one.pk)]
    )
    assert Counter(results) == {"ok": 1, "NotInYourRole": 1}
    assert User.objects.filter(is_active=True).count() == 1


def test_an_address_that_is_invited_five_times_at_once_logs_in_once() -> None:
    one, other = administrators()
    office, given = make_office(), groups()
    people = [one, other, one, other, one]
    addresses = [
        "neu@example.org",
        "NEU@example.org",
        "neu@example.org",
        "Neu@example.org",
        "neu@example.org",
    ]

    def invite(by: User, email: str) -> None:
        logins.invite(by, logins.Invitation(office, "Nele Neumann", email, Role.EDITOR), given, NOW)

    results = all_at_once(
        [lambda by=by, email=email: invite(by, email) for by, email in zip(people, addresses, strict=True)]  # type: ignore[misc]
    )
    assert Counter(results) == {"ok": 1, "LoginExists": 4}
    assert (User.objects.count(), OutboxMessage.objects.count()) == (3, 1)
