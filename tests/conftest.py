"""Fixtures that every test may use; what a test needs beyond them it makes with tests.factories."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from datetime import datetime

import psycopg
import pytest
import redis
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils import translation
from playwright.sync_api import expect
from pytest_django import DjangoDbBlocker
from wagtail.models import Collection, Locale, Page

from booking.models import Host, Office, Service, Slot
from tests import factories

# Playwright keeps an event loop in the main thread; the tests use the database from there all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# Passwords are hashed slowly on purpose; the tests make hundreds of logins.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Tests log in without a second factor, except those that are about it.
settings.SECOND_FACTOR_REQUIRED = False

# What was imported stays for good, and pages make much waste of one request: looking for it less often is a sixth
# of the suite's time.
YOUNG, MIDDLE, OLD = 20_000, 25, 25

# What a browser will show it shows in time, on however busy a machine; only what never comes takes so long.
expect.set_options(timeout=30_000)

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")


def redis_answers() -> bool:
    """Tell whether a Redis server is there."""
    try:
        return bool(redis.Redis.from_url(REDIS, socket_timeout=1, socket_connect_timeout=1).ping())
    except redis.RedisError:
        return False


def postgres_answers() -> bool:
    """Tell whether the suite runs on PostgreSQL and the server is there."""
    config = settings.DATABASES["default"]
    if not config["ENGINE"].endswith("postgresql"):
        return False
    try:
        psycopg.connect(
            host=config["HOST"] or None,
            port=config["PORT"] or None,
            user=config["USER"] or None,
            password=config["PASSWORD"] or None,
            dbname="postgres",
            connect_timeout=3,
        ).close()
    except psycopg.OperationalError:
        return False
    return True


def plant(**_: object) -> None:
    """Put back the roots of pages and uploads that Wagtail's migrations made, where a test emptied the tables."""
    language = Locale.objects.get_or_create(language_code="de")[0]
    if Page.get_first_root_node() is None:
        Page.add_root(instance=Page(title="Root", slug="root", locale=language))
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")


# Sent after every emptying of the tables, too.
post_migrate.connect(plant, sender=apps.get_app_config("wagtailcore"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Mend the database of an earlier run, which `--reuse-db` may have left empty."""
    with django_db_blocker.unblock():
        plant()


def empties_the_tables(item: pytest.Item) -> bool:
    """Tell whether the test commits for real, so that afterwards every table is emptied."""
    marker = item.get_closest_marker("django_db")
    committing = {"live_server", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return bool(committing) or bool(marker and marker.kwargs.get("transaction"))


def pytest_configure() -> None:
    """Collect garbage less often."""
    gc.set_threshold(YOUNG, MIDDLE, OLD)


def pytest_collection_finish() -> None:
    """Leave alone from now on what the imports made."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run those last that empty the tables, since rows that migrations made are then gone for good.

    Skip what needs a service that is not there, by name; with REQUIRE_SERVICES=1 it fails instead.

    Tests for PostgreSQL belong to the run of the suite on PostgreSQL (`make test` makes both runs).
    """
    # pytest gathers the tests that share a browser, wherever they stand: sorted here, after that.
    items.sort(key=empties_the_tables)
    there = {"browser": CHROMIUM is not None, "redis": redis_answers(), "postgres": postgres_answers()}
    on_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    required = os.environ.get("REQUIRE_SERVICES") == "1"
    has_other_pass = os.environ.get("TESTS_OTHER_PASS") == "1"
    for item in items:
        # A browser sees pages, not databases: what they do to those, the tests of views and actions try on both.
        once = item.get_closest_marker("once") or item.get_closest_marker("browser")
        shared = not once and item.get_closest_marker("shared")
        if once and not on_sqlite:
            item.add_marker(
                pytest.mark.skip(reason="the same on every database: belongs to the pass on SQLite")
            )
        elif shared and on_sqlite and has_other_pass:
            item.add_marker(pytest.mark.skip(reason="the same on every database: in the pass on PostgreSQL"))
        for name, is_there in there.items():
            if not item.get_closest_marker(name) or is_there:
                continue
            if name == "postgres" and on_sqlite:
                item.add_marker(pytest.mark.skip(reason="belongs to the run on PostgreSQL"))
            elif not required:
                item.add_marker(pytest.mark.skip(reason=f"{name} is not there"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Use Debian's Chromium, without its chatter to the outside."""
    arguments = [
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": arguments}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    """Look at the pages as somebody with a small phone in Germany does."""
    return {
        **browser_context_args,
        "locale": "de-DE",
        "timezone_id": "Europe/Berlin",
        "viewport": {"width": 390, "height": 844},
    }


@pytest.fixture(autouse=True)
def in_german() -> Iterator[None]:
    """Start every test in German: a test that changes the language must not colour the next."""
    with translation.override("de"):
        yield


@pytest.fixture
def on_postgres(db: None) -> bool:
    """Tell whether the suite runs on PostgreSQL."""
    return connection.vendor == "postgresql"


@pytest.fixture
def page_tree(db: None) -> Page:
    """The root of all pages."""
    root: Page = Page.get_first_root_node()
    return root


@pytest.fixture
def now() -> datetime:
    """Monday, 23 November 2026, 9:00 in Berlin."""
    return factories.NOW


@pytest.fixture
def office(db: None) -> Office:
    """The default office."""
    return factories.make_office()


@pytest.fixture
def host(office: Office) -> Host:
    """Hannah Helfrich, who has a video link."""
    return factories.make_host(office)


@pytest.fixture
def service(office: Office) -> Service:
    """A consultation hour, held in every way."""
    return factories.make_service(office)


@pytest.fixture
def slots(host: Host, service: Service) -> list[Slot]:
    """Nine slots of one seat, next Tuesday from 14:00 on, 20 minutes each."""
    return factories.make_slots(host, service)
