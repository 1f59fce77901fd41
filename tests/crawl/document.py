"""One page, read as a browser reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from html5lib import constants

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# What a browser loads by itself, and the attributes it stands in.
LOADED = {
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "script": ("src",),
    "iframe": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "use": ("href",),
    "image": ("href",),
}
LOADED_LINKS = {"stylesheet", "icon", "preload", "manifest", "apple-touch-icon", "modulepreload"}


class Words(NamedTuple):
    """A text, the language it is said to be in, and the element it stands in."""

    text: str
    language: str
    place: str


class Document:
    """The tree of one answer, with what its rules ask for."""

    def __init__(self, html: str, url: str) -> None:
        parser = html5lib.HTMLParser(
            tree=html5lib.getTreeBuilder("etree"), strict=False, namespaceHTMLElements=False
        )
        self.url = url
        self.root: Element = parser.parse(html)
        self.mistakes = [
            f"{where[0]}:{where[1]} {constants.E.get(code, code) % (facts or {})}"
            for where, code, facts in parser.errors
        ]

    @cached_property
    def elements(self) -> list[Element]:
        """All elements in the order of the page, without comments."""
        return [element for element in self.root.iter() if isinstance(element.tag, str)]

    @cached_property
    def ids(self) -> Counter[str]:
        """How often each id is given."""
        return Counter(element.get("id", "") for element in self.elements if element.get("id"))

    @cached_property
    def title(self) -> str:
        """The words in the browser's tab."""
        element = self.root.find("head/title")
        return " ".join("".join(element.itertext()).split()) if element is not None else ""

    @cached_property
    def headings(self) -> list[tuple[int, str]]:
        """Level and text of each heading."""
        return [
            (int(element.tag[1]), " ".join("".join(element.itertext()).split()))
            for element in self.elements
            if element.tag in HEADINGS
        ]

    @cached_property
    def links(self) -> list[str]:
        """The addresses that a person can go to from here, absolute, as written."""
        found = [e.get("href", "") for e in self.elements if e.tag in ("a", "area") and e.get("href")]
        found += [
            e.get("href", "")
            for e in self.elements
            if e.tag == "link" and {*e.get("rel", "").split()} & {"alternate", "canonical"}
        ]
        return [urljoin(self.url, address) for address in dict.fromkeys(found)]

    @cached_property
    def loads(self) -> list[str]:
        """The addresses that a browser asks for by itself, absolute."""
        return [urljoin(self.url, address) for address in dict.fromkeys(self._loads())]

    @cached_property
    def searches(self) -> list[tuple[str, str]]:
        """The address and the field of each form that searches."""
        forms = [form for form in self.root.iter("form") if form.get("method", "get").lower() == "get"]
        fields = [(form, e) for form in forms for e in form.iter("input") if e.get("type") == "search"]
        return [(urljoin(self.url, form.get("action", "")), e.get("name", "")) for form, e in fields]

    def _loads(self) -> Iterator[str]:
        for element in self.elements:
            for name in LOADED.get(element.tag, ()):
                written = element.get(name) or element.get(f"{{http://www.w3.org/1999/xlink}}{name}") or ""
                if name == "srcset":
                    yield from (part.split()[0] for part in written.split(",") if part.strip())
                elif written and not written.startswith(("#", "data:")):
                    yield written
            if element.tag == "link" and {*element.get("rel", "").split()} & LOADED_LINKS:
                yield element.get("href", "")

    def words(self) -> Iterator[Words]:
        """Give each text that people see or hear, with the language that holds for it."""
        yield from _words(self.root, "", "")


SILENT = {"script", "style", "template", "title"}
SPOKEN = ("alt", "aria-label", "title", "placeholder")


def _words(element: Element, language: str, place: str) -> Iterator[Words]:
    if not isinstance(element.tag, str):
        return
    language = element.get("lang", language)
    name = element.get("id") or element.get("class") or ""
    place = f"{element.tag}.{name.split()[0]}" if name.split() else element.tag
    for attribute in SPOKEN:
        if element.get(attribute):
            yield Words(element.get(attribute, ""), language, place)
    if element.tag not in SILENT and element.text and element.text.strip():
        yield Words(element.text.strip(), language, place)
    for child in element:
        yield from _words(child, language, place)
        if child.tail and child.tail.strip() and element.tag not in SILENT:
            yield Words(child.tail.strip(), language, place)


def host(address: str) -> str:
    """Return the host of an address, empty where it has none."""
    return urlsplit(address).netloc
