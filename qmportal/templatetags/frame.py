"""What stands around every page: the ways on, and who pays for the office."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.utils.translation import get_language

from qmportal.website import frame as tree

register = template.Library()


@register.simple_tag
def ways() -> tree.Frame:
    """Return the ways to the sections of the website, in the active language."""
    return tree.frame(get_language() or settings.LANGUAGE_CODE)


@register.simple_tag(takes_context=True)
def current(context: Context, url: str) -> str:
    """Say what the address is to a reader of this page: "page" for the page itself, "true" for one above it."""
    request: HttpRequest | None = context.get("request")
    if request is None or not request.path.startswith(url):
        return ""
    return "page" if request.path == url else "true"
