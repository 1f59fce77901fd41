"""Videos in parts: what a player asks for when it jumps, and what iPhones ask for first of all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

pytestmark = pytest.mark.once

ADDRESS, CONTENT = "/media/videos/range-test.mp4", b"0123456789"


@pytest.fixture(autouse=True)
def file() -> Iterator[Path]:
    """Put ten bytes where videos lie."""
    path = Path(settings.MEDIA_ROOT) / "videos" / "range-test.mp4"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(CONTENT)
    yield path
    path.unlink()


def get(**headers: str) -> HttpResponse:
    return Client().get(ADDRESS, headers=headers)


def body(answer: HttpResponse) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    ("asked", "content", "part"),
    [
        ("bytes=0-1", b"01", "bytes 0-1/10"),
        ("bytes=4-", b"456789", "bytes 4-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=8-99", b"89", "bytes 8-9/10"),
    ],
)
def test_a_part_is_answered(asked: str, content: bytes, part: str) -> None:
    answer = get(range=asked)

    assert (answer.status_code, body(answer), answer["Content-Range"]) == (206, content, part)
    assert (answer["Content-Length"], answer["Content-Type"]) == (str(len(content)), "video/mp4")


@pytest.mark.parametrize("asked", ["", "bytes=5-2", "bytes=0-1,4-5", "lines=1-2", "bytes=-", "bytes=x-y"])
def test_what_is_no_wish_for_one_part_gets_the_whole(asked: str) -> None:
    answer = get(range=asked)

    assert (answer.status_code, body(answer), answer["Accept-Ranges"]) == (200, CONTENT, "bytes")


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_part_beyond_the_end_is_refused(asked: str) -> None:
    answer = get(range=asked)

    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */10")


def test_a_part_of_an_older_version_gets_the_whole() -> None:
    etag = get()["ETag"]

    assert get(range="bytes=0-1", if_range=etag).status_code == 206
    assert get(range="bytes=0-1", if_range='"older"').status_code == 200


def test_what_a_browser_has_is_not_sent_again() -> None:
    first = get()

    assert get(if_none_match=first["ETag"]).status_code == 304
    assert get(if_modified_since=first["Last-Modified"]).status_code == 304


def test_the_head_says_how_long_it_is() -> None:
    answer = Client().head(ADDRESS)

    assert (answer.status_code, answer["Content-Length"], answer.getvalue()) == (200, "10", b"")


def test_a_part_is_never_compressed() -> None:
    answer = get(range="bytes=0-1", accept_encoding="gzip, br")

    assert (answer.headers.get("Content-Encoding"), body(answer)) == (None, b"01")


def test_subtitles_are_sent_as_what_they_are(file: Path) -> None:
    subtitles = file.with_suffix(".vtt")
    subtitles.write_text("WEBVTT\n")
    try:
        answer = Client().get(ADDRESS.replace(".mp4", ".vtt"))
    finally:
        subtitles.unlink()
    assert answer["Content-Type"] == "text/vtt; charset=utf-8"


@pytest.mark.parametrize(
    "name", ["none.mp4", "../secret.key", "../images/x.png", "a/b.mp4", "%00", "a" * 300]
)
@pytest.mark.django_db
def test_nothing_else_is_found(name: str) -> None:
    assert Client().get(f"/media/videos/{name}").status_code == 404


def test_nobody_writes_there() -> None:
    assert Client().post(ADDRESS).status_code == 405
