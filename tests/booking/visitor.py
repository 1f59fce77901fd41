"""A visitor without a browser: she reads pages, waits as long as people do and sends forms."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from django.test import Client
from time_machine import Traveller

from booking.models import Slot

READING_SECONDS = 5
TYPED = {"name": "Amira Yılmaz", "email": "amira@example.org", "phone": "0171 2345678", "channel": "office"}


class Page:
    """One answer, read as a browser reads it."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.status: int = response.status_code
        self.html: str = response.content.decode()

    @cached_property
    def tree(self) -> Element:
        """The elements of the page, read when they are asked for: it takes as long as making the page."""
        tree: Element = html5lib.parse(self.html, namespaceHTMLElements=False)
        return tree

    @property
    def title(self) -> str:
        """The title as it stands in the browser's tab."""
        return words(self.find("head/title"))

    @property
    def text(self) -> str:
        """The words of the page."""
        return words(self.find("body"))

    def find(self, path: str) -> Element:
        """Return the one element of that path, which has to be there."""
        found = self.tree.find(path)
        assert found is not None, path
        return found

    def with_class(self, name: str) -> list[Element]:
        """Return the elements of that class."""
        return [element for element in self.tree.iter() if name in element.get("class", "").split()]

    def links(self) -> list[str]:
        """Return where the links of the page lead."""
        return [element.get("href", "") for element in self.tree.iter("a")]

    def field(self, name: str) -> Element | None:
        """Return the input of that name."""
        return next((e for e in self.tree.iter() if e.get("name") == name and e.tag != "meta"), None)

    def fields(self) -> dict[str, str]:
        """Return what the page's form would send as it is, without what is to be chosen."""
        inputs = [e for e in self.tree.iter("input") if e.get("name") and e.get("type") not in {"radio"}]
        return {e.get("name", ""): e.get("value", "") for e in inputs}

    def chosen(self, name: str) -> list[str]:
        """Return the values of the radio buttons of that name which are chosen."""
        found = [e for e in self.tree.iter("input") if e.get("name") == name and "checked" in e.attrib]
        return [e.get("value", "") for e in found]

    def choices(self, name: str) -> list[str]:
        """Return the values of the radio buttons of that name."""
        return [e.get("value", "") for e in self.tree.iter("input") if e.get("name") == name]


def words(element: Element) -> str:
    """Return the text of an element with single spaces."""
    return " ".join("".join(element.itertext()).split())


class Visitor:
    """Somebody with a browser of her own."""

    def __init__(self, clock: Traveller) -> None:
        self.client = Client()
        self.clock = clock

    def open(self, url: str) -> Page:
        """Open a page."""
        return Page(self.client.get(url))

    def send(self, url: str, fields: dict[str, str]) -> Page:
        """Send a form."""
        return Page(self.client.post(url, fields))

    def fill_in(self, slot: Slot, **typed: str) -> dict[str, str]:
        """Open the form of a slot, take her time, and return what it will send."""
        form = self.open(f"/termine/{slot.pk}/").fields()
        self.clock.shift(READING_SECONDS)
        return form | TYPED | typed

    def book(self, slot: Slot, **typed: str) -> Page:
        """Book a slot."""
        return self.send(f"/termine/{slot.pk}/", self.fill_in(slot, **typed))
