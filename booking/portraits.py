"""A photo from a phone made into a portrait for the website: small, square, silent about where it was taken.

Whatever is uploaded is drawn anew, so that nothing of the file itself is ever served.
"""

from __future__ import annotations

from io import BytesIO
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

SIDE = 480
LEAST_SIDE = 200
FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 15 * 1024 * 1024
# What a telephone's camera makes today. A JPEG is read at a fraction of its size, the others as a whole.
MOST_PIXELS = {"JPEG": 110_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
# Faces are above the middle of a picture.
CENTRE = (0.5, 0.4)


class NotAPortrait(ValueError):
    """The file cannot become a portrait; its text says what to do."""


def portrait(file: IO[bytes], size: int) -> bytes:
    """Return the picture upright, cut to a square and without what the camera wrote beside it, as WebP.

    `size` is the file's length in bytes. Raises NotAPortrait.
    """
    if size > MOST_BYTES:
        raise NotAPortrait(_("This photo is too large. Please choose one of at most 15 MB."))
    picture = _upright(file)
    if min(picture.size) < LEAST_SIDE:
        raise NotAPortrait(_("This photo is too small. Please choose one of at least 200 × 200 pixels."))
    square = ImageOps.fit(picture, (SIDE, SIDE), Image.Resampling.LANCZOS, centering=CENTRE)
    ground = Image.new("RGB", square.size, "white")
    ground.paste(square, mask=square.getchannel("A") if square.mode == "RGBA" else None)
    written = BytesIO()
    ground.save(written, "WEBP", quality=82, method=4)
    return written.getvalue()


def _upright(file: IO[bytes]) -> Image.Image:
    """Read the picture, looking at its measures first: a small file may claim to be a square kilometre."""
    try:
        opened = Image.open(file, formats=FORMATS)
        if opened.width * opened.height > MOST_PIXELS[str(opened.format)]:
            raise NotAPortrait(_("This photo has too many pixels. Please choose a smaller one."))
        opened.draft("RGB", (2 * SIDE, 2 * SIDE))
        upright = ImageOps.exif_transpose(opened)
        has_holes = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
        return upright.convert("RGBA" if has_holes else "RGB")
    except NotAPortrait:
        raise
    except Image.DecompressionBombError as error:
        raise NotAPortrait(_("This photo has too many pixels. Please choose a smaller one.")) from error
    except Exception as error:  # a broken file fails in Pillow's readers in many ways
        raise NotAPortrait(
            _("This file is not a photo that we can read. Please choose a JPEG, PNG or WebP file.")
        ) from error
