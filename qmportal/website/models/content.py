"""Pages of text, and the one with a video in sign language."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import PageManager
from wagtail.search import index

from qmportal.website.blocks import TEXT_FEATURES, ContentBlocks
from qmportal.website.models.tree import (
    SECTION_PANELS,
    SitePage,
    SitePageQuerySet,
    active_language,
    told_in,
)

# Pages of the German tree that nobody finds yet: in sign language, and without a video.
NOTHING_TO_SEE = models.Q(
    signlanguagepage__isnull=False,
    signlanguagepage__video=None,
    locale__language_code=settings.LANGUAGE_CODE,
)


class Wording(models.TextChoices):
    """How a page is written, beyond its language."""

    EVERYDAY = "", _("everyday language")
    SIMPLE = "de-simple", _("simple language")


class ContentPage(SitePage):
    """A page of headings and text, such as the imprint."""

    lead = models.CharField(_("first sentence"), max_length=300, blank=True)
    wording = models.CharField(
        _("written in"), max_length=12, choices=Wording.choices, default=Wording.EVERYDAY, blank=True
    )
    body = StreamField(ContentBlocks(), blank=True, verbose_name=_("content"))

    objects = PageManager.from_queryset(SitePageQuerySet)()

    template = "website/content.html"
    promote_panels: ClassVar[list[Any]] = SECTION_PANELS
    content_panels: ClassVar[list[Any]] = [
        *SitePage.content_panels,
        FieldPanel("lead"),
        FieldPanel("wording"),
        FieldPanel("body"),
    ]
    search_fields: ClassVar[list[Any]] = [
        *SitePage.search_fields,
        index.SearchField("lead"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("page of text")
        verbose_name_plural = _("pages of text")

    @property
    def language(self) -> str:
        """The language of its text, simple language where it is written so."""
        return self.wording or super().language

    @property
    def below(self) -> list[ContentPage]:
        """The pages of text that stand below it: menus lead to the sections alone."""
        if self.original.numchild == 0:
            return []
        pages = ContentPage.objects.shown().child_of(self.original).order_by("path")
        return told_in(pages, active_language())


class SignLanguagePage(SitePage):
    """What the website says, in German Sign Language; nobody finds it before there is a video."""

    lead = models.CharField(_("first sentence"), max_length=300, blank=True)
    video = models.ForeignKey(
        "website.Video", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("video")
    )
    text = RichTextField(_("text"), features=TEXT_FEATURES, blank=True)

    template = "website/sign_language.html"
    max_count_per_parent = 1
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Any]] = [
        *SitePage.content_panels,
        FieldPanel("lead"),
        FieldPanel("video"),
        FieldPanel("text"),
    ]

    search_fields: ClassVar[list[Any]] = [
        *SitePage.search_fields,
        index.SearchField("lead"),
        index.SearchField("text"),
    ]

    class Meta:
        verbose_name = _("page in sign language")
        verbose_name_plural = _("pages in sign language")

    @property
    def film(self) -> Any:
        """The video to see: that of the German page where the translation has none, since both are signed alike."""
        return self.video or self.original.specific.video

    @property
    def has_video(self) -> bool:
        """Whether there is anything to see, and the page anything to be found for: the German page decides."""
        return self.original.specific.video_id is not None

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer the page once it has a video; before that only to an editor's preview. Raises Http404."""
        if not self.has_video and not getattr(request, "is_preview", False):
            raise Http404
        answer: HttpResponseBase = super().serve(request, *args, **kwargs)
        return answer
