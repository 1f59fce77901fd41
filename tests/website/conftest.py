from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from wagtail.models import Page

from booking.models import Office
from qmportal.website.demo import open_site
from qmportal.website.models import HomePage
from tests import factories


@pytest.fixture
def home(page_tree: Page, office: Office) -> HomePage:
    """The German home page , with the legal pages and their English translations."""
    return open_site(office, demo=False)


@pytest.fixture
def on_monday() -> Iterator[None]:
    """Let pages be asked for on Monday, 23 November 2026, at 9:00 in Berlin."""
    with time_machine.travel(factories.NOW, tick=False):
        yield
