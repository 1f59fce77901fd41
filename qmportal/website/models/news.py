"""News of the office and the quarter."""

from __future__ import annotations

from typing import Any, ClassVar, Final, Self

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import Tag, TaggedItemBase
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import PageManager
from wagtail.search import index
from wagtail.url_routing import RouteResult

from qmportal.website import atom
from qmportal.website.blocks import ArticleBlocks
from qmportal.website.models.illustrated import (
    PICTURE_PANEL,
    PICTURES,
    IllustratedPage,
    IllustratedQuerySet,
)
from qmportal.website.models.tree import (
    SECTION_PANELS,
    SitePage,
    SitePageQuerySet,
    active_language,
    told_in,
)

ON_A_PAGE: Final = 10
FEED: Final = "feed"


class NewsTag(TaggedItemBase):
    """A word under which news are found together."""

    content_object = ParentalKey("website.NewsPage", on_delete=models.CASCADE, related_name="tagged_items")


class NewsIndexPage(SitePage):
    """All news, the latest first."""

    lead = models.CharField(_("first sentence"), max_length=300, blank=True)

    objects = PageManager.from_queryset(SitePageQuerySet)()

    template = "website/news_index.html"
    parent_page_types: ClassVar[list[str]] = ["website.HomePage"]
    subpage_types: ClassVar[list[str]] = ["website.NewsPage"]
    max_count_per_parent = 1
    promote_panels: ClassVar[list[Any]] = SECTION_PANELS
    content_panels: ClassVar[list[Any]] = [*SitePage.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = _("list of news")
        verbose_name_plural = _("lists of news")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Have the Atom feed one step below."""
        if path_components == [FEED] and self.live:
            return RouteResult(self, kwargs={"as_feed": True})
        return super().route(request, path_components)

    def serve(self, request: HttpRequest, *args: Any, as_feed: bool = False, **kwargs: Any) -> HttpResponse:
        """Answer the list as a page, or as a feed."""
        if as_feed:
            news = NewsPage.objects.shown().by_day()[: atom.LATEST]
            return atom.feed(request, self, told_in(news, active_language()))
        answer: HttpResponse = super().serve(request, *args, **kwargs)
        return answer

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add a page of the list, all of it or what has one tag, and the tags to choose from."""
        context = super().get_context(request, *args, **kwargs)
        wanted = request.GET.get("thema", "")
        shown = NewsPage.objects.shown()
        tags = list(Tag.objects.filter(website_newstag_items__content_object__in=shown).distinct())
        tag = next((each for each in tags if each.slug == wanted), None)
        news = shown.filter(tags=tag) if tag else shown
        pages = Paginator(news.pinned_first().with_pictures(), ON_A_PAGE)
        page_obj = pages.get_page(request.GET.get("seite"))
        return context | {
            "page_obj": page_obj,
            "news": told_in(page_obj.object_list, active_language(), PICTURES),
            "tags": sorted(tags, key=lambda each: each.name.casefold()),
            "tag": tag,
            "is_unknown": bool(wanted) and tag is None,
        }


class NewsQuerySet(IllustratedQuerySet):
    """News in their order."""

    def by_day(self) -> Self:
        """Return the latest first."""
        found: Self = self.order_by("-day", "-first_published_at", "-pk")
        return found

    def pinned_first(self) -> Self:
        """Return those on top that editors keep there, then the latest first."""
        found: Self = self.order_by("-is_pinned", "-day", "-first_published_at", "-pk")
        return found


class NewsPage(IllustratedPage):
    """A piece of news. When it expires is Wagtail's own setting of every page."""

    day = models.DateField(_("date"), default=timezone.localdate)
    lead = models.TextField(_("in one or two sentences"), max_length=300)
    body = StreamField(ArticleBlocks(), blank=True, verbose_name=_("text"))
    tags = ClusterTaggableManager(through=NewsTag, blank=True, verbose_name=_("tags"))
    is_pinned = models.BooleanField(_("stays on top of the list"), default=False)

    objects = PageManager.from_queryset(NewsQuerySet)()

    template = "website/news.html"
    parent_page_types: ClassVar[list[str]] = ["website.NewsIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Any]] = [
        *SitePage.content_panels,
        FieldPanel("lead"),
        PICTURE_PANEL,
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldPanel("day"),
                FieldPanel(
                    "tags", help_text=_("Separated by commas. Visitors find all news with the same tag.")
                ),
                FieldPanel("is_pinned"),
            ],
            heading=_("date and order"),
        ),
    ]
    search_fields: ClassVar[list[Any]] = [
        *SitePage.search_fields,
        index.SearchField("lead"),
        index.SearchField("body"),
        index.FilterField("day"),
    ]

    class Meta:
        verbose_name = _("piece of news")
        verbose_name_plural = _("news")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add its tags, and the news before and after it."""
        context = super().get_context(request, *args, **kwargs)
        original = self.original.specific
        others = NewsPage.objects.shown().exclude(pk=original.pk)
        at, number = original.first_published_at or timezone.now(), original.pk or 0
        same_day = models.Q(day=original.day)
        earlier = models.Q(first_published_at__lt=at) | models.Q(first_published_at=at, pk__lt=number)
        older = others.filter(models.Q(day__lt=original.day) | same_day & earlier).by_day()[:1]
        newer = others.filter(models.Q(day__gt=original.day) | same_day & ~earlier).by_day().reverse()[:1]
        return context | {
            "tags": original.tags.order_by("name"),
            "older": next(iter(told_in(older, active_language())), None),
            "newer": next(iter(told_in(newer, active_language())), None),
        }
