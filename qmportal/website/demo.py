"""The first pages of an office's website, in every language that has texts: for the demo and for a real start."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.html import escape
from wagtail.models import Locale, Page, Site

from booking.models import Office
from qmportal.website.models import ContentPage, HomePage

TEXTS = Path(__file__).parent / "texts"
SECTIONS = ("steps", "walk_in", "tasks", "voices", "news")
LEGAL_PAGES = ("impressum", "datenschutz", "barrierefreiheit")
DEFAULT_PORTS = {"http": 80, "https": 443}

Words = dict[str, Any]
PageType = TypeVar("PageType", bound=Page)


@transaction.atomic
def build_site(office: Office, *, demo: bool = True) -> HomePage:
    """Make the home page and the legal pages where they are missing, and return the German home page.

    What an editor has changed since stays as it is; a second call makes nothing twice.
    """
    home = _home(settings.LANGUAGE_CODE, demo=demo, original=None)
    _legal_pages(home, office)
    follow_site_url(home)
    Page.objects.filter(depth=2, slug="home", content_type__model="page").delete()
    for language, _ in settings.LANGUAGES:
        if language != settings.LANGUAGE_CODE and (TEXTS / f"home.{language}.toml").exists():
            _legal_pages(_home(language, demo=demo, original=home), office)
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


def _home(language: str, *, demo: bool, original: HomePage | None) -> HomePage:
    locale = Locale.objects.get_or_create(language_code=language)[0]
    found: HomePage | None = HomePage.objects.filter(locale=locale, depth=2).first()
    if found:
        return found
    words = _words(f"home.{language}.toml")
    if demo:
        words |= _words(f"demo.{language}.toml")
    home = HomePage(
        title=words["title"],
        seo_title=words["seo_title"],
        slug=f"start-{language}",
        locale=locale,
        heading=words["heading"],
        lead=words["lead"],
        body=[_section(name, words[name]) for name in SECTIONS if name in words],
    )
    if original is not None:
        home.translation_key = original.translation_key
    return _publish(home, Page.get_first_root_node())


def _section(name: str, words: Words) -> tuple[str, Words]:
    return name, words | {"date": timezone.localdate()} if name == "news" else words


def _legal_pages(home: HomePage, office: Office) -> None:
    original = HomePage.objects.get(
        translation_key=home.translation_key, locale__language_code=settings.LANGUAGE_CODE
    )
    for slug in LEGAL_PAGES:
        if home.get_children().filter(slug=slug).exists():
            continue
        title, body = _legal_text(f"{slug}.{home.locale.language_code}.html", office)
        page = ContentPage(title=title, slug=slug, locale=home.locale, body=body)
        if original.pk != home.pk:
            page.translation_key = original.get_children().get(slug=slug).translation_key
        _publish(page, home)


def _publish(page: PageType, parent: Page) -> PageType:
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def _words(file: str) -> Words:
    words: Words = tomllib.loads((TEXTS / file).read_text(encoding="utf-8"))
    return words


def _legal_text(file: str, office: Office) -> tuple[str, list[tuple[str, str]]]:
    """Read a text's title, and its headings and the paragraphs between them as blocks."""
    title, rest = re.split(r"</h1>", _filled(file, office), maxsplit=1)
    parts = re.split(r"<h2>(.*?)</h2>", rest)
    blocks = [("text" if i % 2 == 0 else "heading", part.strip()) for i, part in enumerate(parts)]
    return title.removeprefix("<h1>"), [block for block in blocks if block[1]]


def _filled(file: str, office: Office) -> str:
    """Read a text with the office's own name, address and state in it."""
    text = (TEXTS / file).read_text(encoding="utf-8")
    for field in ("name", "street", "postal_code", "city", "phone", "email"):
        text = text.replace(f"{{{field}}}", escape(getattr(office, field)))
    return text.replace("{state}", office.get_state_display())
