from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from django.test import Client

from booking.models import Host
from booking.staff.roles import ENTER, managers_group, permissions
from qmportal.accounts.models import User

# What each database finds in its own way.
ON_BOTH_DATABASES = {"test_report.py", "test_search.py", "test_schedule.py"}
# So many that both passes take as long.
ON_SQLITE = {"test_people.py", "test_profile.py", "test_publishing.py", "test_settings.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try the pages in one of the passes: all that they change is done by actions, which are tried in both."""
    for item in items:
        if item.path.parent == Path(__file__).parent and item.path.name not in ON_BOTH_DATABASES:
            item.add_marker(pytest.mark.once if item.path.name in ON_SQLITE else pytest.mark.shared)


@pytest.fixture(autouse=True)
def clock(now: datetime) -> Iterator[time_machine.Traveller]:
    """Stop the clock of views at the time that the other fixtures live in."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def manager(host: Host) -> User:
    """The host's own login, in the managers' group."""
    user = User.objects.create_user("hannah@musterstadt.example", first_name="Hannah")
    user.groups.add(managers_group())
    Host.objects.filter(pk=host.pk).update(user=user)
    return user


@pytest.fixture
def administrator(db: None) -> User:
    """An administrator who gives no consultations."""
    return User.objects.create_superuser("admin@musterstadt.example")


@pytest.fixture
def editor(db: None) -> User:
    """Somebody who may enter the back end, and nothing of the booking system."""
    user = User.objects.create_user("redaktion@musterstadt.example")
    user.user_permissions.add(*permissions(ENTER))
    return user


@pytest.fixture
def stranger(db: None) -> User:
    """Somebody who can log in, and nothing else."""
    return User.objects.create_user("fremd@musterstadt.example")


@pytest.fixture
def desk(client: Client, manager: User) -> Client:
    """The manager's browser, logged in."""
    client.force_login(manager)
    return client


@pytest.fixture
def admin_desk(client: Client, administrator: User) -> Client:
    """The administrator's browser, logged in."""
    client.force_login(administrator)
    return client
