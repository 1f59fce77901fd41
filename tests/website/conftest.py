from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from wagtail.models import Page

from booking.models import Office
from booking.staff import roles
from qmportal.accounts.models import User
from qmportal.website.demo import open_site
from qmportal.website.models import EventIndexPage, HomePage, NewsIndexPage
from tests import factories
from tests.website import pages


@pytest.fixture
def home(page_tree: Page, office: Office) -> HomePage:
    """The German home page , with the legal pages and their English translations."""
    return open_site(office, demo=False)


@pytest.fixture
def on_monday() -> Iterator[None]:
    """Let pages be asked for on Monday, 23 November 2026, at 9:00 in Berlin."""
    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.fixture
def start(office: Office) -> HomePage:
    """The home page of an office's website."""
    return pages.make_home()


@pytest.fixture
def editor(start: HomePage, client: Client) -> Client:
    """The browser of an editor, who sees nothing of the bookings."""
    user = User.objects.create_user("redaktion@musterstadt.example")
    user.groups.add(roles.editors_group())
    client.force_login(user)
    return client


@pytest.fixture
def news(start: HomePage) -> NewsIndexPage:
    """The list of news."""
    return pages.make_news_index(start)


@pytest.fixture
def events(start: HomePage) -> EventIndexPage:
    """The list of events."""
    return pages.make_event_index(start)
