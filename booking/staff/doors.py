"""Who comes in at all, and what the others are told."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse

from booking.context import default_office
from booking.models import Host, Office
from booking.staff import roles


class AdmissionMiddleware:
    """Answer 403 to people who are logged in but do not belong in the back end.

    Wagtail sends them to the login, which sends them back, for ever.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let everybody else pass; those who are not logged in meet Wagtail's own door."""
        inside = request.path_info.startswith(reverse("wagtailadmin_home"))
        if inside and request.user.is_authenticated and not request.user.has_perm(roles.ENTER):
            return render(request, "staff/not_admitted.html", status=403)
        return self.get_response(request)


def denied(request: HttpRequest) -> TemplateResponse:
    """Answer 403 inside the back end."""
    return TemplateResponse(request, "staff/denied.html", status=403)


def host_of(request: HttpRequest) -> Host | None:
    """Return the host who is logged in, None for an administrator who gives no consultations."""
    user_id = request.user.pk
    return Host.objects.select_related("office").filter(user_id=user_id).first() if user_id else None


def office_of(request: HttpRequest) -> Office | None:
    """Return the office whose people and bookings the user works with."""
    host = host_of(request)
    return host.office if host else default_office()
