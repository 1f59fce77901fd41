"""Take the picture of the README from a running demo: `python docs/pictures/take.py http://127.0.0.1:8000`."""

from __future__ import annotations

import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

TARGET = Path(__file__).resolve().parent / "readme.png"
HEIGHT, GAP, BACKGROUND = 820, 32, "#dfe5e4"
# The home page on a desk, the free times on a phone.
SCREENS = [("/", 1120), ("/termine/", 390)]


def main(address: str) -> None:
    """Write both screens side by side."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        shots = [screen(browser, f"{address}{path}", width) for path, width in SCREENS]
        browser.close()
    side_by_side(shots).quantize(128).save(TARGET, optimize=True)


def screen(browser: Browser, url: str, width: int) -> Image.Image:
    """Photograph the first screen of a page as a German visitor sees it, without JavaScript."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        locale="de-DE",
        timezone_id="Europe/Berlin",
        java_script_enabled=False,
        is_mobile=True,  # no room left for a scroll bar
    )
    page = context.new_page()
    page.goto(url)
    shot = Image.open(BytesIO(page.screenshot()))
    context.close()
    return shot


def side_by_side(shots: list[Image.Image]) -> Image.Image:
    """Put the pictures next to each other on a calm ground."""
    width = sum(shot.width + GAP for shot in shots) + GAP
    board = Image.new("RGB", (width, HEIGHT + 2 * GAP), BACKGROUND)
    left = GAP
    for shot in shots:
        board.paste(shot, (left, GAP))
        left += shot.width + GAP
    return board


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
