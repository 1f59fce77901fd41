"""The logo of the office or of a funder: drawn anew, small enough for every page, with its transparent ground."""

from __future__ import annotations

from io import BytesIO
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image

from booking import pictures
from booking.pictures import NotAPicture

WIDEST, HIGHEST = 600, 300
LEAST_SIDE = 40


def logo(file: IO[bytes], size: int) -> bytes:
    """Return the logo as WebP of at most 600 × 300 pixels; a smaller one keeps its size.

    `size` is the file's length in bytes. Raises NotAPicture.
    """
    picture = pictures.drawn(file, size, (2 * WIDEST, 2 * HIGHEST))
    if min(picture.size) < LEAST_SIDE:
        raise NotAPicture(_("This logo is too small. Please choose one of at least 40 × 40 pixels."))
    picture.thumbnail((WIDEST, HIGHEST), Image.Resampling.LANCZOS)
    # Without what its program wrote beside it, as with every other picture.
    picture.info.clear()
    written = BytesIO()
    picture.save(written, "WEBP", quality=90, method=4)
    return written.getvalue()


def measures(logo: bytes) -> tuple[int, int]:
    """Return width and height, in pixels, of what `logo` returned."""
    return Image.open(BytesIO(logo), formats=("WEBP",)).size
