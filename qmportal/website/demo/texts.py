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

TEXTS: Final = Path(__file__).parent.parent / "texts"
# What changes more often than a page is written anew shows itself: blocks.home.OfficeBlock.
OF_THE_OFFICE: Final = ("name", "phone")
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
    # The page fills in this one whenever it is shown.
    return filled | {key: found[key] for key in ("description",) if key in found}


def blocks(body: list[Words]) -> Blocks:
    """Return the parts of a page's body as a stream: the one key of each part names its block."""
    return [item for part in body for item in part.items()]


def _paths(name: str, language: str, *, demo: bool) -> list[Path]:
    folders = ("start", "demo") if demo else ("start",)
    return [TEXTS / folder / f"{name}.{language}.{kind}" for folder in folders for kind in ("html", "toml")]


def _from_html(text: str) -> Words:
    """Read title, first sentence where one is marked, headings with the paragraphs between them, and the office."""
    title, rest = re.split(r"</h1>", text, maxsplit=1)
    lead = re.match(r'\s*<p class="lead">(.*?)</p>', rest, flags=re.DOTALL)
    rest = rest[lead.end() :] if lead else rest
    parts = re.split(r"(<h2>.*?</h2>|<office>\w+</office>)", rest, flags=re.DOTALL)
    return {
        "title": title.strip().removeprefix("<h1>"),
        "lead": lead[1].strip() if lead else "",
        "body": [_part(part) for part in parts if part.strip()],
    }


def _part(html: str) -> Words:
    if html.startswith("<h2>"):
        return {"heading": html[len("<h2>") : -len("</h2>")]}
    if html.startswith("<office>"):
        return {"office": {"shows": html[len("<office>") : -len("</office>")]}}
    return {"text": html.strip()}


def _values(office: Office) -> dict[str, str]:
    """Return what stands for each name in braces."""
    return {name: str(getattr(office, name)) for name in OF_THE_OFFICE} | {
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
