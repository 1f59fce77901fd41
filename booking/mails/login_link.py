"""The link that opens a login once. It stands in the mail alone: the outbox, where colleagues read, has dots."""

from __future__ import annotations

from datetime import datetime

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.urls import reverse
from django.utils import timezone

from booking import links
from booking.enums import Occasion
from booking.models import OutboxMessage

HIDDEN = "••••••••••••"


class _KeyOf(EmailAwarePasswordResetTokenGenerator):  # type: ignore[misc]
    """Makes the keys that allauth checks, as they were at a moment: so every try sends the same one."""

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self.moment = moment

    def _now(self) -> datetime:
        return timezone.make_naive(self.moment, timezone.get_default_timezone())


def to(user: AbstractBaseUser, now: datetime) -> str:
    """Return the address of a page that sets a password, once, within PASSWORD_RESET_TIMEOUT seconds."""
    parts = {"uidb36": user_pk_to_url_str(user), "key": _KeyOf(now).make_token(user)}
    return links.absolute(reverse("account_reset_password_from_key", kwargs=parts))


def waits_for_its_owner(user: AbstractBaseUser) -> bool:
    """Tell whether nobody came in with this login yet, so that a link to it takes nothing from anybody."""
    return user.last_login is None and not user.has_usable_password() and user.is_active


def shown(message: OutboxMessage) -> tuple[str, str]:
    """Return text and HTML of a mail as they leave the house.

    An invitation gets its link, made for the moment it was written: used or too old, it opens nothing any more. When
    nobody waits for it the link leads to the login page.
    """
    if message.occasion != Occasion.LOGIN:
        return message.text, message.html
    user = get_user_model().objects.filter(email__iexact=message.recipient).first()
    is_wanted = user is not None and waits_for_its_owner(user)
    link = to(user, message.created_at) if user and is_wanted else links.absolute(reverse("account_login"))
    return message.text.replace(HIDDEN, link), message.html.replace(HIDDEN, link)
