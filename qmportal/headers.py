"""The headers that protect every page: the content security policy and its one exception, the page editor."""

from __future__ import annotations

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_INLINE
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
)
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class HeadersMiddleware(CSPMiddleware):
    """Send the strict policy with every answer, a relaxed one with the page editor's."""

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
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        answer: HttpResponseBase = super().process_response(request, response)
        return answer
