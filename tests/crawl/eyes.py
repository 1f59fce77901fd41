"""Look at pages as a browser shows them: on a phone and at a desk, in light, in the dark and in forced colours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route

from tests.crawl.answers import Answer, relative
from tests.crawl.spider import Finding, Seen, Site
from tests.journeys.still import COME_TO_REST

PHONE, DESK, HEIGHT = 320, 1280, 800
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"runOnly": STANDARDS, "resultTypes": ["violations"], "preload": False}
# All that depends on colours and on the width; the rest is the same document.
OF_THE_LOOK = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block", "target-size"]},
    "resultTypes": ["violations"],
    "preload": False,
}
# Large enough for every thumb.
SMALLEST_TIME = 44
SMALL_TIMES = """
smallest => [...document.querySelectorAll(".qm-slot")].map(each => each.getBoundingClientRect())
  .filter(box => box.width && Math.min(box.width, box.height) < smallest).length
"""


class Look(NamedTuple):
    """How a page is looked at."""

    width: int
    colours: Literal["light", "dark", "forced"]
    rules: dict[str, Any] = OF_THE_LOOK

    def __str__(self) -> str:
        return f"{self.colours} {self.width} px"


PHONE_FIRST = Look(PHONE, "light", EVERYTHING)
TWO_LOOKS = (PHONE_FIRST, Look(DESK, "dark"))
ALL_LOOKS = (
    PHONE_FIRST,
    Look(DESK, "light", EVERYTHING),
    *(Look(width, colours) for width in (PHONE, DESK) for colours in ("dark", "forced")),  # type: ignore[arg-type]
)


class Eyes:
    """One window, to which the answers of a walk are shown again; nobody else is asked for anything."""

    def __init__(
        self, browser: Browser, site: Site, ask: Callable[[str], Answer], *, density: float = 1
    ) -> None:
        self.site, self.ask = site, cache(ask)
        self.context: BrowserContext = browser.new_context(
            locale="de-DE", timezone_id="Europe/Berlin", device_scale_factor=density
        )
        self.context.route("**/*", self._answer)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda line: self._hear(line.type, line.text))
        self.page.on("pageerror", lambda error: self._hear("error", str(error)))
        self.shown: Answer | None = None
        self.heard: list[str] = []
        self.given: list[Answer] = []

    def close(self) -> None:
        """Close the window."""
        self.context.close()

    def look(self, seen: Seen, looks: tuple[Look, ...]) -> Iterator[Finding]:
        """Load a page once, and give what is wrong with it in each look; a page that will not load is wrong, too."""
        try:
            yield from self._look(seen, looks)
        except Error as error:
            yield Finding(seen.answer.path, f"cannot be looked at: {error.message.partition(chr(10))[0]}")

    def _look(self, seen: Seen, looks: tuple[Look, ...]) -> Iterator[Finding]:
        self.shown, self.heard, self.given = seen.answer, [], []
        self._turn(looks[0])
        self.page.goto(self.site.base + seen.answer.path, wait_until="load")
        self.page.evaluate(AXE_SCRIPT)
        for number, look in enumerate(looks):
            if number:
                self._turn(look)
            yield from (Finding(seen.answer.path, f"{look}: {fault}") for fault in self._faults(look))
        yield from (Finding(seen.answer.path, fault) for fault in self.heard)

    def _turn(self, look: Look) -> None:
        self.page.set_viewport_size({"width": look.width, "height": HEIGHT})
        self.page.emulate_media(
            color_scheme="dark" if look.colours == "dark" else "light",
            forced_colors="active" if look.colours == "forced" else "none",
        )

    def _faults(self, look: Look) -> Iterator[str]:
        self.page.evaluate(f"() => {{ {COME_TO_REST} }}")
        if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            yield "scrolls sideways"
        if small := self.page.evaluate(SMALL_TIMES, SMALLEST_TIME):
            yield f"{small} times smaller than {SMALLEST_TIME} px"
        found = self.page.evaluate(
            "rules => axe.run(document, rules).then(found => found.violations)", look.rules
        )
        for rule in found:
            yield from (f"{rule['id']}: {node['target']} {node['html'][:120]}" for node in rule["nodes"])

    def _hear(self, kind: str, text: str) -> None:
        # The browser mentions it when the page itself is an error page.
        if kind == "error" and "Failed to load resource: the server responded with a status" not in text:
            self.heard.append(f"console: {text[:300]}")

    def _answer(self, route: Route) -> None:
        url = route.request.url
        if f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" != self.site.base:
            self.heard.append(f"asks elsewhere: {url}")
            route.abort()
            return
        is_page = route.request.is_navigation_request() and route.request.frame == self.page.main_frame
        answer = self.shown if is_page and self.shown else self.ask(relative(url))
        if not is_page and answer.status >= 400:
            self.heard.append(f"asks in vain: {relative(url)} answers {answer.status}")
        self.given.append(answer)
        headers = {
            n: v for n, v in answer.headers.items() if n.lower() not in ("content-length", "content-encoding")
        }
        route.fulfill(status=answer.status, headers=headers, body=answer.body)
