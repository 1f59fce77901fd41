"""The whole matrix: a demo, all its pages in all languages, each in six looks, and how fast the first ones are."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from os import environ
from pathlib import Path
from queue import Empty, SimpleQueue

import requests
from django.conf import settings
from django.utils import timezone, translation
from playwright.sync_api import Browser, sync_playwright

from tests.crawl import story
from tests.crawl.answers import Answer, Outside
from tests.crawl.eyes import ALL_LOOKS, Eyes
from tests.crawl.report import AT_MOST, Report, commit
from tests.crawl.speed import measured
from tests.crawl.spider import Seen
from tests.crawl.walk import walk
from tests.faults.processes import Process, wait_for

CHROMIUM = environ.get("CHROMIUM") or shutil.which("chromium")
READING_SECONDS = 2.5
STARTING_SECONDS = 180
TELLING_SECONDS = 5
# What most laptops can do at the same time without slowing each other down.
WINDOWS = 2


class Progress:
    """Says every few seconds how far it has come."""

    def __init__(self, started: float) -> None:
        self.started = self.told = started

    def tell(self, text: str) -> None:
        """Print at once, unless something was told just before."""
        now = time.monotonic()
        if now - self.told >= TELLING_SECONDS:
            self.told = now
            say(f"{now - self.started:5.0f} s  {text}")


class Watched(Outside):
    """A visitor on the network who says how far it has come."""

    def __init__(self, base: str, progress: Progress) -> None:
        super().__init__(base)
        self.progress, self.count = progress, 0

    def get(self, path: str) -> Answer:
        """Ask for an address and follow where it leads."""
        self.count += 1
        self.progress.tell(f"{self.count} addresses asked for, now {path}")
        return super().get(path)


def crawl(folder: Path, only: str | None, seconds: float) -> int:
    """Write the report; answer 1 when something was found."""
    started = time.monotonic()
    progress, version = Progress(started), commit()
    languages = [code for code in story.languages() if only is None or code in only.split(",")]
    with demo(folder) as base, translation.override(settings.LANGUAGE_CODE):
        told = story.tell(timezone.now())
        site = walk(
            Watched(base, progress),
            base,
            told,
            AT_MOST,
            lambda: time.sleep(READING_SECONDS),
            languages,
        )
        say(f"{len(site.pages)} pages read")
        for finding in site.findings:
            say(": ".join(finding))
        with window() as browser:
            report = Report(site, [*site.findings], measured(browser, site), version)
        look_at_all(report, progress, started + seconds)
    report.seconds = time.monotonic() - started
    if only is None:
        report.write()
    else:
        say(report.text)
    say(report.summary)
    return int(bool(report.faults))


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """Run a demo in the folder and give its address."""
    process = Process([sys.executable, "manage.py", "demo"], dict(environ), folder / "demo.log")
    process.start()
    try:
        wait_for(lambda: is_ready(settings.SITE_URL), STARTING_SECONDS, "the demo")
        yield settings.SITE_URL
    finally:
        process.stop()


def is_ready(base: str) -> bool:
    """Tell whether the demo answers and has sent its mails, so that nothing moves below the crawler."""
    try:
        return requests.get(f"{base}/health/ready", timeout=5).status_code == requests.codes.ok
    except requests.RequestException:
        return False


@contextmanager
def window() -> Iterator[Browser]:
    """Open a browser."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        try:
            yield browser
        finally:
            browser.close()


def look_at_all(report: Report, progress: Progress, until: float) -> None:
    """Look at every page in every look, through several windows, until the time is up."""
    pages: SimpleQueue[Seen] = SimpleQueue()
    # One language after the other, so that some are complete when the time is up.
    for seen in sorted(report.site.pages, key=lambda seen: story.languages().index(seen.language)):
        pages.put(seen)

    def look() -> None:
        with window() as browser:
            eyes = Eyes(browser, report.site, Outside(report.site.base).get)
            while time.monotonic() < until and not pages.empty():
                with suppress(Empty):
                    seen = pages.get_nowait()
                    for finding in report.note(seen, eyes.look(seen, ALL_LOOKS)):
                        say(": ".join(finding))
                    progress.tell(f"{report.looked.total()} pages looked at, now {seen.answer.path}")
            eyes.close()

    with ThreadPoolExecutor(WINDOWS) as pool:
        lookers = [pool.submit(look) for _ in range(WINDOWS)]
        try:
            for looker in lookers:
                looker.result()
        finally:
            while not pages.empty():
                pages.get()


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
