from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from wagtail.models import Locale, Page

from booking.models import Office
from qmportal.website.demo import build_site
from qmportal.website.models import HomePage
from tests import factories


@pytest.fixture
def home(office: Office) -> HomePage:
    """The German home page of the demo's website, with its legal pages and their English translations."""
    if Page.get_first_root_node() is None:
        # Tests in a browser empty every table, the tree's root from Wagtail's migrations included.
        german = Locale.objects.get_or_create(language_code="de")[0]
        Page.add_root(instance=Page(title="Root", slug="root", locale=german))
    return build_site(office)


@pytest.fixture
def on_monday() -> Iterator[None]:
    """Let pages be asked for on Monday, 23 November 2026, at 9:00 in Berlin."""
    with time_machine.travel(factories.NOW, tick=False):
        yield
