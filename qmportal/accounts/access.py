"""How somebody comes in who has no password yet, or not any more."""

from __future__ import annotations

from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import reverse

from qmportal.accounts.models import User


def one_time_link(user: User) -> str:
    """Return the address of a page that sets a password, once, within PASSWORD_RESET_TIMEOUT seconds."""
    parts = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return f"{settings.SITE_URL}{reverse('account_reset_password_from_key', kwargs=parts)}"


def forget_ended_sessions(now: datetime) -> int:
    """Erase the sessions that ended, with the addresses and browsers noted for them; answers how many."""
    Session.objects.filter(expire_date__lte=now).delete()
    living = Session.objects.values("session_key")
    ended: int = UserSession.objects.exclude(session_key__in=living).delete()[0]
    return ended


def lock_out(user: User) -> None:
    """Make password, second factors and every open session of the user worthless at once."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        user.set_unusable_password()
        user.save(update_fields=["password"])
        for session in UserSession.objects.filter(user=user):
            session.end()
