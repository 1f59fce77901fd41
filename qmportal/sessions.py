"""Sessions whose keys are ours."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sessions import middleware
from django.http import HttpRequest


class SessionMiddleware(middleware.SessionMiddleware):
    """Pass over every session cookie that we cannot have set: PostgreSQL refuses to look for some characters."""

    def process_request(self, request: HttpRequest) -> None:
        """Open the session of the cookie, an empty one when there is none or it is not ours."""
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if key and not (key.isascii() and key.isalnum()):
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        super().process_request(request)
