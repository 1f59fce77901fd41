"""Videos that lie elsewhere: where they are played, once a visitor agrees to ask that server."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import HttpRequest

SHORT = "youtu.be"
YOUTUBE = {"www.youtube.com", "youtube.com", "m.youtube.com", "www.youtube-nocookie.com"}
VIMEO = {"vimeo.com", "www.vimeo.com", "player.vimeo.com"}
NAME = re.compile(r"[A-Za-z0-9_-]{6,64}")
PEERTUBE = re.compile(rf"/(?:w|videos/watch|videos/embed)/(?P<name>{NAME.pattern})/?")
VIMEO_PATH = re.compile(r"/(?:video/)?(?P<name>\d{5,16})(?:/(?P<key>[0-9a-f]{6,20}))?/?")


class ForeignVideo(NamedTuple):
    """A video on a server that we may show inside a page."""

    provider: str
    host: str
    frame: str


def foreign_video(address: str) -> ForeignVideo | None:
    """Return where the video of the address is played, None where only a link can lead to it."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if host in YOUTUBE or host == SHORT:
        return _youtube(host, parts.path, parse_qs(parts.query).get("v", [""])[0])
    if host in VIMEO and (found := VIMEO_PATH.fullmatch(parts.path)):
        key = f"&h={found['key']}" if found["key"] else ""
        return _at("Vimeo", "player.vimeo.com", f"/video/{found['name']}?dnt=1{key}")
    if host in settings.VIDEO_HOSTS and (found := PEERTUBE.fullmatch(parts.path)):
        return _at(host, host, f"/videos/embed/{found['name']}")
    return None


def leads_astray(address: str) -> bool:
    """Whether the address is of a server whose videos we show, but of none of them: of a channel, say."""
    hosts = {SHORT, *YOUTUBE, *VIMEO, *settings.VIDEO_HOSTS}
    return urlsplit(address).hostname in hosts and foreign_video(address) is None


def key_of(address: str) -> str:
    """Name the video in the form by which a visitor agrees to it."""
    return sha256(address.encode()).hexdigest()[:12]


def has_agreed(request: HttpRequest, key: str) -> bool:
    """Whether the visitor has just pressed the button of the video on a page of ours.

    An address never says so: whoever shares it would agree for others. Nor does a form of another website.
    """
    return request.method == "POST" and request.POST.get("video") == key and _comes_from_here(request)


def _comes_from_here(request: HttpRequest) -> bool:
    """Ask what browsers say of a form's sender, the newest header first; silence is a no."""
    if sender := request.headers.get("Sec-Fetch-Site"):
        return sender == "same-origin"
    page = urlsplit(request.headers.get("Origin") or request.headers.get("Referer") or "")
    return f"{page.scheme}://{page.netloc}" == f"{request.scheme}://{request.get_host()}"


def _youtube(host: str, path: str, name: str) -> ForeignVideo | None:
    if host == SHORT or path.startswith(("/embed/", "/shorts/", "/live/")):
        name = path.rstrip("/").rsplit("/", 1)[-1]
    if not NAME.fullmatch(name):
        return None
    return _at("YouTube", "www.youtube-nocookie.com", f"/embed/{name}")


def _at(provider: str, host: str, path: str) -> ForeignVideo:
    return ForeignVideo(provider, host, f"https://{host}{path}")
