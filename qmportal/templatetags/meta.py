"""What a page says about itself to search engines and to whoever shares its address."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import get_language

from qmportal.website.models import EventPage, NewsPage, SitePage
from qmportal.website.robots import OPEN_TO_ALL

register = template.Library()

# The one parameter that makes another page of a list.
PAGED = "seite"
# Without words, so that it fits every office and every language.
PREVIEW = "og.png"
PREVIEW_SIZE = "fill-1200x630|format-jpeg"


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
    return Meta(
        title=(page.seo_title or page.title) if page else "",
        description=_description(page),
        address=_address(context.get("request"), page),
        kind="article" if isinstance(page, NewsPage | EventPage) else "website",
        locale=_locale(page),
        picture=picture,
        picture_text=picture_text or (office.name if office else ""),
    )


def _description(page: SitePage | None) -> str:
    return str(page.search_description or getattr(page, "lead", "")) if page else ""


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
    return translation.to_locale(language.split("-")[0])


def _picture(page: SitePage | None) -> tuple[str, str]:
    picture: Any = getattr(page, "picture", None)
    if picture is not None:
        return f"{settings.SITE_URL}{picture.get_rendition(PREVIEW_SIZE).url}", str(picture.description)
    return f"{settings.SITE_URL}{static(PREVIEW)}", ""
