"""Make the demo's files from their SVG sources: `python qmportal/website/pictures/draw.py [name …]`.

Needs Chromium; the machine that runs the demo has none, so that what comes out is committed.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).resolve().parent
COLOURS = 40


def main(names: list[str]) -> None:
    """Write the WebP file beside each source, or beside those that are named."""
    with sync_playwright() as playwright:
        # The logos are set in the website's own font, which lies in another folder.
        arguments = ["--no-sandbox", "--allow-file-access-from-files"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        for source in sources(names):
            picture = rasterised(browser, source).quantize(COLOURS, dither=Image.Dither.NONE)
            picture.convert("RGB").save(source.with_suffix(".webp"), lossless=True, quality=60, method=4)
        browser.close()


def sources(names: list[str]) -> Iterable[Path]:
    """Return the sources that are named, else all."""
    return [HERE / f"{name}.svg" for name in names] or sorted(HERE.glob("*.svg"))


def rasterised(browser: Browser, source: Path) -> Image.Image:
    """Return the drawing in the size that its own attributes say."""
    root = ElementTree.fromstring(source.read_text(encoding="utf-8"))  # noqa: S314 - our own file
    width, height = int(root.attrib["width"]), int(root.attrib["height"])
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(source.as_uri())
    shot = Image.open(BytesIO(page.screenshot()))
    page.close()
    return shot.convert("RGB")


if __name__ == "__main__":
    main(sys.argv[1:])
