from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from qmportal import settings as portal

BUILT = Path(portal.BASE_DIR) / "static" / "build"
STYLES = Path(portal.BASE_DIR) / "qmportal" / "assets" / "styles"
BUDGET = 60_000  # bytes; leaves 40 kB of the 100 for the page itself

built = pytest.mark.skipif(not (BUILT / "site.css").exists(), reason="the style sheet is not built")


def packed(path: Path) -> int:
    """Return the bytes on the wire; fonts are packed already."""
    content = path.read_bytes()
    return len(content) if path.suffix == ".woff2" else len(gzip.compress(content))


@built
def test_a_first_visit_stays_within_its_budget() -> None:
    # Cyrillic letters included, though only who reads them fetches them.
    files = [BUILT / "site.css", BUILT / "favicon.svg", *(BUILT / "fonts").iterdir()]
    assert sum(packed(path) for path in files) <= BUDGET


@built
def test_every_font_and_picture_of_the_sheet_is_there() -> None:
    sheet = (BUILT / "site.css").read_text()
    wanted = {address.strip("\"'") for address in re.findall(r"url\(([^)]+)\)", sheet)}
    files = {address for address in wanted if not address.startswith("data:")}
    assert files == {
        f"fonts/fira-sans{script}-{weight}.woff2" for script in ("", "-cyrillic") for weight in (400, 600)
    }
    assert [address for address in files if not (BUILT / address).exists()] == []


@built
def test_every_letter_of_ukrainian_and_russian_is_in_the_cyrillic_fonts() -> None:
    alphabet = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяёъыэ"
    for weight in (400, 600):
        font = TTFont(BUILT / "fonts" / f"fira-sans-cyrillic-{weight}.woff2")
        assert {ord(letter) for letter in alphabet + alphabet.upper()} <= set(font.getBestCmap())


@built
def test_the_sheet_for_right_to_left_is_mirrored() -> None:
    sheet, mirrored = (BUILT / "site.css").read_text(), (BUILT / "site.rtl.css").read_text()
    assert sheet.count("padding-right") != mirrored.count("padding-right")


def test_our_own_sheet_says_start_and_end_instead_of_left_and_right() -> None:
    written = "".join(path.read_text() for path in STYLES.glob("*.css"))
    rules = re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL)
    assert re.findall(r"(?:margin|padding|border)-(?:left|right)|text-align: (?:left|right)", rules) == []


def luminance(colour: str) -> float:
    """Return the relative luminance of "#rrggbb" or "#rgb" (WCAG 2.2)."""
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_text_colour_is_readable_on_every_background(theme: int) -> None:
    blocks = re.findall(r":root \{(.*?)\}", (STYLES / "site.css").read_text(), flags=re.DOTALL)
    colours = dict(re.findall(r"--qm-([\w-]+): (#\w+)", blocks[theme]))
    grounds = [colours[name] for name in ("ground", "surface", "tint")]
    texts = [colours[name] for name in ("ink", "muted", "accent", "accent-strong")]
    assert min(contrast(text, ground) for text in texts for ground in grounds) >= 4.5
    assert contrast(colours["on-accent"], colours["accent"]) >= 7
