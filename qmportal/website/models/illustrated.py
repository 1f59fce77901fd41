"""Pages with a picture: news and events."""

from __future__ import annotations

from typing import Any, Final, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from qmportal.website.models.tree import SitePage, SitePageQuerySet

# The picture in all its sizes.
PICTURES: Final = "picture__renditions"
PICTURE_PANEL: Final[Any] = MultiFieldPanel(
    [FieldPanel("picture"), FieldPanel("picture_text")], heading=_("picture")
)


class IllustratedPage(SitePage):
    """A page that lists show with its picture."""

    picture = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )
    picture_text = models.CharField(
        _("what the picture shows"),
        max_length=200,
        blank=True,
        help_text=_("For people who cannot see it. Leave it empty if the picture only decorates."),
    )

    class Meta:
        abstract = True


class IllustratedQuerySet(SitePageQuerySet):
    """Pages of one kind, with their pictures."""

    def with_pictures(self) -> Self:
        """Return them with their pictures in all sizes at hand."""
        found: Self = self.prefetch_related(PICTURES)
        return found
