"""The news as an Atom feed (RFC 4287), in the language of its address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed

from booking.context import default_office
from booking.ical.text import one_line
from booking.links import absolute

if TYPE_CHECKING:
    from qmportal.website.models import NewsIndexPage, NewsPage

LATEST: Final = 30


class InItsLanguage(Atom1Feed):
    """A feed whose entries say in which language they are: not all news are translated."""

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        """Add the language of the entry."""
        return {**super().item_attributes(item), "xml:lang": item["language"]}


class NewsFeed(Feed):  # type: ignore[type-arg]
    """The latest news; the identifier of an entry is for life, and the same in every language."""

    feed_type = InItsLanguage

    def __init__(self, index: NewsIndexPage, news: Sequence[NewsPage]) -> None:
        self.index, self.news, self.office = index, news, default_office()

    def title(self) -> str:
        """Say whose news they are."""
        name = self.author_name()
        return one_line(f"{self.index.title} – {name}" if name else self.index.title)

    def author_name(self) -> str:
        """Name the office: a feed without an author is not valid."""
        return one_line(self.office.name) if self.office else ""

    def subtitle(self) -> str:
        """Repeat what the page says first."""
        return one_line(self.index.lead)

    def link(self) -> str:
        """Lead to the page."""
        return absolute(self.index.get_url() or "/")

    def feed_url(self) -> str:
        """Say where the feed itself is."""
        return f"{self.link()}feed/"

    def items(self) -> Sequence[NewsPage]:
        """Return the news."""
        return self.news

    def item_title(self, item: NewsPage) -> str:
        """Return the headline; the feed escapes it."""
        return one_line(item.title)

    def item_description(self, item: NewsPage) -> str:
        """Return the first sentences."""
        return one_line(item.lead)

    def item_link(self, item: NewsPage) -> str:
        """Lead to the page of the news."""
        return absolute(item.get_url() or "/")

    def item_guid(self, item: NewsPage) -> str:
        """Return what all translations share."""
        return f"urn:uuid:{item.translation_key}"

    def item_pubdate(self, item: NewsPage) -> datetime:
        """Return its day."""
        return datetime.combine(item.day, time.min, timezone.get_default_timezone())

    def item_updateddate(self, item: NewsPage) -> datetime:
        """Return when it was last published."""
        return item.last_published_at or self.item_pubdate(item)

    def item_extra_kwargs(self, item: NewsPage) -> dict[str, str]:
        """Return its language."""
        return {"language": item.language}


def feed(request: HttpRequest, index: NewsIndexPage, news: Sequence[NewsPage]) -> HttpResponse:
    """Answer the feed, or 304 to whom has it already. An ETag alone: a piece of news that went leaves no moment."""
    response = NewsFeed(index, news)(request)
    etag = f'"{sha256(response.content).hexdigest()[:32]}"'
    answer: HttpResponse = get_conditional_response(request, etag) or response
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer
