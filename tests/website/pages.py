"""Pages of the website that tests start from, each published."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, Page, Site

from qmportal.website.models import (
    EventIndexPage,
    EventPage,
    FundPage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    PartnersPage,
    SitePage,
)

PageType = TypeVar("PageType", bound=SitePage)
# Saturday, 28 November 2026, 14:00 in Berlin.
SATURDAY = datetime(2026, 11, 28, 13, tzinfo=UTC)


def make_home(**fields: Any) -> HomePage:
    """Make the German home page of the one site, without any section."""
    locale = Locale.objects.get(language_code="de")
    about = {"title": "Start", "slug": "start-de", "heading": "Willkommen", "lead": "Wir sind da."}
    home = publish(Page.get_first_root_node(), HomePage(locale=locale, **{**about, **fields}))
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "127.0.0.1", "port": 8000, "root_page": home}
    )
    return home


def make_news_index(home: HomePage) -> NewsIndexPage:
    """Make the list of news."""
    return publish(home, NewsIndexPage(title="Aktuelles", slug="aktuelles", locale=home.locale))


def make_news(index: NewsIndexPage, title: str, day: date = date(2026, 11, 23), **fields: Any) -> NewsPage:
    """Make a piece of news."""
    tags = fields.pop("tags", ())
    page = NewsPage(title=title, day=day, locale=index.locale, **{"lead": f"{title}, kurz.", **fields})
    page.tags.add(*tags)
    return publish(index, page)


def make_event_index(home: HomePage) -> EventIndexPage:
    """Make the list of events."""
    return publish(home, EventIndexPage(title="Veranstaltungen", slug="veranstaltungen", locale=home.locale))


def make_event(
    index: EventIndexPage, title: str = "Nachbarschaftsfest", start: datetime = SATURDAY, **fields: Any
) -> EventPage:
    """Make an event of two hours, on Saturday at 14:00 in Berlin."""
    about = {"starts_at": start, "ends_at": start + timedelta(hours=2), "lead": f"{title} für alle."}
    return publish(index, EventPage(title=title, locale=index.locale, **{**about, **fields}))


def make_fund(home: HomePage, **fields: Any) -> FundPage:
    """Make the page about project money."""
    about = {"lead": "Geld für Ideen.", "pays": "<p>Feste.</p>", "rules": "<p>Bis 2.000 Euro.</p>"}
    page = FundPage(
        title="Verfügungsfonds", slug="verfuegungsfonds", locale=home.locale, **{**about, **fields}
    )
    return publish(home, page)


def make_partners(home: HomePage, *names: str, **fields: Any) -> PartnersPage:
    """Make the page of partners; all of them are associations unless the fields say otherwise."""
    partners = [
        ("partner", {"name": name, "kind": "association", "text": f"{name} hilft.", **fields})
        for name in names
    ]
    page = PartnersPage(title="Partner", slug="partner", locale=home.locale, partners=partners)
    return publish(home, page)


def make_picture(title: str = "Fest") -> Image:
    """Make a picture in the library, with words for who cannot see it."""
    return Image.objects.create(title=title, description="Menschen am Tisch", file=get_test_image_file())


def translate(page: PageType, language: str, **fields: Any) -> PageType:
    """Publish a translation of the page, and of the pages above it where they have none."""
    locale = Locale.objects.get_or_create(language_code=language)[0]
    page.copy_for_translation(locale, copy_parents=True)
    translation: PageType = page.get_translation(locale).specific
    for name, value in fields.items():
        setattr(translation, name, value)
    translation.save_revision().publish()
    return translation


def publish(parent: Page, page: PageType) -> PageType:
    """Add the page below the parent and publish it."""
    page.live = False
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page
