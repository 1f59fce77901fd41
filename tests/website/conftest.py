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
def tree(db: None) -> Page:
    """The root of all pages. Tests in a browser empty every table, what Wagtail's migrations made included."""
    german = Locale.objects.get_or_create(language_code="de")[0]
    root: Page | None = Page.get_first_root_node()
    return root or Page.add_root(instance=Page(title="Root", slug="root", locale=german))


@pytest.fixture
def home(tree: Page, office: Office) -> HomePage:
    """The German home page of the demo's website, with its legal pages and their English translations."""
    return build_site(office)


@pytest.fixture
def on_monday() -> Iterator[None]:
    """Let pages be asked for on Monday, 23 November 2026, at 9:00 in Berlin."""
    with time_machine.travel(factories.NOW, tick=False):
        yield
