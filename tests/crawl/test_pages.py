from __future__ import annotations

import gzip
from collections.abc import Iterator

import brotli
import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from booking.actions import demo
from qmportal.website.demo import build_site
from tests import factories
from tests.crawl import story
from tests.crawl.answers import Answer, Inside
from tests.crawl.eyes import PHONE_FIRST, TWO_LOOKS, Eyes
from tests.crawl.speed import BUDGET, DENSITY, FILES, FIRST_PAGES, MEASURED_IN, first_of
from tests.crawl.spider import Site
from tests.crawl.walk import walk

pytestmark = [pytest.mark.once, pytest.mark.walk, pytest.mark.django_db]
# From left to right, from right to left, and in easy words; the others are only read.
LOOKED_AT = ("de", "ar", "de-simple")
# What a file's headers take, about.
OF_HEADERS = 700


@pytest.fixture(scope="session")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Site:
    """All pages of the demo; what had to be written for them is taken back."""
    monday = time_machine.travel(factories.NOW, tick=False)
    with django_db_blocker.unblock(), transaction.atomic(), monday as clock, translation.override("de"):
        build_site(demo.furnish(timezone.now(), with_mail=False))
        found = walk(
            Inside(),
            settings.SITE_URL,
            story.tell(timezone.now()),
            1,
            lambda: void(clock.shift(60)),
            story.languages(),
        )
        transaction.set_rollback(True)
    return found


def void(_value: object) -> None:
    """Forget a value that nobody asked for."""


def test_every_page_of_every_language_keeps_the_rules(site: Site) -> None:
    assert len(site.pages) > 40 * len(settings.LANGUAGES)
    assert sorted(site.findings) == []


@pytest.fixture
def window(site: Site, browser: Browser) -> Iterator[Eyes]:
    """The window in which the pages are shown again."""
    eyes = Eyes(browser, site, Inside().get)
    yield eyes
    eyes.close()


@pytest.mark.browser
def test_every_kind_of_page_is_for_everybody(site: Site, window: Eyes) -> None:
    pages = [page for language in LOOKED_AT for page in site.one_of_each(language)]
    assert len([page for page in pages if b"qm-slot" in page.answer.body]) > 3 * len(LOOKED_AT)
    assert [finding for page in pages for finding in window.look(page, TWO_LOOKS)] == []


@pytest.mark.browser
@pytest.mark.parametrize("language", MEASURED_IN)
@pytest.mark.parametrize("name", FIRST_PAGES)
def test_a_first_visit_is_light(site: Site, browser: Browser, name: str, language: str) -> None:
    first = first_of(site, name, language)
    assert first
    window = Eyes(browser, site, Inside().get, density=DENSITY)
    assert list(window.look(first, (PHONE_FIRST,))) == []
    window.close()
    assert sum(packed(answer) + OF_HEADERS for answer in window.given) <= BUDGET
    kinds = [answer.kind for answer in window.given]
    assert 1 <= len([kind for kind in kinds if kind in ("text/css", "text/javascript")]) <= FILES
    assert "font/woff2" in kinds


def packed(answer: Answer) -> int:
    """Return the bytes on the wire: pages packed at once, files beforehand, pictures and fonts as they are."""
    is_text = answer.kind.startswith("text/") or answer.kind.endswith(("xml", "json", "javascript"))
    if not is_text:
        return len(answer.body)
    pack = brotli.compress if answer.path.startswith(settings.STATIC_URL) else gzip.compress
    return len(pack(answer.body))
