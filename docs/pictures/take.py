"""Take the pictures of the documents from a running demo: `python docs/pictures/take.py http://127.0.0.1:8000`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).resolve().parent
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
SHOTS = [
    ("start", "/", DESK),
    ("termine", "/termine/", PHONE),
]


def main(address: str) -> None:
    """Write one PNG for each line of SHOTS, and the time table and home page side by side for the README."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, path, size in SHOTS:
            take(browser, f"{address}{path}", size, HERE / f"{name}.png")
        browser.close()


def take(browser: Browser, url: str, size: dict[str, int], target: Path) -> None:
    """Photograph the first screen of a page as a German visitor sees it, without JavaScript."""
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        locale="de-DE",
        timezone_id="Europe/Berlin",
        java_script_enabled=False,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(url)
    page.screenshot(path=target)
    context.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
