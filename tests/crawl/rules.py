"""What has to be true of every page, read from its HTML and its headers alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from tests.crawl.document import Document, host
from tests.crawl.languages import foreign

RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}
POLICY = re.compile(r"\s*;\s*")
# What each directive may say at most; the others may not be there at all.
STRICT = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "data:", "blob:"},
    "font-src": {"'self'"},
    "media-src": {"'self'"},
    "connect-src": {"'self'"},
    "frame-src": {"'self'"},
    "manifest-src": {"'self'"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
    "object-src": {"'none'"},
}
NEEDED = (
    "default-src",
    "script-src",
    "style-src",
    "object-src",
    "base-uri",
    "form-action",
    "frame-ancestors",
)
Rule = Callable[[Document, str], Iterator[str]]


def faults(document: Document, language: str) -> list[str]:
    """Return what is wrong with a page in that language, each with the name of its rule first."""
    return [f"{rule.__name__}: {fault}" for rule in RULES for fault in rule(document, language)]


def one_heading(document: Document, language: str) -> Iterator[str]:
    """Exactly one heading of the first level, and words in it."""
    first = [text for level, text in document.headings if level == 1]
    if len(first) != 1 or not first[0]:
        yield f"{len(first)} headings of the first level: {first}"


def no_level_skipped(document: Document, language: str) -> Iterator[str]:
    """No heading is more than one level below the one before."""
    before = 0
    for level, text in document.headings:
        if level > before + 1:
            yield f"h{level} after h{before}: {text[:60]}"
        before = level


def a_title(document: Document, language: str) -> Iterator[str]:
    """A title that says more than whose page it is."""
    if not re.match(r"[^\s·]", document.title):
        yield repr(document.title)


def language_and_direction(document: Document, language: str) -> Iterator[str]:
    """The page says its own language, and the direction that goes with it."""
    said = document.root.get("lang"), document.root.get("dir", "ltr")
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    if said != (language, direction):
        yield f"lang and dir are {said}, not {(language, direction)}"


def valid_html(document: Document, language: str) -> Iterator[str]:
    """What a strict parser takes without a word."""
    yield from document.mistakes


def ids_once(document: Document, language: str) -> Iterator[str]:
    """No id is given twice, and every label and description points at one that is there."""
    yield from (f"{name} given {count} times" for name, count in document.ids.items() if count > 1)
    for element in document.elements:
        for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers"):
            missing = {*element.get(attribute, "").split()} - {*document.ids}
            yield from (f"{element.tag}[{attribute}] points at {name}" for name in sorted(missing))


def nothing_inline(document: Document, language: str) -> Iterator[str]:
    """No style and no script in the page itself, which the policy would refuse."""
    for element in document.elements:
        is_data = element.get("type", "").endswith("json")
        if element.tag == "style" or (element.tag == "script" and not element.get("src") and not is_data):
            yield f"<{element.tag}>"
        yield from (
            f"{element.tag}[{name}]" for name in element.attrib if re.match(r"style$|on[a-z]+$", name)
        )


def nothing_from_elsewhere(document: Document, language: str) -> Iterator[str]:
    """The browser asks nobody but us."""
    yield from (address for address in document.loads if host(address) != host(document.url))


def in_the_language_it_says(document: Document, language: str) -> Iterator[str]:
    """Words in another language say so."""
    for words in document.words():
        if other := foreign(words.text, words.language):
            yield f"{words.place} is {other}, not {words.language}: {words.text[:60]}"


RULES: tuple[Rule, ...] = (
    one_heading,
    no_level_skipped,
    a_title,
    language_and_direction,
    valid_html,
    ids_once,
    nothing_inline,
    nothing_from_elsewhere,
    in_the_language_it_says,
)


def policy(headers: Mapping[str, str], *, may_be_framed: bool = False) -> Iterator[str]:
    """Give what is missing from the Content-Security-Policy, and what is too wide in it."""
    written = headers.get("Content-Security-Policy", "")
    parts = [part.split() for part in POLICY.split(written) if part]
    said = {name: {*values} for name, *values in parts}
    yield from (f"policy: no {name}" for name in NEEDED if name not in said)
    for name, values in said.items():
        if name == "frame-ancestors":
            if values != {"'none'"} and not may_be_framed:
                yield f"policy: {name} {sorted(values)}"
        elif extra := values - STRICT.get(name, set()):
            yield f"policy: {name} {sorted(extra)}"
