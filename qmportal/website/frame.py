"""The ways that every page offers, read from the tree in one query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy
from wagtail.models import Page

from qmportal.website.models.content import NOTHING_TO_SEE, Wording
from qmportal.website.models.tree import TOLD

USUAL_NAMES: Final[dict[str, Promise]] = {
    "newsindexpage": pgettext_lazy("menu", "News"),
    "eventindexpage": pgettext_lazy("menu", "Events"),
    "fundpage": pgettext_lazy("menu", "Project money"),
    "partnerspage": pgettext_lazy("menu", "Partners"),
    "signlanguagepage": pgettext_lazy("menu", "Sign language"),
}
# Below the root of all pages lie the home pages, and below these the sections.
SECTIONS = 3


@dataclass(frozen=True)
class Way:
    """A link to a page, in the active language; `language` is that of its title."""

    title: str
    url: str
    language: str


@dataclass(frozen=True)
class Frame:
    """Sections for the menu, and the pages in simple and in sign language and the news' feed where there are some."""

    sections: list[Way] = field(default_factory=list)
    simple: Way | None = None
    signed: Way | None = None
    news_feed: str = ""


def frame(language: str) -> Frame:
    """Return the ways to the pages below the German home page, with titles in the language if translated.

    A page that is not for everybody is not among them.
    """
    rows = (
        Page.objects.filter(
            TOLD,
            depth=SECTIONS,
            view_restrictions=None,
            locale__language_code__in={settings.LANGUAGE_CODE, language},
        )
        .exclude(NOTHING_TO_SEE)
        .order_by("path")
        .values(
            "title",
            "url_path",
            "translation_key",
            "show_in_menus",
            "locale__language_code",
            "contentpage__wording",
            "signlanguagepage__video",
            "content_type__model",
        )
    )
    here = {row["translation_key"]: row for row in rows if row["locale__language_code"] == language}
    sections, simple, signed, news_feed = [], None, None, ""
    for row in rows:
        if row["locale__language_code"] != settings.LANGUAGE_CODE:
            continue
        way = _way(row["url_path"], here.get(row["translation_key"], row), language)
        if row["content_type__model"] == "newsindexpage":
            news_feed = news_feed or f"{way.url}feed/"
        if row["contentpage__wording"] == Wording.SIMPLE:
            simple = simple or way
        elif row["signlanguagepage__video"]:
            signed = way
        elif row["show_in_menus"]:
            sections.append(way)
    return Frame(sections, simple, signed, news_feed)


def _way(url_path: str, told: dict[str, str], language: str) -> Way:
    """Name the page by its title; where only German has one, by what every office calls pages of this kind."""
    address = reverse("wagtail_serve", args=(url_path.split("/", 2)[2],))
    usual = USUAL_NAMES.get(told["content_type__model"])
    if usual and told["locale__language_code"] != language:
        return Way(str(usual), address, language)
    return Way(told["title"], address, told["locale__language_code"])
