"""What people upload as a photo, by mistake or on purpose, and what becomes of it."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from booking.pictures import MOST_BYTES, NotAPicture
from booking.portraits import SIDE, portrait

pytestmark = pytest.mark.once

RED, BLUE = (200, 30, 30), (30, 30, 200)
ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


def photo(
    kind: str = "JPEG", size: tuple[int, int] = (800, 600), mode: str = "RGB", **options: object
) -> bytes:
    """Draw a picture, red above and blue below."""
    picture = Image.new(mode, size, RED if mode == "RGB" else 0)
    if mode == "RGB":
        picture.paste(BLUE, (0, size[1] // 2, *size))
    written = BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()


def made(data: bytes) -> Image.Image:
    result = Image.open(BytesIO(portrait(BytesIO(data), len(data))))
    result.load()
    return result


def is_like(pixel: tuple[int, ...], colour: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 30 for one, other in zip(pixel, colour, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [(800, 600), (600, 4000), (200, 200), (481, 479)])
def test_every_photo_becomes_a_square_of_one_size(kind: str, size: tuple[int, int]) -> None:
    result = made(photo(kind, size))
    assert (result.format, result.size, result.mode) == ("WEBP", (SIDE, SIDE), "RGB")


@pytest.mark.parametrize("mode", ["RGBA", "LA", "L", "P", "1", "CMYK"])
def test_every_kind_of_colour_is_read(mode: str) -> None:
    assert made(photo("JPEG" if mode == "CMYK" else "PNG", mode=mode)).mode == "RGB"


def test_what_is_transparent_becomes_white() -> None:
    assert made(photo("PNG", mode="RGBA")).getpixel((240, 240)) == (255, 255, 255)


def test_a_photo_that_was_taken_sideways_stands_upright_and_tells_no_place() -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 3, "A telephone"
    exif.get_ifd(GPS)[1] = "N"
    result = made(photo(exif=exif, comment=b"secret"))
    top, bottom = result.getpixel((240, 20)), result.getpixel((240, 460))
    assert (is_like(top, BLUE), is_like(bottom, RED)) == (True, True)
    assert dict(result.getexif()) == {}
    assert {"exif", "xmp", "comment", "icc_profile"} & set(result.info) == set()


def png_claiming(width: int, height: int) -> bytes:
    """Return a PNG of 60 bytes that says it is enormous."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HOSTILE = {
    "nothing": b"",
    "text": b"Guten Tag",
    "svg": SVG,
    "svg that says it is xml": b'<?xml version="1.0"?>' + SVG,
    "html": b"<html><script>alert(1)</script>",
    "gif": photo("GIF"),
    "tiff": photo("TIFF"),
    "bmp": photo("BMP"),
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 800 800\n",
    "pdf": b"%PDF-1.7\n",
    "the head of a jpeg": photo()[:200],
    "half a jpeg": photo()[: len(photo()) // 2],
    "half a png": photo("PNG")[: len(photo("PNG")) // 2],
    "half a webp": photo("WEBP")[: len(photo("WEBP")) // 2],
    "a png without pixels": png_claiming(800, 600),
    "a square kilometre": png_claiming(1_000_000, 1_000_000),
    "more pixels than we read": png_claiming(6_000, 5_000),
    "a jpeg of noise": b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40,
    "a thumbnail": photo(size=(199, 800)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_photo_is_refused_in_words(name: str) -> None:
    with pytest.raises(NotAPicture) as refusal:
        portrait(BytesIO(HOSTILE[name]), len(HOSTILE[name]))
    assert str(refusal.value).strip() != ""


def test_a_file_that_is_two_things_at_once_leaves_only_the_picture() -> None:
    evil = b"<script>alert(document.domain)</script><?php system($_GET[0]); ?>"
    data = photo(comment=evil) + evil
    result = portrait(BytesIO(data), len(data))
    assert (evil in data, evil in result, b"<script" in result) == (True, False, False)


def test_a_file_that_is_too_long_is_not_even_opened() -> None:
    with pytest.raises(NotAPicture):
        portrait(BytesIO(photo()), MOST_BYTES + 1)


def test_a_photo_of_fifty_megapixels_is_taken() -> None:
    assert made(photo(size=(8192, 6144), quality=30)).size == (SIDE, SIDE)
