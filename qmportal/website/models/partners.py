"""Who else is there for the quarter."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import PageManager
from wagtail.search import index

from qmportal.website.blocks import PartnerBlocks
from qmportal.website.models.tree import SECTION_PANELS, SitePage, SitePageQuerySet


class PartnersPage(SitePage):
    """Partners and associations of the quarter, by kind."""

    lead = models.CharField(_("first sentence"), max_length=300, blank=True)
    partners = StreamField(PartnerBlocks(), blank=True, verbose_name=_("partners"))

    objects = PageManager.from_queryset(SitePageQuerySet)()

    template = "website/partners.html"
    parent_page_types: ClassVar[list[str]] = ["website.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1
    promote_panels: ClassVar[list[Any]] = SECTION_PANELS
    content_panels: ClassVar[list[Any]] = [
        *SitePage.content_panels,
        FieldPanel("lead"),
        FieldPanel("partners"),
    ]
    search_fields: ClassVar[list[Any]] = [
        *SitePage.search_fields,
        index.SearchField("lead"),
        index.SearchField("partners"),
    ]

    class Meta:
        verbose_name = _("page of partners")
        verbose_name_plural = _("pages of partners")
