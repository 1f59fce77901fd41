"""The first page."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from qmportal.website.blocks import HeroPictures, HomeBlocks
from qmportal.website.models.tree import SitePage


class HomePage(SitePage):
    """The first page: whose it is, the way to an appointment, and what the office is there for."""

    heading = models.CharField(_("heading"), max_length=80)
    lead = models.CharField(
        _("first sentence"), max_length=200, help_text=_("In plain words: what do people find here?")
    )
    pictures = StreamField(
        HeroPictures(),
        blank=True,
        max_num=3,
        verbose_name=_("pictures on top"),
        help_text=_("Up to three. On a phone only the first one is seen."),
    )
    body = StreamField(HomeBlocks(), blank=True, verbose_name=_("sections"))

    template = "website/home.html"
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    content_panels: ClassVar[list[Any]] = [
        *SitePage.content_panels,
        FieldPanel("heading"),
        FieldPanel("lead"),
        FieldPanel("pictures"),
        FieldPanel("body"),
    ]

    search_fields: ClassVar[list[Any]] = [
        *SitePage.search_fields,
        index.SearchField("lead"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")
