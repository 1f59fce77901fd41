"""How somebody comes in who has no password yet, or not any more."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import AbstractUser
from django.urls import reverse

from booking import links


def one_time_link(user: AbstractUser) -> str:
    """Return the address of a page that sets a password, once, within PASSWORD_RESET_TIMEOUT seconds."""
    parts = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return links.absolute(reverse("account_reset_password_from_key", kwargs=parts))


def was_never_used(user: AbstractUser) -> bool:
    """Tell whether nobody came in with this login yet, so that a link to it takes nothing from anybody.

    An administrator's own login is left out: whoever opens it may do more than who hands out links.
    """
    is_new = user.last_login is None and not user.has_usable_password()
    return is_new and user.is_active and not user.is_superuser
