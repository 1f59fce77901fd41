"""Make the icons of phones and old browsers, and the picture of a shared link, from their SVG sources.

`python qmportal/website/pictures/icons.py`; needs Chromium, so that what comes out is committed.
"""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ICONS = Path(__file__).resolve().parents[2] / "assets" / "icons"
# Phones cut their own corners: these icons fill the square.
SIZES = {"apple-touch-icon.png": 180, "icon-192.png": 192, "icon-512.png": 512}


def main() -> None:
    """Write every icon."""
    rounded = (ICONS / "favicon.svg").read_text(encoding="utf-8")
    square = rounded.replace(' rx="6"', "")
    shared = (ICONS / "og.svg").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, side in SIZES.items():
            drawn(browser, square, side, side).convert("RGB").quantize(32).save(ICONS / name, optimize=True)
        drawn(browser, rounded, 32, 32).save(ICONS / "favicon.ico", sizes=[(16, 16), (32, 32)])
        drawn(browser, shared, 1200, 630).convert("RGB").quantize(48).save(ICONS / "og.png", optimize=True)
        browser.close()


def drawn(browser: Browser, svg: str, width: int, height: int) -> Image.Image:
    """Return the drawing in the size, transparent where nothing is drawn."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_content(
        f"<style>body {{ margin: 0 }} svg {{ display: block; width: 100vw; height: 100vh }}</style>{svg}"
    )
    shot = Image.open(BytesIO(page.screenshot(omit_background=True)))
    page.close()
    return shot.convert("RGBA")


if __name__ == "__main__":
    main()
