"""The crawler finds what it is there to find."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from tests.crawl import rules
from tests.crawl.answers import NO_ANSWER, Answer, Outside
from tests.crawl.document import Document
from tests.crawl.eyes import TWO_LOOKS, Eyes
from tests.crawl.spider import Seen, Site, Spider
from tests.sink import free_port

pytestmark = pytest.mark.once
BASE = settings.SITE_URL
GOOD = """<!DOCTYPE html>
<html lang="de" dir="ltr"><head><title>Seite · Büro</title><meta charset="utf-8"></head>
<body><main><h1>Seite</h1><h2>Teil</h2><p id="a">Worte</p><a href="#a">Hin</a></main></body></html>"""
POLICY = "; ".join(f"{name} {' '.join(sorted(values))}" for name, values in rules.STRICT.items())
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
}


def faults(old: str, new: str) -> set[str]:
    assert old in GOOD
    found = rules.faults(Document(GOOD.replace(old, new), f"{BASE}/seite/"), "de")
    return {fault.partition(":")[0] for fault in found}


def test_a_good_page_has_no_faults() -> None:
    assert faults("Worte", "Worte") == set()
    assert list(rules.policy(HEADERS)) == []


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("<h2>Teil</h2>", "<h1>Teil</h1>", "one_heading"),
        ("<h1>Seite</h1>", "", "one_heading"),
        ("<h2>Teil</h2>", "<h3>Teil</h3>", "no_level_skipped"),
        ("Seite · Büro", "· Büro", "a_title"),
        ('lang="de"', 'lang="en"', "language_and_direction"),
        ('dir="ltr"', 'dir="rtl"', "language_and_direction"),
        ("<p id", "<p><div></div></p><p id", "valid_html"),
        ("<!DOCTYPE html>", "", "valid_html"),
        ("<main>", '<main id="a">', "ids_once"),
        ("<main>", '<main aria-labelledby="nirgends">', "ids_once"),
        ("<main>", '<main style="color: red">', "nothing_inline"),
        ("<main>", "<main><script>alert()</script>", "nothing_inline"),
        ("<main>", '<main onclick="alert()">', "nothing_inline"),
        ("<main>", '<main><img alt="" src="https://elsewhere.example/a.png">', "nothing_from_elsewhere"),
        (
            "<title>",
            '<link rel="stylesheet" href="//elsewhere.example/a.css"><title>',
            "nothing_from_elsewhere",
        ),
    ],
)
def test_a_fault_is_told_by_its_rule(old: str, new: str, rule: str) -> None:
    assert rule in faults(old, new)


def test_words_in_another_language_have_to_say_so() -> None:
    german = "<p>Sie sind nicht allein, und wir helfen Ihnen mit der Post.</p>"
    page = Document(GOOD.replace('lang="de"', 'lang="ar"').replace("<main>", f"<main>{german}"), BASE)
    marked = Document(
        GOOD.replace('lang="de"', 'lang="ar"').replace("<main>", f'<main lang="de">{german}'), BASE
    )
    assert len(list(rules.in_the_language_it_says(page, "ar"))) == 1
    assert list(rules.in_the_language_it_says(marked, "ar")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("script-src 'self'", "script-src 'self' 'unsafe-inline'"),
        ("object-src 'none'; ", ""),
        ("'none'", "*"),
    ],
)
def test_a_policy_that_is_too_wide_is_told(old: str, new: str) -> None:
    assert (
        list(rules.policy({"Content-Security-Policy": HEADERS["Content-Security-Policy"].replace(old, new)}))
        != []
    )


class Paper:
    """A site of pages that are written down."""

    def __init__(self, pages: dict[str, str]) -> None:
        self.pages = pages

    def get(self, path: str) -> Answer:
        found = self.pages.get(path, "")
        return Answer(path, 200 if found else 404, HEADERS, (found or GOOD).encode())

    def post(self, path: str, fields: object) -> Answer:
        return self.get(path)


def test_dead_links_dead_fragments_and_titles_given_twice_are_told(db: None) -> None:
    pages = {
        "/termine/": GOOD.replace("#a", "/kalender/#a").replace("Worte", '<a href="/buchung/#b">W</a>'),
        "/kalender/": GOOD.replace("Seite ·", "Kalender ·").replace("#a", "/anfrage/"),
        "/buchung/": GOOD,
    }
    crawler = Spider(Paper(pages), BASE, at_most=3)
    crawler.walk(["/termine/"])
    assert [found.fault.partition(":")[0] for found in crawler.finish().findings] == [
        "dead link",
        "dead fragment",
        "title",
    ]


def test_only_the_languages_that_are_asked_for_are_read(db: None) -> None:
    pages = {"/termine/": GOOD.replace("#a", "/ar/termine/"), "/ar/termine/": GOOD}
    crawler = Spider(Paper(pages), BASE, at_most=3, languages=["de"])
    crawler.walk(["/termine/"])
    assert [found.answer.path for found in crawler.finish().pages] == ["/termine/"]


def test_a_house_that_does_not_answer_is_told() -> None:
    assert Outside(f"http://127.0.0.1:{free_port()}").get("/").status == NO_ANSWER


def seen(page: str, path: str = "/seite/") -> Seen:
    answer = Answer(path, 200, HEADERS, page.encode())
    return Seen("page", "de", answer, Document(page, BASE + answer.path))


@pytest.mark.browser
@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("<main>", "<main>", ""),
        ("<main>", '<main><img src="/static/brand.png">', "image-alt"),
        ("Worte", "W" * 300, "scrolls sideways"),
        ("<main>", '<main><img alt="" src="https://elsewhere.example/a.png">', "Content Security Policy"),
        ("<main>", '<main><p style="color: red">Rot</p>', "Content Security Policy"),
        ("</head>", '<link rel="stylesheet" href="/pale.css"></head>', "color-contrast"),
    ],
)
def test_the_window_sees_what_people_would(browser: Browser, old: str, new: str, word: str) -> None:
    pale = b"body { background: #fff } @media (prefers-color-scheme: dark) { p { color: #ddd } }"
    window = Eyes(browser, Site(BASE), lambda path: Answer(path, 200, {"Content-Type": "text/css"}, pale))
    found = list(window.look(seen(GOOD.replace(old, new)), TWO_LOOKS))
    window.close()
    assert [word] * bool(word) == sorted({word for finding in found if word and word in finding.fault})
    assert bool(found) == bool(word)


@pytest.mark.browser
def test_a_page_that_will_not_load_is_told(browser: Browser) -> None:
    window = Eyes(browser, Site(BASE), lambda path: Answer(path, 200, {}, b""))
    found = list(window.look(seen(GOOD, "@elsewhere.example/"), TWO_LOOKS))
    window.close()
    assert ["cannot be looked at" in finding.fault for finding in found] == [True]
