"""The private calendar of a host. Its address is its key, as that of a booking's page."""

from __future__ import annotations

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from booking import links
from booking.actions import profiles
from booking.ical import private
from booking.views.feeds import calendar_response, pack


@require_safe
def private_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answer the calendar, or 304 if it is what the program has; one and the same 404 to every wrong key.

    The ETag is the hash of the bytes, which are joined from entries kept in memory. There is no Last-Modified: what
    is cancelled is gone, and leaves no later moment behind.
    """
    host = links.host_of_feed(token)
    if host is None:
        return _kept_private(render(request, "404.html", status=404))
    now = timezone.now()
    body = private.calendar_of(host, now, links.absolute(reverse("staff:hours_list")))
    profiles.note_fetch(host, now)
    is_packed = "gzip" in request.headers.get("Accept-Encoding", "")
    etag = f'"{sha256(body).hexdigest()[:32]}{"-gzip" if is_packed else ""}"'
    response = get_conditional_response(request, etag) or calendar_response(
        pack(body) if is_packed else body, is_packed=is_packed
    )
    response.headers["ETag"] = etag
    patch_vary_headers(response, ["Accept-Encoding"])
    return _kept_private(response)


def _kept_private(response: HttpResponse) -> HttpResponse:
    """Let no cache on the way keep it. A calendar program may, and asks each time whether it still holds."""
    response.headers["Cache-Control"] = "private, max-age=0, must-revalidate"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
