"""The pages that say what went wrong, as they are sent when it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation
from django.views.defaults import permission_denied, server_error

from qmportal.errors import csrf_failure
from qmportal.headers import HeadersMiddleware
from tests.crawl.answers import Answer

FAILURES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "forbidden": lambda request: permission_denied(request, PermissionDenied()),
    "form too old": csrf_failure,
    "too large": lambda request: render(request, "413.html", status=413),
    "too often": lambda request: render(request, "429.html", status=429),
}


def failed(language: str) -> Iterator[tuple[str, Answer]]:
    """Give each of them in the language; the one of a broken house knows German alone."""
    with translation.override(language):
        for name, view in FAILURES.items():
            yield name, _sent(view)
        if language == settings.LANGUAGE_CODE:
            yield "broken", _sent(server_error)


def _sent(view: Callable[[HttpRequest], HttpResponse]) -> Answer:
    path = reverse("wagtail_serve", args=("_/",))
    request = RequestFactory().get(path, SERVER_NAME=settings.SITE_HOST)
    answer = HeadersMiddleware(view)(request)
    assert isinstance(answer, HttpResponse)
    return Answer(path, answer.status_code, answer.headers, answer.content)
