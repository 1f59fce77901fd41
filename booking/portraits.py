"""A photo from a phone made into a portrait for the website: small, square, silent about where it was taken."""

from __future__ import annotations

from io import BytesIO
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from booking import pictures
from booking.pictures import NotAPicture

SIDE = 480
LEAST_SIDE = 200
# Faces are above the middle of a picture.
CENTRE = (0.5, 0.4)


def portrait(file: IO[bytes], size: int) -> bytes:
    """Return the picture upright, cut to a square and without what the camera wrote beside it, as WebP.

    `size` is the file's length in bytes. Raises NotAPicture.
    """
    picture = pictures.drawn(file, size, (2 * SIDE, 2 * SIDE))
    if min(picture.size) < LEAST_SIDE:
        raise NotAPicture(_("This photo is too small. Please choose one of at least 200 × 200 pixels."))
    square = ImageOps.fit(picture, (SIDE, SIDE), Image.Resampling.LANCZOS, centering=CENTRE)
    ground = Image.new("RGB", square.size, "white")
    ground.paste(square, mask=square.getchannel("A") if square.mode == "RGBA" else None)
    written = BytesIO()
    ground.save(written, "WEBP", quality=82, method=4)
    return written.getvalue()
