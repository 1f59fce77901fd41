"""Which languages people read us in, and when the office's own has to stand below."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language

# What the people of the office read, and their colleagues whom a resident shows her mail to.
OF_THE_OFFICE = settings.LANGUAGE_CODE


def family(language: str) -> str:
    """Return the language without its variant: Einfache Sprache is German."""
    return language.partition("-")[0]


def known(language: str) -> str:
    """Return the language, or the office's own in place of one that we do not speak."""
    return language if language in dict(settings.LANGUAGES) else OF_THE_OFFICE


def needs_translation(language: str | None = None) -> bool:
    """Tell whether the office cannot read a text in the language (default: the active one)."""
    return family(language or get_language() or OF_THE_OFFICE) != family(OF_THE_OFFICE)
