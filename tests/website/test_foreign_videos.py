"""Videos that lie elsewhere: that server hears nothing before a visitor agrees, and then only it does."""

from __future__ import annotations

import pytest
from django.test import Client

from qmportal.website.foreign_videos import foreign_video, key_of
from qmportal.website.models import ContentPage, HomePage
from tests.website.page import Page

pytestmark = pytest.mark.once

YOUTUBE, VIMEO = "https://www.youtube.com/watch?v=abcdefghijk", "https://vimeo.com/123456789"
FRAME = "https://www.youtube-nocookie.com/embed/abcdefghijk"


def policy_of_frames(answer: object) -> str:
    policy = answer["Content-Security-Policy"]  # type: ignore[index]
    return next(part.strip() for part in policy.split(";") if part.strip().startswith("frame-src"))


@pytest.fixture
def address(home: HomePage) -> str:
    """Make a page with two videos from elsewhere, and give its address."""
    words = {"transcript": "<p>Wir hören zu.</p>", "picture": None}
    body = [("foreign_video", {"heading": video, "address": video} | words) for video in (YOUTUBE, VIMEO)]
    home.add_child(instance=ContentPage(title="Film", slug="film", body=body))
    return "/film/"


@pytest.mark.django_db
def test_nothing_is_loaded_from_elsewhere_before_a_visitor_agrees(address: str, client: Client) -> None:
    answer = client.get(address)
    page = Page(answer)

    assert [source for source in page.loads() if "//" in source] == []
    assert policy_of_frames(answer) == "frame-src 'self'"
    assert [field["value"] for field in page.soup.main.find_all("input", {"name": "video"})] == [
        key_of(YOUTUBE),
        key_of(VIMEO),
    ]


HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sender", [HERE, {"Origin": "http://testserver"}, {"Referer": "http://testserver/film/"}]
)
def test_a_visitor_who_agrees_gets_this_one_video_and_no_other_server(
    address: str, sender: dict[str, str]
) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(address, {"video": key_of(YOUTUBE)}, headers=sender)

    assert [source for source in Page(answer).loads() if "//" in source] == [FRAME]
    assert policy_of_frames(answer) == "frame-src 'self' https://www.youtube-nocookie.com"
    assert policy_of_frames(client.get(address)) == "frame-src 'self'"
    assert dict(client.cookies) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sender",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null", "Referer": "http://testserver/film/"},
        {"Referer": "http://testserver.elsewhere.example/"},
        {},
    ],
)
def test_nobody_agrees_for_a_visitor(address: str, client: Client, sender: dict[str, str]) -> None:
    for answer in (
        client.get(address, {"video": key_of(YOUTUBE)}, headers=HERE),
        client.post(address, {"video": key_of(YOUTUBE)}, headers=sender),
    ):
        assert answer.status_code == 200
        assert (policy_of_frames(answer), Page(answer).soup.find("iframe")) == ("frame-src 'self'", None)


@pytest.mark.django_db
def test_a_wish_for_no_video_of_the_page_opens_nothing(address: str, client: Client) -> None:
    answer = client.post(address, {"video": key_of("https://vimeo.com/987654321")}, headers=HERE)

    assert (policy_of_frames(answer), Page(answer).soup.find("iframe")) == ("frame-src 'self'", None)


@pytest.mark.django_db
def test_a_page_is_asked_for_and_agreed_to_and_nothing_else(address: str, client: Client) -> None:
    assert [client.generic(method, address).status_code for method in ("PUT", "PATCH", "DELETE")] == [405] * 3


@pytest.mark.django_db
def test_an_unknown_server_is_only_linked_to(home: HomePage, client: Client) -> None:
    video = {
        "heading": "Film",
        "address": "https://example.org/film",
        "picture": None,
        "transcript": "<p>.</p>",
    }
    home.add_child(instance=ContentPage(title="Film", slug="film", body=[("foreign_video", video)]))

    page = Page(client.post("/film/", {"video": key_of("https://example.org/film")}, headers=HERE))

    assert "https://example.org/film" in page.links().values()
    assert page.soup.find("iframe") is None


@pytest.mark.parametrize(
    ("address", "frame"),
    [
        (YOUTUBE, FRAME),
        ("https://youtu.be/abcdefghijk?si=whoever", FRAME),
        ("https://www.youtube.com/shorts/abcdefghijk", FRAME),
        (VIMEO, "https://player.vimeo.com/video/123456789?dnt=1"),
        (
            "https://vimeo.com/123456789/abcdef0123",
            "https://player.vimeo.com/video/123456789?dnt=1&h=abcdef0123",
        ),
        ("https://video.stadt.example/w/abcDEF123", "https://video.stadt.example/videos/embed/abcDEF123"),
        ("https://other.example/w/abcDEF123", None),
        ("https://www.youtube.com/watch?v=<script>", None),
        ("https://www.youtube.com/", None),
        ("https://www.youtube.com.example.org/watch?v=abcdefghijk", None),
        ("https://vimeo.com/channels/staffpicks", None),
    ],
)
def test_where_a_video_is_played(address: str, frame: str | None, settings: object) -> None:
    settings.VIDEO_HOSTS = ["video.stadt.example"]  # type: ignore[attr-defined]
    found = foreign_video(address)
    assert (found.frame if found else None) == frame
