"""Pages with a picture: news and events."""

from __future__ import annotations

from typing import Any, Final, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from qmportal.website.models.address import AddressForm
from qmportal.website.models.tree import SitePage, SitePageQuerySet

# The picture in all its sizes.
PICTURES: Final = "picture__renditions"
PICTURE_PANEL: Final[Any] = MultiFieldPanel(
    [FieldPanel("picture"), FieldPanel("picture_text")], heading=_("picture")
)


class IllustratedForm(AddressForm):
    """The form of a page with a picture, which nobody publishes without words for it."""

    def clean(self) -> dict[str, Any]:
        """Take the words that the picture has in the library, where the page has none of its own."""
        cleaned: dict[str, Any] = super().clean()
        picture = cleaned.get("picture")
        if picture and not cleaned.get("picture_text") and not self.is_deferred_validation:
            # Those are German.
            cleaned["picture_text"] = picture.description if self.instance.is_original else ""
            if not cleaned["picture_text"]:
                self.add_error("picture_text", ValidationError(_("Please say what the picture shows.")))
        return cleaned


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
        help_text=_("For people who cannot see it."),
    )

    base_form_class = IllustratedForm

    class Meta:
        abstract = True


class IllustratedQuerySet(SitePageQuerySet):
    """Pages of one kind, with their pictures."""

    def with_pictures(self) -> Self:
        """Return them with their pictures in all sizes at hand."""
        found: Self = self.prefetch_related(PICTURES)
        return found
