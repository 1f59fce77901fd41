"""Nobody works in the back end with a password alone: a second factor is set up, and was shown in this session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

# Emergency codes are none: they only stand in for a factor that is not at hand.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# What allauth writes into the session when somebody has shown any of them.
SHOWN = "mfa"
# Where somebody wanted to go when she was sent to set up a factor.
WANTED = "wanted_page"
# Open to whoever still has to show hers: the pages where she does, and the way out.
SHOWING = ("mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_logout")


class SecondFactorMiddleware:
    """Lead people to their second factor before they see the back end, or change anything about their login.

    The second matters: who knows the password could else add a factor of her own and come in with that.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.back_end, self.own_login = (
            reverse("wagtailadmin_home"),
            reverse("account_login").rpartition("login")[0],
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let everybody pass who is not logged in, or has shown a factor that she still has."""
        is_back_end = request.path_info.startswith(self.back_end)
        if (
            not (is_back_end or request.path_info.startswith(self.own_login))
            or not request.user.is_authenticated
        ):
            return self.get_response(request)
        own = factors(request.user)
        if own and not has_shown_factor(request):
            return self.get_response(request) if request.path_info in _showing() else _show(request, own)
        if not own and is_back_end and settings.SECOND_FACTOR_REQUIRED:
            return _set_up(request)
        if is_back_end and WANTED in request.session:
            del request.session[WANTED]
        return self.get_response(request)


def factors(user: Any) -> set[str]:
    """Return the kinds of second factors that the user has set up; a session's user has brought them along."""
    if hasattr(user, f"has_{FACTORS[0].value}"):
        return {kind.value for kind in FACTORS if getattr(user, f"has_{kind.value}")}
    return set(Authenticator.objects.filter(user=user, type__in=FACTORS).values_list("type", flat=True))


def has_shown_factor(request: HttpRequest) -> bool:
    """Tell whether the user of this session has shown a second factor in it."""
    user = request.user if isinstance(request.user, AbstractBaseUser) else None
    return any(record.get("method") == SHOWN for record in get_authentication_records(request, user))


def note_shown(request: HttpRequest, user: AbstractBaseUser, kind: Authenticator.Type) -> None:
    """Write down that the user has shown a second factor in this session."""
    record_authentication(request, user, SHOWN, type=kind.value)


def _showing() -> set[str]:
    return {reverse(name) for name in SHOWING}


def _show(request: HttpRequest, own: set[str]) -> HttpResponse:
    """Ask for the factor, then lead back; a form that was sent meanwhile has to be sent again."""
    page = "mfa_reauthenticate" if Authenticator.Type.TOTP in own else "mfa_reauthenticate_webauthn"
    return HttpResponseRedirect(f"{reverse(page)}?{urlencode({'next': _wanted(request)})}")


def _set_up(request: HttpRequest) -> HttpResponse:
    if WANTED not in request.session:
        messages.info(
            request, _("Please set up a second factor first. It protects the data of the residents.")
        )
    request.session[WANTED] = _wanted(request)
    return HttpResponseRedirect(reverse("mfa_index"))


def _wanted(request: HttpRequest) -> str:
    return request.get_full_path() if request.method == "GET" else reverse("wagtailadmin_home")
