"""A visitor over HTTP, with nothing but requests and the page's own form fields."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any

import html5lib
import requests

READING_SECONDS = 2.2  # the form takes no post earlier than 2 s


@dataclass
class Visitor:
    """Somebody with a browser of her own."""

    site: str
    email: str = "amira@example.org"
    session: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str, **options: Any) -> requests.Response:
        """Get a page."""
        return self.session.get(path if path.startswith("http") else self.site + path, timeout=30, **options)

    def form(self, path: str) -> dict[str, str]:
        """Return the hidden fields of the page's main form."""
        tree = html5lib.parse(self.get(path).text, namespaceHTMLElements=False)
        main = tree.find(".//main")
        assert main is not None
        hidden = [e for e in main.iter("input") if e.get("type") == "hidden" or e.get("name") == "website"]
        return {e.get("name", ""): e.get("value", "") for e in hidden}

    def typed(self, form: dict[str, str], **more: str) -> dict[str, str]:
        """Return the form with what a resident types."""
        return form | {"name": "Amira Yılmaz", "email": self.email, "phone": "", "channel": "office"} | more

    def send(self, path: str, data: dict[str, str]) -> requests.Response:
        """Send a form, without following where it leads."""
        url = path if path.startswith("http") else self.site + path
        return self.session.post(url, data=data, timeout=60, allow_redirects=False)

    def book(self, path: str) -> requests.Response:
        """Read the form, take the time that people take, send it."""
        form = self.form(path)
        time.sleep(READING_SECONDS)
        return self.send(path, self.typed(form))


def all_book_at_once(visitors: Iterable[Visitor], path: str) -> list[requests.Response]:
    """Let everybody read the form first and then send it in the same moment."""
    ready = [(visitor, visitor.typed(visitor.form(path))) for visitor in visitors]
    time.sleep(READING_SECONDS)
    barrier = Barrier(len(ready))

    def send(rival: tuple[Visitor, dict[str, str]]) -> requests.Response:
        barrier.wait(timeout=60)
        return rival[0].send(path, rival[1])

    with ThreadPoolExecutor(len(ready)) as pool:
        return list(pool.map(send, ready))


def slot_ids(page: str) -> set[int]:
    """Return the slots that a page links to."""
    return {int(number) for number in re.findall(r"/termine/(\d+)/", page)}
