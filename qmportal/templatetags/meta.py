"""What a page says about itself to search engines and to whoever shares its address."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.urls import translate_url
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qmportal.website.models import EventPage, NewsPage, SitePage
from qmportal.website.robots import LANGUAGES, OPEN_TO_ALL

register = template.Library()

# The one parameter that makes another page of a list.
PAGED = "seite"
# Without words, so that it fits every office and every language.
PREVIEW = "og.png"
PREVIEW_SIZE = "fill-1200x630|format-jpeg"

# What editors write for the name of the office, so that it follows the profile.
NAME: Final = "{name}"
# Open Graph wants a country with each language.
TERRITORIES: Final = {
    "ar": "ar_AR",
    "de": "de_DE",
    "en": "en_GB",
    "fa": "fa_IR",
    "pl": "pl_PL",
    "ru": "ru_RU",
    "tr": "tr_TR",
    "uk": "uk_UA",
}
OF_VIEWS: Final = {
    "booking:slots": (
        _("Free appointments"),
        _("Choose a time that suits you. You need no account."),
    ),
    "booking:calendar": (
        _("Our office hours in your calendar"),
        _("Subscribe once. Then your calendar shows when we are there and what is still free."),
    ),
    "booking:inquiry": (
        _("Write to us"),
        _("Do you have a question or an idea for the quarter? You need no account."),
    ),
    "booking:barrier": (
        _("Report a barrier"),
        _(
            "Does something on this website not work for you? Is something hard to understand? Please tell us."
        ),
    ),
}


class Alternate(NamedTuple):
    """Where a page stands in a language, "x-default" for all others."""

    language: str
    address: str


class Meta(NamedTuple):
    """Title, description and addresses of a page; only a page that is the same for everybody has an address."""

    title: str
    description: str
    address: str
    kind: str
    locale: str
    picture: str
    picture_text: str


@register.simple_tag(takes_context=True)
def page_meta(context: Context) -> Meta:
    """Return what the page says about itself."""
    page = context.get("page")
    page = page if isinstance(page, SitePage) else None
    office = context.get("office")
    picture, picture_text = _picture(page)
    request = context.get("request")
    title, description = _of_page(page) if page else _of_view(request)
    description = description.replace(NAME, office.name if office else "")
    return Meta(
        title=title,
        description=description,
        address=_address(request, page),
        kind="article" if isinstance(page, NewsPage | EventPage) else "website",
        locale=_locale(page),
        picture=picture,
        picture_text=picture_text or (office.name if office else ""),
    )


@register.simple_tag(takes_context=True)
def alternates(context: Context) -> list[Alternate]:
    """List for search engines where the page is written in which language, the same as the map of the site does.

    They take a language and a country, so a variant such as "de-simple" would be a mistake to them.
    """
    request, page = context.get("request"), context.get("page")
    match = request.resolver_match if request else None
    if request is None or match is None or PAGED in request.GET:
        return []
    if isinstance(page, SitePage):
        written = page.languages
    elif match.view_name in OPEN_TO_ALL:
        written = set(LANGUAGES)
    else:
        return []
    found = [
        Alternate(code, f"{settings.SITE_URL}{translate_url(request.path, code)}")
        for code in LANGUAGES
        if code in written
    ]
    default = [each.address for each in found if each.language == settings.LANGUAGE_CODE]
    return [*found, *(Alternate("x-default", address) for address in default)]


def _of_page(page: SitePage) -> tuple[str, str]:
    return page.seo_title or page.title, str(page.search_description or getattr(page, "lead", ""))


def _of_view(request: HttpRequest | None) -> tuple[str, str]:
    """Return title and first sentence of the product's own page, the same as stand on it."""
    match = request.resolver_match if request else None
    title, description = OF_VIEWS.get(match.view_name if match else "", ("", ""))
    return str(title), str(description)


def _address(request: HttpRequest | None, page: SitePage | None) -> str:
    """Return the one address of what is read: of a page that stands in for its translation, the German one."""
    if request is None or request.resolver_match is None:
        return ""
    number = request.GET.get(PAGED, "")
    query = f"?{PAGED}={number}" if number.isdecimal() and number != "1" else ""
    if page is not None:
        with translation.override(page.locale.language_code):
            path = page.url or ""
    elif request.resolver_match.view_name in OPEN_TO_ALL:
        path = request.path
    else:
        return ""
    return f"{settings.SITE_URL}{path}{query}"


def _locale(page: SitePage | None) -> str:
    language = page.language if page else get_language() or settings.LANGUAGE_CODE
    return TERRITORIES[language.split("-")[0]]


def _picture(page: SitePage | None) -> tuple[str, str]:
    picture: Any = getattr(page, "picture", None)
    if picture is not None:
        return f"{settings.SITE_URL}{picture.get_rendition(PREVIEW_SIZE).url}", str(picture.description)
    return f"{settings.SITE_URL}{static(PREVIEW)}", ""
