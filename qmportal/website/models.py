"""The pages of the website; booking itself lives in `booking/` and knows nothing of them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from booking.context import default_office
from booking.models import Slot
from qmportal.website.blocks import ContentBlocks, HomeBlocks


class HomePage(Page):
    """The first page: whose it is, the way to an appointment, and what the office is there for."""

    heading = models.CharField(_("heading"), max_length=80)
    lead = models.CharField(
        _("first sentence"), max_length=200, help_text=_("In plain words: what do people find here?")
    )
    body = StreamField(HomeBlocks(), blank=True, verbose_name=_("sections"))

    template = "website/home.html"
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("heading"),
        FieldPanel("lead"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the office and its next free time."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        office = default_office()
        here = Slot.objects.bookable(timezone.now()).filter(office_hours__host__office=office)
        return context | {"office": office, "next_slot": here.first()}


class ContentPage(Page):
    """A page of headings and text, such as the imprint."""

    body = StreamField(ContentBlocks(), blank=True, verbose_name=_("content"))

    template = "website/content.html"
    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("page of text")
        verbose_name_plural = _("pages of text")
