"""What becomes of a logo; what is no picture at all is tried with the portraits, which share the reader."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from booking.logos import HIGHEST, WIDEST, logo
from booking.pictures import NotAPicture
from tests.booking.test_portraits import HOSTILE, photo

pytestmark = pytest.mark.once


def made(data: bytes) -> Image.Image:
    result = Image.open(BytesIO(logo(BytesIO(data), len(data))))
    result.load()
    return result


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("size", "made_of_it"),
    [((1200, 300), (600, 150)), ((900, 900), (300, 300)), ((300, 60), (300, 60)), ((6000, 40), (600, 4))],
)
def test_a_logo_keeps_its_shape_and_is_at_most_600_by_300(
    kind: str, size: tuple[int, int], made_of_it: tuple[int, int]
) -> None:
    result = made(photo(kind, size))
    assert (result.format, result.size) == ("WEBP", made_of_it)
    assert (result.width <= WIDEST, result.height <= HIGHEST) == (True, True)


def test_what_is_transparent_stays_transparent() -> None:
    result = made(photo("PNG", (200, 100), "RGBA"))
    assert (result.mode, result.getpixel((100, 50))[3]) == ("RGBA", 0)


def test_nothing_written_beside_the_picture_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010F] = "A telephone"
    result = made(photo(exif=exif, comment=b"secret"))
    assert ({"exif", "xmp", "comment", "icc_profile"} & set(result.info), dict(result.getexif())) == (
        set(),
        {},
    )


@pytest.mark.parametrize("name", ["svg", "gif", "pdf", "half a png", "a square kilometre", "nothing"])
def test_what_is_no_logo_is_refused_in_words(name: str) -> None:
    with pytest.raises(NotAPicture) as refusal:
        logo(BytesIO(HOSTILE[name]), len(HOSTILE[name]))
    assert str(refusal.value).strip() != ""


def test_a_dot_is_no_logo() -> None:
    with pytest.raises(NotAPicture):
        made(photo("PNG", (39, 39)))
