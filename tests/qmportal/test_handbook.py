"""The handbook of those who work in the office says what their screens say."""

from __future__ import annotations

import re
import runpy
from functools import cache
from pathlib import Path

import polib
import pytest
import wagtail.admin
from PIL import Image

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
HANDBOOK = ROOT / "docs/handbuch"
CHAPTERS = sorted(path.name for path in HANDBOOK.glob("*.md"))
OURS = ROOT / "locale/de/LC_MESSAGES/django.po"
WAGTAILS = Path(wagtail.admin.__file__).parent / "locale/de/LC_MESSAGES/django.po"
# Only there do people meet the pages of Wagtail; elsewhere one word of its menu.
SPEAKS_OF_WAGTAIL = "website.md"
OF_WAGTAILS_MENU = {"Einstellungen"}
MOST_BYTES = 1_500_000
WIDEST = 1280


def text_of(chapter: str) -> str:
    return (HANDBOOK / chapter).read_text(encoding="utf-8")


@cache
def texts_in(catalogue: Path) -> re.Pattern[str]:
    """Return what matches any German text of the catalogue, with whatever stands for its placeholders."""
    entries = polib.pofile(str(catalogue))
    texts = {text for entry in entries for text in (entry.msgstr, *entry.msgstr_plural.values()) if text}
    patterns = (re.sub(r"%\\?\(\w+\\?\)[sd]", ".+", re.escape(text)) for text in sorted(texts))
    # Wagtail writes the first letter of a label large.
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def quoted(chapter: str) -> list[str]:
    return [" ".join(words.split()) for words in re.findall(r"„([^“]+)“", text_of(chapter))]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_button_that_the_handbook_names_is_on_a_screen(chapter: str) -> None:
    known = [OURS, WAGTAILS] if chapter == SPEAKS_OF_WAGTAIL else [OURS]
    words_left = {
        words for words in quoted(chapter) if not any(texts_in(each).fullmatch(words) for each in known)
    }
    assert words_left - OF_WAGTAILS_MENU == set()


def test_the_handbook_shows_every_picture_there_is() -> None:
    shown = [name for chapter in CHAPTERS for name in re.findall(r"!\[[^]]+\]\(([^)]+)\)", text_of(chapter))]
    assert sorted(shown) == sorted(f"bilder/{path.name}" for path in (HANDBOOK / "bilder").iterdir())


def test_the_pictures_are_small() -> None:
    pictures = list((HANDBOOK / "bilder").iterdir())
    assert sum(path.stat().st_size for path in pictures) < MOST_BYTES
    assert [path.name for path in pictures if width_of(path) > WIDEST] == []


def width_of(picture: Path) -> int:
    with Image.open(picture) as opened:
        return opened.width


def test_the_contents_lead_to_every_page() -> None:
    linked = {
        target.partition("#")[0] for target in re.findall(r"\]\(([\w-]+\.md[^)]*)\)", text_of("README.md"))
    }
    assert sorted(linked | {"README.md"}) == CHAPTERS


def test_the_print_is_of_these_texts_and_pictures() -> None:
    """`make handbook` prints it again."""
    printed = (ROOT / "booking/staff/static/staff/handbuch.pdf").read_bytes()
    assert f"(Handbuch {fingerprint()})".encode() in printed


def fingerprint() -> str:
    """Run the printer's own function: docs/ is no package."""
    return str(runpy.run_path(str(HANDBOOK / "drucken.py"))["fingerprint"]())
