"""What is sent to us, and how much of it; uploaded pictures, served without a proxy's help."""

from __future__ import annotations

import errno
import mimetypes
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.static import serve

# Small images have no table of types, and a browser told nothing shows nothing.
mimetypes.add_type("image/webp", ".webp")

# Without a login there are only forms: the longest is a message of 500 characters with its fields.
MOST_BYTES_OF_STRANGERS = 256 * 1024
# The largest photo or document, with what the form adds.
MOST_BYTES = 20 * 1024 * 1024


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
        if size > MOST_BYTES_OF_STRANGERS and (size > MOST_BYTES or not request.user.is_authenticated):
            return render(request, "413.html", status=413)
        return self.get_response(request)


@cache_control(public=True, max_age=86_400)
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer the picture, or 404 also to a name longer than any file's can be."""
    try:
        return serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise Http404 from error
        raise
