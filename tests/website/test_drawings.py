"""The demo's drawings: made by the project, described in words, small enough for a phone."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow

from qmportal.website.models.video_files import validate_film, validate_subtitles
from qmportal.website.pictures import DRAWINGS, HERE, demo_picture, demo_video

pytestmark = pytest.mark.once

MOST_BYTES = 80_000


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_drawing_has_its_source_beside_it_and_is_small(name: str) -> None:
    file = HERE / f"{name}.webp"

    with Pillow.open(file) as picture:
        assert (file.with_suffix(".svg").exists(), picture.format) == (True, "WEBP")
    assert file.stat().st_size < MOST_BYTES


def test_no_file_lies_there_that_has_no_name() -> None:
    assert {file.stem for file in HERE.glob("*.webp")} == set(DRAWINGS)


@pytest.mark.django_db
def test_a_drawing_comes_into_the_library_once_with_its_description() -> None:
    first, second = demo_picture("hannah"), demo_picture("hannah")

    assert (first.pk, first.description) == (second.pk, "Eine junge Frau, die lacht")


@pytest.mark.django_db
def test_a_portrait_is_cropped_around_the_face() -> None:
    point = demo_picture("karl").get_focal_point()

    assert point is not None
    assert (point.left, point.right) == (176, 624)


def test_subtitles_and_transcript_of_the_demo_video_say_the_same() -> None:
    cues = [line for line in (HERE / "film.vtt").read_text().splitlines() if line[-1:] in (".", "?")]
    transcript = (HERE / "film.html").read_text()

    assert [words for words in cues if words not in transcript] == []
    assert len(cues) == 5


@pytest.mark.django_db
def test_the_demo_video_would_also_be_taken_from_an_editor() -> None:
    video = demo_video()

    assert (video.pk, video.media_type) == (demo_video().pk, "video/mp4")
    with video.file.open() as film, video.subtitles.open() as subtitles:
        validate_film(SimpleUploadedFile("film.mp4", film.read()))
        validate_subtitles(SimpleUploadedFile("film.vtt", subtitles.read()))
