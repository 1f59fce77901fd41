"""Texts of people made safe for one line of a calendar or a mail."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from django.utils.translation import get_language_bidi

# Control characters, lone surrogates, and the separators at which lenient readers break a line (Zl, Zp).
UNSAFE = {"Cc", "Cs", "Zl", "Zp"}
# An override of the writing direction that nobody closes would turn the rest of the line.
DIRECTION = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
MARK = "\u200e"
LOCAL_PART = "!$&'*+-/=^_`{|}~."


def one_line(text: str) -> str:
    """Return the text without control characters, on one line, with single spaces."""
    kept = (" " if unicodedata.category(char) in UNSAFE else char for char in text.translate(DIRECTION))
    return " ".join("".join(kept).split())


def lines(text: str) -> list[str]:
    """Return the lines of the text that say something, each made safe."""
    return [line for raw in text.splitlines() if (line := one_line(raw))]


def left_to_right(text: str) -> str:
    """Mark a phone number or a code so that a line of Arabic or Persian keeps the order of its groups.

    By the oldest of the invisible marks: all programs know it, and it opens nothing that would have to be closed.
    """
    return f"{MARK}{text}{MARK}" if text and get_language_bidi() else text


def common_name(name: str) -> str:
    """Return a name for a CN parameter, without the signs that RFC 6868 would write as `^'` and `^^`."""
    return one_line(name.replace('"', "").replace("^", ""))


def mailbox(address: str) -> str:
    """Return the address as the path of a mailto URI (RFC 6068), its domain in ASCII."""
    local, _, domain = one_line(address).rpartition("@")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        domain = quote(domain)
    return f"{quote(local, safe=LOCAL_PART)}@{domain}"
