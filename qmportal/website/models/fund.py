"""The Verfügungsfonds: project money that neighbours can apply for."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import PageManager
from wagtail.search import index

from booking.models import Service
from qmportal.website.blocks import TEXT_FEATURES, ContentBlocks, DeadlineBlocks, ProjectBlocks
from qmportal.website.models.tree import SECTION_PANELS, SitePage, SitePageQuerySet

# The service that advises on projects, by its name in addresses.
ADVICE: Final = "projektberatung"


class FundPage(SitePage):
    """What the fund pays, by which rules, until when to apply, what is left, and what it has paid."""

    lead = models.CharField(_("first sentence"), max_length=300)
    pays = RichTextField(_("what it pays"), features=TEXT_FEATURES)
    rules = RichTextField(_("rules"), features=TEXT_FEATURES)
    deadlines = StreamField(DeadlineBlocks(), blank=True, verbose_name=_("deadlines"))
    balance = models.CharField(_("what is left, in words"), max_length=200, blank=True)
    balance_on = models.DateField(_("as of"), null=True, blank=True)
    body = StreamField(ContentBlocks(), blank=True, verbose_name=_("how to apply"))
    projects = StreamField(ProjectBlocks(), blank=True, verbose_name=_("projects"))

    objects = PageManager.from_queryset(SitePageQuerySet)()

    template = "website/fund.html"
    parent_page_types: ClassVar[list[str]] = ["website.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1
    promote_panels: ClassVar[list[Any]] = SECTION_PANELS
    content_panels: ClassVar[list[Any]] = [
        *SitePage.content_panels,
        FieldPanel("lead"),
        FieldPanel("pays"),
        FieldPanel("rules"),
        FieldPanel("deadlines"),
        MultiFieldPanel([FieldPanel("balance"), FieldPanel("balance_on")], heading=_("what is left")),
        FieldPanel("body"),
        FieldPanel("projects"),
    ]
    search_fields: ClassVar[list[Any]] = [
        *SitePage.search_fields,
        index.SearchField("lead"),
        index.SearchField("pays"),
        index.SearchField("rules"),
        index.SearchField("body"),
        index.SearchField("projects"),
    ]

    class Meta:
        verbose_name = _("page about project money")
        verbose_name_plural = _("pages about project money")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add where advice on projects is booked: all free times, where no service is for that alone."""
        context = super().get_context(request, *args, **kwargs)
        address = reverse("booking:slots")
        if Service.objects.filter(slug=ADVICE, is_active=True).exists():
            address = f"{address}?angebot={ADVICE}"
        return context | {"advice_url": address}
