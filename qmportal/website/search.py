"""Looks through everything that visitors may read: pages, what can be booked, and who gives consultations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import Locale, Page
from wagtail.search.query import And, Or, PlainText

from booking.context import default_office
from booking.models import Host, Service
from booking.models.office import local
from qmportal.website import words
from qmportal.website.models import EventPage, NewsPage, SitePage
from qmportal.website.models.content import NOTHING_TO_SEE
from qmportal.website.models.tree import TOLD

LONGEST: Final = 100
MOST: Final = 50
EXCERPT: Final = 30
ENDS: Final = (".", "!", "?", ":", ";", ",", "…", "“", ")")
WAYS: Final = (
    ("booking:slots", _("Appointments")),
    ("booking:find", _("Find my booking")),
    ("booking:calendar", _("Subscribe to the calendar")),
    ("booking:inquiry", _("Contact")),
)


@dataclass(frozen=True)
class Found:
    """Something that answers the query. `language` is that of its words, `day` that of news and events."""

    kind: Promise | str
    title: str
    url: str
    language: str
    excerpt: str = ""
    day: date | None = None


def search(query: str, language: str) -> list[Found]:
    """Return what has all words of the query, the best first and MOST at the most; nothing for no words.

    Each page once, in the language if somebody has translated it.
    """
    wanted = words.asked(query)
    if not wanted:
        return []
    return [*_ways(wanted, language), *_offers(wanted, language), *_pages(wanted, language)][:MOST]


def _ways(wanted: list[set[str]], language: str) -> Iterator[Found]:
    for name, title in WAYS:
        if words.answers(str(title), wanted):
            yield Found(_("Page"), str(title), reverse(name), language)


def _offers(wanted: list[set[str]], language: str) -> Iterator[Found]:
    office, slots = default_office(), reverse("booking:slots")
    for service in Service.objects.filter(office=office, is_active=True):
        told = [service.title, service.description, *(topic["title"] for topic in service.topics)]
        if words.answers(" ".join(text for each in told for text in each.values()), wanted):
            title, more = local(service.title), local(service.description)
            yield Found(_("Service"), title, f"{slots}?angebot={service.slug}", language, more)
    for host in Host.objects.filter(office=office, is_active=True):
        if words.answers(" ".join([host.name, host.organisation, *host.role.values()]), wanted):
            yield Found(_("Person"), host.name, f"{slots}?person={host.slug}", language, local(host.role))


def _pages(wanted: list[set[str]], language: str) -> list[Found]:
    """Return pages whose titles answer, here or in German, before those whose text does."""
    keys = dict.fromkeys(page.translation_key for page in _hits(wanted, language))
    told: dict[Any, SitePage] = {}
    originals: dict[Any, SitePage] = {}
    for page in _shown(keys, language):
        if page.locale.language_code == settings.LANGUAGE_CODE:
            originals[page.translation_key] = page
            told.setdefault(page.translation_key, page)
        else:
            told[page.translation_key] = page
    # A translation without a page in the German tree has no address.
    found = [(told[key], originals[key]) for key in keys if key in originals]
    found.sort(key=lambda pair: not words.answers(f"{pair[0].title} {pair[1].title}", wanted))
    return [_found(page, original, wanted) for page, original in found[:MOST]]


def _hits(wanted: list[set[str]], language: str) -> Any:
    """Ask the database's own index, which sifts by the columns of all pages alone."""
    query = And([Or([PlainText(each) for each in sorted(either)]) for either in wanted])
    locales = Locale.objects.filter(language_code__in={settings.LANGUAGE_CODE, language})
    pages = Page.objects.live().filter(locale__in=list(locales))
    return pages.autocomplete(query)[: 2 * MOST].get_queryset()


def _shown(keys: Iterable[Any], language: str) -> Iterator[SitePage]:
    """Return the pages with the keys that anybody may see, in German and in the language."""
    languages = {settings.LANGUAGE_CODE, language}
    pages = Page.objects.public().exclude(NOTHING_TO_SEE).filter(TOLD, locale__language_code__in=languages)
    spoken = {locale.pk: locale for locale in Locale.objects.filter(language_code__in=languages)}
    for page in pages.filter(translation_key__in=keys).specific():
        page.locale = spoken[page.locale_id]
        yield page


def _found(page: SitePage, original: SitePage, wanted: list[set[str]]) -> Found:
    page.original = original
    address = reverse("wagtail_serve", args=(original.url_path.split("/", 2)[2],))
    return Found(_kind(page), page.title, address, page.language, _excerpt(page, wanted), _day(original))


def _kind(page: SitePage) -> Promise:
    return {NewsPage: pgettext_lazy("search", "News"), EventPage: _("Event")}.get(type(page), _("Page"))


def _day(page: SitePage) -> date | None:
    if isinstance(page, EventPage):
        return timezone.localdate(page.starts_at)
    return page.day if isinstance(page, NewsPage) else None


def _excerpt(page: SitePage, wanted: list[set[str]]) -> str:
    """Return the first sentence of the page, or its words around the first that was looked for."""
    lead = str(getattr(page, "lead", ""))
    if lead and words.answers(f"{page.title} {lead}", wanted):
        return lead
    # The title stands above it.
    parts = page.sayings[1:]
    ended = (part if part.endswith(ENDS) else f"{part} ·" for part in parts[:-1])
    text, any_of_them = " ".join([*ended, *parts[-1:]]).split(), [set[str]().union(*wanted)]
    at = next((i for i, word in enumerate(text) if words.answers(word, any_of_them)), 0)
    begin = max(0, at - EXCERPT // 3)
    around = Truncator(" ".join(text[begin:])).words(EXCERPT, truncate=" …")
    return f"… {around}" if begin else around
