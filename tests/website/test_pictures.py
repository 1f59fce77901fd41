from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup, Tag
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.images.fields import WagtailImageField
from wagtail.images.models import Image

from qmportal.templatetags.pictures import picture, words_for
from qmportal.website.pictures import demo_picture

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture
def lane(settings: SimpleNamespace, tmp_path: Path) -> Image:
    """A drawing in the library of pictures."""
    settings.MEDIA_ROOT = tmp_path
    # The number of the picture was another's before, in another test's folder.
    cache.clear()
    return demo_picture("lane")


def drawn(html: str) -> Tag:
    found = BeautifulSoup(html, "html5lib").picture
    assert found is not None
    return found


def test_a_picture_comes_in_each_width(lane: Image) -> None:
    shown = drawn(picture(lane, widths="60 120", sizes="50vw"))
    assert [part.split()[1] for part in shown.img["srcset"].split(",")] == ["60w", "120w"]
    assert [Path(part.split()[0]).suffix for part in shown.img["srcset"].split(",")] == [".webp", ".webp"]
    assert shown.img["sizes"] == "50vw"


def test_the_first_picture_comes_as_avif_too(lane: Image) -> None:
    shown = drawn(picture(lane, widths="60 120", sizes="50vw", first=True))
    assert shown.source["type"] == "image/avif"
    assert [part.split()[1] for part in shown.source["srcset"].split(",")] == ["60w", "120w"]
    assert [Path(part.split()[0]).suffix for part in shown.img["srcset"].split(",")] == [".webp", ".webp"]
    assert shown.img["sizes"] == shown.source["sizes"] == "50vw"


def test_a_picture_keeps_its_place_before_it_is_there(lane: Image) -> None:
    shown = drawn(picture(lane, widths="60", shape="3:2"))
    assert (shown.img["width"], shown.img["height"]) == ("60", "40")
    assert shown.img["loading"] == "lazy"


def test_the_first_picture_of_a_page_does_not_wait(lane: Image) -> None:
    shown = drawn(picture(lane, widths="60", first=True))
    assert shown.img["fetchpriority"] == "high"
    assert not shown.img.has_attr("loading")


def test_the_words_of_the_page_stand_for_the_picture_else_its_description(lane: Image) -> None:
    assert words_for(lane) == "Eine Gasse mit Fachwerkhäusern"
    lane.contextual_alt_text = "Unsere Gasse"
    assert words_for(lane) == "Unsere Gasse"
    lane.decorative = True
    assert words_for(lane) == ""


def test_words_for_a_picture_are_text_not_code(lane: Image) -> None:
    assert drawn(picture(lane, widths="60", alt='"><script>x</script>')).img["alt"] == '"><script>x</script>'


def test_without_a_picture_nothing_is_shown() -> None:
    assert picture(None) == ""


def test_a_browser_is_told_that_a_picture_is_avif(lane: Image, client: Client) -> None:
    address = drawn(picture(lane, widths="60", first=True)).source["srcset"].split()[0]
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/avif")
    assert b"ftypavif" in b"".join(answer)[:16]


def test_a_drawing_that_may_carry_scripts_is_no_picture() -> None:
    svg = SimpleUploadedFile("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml")
    with pytest.raises(ValidationError, match="Bildformat"):
        WagtailImageField().clean(svg)
