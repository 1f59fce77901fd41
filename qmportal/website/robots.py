"""What the website tells machines: which pages there are, which to leave alone, and whom to tell of a hole."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from booking.context import default_office
from qmportal.website.models.content import NOTHING_TO_SEE
from qmportal.website.models.tree import TOLD

# Simple language is German to a search engine.
LANGUAGES: Final = [code for code, _name in settings.LANGUAGES if code != "de-simple"]
# The pages of the product that are the same for everybody.
OPEN_TO_ALL: Final = ("booking:slots", "booking:calendar", "booking:inquiry", "booking:barrier")
# RFC 9116 wants less than a year.
SECURITY_NOTE_LASTS: Final = timedelta(days=180)


class OurSitemap(Sitemap[Any]):
    """Addresses from SITE_URL, in the languages that search engines know."""

    i18n = alternates = x_default = True
    languages = LANGUAGES

    def get_protocol(self, protocol: str | None = None) -> str:
        """Return that of SITE_URL."""
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        """Return that of SITE_URL, with its port."""
        return urlsplit(settings.SITE_URL).netloc


class ProductMap(OurSitemap):
    """Free times, calendar and the ways to write to the office."""

    def items(self) -> tuple[str, ...]:
        """Return the names of their addresses."""
        return OPEN_TO_ALL

    def location(self, item: str) -> str:
        """Return the address in the active language."""
        return reverse(item)


class PagesMap(OurSitemap):
    """The live pages of the German tree, each in the languages that somebody has translated it to."""

    def items(self) -> list[dict[str, Any]]:
        """Return what the map needs of each page, in two queries for any number of them."""
        site = Site.objects.select_related("root_page").filter(is_default_site=True).first()
        if site is None:
            return []
        pages = _public(site.root_page.get_descendants(inclusive=True)).order_by("path")
        rows = list(pages.values("url_path", "last_published_at", "translation_key"))
        told = Page.objects.filter(TOLD, translation_key__in=[row["translation_key"] for row in rows])
        languages: dict[Any, set[str]] = {}
        for key, language in told.values_list("translation_key", "locale__language_code"):
            languages.setdefault(key, set()).add(language)
        return [row | {"languages": languages.get(row["translation_key"], set())} for row in rows]

    def get_languages_for_item(self, item: dict[str, Any]) -> list[str]:
        """Return the languages of its text."""
        return [code for code in LANGUAGES if code in item["languages"]]

    def location(self, item: dict[str, Any]) -> str:
        """Return the address in the active language."""
        return reverse("wagtail_serve", args=(item["url_path"].split("/", 2)[2],))

    def lastmod(self, item: dict[str, Any]) -> datetime | None:
        """Return when the German page was last published."""
        changed: datetime | None = item["last_published_at"]
        return changed


SITEMAPS: Final = {"pages": PagesMap, "product": ProductMap}


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Keep crawlers from bookings, the back end and searches, and show them the map."""
    context = {"sitemap": f"{settings.SITE_URL}{reverse('sitemap')}"}
    return render(request, "robots.txt", context, content_type="text/plain; charset=utf-8")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say who wants to hear of a hole in the portal (RFC 9116)."""
    office = default_office()
    until = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + SECURITY_NOTE_LASTS
    context = {
        "mailbox": office.email if office else settings.DEFAULT_FROM_EMAIL,
        "until": f"{until:%Y-%m-%dT%H:%M:%SZ}",
        "address": f"{settings.SITE_URL}{request.path}",
    }
    return render(request, "security.txt", context, content_type="text/plain; charset=utf-8")


def _public(pages: Any) -> QuerySet[Page]:
    shown: QuerySet[Page] = pages.live().public().exclude(NOTHING_TO_SEE)
    return shown
