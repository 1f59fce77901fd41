"""Headers of every page: what is accepted, and what protects it, with one exception for the page editor."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

# Wagtail's page editor needs inline script and style, and shows the page's preview in a frame.
EDITOR_PATHS = (
    "/verwaltung/pages/",
    "/verwaltung/snippets/",
    "/verwaltung/images/",
    "/verwaltung/documents/",
    # Lists of pages, whose ticks Wagtail sets up in the page.
    "/verwaltung/meldungen/",
    "/verwaltung/veranstaltungen/",
    "/verwaltung/reports/",
)
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
# Opened alone, a browser shows a picture or plays a video within a page of its own making.
OF_FILES = {"default-src": [NONE], "img-src": [SELF], "media-src": [SELF], "frame-ancestors": [NONE]}
REFUSED = re.compile(r";\s*q=0(\.0*)?\s*$", re.IGNORECASE)


class RefusedEncodingsMiddleware:
    """Take "gzip;q=0" for the refusal that it is (RFC 9110 section 12.5.3), before anybody looks for "gzip"."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Leave in Accept-Encoding only what is accepted."""
        if accepted := request.META.get("HTTP_ACCEPT_ENCODING"):
            kept = [encoding for encoding in accepted.split(",") if not REFUSED.search(encoding)]
            request.META["HTTP_ACCEPT_ENCODING"] = ",".join(kept)
        return self.get_response(request)


def allow_frame(request: HttpRequest, host: str) -> None:
    """Let the answer to this one request show a frame of the host."""
    request.framed_host = host  # type: ignore[attr-defined]


class HeadersMiddleware(CSPMiddleware):
    """Send the strict policy with every answer, a relaxed one with the page editor's and with a wished-for frame."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add the policy that belongs to the path."""
        if request.path.startswith(EDITOR_PATHS):
            policy = dict(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])
            policy |= {
                "script-src": [SELF, UNSAFE_INLINE],
                "style-src": [SELF, UNSAFE_INLINE],
                "frame-ancestors": [SELF],
            }
            response._csp_replace = policy  # type: ignore[attr-defined]
        elif getattr(request, "is_preview", False):
            # The editor shows the page in a frame; Wagtail asks for it under the address that it will have.
            response._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]
        elif host := getattr(request, "framed_host", None):
            response._csp_update = {"frame-src": f"https://{host}"}  # type: ignore[attr-defined]
        if request.path.startswith(settings.MEDIA_URL) and response.status_code < HTTPStatus.BAD_REQUEST:
            # A phone loads several of these for one page, and none of them can run or load anything.
            response._csp_config = OF_FILES  # type: ignore[attr-defined]
        else:
            response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        answer: HttpResponseBase = super().process_response(request, response)
        return answer
