"""Websites that may show ours in a frame, as the environment names them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def origins(text: str) -> list[str]:
    """Return the https origins in the text, separated by spaces or commas.

    Raises ImproperlyConfigured for anything else: what is meant to be one website must not open the door to others.
    """
    return [_origin(each) for each in re.split(r"[\s,]+", text.strip()) if each]


def _origin(typed: str) -> str:
    try:
        parts = urlsplit(typed)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    origin = f"https://{host}" + (f":{port}" if port else "")
    # A wildcard, a path, a user name or another scheme leaves something that the origin does not have.
    if not re.fullmatch(r"[a-z0-9.-]+", host) or typed.rstrip("/").casefold() != origin:
        message = (
            f"EMBED_ORIGINS: {typed!r} is no https origin like https://www.example.org. See docs/betrieb.md."
        )
        raise ImproperlyConfigured(message)
    return origin
