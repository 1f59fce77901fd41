"""A page as a browser takes it apart: its headings, links, what it loads, and its visible text."""

from __future__ import annotations

from bs4 import BeautifulSoup
from django.http import HttpResponse

# A block of this type is data, which no browser runs.
DATA = "application/ld+json"
LOADED = {"link": "href", "script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src"}
LINKS_THAT_LOAD = {"stylesheet", "icon", "preload", "manifest"}


class Page:
    """The page that a response shows."""

    def __init__(self, response: HttpResponse) -> None:
        self.soup = BeautifulSoup(response.content, "html5lib")

    def headings(self, level: int) -> list[str]:
        """Return the texts of the headings of a level."""
        return [" ".join(heading.get_text().split()) for heading in self.soup.find_all(f"h{level}")]

    def links(self) -> dict[str, str]:
        """Return the address of each link by its text; of two with the same text the first one."""
        found: dict[str, str] = {}
        for link in self.soup.find_all("a", href=True):
            found.setdefault(" ".join(link.get_text().split()), link["href"])
        return found

    def loads(self) -> list[str]:
        """Return the addresses that the browser fetches by itself."""
        return [
            element[attribute]
            for name, attribute in LOADED.items()
            for element in self.soup.find_all(name, **{attribute: True})
            if name != "link" or LINKS_THAT_LOAD & set(element.get("rel", []))
        ]

    def title(self) -> str:
        """Return the title of the window."""
        return " ".join(self.soup.title.get_text().split())

    def inline_code(self) -> list[str]:
        """Return the names of elements that a strict content security policy would silence."""
        styled = [element.name for element in self.soup.find_all(style=True)]
        handlers = [e.name for e in self.soup.find_all() if any(name.startswith("on") for name in e.attrs)]
        blocks = [
            e.name
            for e in self.soup.find_all(["style", "script"])
            if not e.get("src") and e.get("type") != DATA
        ]
        return styled + handlers + blocks
