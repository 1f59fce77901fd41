"""Videos of our own: looked into when they come, cleared away when they go, and never without words."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import rich_text

from qmportal.website.frame import frame
from qmportal.website.models import ContentPage, HomePage, SignLanguagePage, Video
from qmportal.website.search import search
from tests.website.page import Page
from tests.website.pages import translate

MP4 = b"\x00\x00\x00\x18ftypisom and so on"
WEBM = b"\x1a\x45\xdf\xa3 and so on"
VTT = b"WEBVTT\n\n00:00.000 --> 00:04.000\nGuten Tag\n"

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def a_video(film: bytes = MP4, subtitles: bytes = VTT, **fields: Any) -> Video:
    """Return a video that is not kept yet."""
    given = {"title": "Was wir tun", "transcript": "<p>Wir hören zu.</p>"} | fields
    return Video(
        file=SimpleUploadedFile("film.mp4", film),
        subtitles=SimpleUploadedFile("film.vtt", subtitles),
        **given,
    )


@pytest.mark.parametrize("film", [MP4, WEBM])
@pytest.mark.parametrize("subtitles", [VTT, b"\xef\xbb\xbf" + VTT, VTT.replace(b"\n", b"\r\n")])
def test_a_video_with_subtitles_is_taken(film: bytes, subtitles: bytes) -> None:
    a_video(film, subtitles).full_clean()


@pytest.mark.parametrize("film", [b"", b"GIF89a and so on", b"<html><script>"])
def test_a_film_that_is_none_is_refused(film: bytes) -> None:
    with pytest.raises(ValidationError) as refused:
        a_video(film).full_clean()
    assert list(refused.value.message_dict) == ["file"]


@pytest.mark.parametrize(
    "subtitles", [b"1\n00:00:00,000 --> 00:00:04,000\n", b"WEBVTT\n", b"WEBVTTX\n-->", b"WEBVTT\n-->\xff\xfe"]
)
def test_subtitles_that_no_browser_shows_are_refused(subtitles: bytes) -> None:
    with pytest.raises(ValidationError) as refused:
        a_video(subtitles=subtitles).full_clean()
    assert list(refused.value.message_dict) == ["subtitles"]


def test_a_replaced_file_goes_once_the_change_is_certain(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    video = a_video()
    video.save()
    storage, old, subtitles = video.file.storage, video.file.name, video.subtitles.name
    with django_capture_on_commit_callbacks(execute=True):
        video.file = SimpleUploadedFile("neu.mp4", MP4)
        video.save()
        assert storage.exists(old)
    assert (storage.exists(old), storage.exists(subtitles)) == (False, True)

    with django_capture_on_commit_callbacks(execute=True):
        Video.objects.all().delete()
    assert (storage.exists(video.file.name), storage.exists(subtitles)) == (False, False)


def test_a_page_shows_it_with_subtitles_and_in_writing(home: HomePage, client: Client) -> None:
    video = a_video(language="tr")
    video.save()
    page = ContentPage(title="Film", slug="film", body=[("video", {"heading": "Film", "video": video})])
    home.add_child(instance=page)

    shown = Page(client.get("/film/")).soup

    assert shown.video["preload"] == "none"
    assert shown.video.source.attrs == {"src": video.file.url, "type": "video/mp4"}
    assert (shown.video.track["srclang"], shown.video.track["label"]) == ("tr", "Türkçe")
    assert "Wir hören zu." in shown.main.find("details").get_text()


def test_a_form_sent_back_says_which_file_to_choose_again(editor: Client) -> None:
    form = reverse("wagtailsnippets_website_video:add")
    about = {"title": "Was wir tun", "language": "de", "transcript": rich_text("<p>Wir hören zu.</p>")}
    refused = editor.post(form, {**about, "file": SimpleUploadedFile("film.mp4", MP4)})
    assert {name: len(errors) for name, errors in refused.context["form"].errors.items()} == {
        "file": 1,
        "subtitles": 1,
    }
    assert "noch einmal" in refused.context["form"].errors["file"][0]
    both = {
        "file": SimpleUploadedFile("film.mp4", MP4),
        "subtitles": SimpleUploadedFile("film.vtt", VTT),
    }
    assert editor.post(form, {**about, **both}).status_code == HTTPStatus.FOUND


def places(client: Client) -> dict[str, bool]:
    """Tell where the page in sign language is found, in German and in English."""
    ways = {f"frame {code}": frame(code) for code in ("de", "en")}
    shown = {name: [*way.sections, way.signed] for name, way in ways.items()}
    return {
        **{name: any(way and "/zeichen/" in way.url for way in found) for name, found in shown.items()},
        **{f"search {code}": search("Zeichen", code) != [] for code in ("de", "en")},
        "map": "/zeichen/" in client.get("/sitemap.xml").text,
        "page": client.get("/zeichen/").status_code == 200,
        "page en": client.get("/en/zeichen/").status_code == 200,
    }


def test_a_page_in_sign_language_is_found_once_it_has_a_video(home: HomePage, client: Client) -> None:
    page = SignLanguagePage(title="Zeichen", slug="zeichen", locale=home.locale, show_in_menus=True)
    home.add_child(instance=page)
    translate(page, "en", title="Zeichen in German Sign Language")
    assert set(places(client).values()) == {False}

    page.video = a_video()
    page.video.save()
    page.save()

    assert set(places(client).values()) == {True}
    assert Page(client.get("/zeichen/")).soup.video is not None
    assert Page(client.get("/en/zeichen/")).soup.video is not None
