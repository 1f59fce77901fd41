"""A picture with words for those who cannot see it, as blocks have it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.images import blocks


class ImageBlock(blocks.ImageBlock):
    """Wagtail's block, whose fields say what they are for; it names the first one only in English."""

    def __init__(self, required: bool = True, **kwargs: Any) -> None:
        super().__init__(required=required, **kwargs)
        self.child_blocks["image"].label = _("picture")
        self.child_blocks["decorative"].label = _("the picture only decorates")
        self.child_blocks["alt_text"].label = _("what the picture shows")
