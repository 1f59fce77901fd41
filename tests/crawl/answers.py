"""What the house answers, asked for inside this process or over the network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode, urljoin, urlsplit

import requests
from django.conf import settings
from django.test import Client

from tests.crawl.document import Document

REDIRECTS = 5
# What a house that does not answer is said to have answered.
NO_ANSWER = 599


@dataclass(frozen=True)
class Answer:
    """One answer, after any redirects."""

    path: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """The media type without its parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0]

    @property
    def text(self) -> str:
        """Its body as words."""
        return self.body.decode(errors="replace")

    @property
    def is_page(self) -> bool:
        """Whether a person reads it in a browser."""
        return self.kind == "text/html"


class Visitor(Protocol):
    """Somebody who asks for addresses of the house."""

    def get(self, path: str) -> Answer:
        """Ask for an address and follow where it leads."""

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form and follow where it leads."""


class Inside:
    """A visitor in this process, who sees the test's database."""

    def __init__(self) -> None:
        self.client = Client(SERVER_NAME=settings.SITE_HOST, raise_request_exception=False)

    def get(self, path: str) -> Answer:
        """Ask for an address and follow where it leads."""
        answer = self.client.get(path)
        for _ in range(REDIRECTS):
            if "Location" not in answer.headers:
                break
            path = relative(urljoin(path, answer.headers["Location"]))
            answer = self.client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return Answer(path, answer.status_code, answer.headers, body)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form and follow where it leads."""
        answer = self.client.post(path, fields)
        if "Location" in answer.headers:
            return self.get(relative(urljoin(path, answer.headers["Location"])))
        return Answer(path, answer.status_code, answer.headers, answer.content)


class Outside:
    """A visitor on the network, who asks a server that runs."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.session = requests.Session()

    def get(self, path: str) -> Answer:
        """Ask for an address and follow where it leads."""
        return self._sent("GET", path)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form and follow where it leads."""
        body = urlencode(fields)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": self.base + path}
        return self._sent("POST", path, data=body, headers=headers)

    def _sent(self, method: str, path: str, **options: Any) -> Answer:
        try:
            answer = self.session.request(method, self.base + path, timeout=30, **options)
        except requests.RequestException as error:
            return Answer(path, NO_ANSWER, {}, str(error).encode())
        return Answer(relative(answer.url), answer.status_code, answer.headers, answer.content)


def form_of(answer: Answer) -> dict[str, str]:
    """Return what the last form of the page would send as it stands."""
    document = Document(answer.text, answer.path)
    forms = [form for form in document.root.iter("form") if form.get("method", "").lower() == "post"]
    if not forms:
        return {}
    fields = [
        e for e in forms[-1].iter("input") if e.get("name") and e.get("type") not in ("radio", "checkbox")
    ]
    return {field.get("name", ""): field.get("value", "") for field in fields}


def relative(address: str) -> str:
    """Return path and query of an address."""
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")
