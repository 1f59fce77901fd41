"""Puts the demo's pictures and its film where its texts name them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone
from wagtail.images.models import AbstractImage

from qmportal.website.pictures import demo_picture, demo_video

# Long enough ago to look real, and less than the two years after which the back end asks for it again.
CONSENT: Final = timedelta(days=90)


def with_pictures(said: Any) -> Any:
    """Return the words with pictures and the film in place of their names, and with a day on each voice's consent."""
    if isinstance(said, list):
        return [with_pictures(each) for each in said]
    if not isinstance(said, dict):
        return said
    found = {key: with_pictures(each) for key, each in said.items()}
    alt = found.pop("alt", None)
    for key in {"picture", "logo"} & found.keys():
        # The block of a picture is called so too.
        if isinstance(found[key], str):
            found[key] = described(found[key], alt)
    if isinstance(found.get("video"), str):
        found["video"] = demo_video()
    if "quote" in found:
        found["consent_on"] = timezone.localdate() - CONSENT
    return found


def described(name: str, text: str | None = None) -> AbstractImage:
    """Return the picture, ready for a block, which asks the picture itself for its words."""
    picture = demo_picture(name)
    picture.contextual_alt_text, picture.decorative = text or picture.description, False
    return picture


def as_fields(picture: AbstractImage | None) -> dict[str, Any]:
    """Return the picture as the two fields of a page that has one."""
    return {"picture": picture, "picture_text": picture.description} if picture else {}
