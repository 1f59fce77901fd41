"""Builds the skeleton that every office starts with, in every language that has texts."""

from __future__ import annotations

from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from booking.models import Office
from qmportal.website.demo import texts
from qmportal.website.demo.pictures import described, with_pictures
from qmportal.website.models import (
    ContentPage,
    EventIndexPage,
    HomePage,
    NewsIndexPage,
    SignLanguagePage,
    SitePage,
)

LEGAL_PAGES: Final = ("impressum", "datenschutz", "barrierefreiheit")
# The others, in the order of the menu.
PAGES: Final[dict[str, type[SitePage]]] = {
    "aktuelles": NewsIndexPage,
    "veranstaltungen": EventIndexPage,
    "so-funktionierts": ContentPage,
    "ueber-uns": ContentPage,
    "leichte-sprache": ContentPage,
    "gebaerdensprache": SignLanguagePage,
}
SECTIONS: Final = (
    "walk_in",
    "steps",
    "mission",
    "video",
    "tasks",
    "voices",
    "latest_news",
    "coming_dates",
    "participation",
    "fund",
    "partners",
)
DEFAULT_PORTS: Final = {"http": 80, "https": 443}

PageType = TypeVar("PageType", bound=SitePage)


@transaction.atomic
def build_site(office: Office, *, demo: bool = True, languages: list[str] | None = None) -> HomePage:
    """Make all pages of the skeleton that are missing, and return the German home page.

    Without languages in all that have texts. What an editor has changed since stays as it is; a second call
    makes nothing twice.
    """
    languages = languages or [code for code, _name in settings.LANGUAGES]
    home = open_site(office, demo=demo, languages=languages)
    for slug, kind in PAGES.items():
        _in_each_language(home, slug, kind, office, languages, demo=demo)
    return home


@transaction.atomic
def open_site(office: Office, *, demo: bool = True, languages: list[str] | None = None) -> HomePage:
    """Make what no website may lack, home page and legal pages, and return the German home page.

    Without languages in German and English alone.
    """
    languages = languages or [settings.LANGUAGE_CODE, "en"]
    home = _home(settings.LANGUAGE_CODE, office, demo=demo, original=None)
    follow_site_url(home)
    Page.objects.filter(depth=2, slug="home", content_type__model="page").delete()
    for language in languages:
        if language != settings.LANGUAGE_CODE and texts.is_written("home", language, demo=demo):
            _home(language, office, demo=demo, original=home)
    for slug in LEGAL_PAGES:
        _in_each_language(home, slug, ContentPage, office, languages, demo=demo)
    return home


def follow_site_url(home: Page | None = None) -> None:
    """Give Wagtail's one site the address in SITE_URL, and the home page if one is passed."""
    address = urlsplit(settings.SITE_URL)
    changes: dict[str, Any] = {
        "hostname": address.hostname or "localhost",
        "port": address.port or DEFAULT_PORTS[address.scheme],
        "site_name": settings.WAGTAIL_SITE_NAME,
    }
    if home is not None:
        changes["root_page"] = home
    site = Site.objects.filter(is_default_site=True).first()
    if site is None and home is None:
        return
    site = site or Site(is_default_site=True)
    for name, value in changes.items():
        setattr(site, name, value)
    site.save()


def publish(page: PageType, parent: Page) -> PageType:
    """Put the page below its parent, live from now on, and return it; the first version is an editor's."""
    page.first_published_at = page.last_published_at = timezone.now()
    parent.add_child(instance=page)
    return page


def _home(language: str, office: Office, *, demo: bool, original: HomePage | None) -> HomePage:
    locale = Locale.objects.get_or_create(language_code=language)[0]
    found: HomePage | None = HomePage.objects.filter(locale=locale, depth=2).first()
    if found:
        return found
    said = texts.words("home", language, office, demo=demo)
    home = HomePage(
        title=said["title"],
        seo_title=said["seo_title"],
        search_description=said.get("description", ""),
        slug=f"start-{language}",
        locale=locale,
        heading=said["heading"],
        lead=said["lead"],
        pictures=[("picture", described(*each)) for each in said.get("pictures", {}).items()],
        body=[(name, with_pictures(said[name])) for name in SECTIONS if name in said],
    )
    if original is not None:
        home.translation_key = original.translation_key
    return publish(home, Page.get_first_root_node())


def _in_each_language(
    home: HomePage, slug: str, kind: type[SitePage], office: Office, languages: list[str], *, demo: bool
) -> None:
    """Make the page below the German home page, and its translations below the homes of their languages."""
    original = home.get_children().filter(slug=slug).first()
    if original is None:
        said = texts.words(slug, settings.LANGUAGE_CODE, office, demo=demo)
        original = publish(_page(kind, slug, said, home.locale), home)
    for language in languages:
        if language == settings.LANGUAGE_CODE or not texts.is_written(slug, language, demo=demo):
            continue
        parent = home.get_translations().filter(locale__language_code=language).first()
        if parent is None or original.get_translation_or_none(parent.locale):
            continue
        page = _page(kind, slug, texts.words(slug, language, office, demo=demo), parent.locale)
        page.translation_key = original.translation_key
        publish(page, parent)


def _page(kind: type[SitePage], slug: str, said: texts.Words, locale: Locale) -> SitePage:
    page = kind(
        title=said["title"],
        slug=slug,
        locale=locale,
        lead=said.get("lead", ""),
        search_description=said.get("description", ""),
        show_in_menus=said.get("menu", False),
    )
    if isinstance(page, ContentPage):
        page.wording = said.get("wording", "")
        page.body = texts.blocks(with_pictures(said["body"]))
    return page
