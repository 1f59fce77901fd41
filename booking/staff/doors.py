"""Who comes in at all, and what the others are told."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse

from booking.models import Host, Office
from booking.staff import frame, roles

# Below Wagtail's start page: its log of who changed what, of all offices; and workflows, which nobody uses here.
FOR_ADMINISTRATORS = ("reports/", "workflows/")
# Wagtail's pages about users: they ask nobody back and know no second factor. The last acts on many at once.
USERS = ("users/", "groups/", "bulk/accounts/")
NAMES_ARE_HIDDEN = "names_are_hidden"


class AdmissionMiddleware:
    """Answer 403 to people who are logged in but do not belong in the back end, or in its rooms for administrators.

    Wagtail sends the first to the login, which sends them back, for ever, and lets in the others.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let everybody else pass; those who are not logged in meet Wagtail's own door."""
        start = reverse("wagtailadmin_home")
        if not request.path_info.startswith(start) or not request.user.is_authenticated:
            return self.get_response(request)
        if not request.user.has_perm(roles.ENTER):
            return render(request, "staff/not_admitted.html", status=403)
        below = request.path_info.removeprefix(start)
        if below.startswith(USERS) and request.user.is_superuser:
            return redirect("staff:logins")
        if below.startswith(FOR_ADMINISTRATORS) and not request.user.is_superuser:
            return denied(request).render()
        return self.get_response(request)


def denied(request: HttpRequest) -> TemplateResponse:
    """Answer 403 inside the back end."""
    return TemplateResponse(request, "staff/denied.html", status=403)


def ask_who_it_is(request: HttpRequest) -> None:
    """Let a stranger at an open computer not go on. Raises ReauthenticationRequired.

    allauth then asks for password or second factor, and does what was posted when it was right. For
    ACCOUNT_REAUTHENTICATION_TIMEOUT seconds nobody is asked twice.
    """
    if is_reauthentication_required(request, app=""):
        raise ReauthenticationRequired


def host_of(request: HttpRequest) -> Host | None:
    """Return the host who is logged in, None for an administrator who gives no consultations."""
    user_id = request.user.pk
    return Host.objects.select_related("office").filter(user_id=user_id).first() if user_id else None


def office_of(request: HttpRequest) -> Office | None:
    """Return the office whose people and bookings the user works with."""
    return frame.of(request).office


def names_are_hidden(request: HttpRequest) -> bool:
    """Whether lists show codes instead of names, and no phone numbers, until this login ends."""
    return bool(request.session.get(NAMES_ARE_HIDDEN))
