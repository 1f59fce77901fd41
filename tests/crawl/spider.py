"""Follow every link of every language, and keep what was answered."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urldefrag, urlencode, urlsplit

from django.conf import settings
from django.test import RequestFactory
from django.urls import Resolver404, resolve
from django.utils import translation
from wagtail.models import Page

from tests.crawl.answers import Answer, Visitor, relative
from tests.crawl.document import Document
from tests.crawl.rules import faults as faults_of
from tests.crawl.rules import policy

# Answered, but read by a program or behind a login.
NOT_FOLLOWED = ("/verwaltung/", "/konto/", "/dokumente/", "/media/", "/static/", "/health/")
KINDS = {
    ".ics": "text/calendar",
    ".json": "application/json",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".css": "text/css",
    "/feed/": "application/atom+xml",
}
# A view of the same page that looks quite different.
LOOKS = ("ansicht",)
# Stands in a page of somebody else's, where it has no tab of its own.
FRAMED = ("embedded",)
SEARCHED = ("Sprechstunde", "Xyzzy")
# Tokens, which are others each time.
HIDDEN = re.compile(rb'<input type="hidden"[^>]*>')


class Finding(NamedTuple):
    """Something that is not as it should be."""

    path: str
    fault: str


@dataclass(frozen=True)
class Seen:
    """A page that was visited."""

    name: str
    language: str
    answer: Answer
    document: Document

    @property
    def shown(self) -> tuple[str, bytes]:
        """What a person has before her: two pages of which this is the same are one."""
        return self.answer.path, HIDDEN.sub(b"", self.answer.body)


@dataclass
class Site:
    """Everything that was found."""

    base: str
    pages: list[Seen] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def names(self) -> set[str]:
        """Return the kinds of pages that were visited."""
        return {seen.name for seen in self.pages}

    def one_of_each(self, language: str) -> list[Seen]:
        """Return one page of each kind in a language, once where it is of two kinds."""
        each = {seen.name: seen for seen in reversed(self.pages) if seen.language == language}
        return list({seen.shown: seen for seen in each.values()}.values())


class Spider:
    """Visits the pages of a site; of pages that differ only in a number, a few."""

    def __init__(
        self,
        visitor: Visitor,
        base: str,
        at_most: int,
        languages: Iterable[str] = (),
    ) -> None:
        self.visitor, self.at_most = visitor, at_most
        self.languages = {*languages} or {code for code, _ in settings.LANGUAGES}
        self.site = Site(base)
        self.counted: Counter[tuple[str, str]] = Counter()
        self.queue: deque[str] = deque()
        self.known: set[str] = set()

    def walk(self, starts: Iterable[str]) -> None:
        """Visit the starts and whatever can be reached from them."""
        for path in starts:
            self._offer(path, "")
        while self.queue:
            path = self.queue.popleft()
            self.keep(name_of(path), self.site.answers[path])

    def keep(self, name: str, answer: Answer, expected: int = HTTPStatus.OK) -> None:
        """Note a page with what is wrong with it, and follow its links."""
        language = language_of(answer.path)
        document = Document(answer.text, self.site.base + answer.path)
        self.site.pages.append(Seen(name, language, answer, document))
        faults = [*faults_of(document, language), *policy(answer.headers)]
        if answer.status != expected:
            faults.append(f"status: {answer.status}, not {expected}")
        self.site.findings += [Finding(answer.path, fault) for fault in faults]
        for address in (*document.links, *document.loads):
            # What is not there is not there in other languages either.
            if expected == HTTPStatus.OK or unspoken(address) != unspoken(answer.path):
                self._offer(address, answer.path)
        for address, name in document.searches:
            for words in SEARCHED:
                self._offer(f"{address}?{urlencode({name: words})}", answer.path)

    def finish(self) -> Site:
        """Judge what can only be told at the end, and hand over what was found."""
        self.site.findings += [*self._dead_fragments(), *self._titles_twice()]
        return self.site

    def _offer(self, address: str, seen_on: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("", "http", "https") or f"{parts.scheme}://{parts.netloc}" not in (
            "://",
            self.site.base,
        ):
            return
        path = relative(urldefrag(address).url)
        if path in self.known:
            return
        self.known.add(path)
        if language_of(path) not in self.languages and not path.startswith(NOT_FOLLOWED):
            return
        if is_one_of_many(path):
            key = name_of(path), language_of(path)
            self.counted[key] += 1
            if self.counted[key] > self.at_most:
                return
        answer = self._answer(path, seen_on)
        is_fine = answer.status == HTTPStatus.OK and answer.is_page and answer.path == path
        if is_fine and not path.startswith(NOT_FOLLOWED):
            self.queue.append(path)

    def _answer(self, path: str, seen_on: str) -> Answer:
        if path not in self.site.answers:
            answer = self.visitor.get(path)
            self.site.answers[path] = answer
            if answer.status != HTTPStatus.OK:
                self.site.findings.append(Finding(seen_on, f"dead link: {path} answers {answer.status}"))
            for ending, kind in KINDS.items():
                if urlsplit(path).path.endswith(ending) and answer.kind != kind:
                    self.site.findings.append(Finding(path, f"kind: {answer.kind}, not {kind}"))
        return self.site.answers[path]

    def _dead_fragments(self) -> Iterable[Finding]:
        ids = {seen.document.url: seen.document.ids for seen in self.site.pages}
        for seen in self.site.pages:
            for address in seen.document.links:
                target, fragment = urldefrag(address)
                there = seen.document.ids if target == seen.document.url else ids.get(target)
                if fragment and there is not None and unquote(fragment) not in there:
                    yield Finding(seen.answer.path, f"dead fragment: {relative(target)}#{fragment}")

    def _titles_twice(self) -> Iterable[Finding]:
        first: dict[tuple[str, str], Seen] = {}
        for seen in self.site.pages:
            if seen.answer.status != HTTPStatus.OK or seen.name in FRAMED:
                continue
            before = first.setdefault((seen.language, seen.document.title), seen)
            is_own = unspoken(before.answer.path) != unspoken(seen.answer.path)
            is_other = name_of(before.answer.path) != name_of(seen.answer.path)
            if is_own and (is_other or not is_one_of_many(seen.answer.path)):
                where = before.answer.path
                yield Finding(seen.answer.path, f"title: the same as {where}: {seen.document.title}")


def language_of(path: str) -> str:
    """Return the language that an address is in."""
    return translation.get_language_from_path(path) or settings.LANGUAGE_CODE


def unspoken(address: str) -> str:
    """Return the path of an address without the prefix of its language."""
    path = urlsplit(address).path
    prefix = f"/{translation.get_language_from_path(path)}/"
    return "/" + path.removeprefix(prefix) if path.startswith(prefix) else path


def name_of(path: str) -> str:
    """Return what kind of page an address is, the same in every language."""
    parts = urlsplit(path)
    try:
        with translation.override(language_of(path)):
            match = resolve(parts.path)
    except Resolver404:
        return unspoken(path)
    name = match.view_name or parts.path
    if name == "wagtail_serve":
        page = Page.find_for_request(
            RequestFactory().get(parts.path), match.kwargs.get("path") or "".join(match.args)
        )
        name = type(page.specific).__name__ if page else unspoken(path)
    query = parse_qs(parts.query)
    words = [f"{key}={query[key][0]}" for key in LOOKS if key in query]
    return name + ("?" + "&".join(words) if words else "")


def is_one_of_many(path: str) -> bool:
    """Tell whether there are pages that differ only in a number or in what is chosen."""
    parts = urlsplit(path)
    try:
        with translation.override(language_of(path)):
            match = resolve(parts.path)
    except Resolver404:
        return False
    return bool(parts.query) or (match.view_name != "wagtail_serve" and bool(match.kwargs))
