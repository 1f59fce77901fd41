"""Reads what the pages say: a file for each page and language, below `texts/start/` for every office.

`texts/demo/` has what only the demo office says; its words stand in for those of the start.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final

from django.utils import timezone
from django.utils.html import escape

from booking.models import Office
from qmportal.website.demo.authorities import barrier_authority, privacy_authority

TEXTS: Final = Path(__file__).parent.parent / "texts"
OF_THE_OFFICE: Final = (
    "name",
    "street",
    "postal_code",
    "city",
    "phone",
    "email",
    "retention_days",
    "answer_days",
)
IN_BRACES: Final = re.compile(r"\{(\w+)\}")

Words = dict[str, Any]
Blocks = list[tuple[str, Any]]


def is_written(name: str, language: str, *, demo: bool) -> bool:
    """Whether anybody has written the page in the language."""
    return any(path.exists() for path in _paths(name, language, demo=demo))


def words(name: str, language: str, office: Office, *, demo: bool) -> Words:
    """Return what the page says in the language, filled in with the office's own data."""
    found: Words = {}
    for path in _paths(name, language, demo=demo):
        if path.exists():
            text = path.read_text(encoding="utf-8")
            found |= _from_html(text) if path.suffix == ".html" else tomllib.loads(text)
    filled: Words = _filled(found, _values(office))
    return filled


def blocks(body: list[Words]) -> Blocks:
    """Return the parts of a page's body as a stream: the one key of each part names its block."""
    return [item for part in body for item in part.items()]


def _paths(name: str, language: str, *, demo: bool) -> list[Path]:
    folders = ("start", "demo") if demo else ("start",)
    return [TEXTS / folder / f"{name}.{language}.{kind}" for folder in folders for kind in ("html", "toml")]


def _from_html(text: str) -> Words:
    """Read title, first sentence where one is marked, and headings with the paragraphs between them."""
    title, rest = re.split(r"</h1>", text, maxsplit=1)
    lead = re.match(r'\s*<p class="lead">(.*?)</p>', rest, flags=re.DOTALL)
    rest = rest[lead.end() :] if lead else rest
    parts = re.split(r"<h2>(.*?)</h2>", rest, flags=re.DOTALL)
    body = [{"text" if i % 2 == 0 else "heading": part.strip()} for i, part in enumerate(parts)]
    return {
        "title": title.strip().removeprefix("<h1>"),
        "lead": lead[1].strip() if lead else "",
        "body": [part for part in body if all(part.values())],
    }


def _values(office: Office) -> dict[str, str]:
    """Return what stands for each name in braces; what an office lacks reads well all the same."""
    return {name: str(getattr(office, name)) for name in OF_THE_OFFICE} | {
        "carrier": office.carrier or office.name,
        "district": office.district or office.city,
        "state": office.get_state_display(),
        "privacy_authority": privacy_authority(office.state),
        "barrier_authority": barrier_authority(office.state),
        "day": f"{timezone.localdate():%d.%m.%Y}",
    }


def _filled(said: Any, values: dict[str, str]) -> Any:
    """Fill in every text; what begins with a tag is HTML, in which a name stays text."""
    if isinstance(said, dict):
        return {key: _filled(each, values) for key, each in said.items()}
    if isinstance(said, list):
        return [_filled(each, values) for each in said]
    if not isinstance(said, str):
        return said
    written = escape if said.lstrip().startswith("<") else str
    return IN_BRACES.sub(lambda found: written(values.get(found[1], found[0])), said)
