"""What a first visit costs: bytes as they are sent, and when the largest thing stands still on a slow phone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page

from tests.crawl.spider import Seen, Site

FIRST_PAGES = ("HomePage", "booking:slots")
# A script of its own from right to left, and the one with fonts on top of the Latin ones.
MEASURED, MEASURED_IN = (*FIRST_PAGES, "NewsPage", "form"), ("de", "ar", "uk")
BUDGET, FILES = 100_000, 3
# Dots of a phone's screen for each pixel of a style sheet, as Lighthouse takes them: they choose the pictures.
DENSITY = 2.625
# The seconds are an aim that is told, no limit: they hang on the machine. A hundredth is nothing that an eye sees.
LARGEST_AIM, SHIFT_WITHIN = 1.0, 0.01
# Times slower than this machine.
SLOW = 4
# Tenths of a second in which the browser may tell when it has painted.
PATIENCE = 30
WATCH = """
window.seen = {largest: 0, shift: 0};
new PerformanceObserver(list => { for (const e of list.getEntries()) seen.largest = e.startTime / 1000 })
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => { for (const e of list.getEntries()) seen.shift += e.value })
  .observe({type: "layout-shift", buffered: true});
"""


class Visit(NamedTuple):
    """A first visit with an empty cache."""

    name: str
    path: str
    size: int
    kinds: Counter[str]
    largest: float
    shift: float

    def __str__(self) -> str:
        """Give its row of the table."""
        files = " | ".join(str(self.kinds[kind]) for kind in ("Stylesheet", "Script", "Font"))
        return f"| `{self.path}` | {self.size / 1000:.0f} | {files} | {self.largest:.2f} | {self.shift:.3f} |"

    def faults(self) -> Iterator[str]:
        """Give what costs too much."""
        if self.name in FIRST_PAGES and self.size > BUDGET:
            yield f"budget: {self.size} bytes"
        if (files := self.kinds["Stylesheet"] + self.kinds["Script"]) > FILES:
            yield f"budget: {files} style sheets and scripts"
        if self.shift > SHIFT_WITHIN:
            yield f"speed: the page shifts by {self.shift:.3f}"


def measured(browser: Browser, site: Site) -> list[Visit]:
    """Visit some pages anew, on a small phone with a slow processor."""
    first = [first_of(site, name, language) for language in MEASURED_IN for name in MEASURED]
    return [_visit(browser, site.base, seen) for seen in first if seen]


def first_of(site: Site, name: str, language: str) -> Seen | None:
    """Return the first page of its kind in a language."""
    return next((seen for seen in site.pages if (seen.name, seen.language) == (name, language)), None)


def _visit(browser: Browser, base: str, first: Seen) -> Visit:
    context = browser.new_context(
        locale="de-DE", viewport={"width": 412, "height": 823}, device_scale_factor=DENSITY
    )
    page = context.new_page()
    wire = _watched(page)
    page.goto(base + first.answer.path, wait_until="networkidle")
    seen = page.evaluate("seen")
    for _ in range(PATIENCE):
        if seen["largest"]:
            break
        page.wait_for_timeout(100)
        seen = page.evaluate("seen")
    context.close()
    kinds = Counter(wire["kinds"])
    return Visit(first.name, first.answer.path, int(wire["size"]), kinds, seen["largest"], seen["shift"])


def _watched(page: Page) -> dict[str, Any]:
    wire: dict[str, Any] = {"size": 0.0, "kinds": []}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
    session.on(
        "Network.loadingFinished", lambda event: wire.update(size=wire["size"] + event["encodedDataLength"])
    )
    session.on("Network.responseReceived", lambda event: wire["kinds"].append(event["type"]))
    page.add_init_script(WATCH)
    return wire
