"""The one reader of pictures that people upload: each is drawn anew, so no file of theirs is ever served."""

from __future__ import annotations

from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 15 * 1024 * 1024
# What a telephone's camera makes today. A JPEG is read at a fraction of its size, the others as a whole.
MOST_PIXELS = {"JPEG": 110_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}


class NotAPicture(ValueError):
    """The file cannot be used; its text says what to do."""


def drawn(file: IO[bytes], size: int, enough: tuple[int, int]) -> Image.Image:
    """Return the picture upright, in RGB, or in RGBA where it has holes; `enough` are the pixels that are needed.

    `size` is the file's length in bytes. Raises NotAPicture.
    """
    if size > MOST_BYTES:
        raise NotAPicture(_("This picture is too large. Please choose one of at most 15 MB."))
    try:
        return _upright(file, enough)
    except NotAPicture:
        raise
    except Image.DecompressionBombError as error:
        raise NotAPicture(_("This picture has too many pixels. Please choose a smaller one.")) from error
    except Exception as error:  # a broken file fails in Pillow's readers in many ways
        raise NotAPicture(
            _("This file is not a picture that we can read. Please choose a JPEG, PNG or WebP file.")
        ) from error


def _upright(file: IO[bytes], enough: tuple[int, int]) -> Image.Image:
    """Read the picture, looking at its measures first: a small file may claim to be a square kilometre."""
    opened = Image.open(file, formats=FORMATS)
    if opened.width * opened.height > MOST_PIXELS[str(opened.format)]:
        raise NotAPicture(_("This picture has too many pixels. Please choose a smaller one."))
    opened.draft("RGB", enough)
    upright = ImageOps.exif_transpose(opened)
    has_holes = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    return upright.convert("RGBA" if has_holes else "RGB")
