"""Where pages have moved to, in every language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import translation
from wagtail.contrib.redirects import middleware
from wagtail.contrib.redirects.models import Redirect


class RedirectMiddleware(middleware.RedirectMiddleware):
    """Wagtail's own: it notes the German address that a page had, which is also a part of all others."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Lead from an old address to the new one of the same language."""
        answer: HttpResponse = super().process_response(request, response)
        language = translation.get_language_from_path(request.path_info)
        if answer.status_code != 404 or language in (None, settings.LANGUAGE_CODE):
            return answer
        german = request.path_info.removeprefix(f"/{language}")
        moved = middleware.get_redirect(request, Redirect.normalise_path(german, decode_unicode=False))
        if moved is None or moved.redirect_page is None:
            return answer
        with translation.override(language):
            return HttpResponsePermanentRedirect(moved.link)
