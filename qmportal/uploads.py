"""What is sent to us, and how much of it; uploaded pictures and videos, served without a proxy's help."""

from __future__ import annotations

import errno
import mimetypes
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils._os import safe_join
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe
from django.views.static import serve

from qmportal.ranges import answer_in_parts

# Small images have no table of types, and a browser told nothing shows nothing.
mimetypes.add_type("image/webp", ".webp")
mimetypes.add_type("text/vtt", ".vtt")
mimetypes.add_type("image/avif", ".avif")

# Without a login there are only forms: the longest is a message of 500 characters with its fields.
MOST_BYTES_OF_STRANGERS = 256 * 1024
# The largest document.
MOST_BYTES = 20 * 1024 * 1024
# A video of some minutes; Django writes it to the disk while it comes in. Whoever chooses such a photo or document is
# told by its form how large it may be.
MOST_BYTES_OF_VIDEO = 100 * 1024 * 1024
BACK_END = "/verwaltung/"


class BodyLimitMiddleware:
    """Answer 413 to more than anybody has to send, before it is read: files of strangers would fill the disk.

    A body without Content-Length is taken for empty by Django, so nothing is read of that either.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let everything else pass."""
        sent = request.META.get("CONTENT_LENGTH") or "0"
        size = int(sent[:20]) if sent.isdecimal() else 0  # Python refuses to read thousands of digits
        if size > MOST_BYTES_OF_STRANGERS and (
            size > _most_bytes(request) or not request.user.is_authenticated
        ):
            return render(request, "413.html", status=413)
        return self.get_response(request)


def _most_bytes(request: HttpRequest) -> int:
    return MOST_BYTES_OF_VIDEO if request.path.startswith(BACK_END) else MOST_BYTES


@cache_control(public=True, max_age=86_400)
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer the picture, or 404 also to a name longer than any file's can be.

    Raises SuspiciousFileOperation for a way out of its folder: beside it lie documents and originals.
    """
    if ".." in path.split("/"):
        raise SuspiciousFileOperation(path)
    # Small already; compressed once more it would lose its length.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    try:
        return serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise Http404 from error
        raise


def _video_path(path: str) -> Path:
    """Return the file of a video or its subtitles; raises Http404 also where the path leads elsewhere."""
    try:
        file = Path(safe_join(settings.MEDIA_ROOT, path))
        if file.parent == Path(settings.MEDIA_ROOT, "videos").resolve() and file.is_file():
            return file
    except (OSError, ValueError, SuspiciousFileOperation) as error:
        raise Http404 from error
    raise Http404


def _video_etag(_request: HttpRequest, path: str) -> str:
    state = _video_path(path).stat()
    return f'"{state.st_mtime_ns:x}-{state.st_size:x}"'


def _video_changed_at(_request: HttpRequest, path: str) -> datetime:
    return datetime.fromtimestamp(int(_video_path(path).stat().st_mtime), UTC)


@require_safe
@cache_control(public=True, max_age=86_400)
@condition(etag_func=_video_etag, last_modified_func=_video_changed_at)
def video(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer a video or its subtitles, whole or in parts."""
    file = _video_path(path)
    # Compressed a second time it only gets slower, and its parts would no longer fit together.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    content_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    if content_type == "text/vtt":
        content_type += "; charset=utf-8"
    return answer_in_parts(request, file, content_type, _video_etag(request, path))
