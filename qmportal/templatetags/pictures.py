"""Pictures of the website, small enough for an old phone and sharp enough for a new one."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe
from wagtail.images.models import AbstractImage, Picture
from wagtail.images.shortcuts import get_renditions_or_not_found

register = template.Library()

# A third smaller than WebP, but ten times the work: for the one picture that everybody waits for.
FIRST = ("avif", "webp")
OTHERS = ("webp",)


@register.simple_tag
def picture(
    image: AbstractImage | None,
    widths: str = "480 960",
    sizes: str = "100vw",
    shape: str = "",
    alt: str | None = None,
    first: bool = False,
) -> SafeString:
    """Return the picture in small formats and some widths, or nothing without one.

    `sizes` says how wide it is shown, as in HTML. `shape` cuts it around its focal point, as in "3:2".
    `alt` stands in for the words that its page has for it. `first` marks the one that is seen at once.
    """
    if image is None:
        return SafeString()
    specs = [
        f"{_size(int(width), shape)}|format-{format_name}"
        for format_name in (FIRST if first else OTHERS)
        for width in widths.split()
    ]
    attributes = {"sizes": sizes, "alt": words_for(image) if alt is None else alt}
    attributes |= {"fetchpriority": "high"} if first else {"loading": "lazy", "decoding": "async"}
    renditions = get_renditions_or_not_found(image, specs)
    html: SafeString = mark_safe(Picture(renditions, attributes).__html__())  # noqa: S308 - escaped by Wagtail
    return html


def words_for(image: AbstractImage) -> str:
    """Return what the page says that the picture shows; else its description; nothing if it only decorates."""
    if getattr(image, "decorative", False):
        return ""
    return str(getattr(image, "contextual_alt_text", None) or image.description)


def _size(width: int, shape: str) -> str:
    if not shape:
        return f"width-{width}"
    across, up = (int(side) for side in shape.split(":"))
    return f"fill-{width}x{width * up // across}"
