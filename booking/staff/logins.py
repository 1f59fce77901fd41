"""How somebody comes in who has no password yet, or not any more."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from booking.mails import login_link


def one_time_link(user: AbstractUser) -> str:
    """Return the address of a page that sets a password, once, within PASSWORD_RESET_TIMEOUT seconds."""
    return login_link.to(user, timezone.now())


def was_never_used(user: AbstractUser) -> bool:
    """Tell whether nobody came in with this login yet, so that a link to it takes nothing from anybody.

    An administrator's own login is left out: whoever opens it may do more than who hands out links.
    """
    return login_link.waits_for_its_owner(user) and not user.is_superuser
