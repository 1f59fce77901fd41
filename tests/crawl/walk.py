"""The whole walk: all languages by their links, each state of the journeys, and the pages that say what failed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils import translation

from tests.crawl.answers import Visitor, form_of
from tests.crawl.failures import failed
from tests.crawl.spider import Finding, Site, Spider
from tests.crawl.story import State, Story

LOGIN = ("/konto/login/", "/konto/password/reset/")
SITEMAP, LOCATION = "/sitemap.xml", re.compile(r"<loc>(.*?)</loc>")
Pause = Callable[[], None]


def walk(
    visitor: Visitor,
    base: str,
    story: Story,
    at_most: int,
    pause: Pause,
    languages: Iterable[str],
) -> Site:
    """Return all that can be reached; `pause` lets the time pass that people take to fill in a form."""
    spider = Spider(visitor, base, at_most, languages)
    spider.walk(_homes(languages))
    spider.walk(LOCATION.findall(visitor.get(SITEMAP).text))
    for path in LOGIN:
        spider.keep(path, visitor.get(path))
    for language in languages:
        _visit(spider, [*story.states(language)], pause)
        for name, answer in failed(language):
            spider.keep(f"failed: {name}", answer, answer.status)
    spider.walk(())
    return spider.finish()


def _homes(languages: Iterable[str]) -> list[str]:
    homes = []
    for language in languages:
        with translation.override(language):
            homes.append(reverse("wagtail_serve", args=("",)))
    return homes


def _visit(spider: Spider, states: list[State], pause: Pause) -> None:
    answers = [(state, spider.visitor.get(state.path)) for state in states]
    # All forms are filled in at the same time.
    pause()
    for state, answer in answers:
        if answer.path != state.path:
            spider.site.findings.append(Finding(state.path, f"moved: {state.name} is at {answer.path}"))
        elif state.typed is None:
            spider.keep(state.name, answer, state.status)
        else:
            sent = spider.visitor.post(state.path, form_of(answer) | state.typed)
            spider.keep(state.name, sent, state.status)
