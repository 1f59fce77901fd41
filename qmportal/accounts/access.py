"""What ends a login's ways in: ended sessions, all of them when somebody is locked out, and the login itself."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext
from wagtail.models import ModelLogEntry

from qmportal.accounts.models import User


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


def delete_login(user: User) -> None:
    """Forget somebody who has left: her name and address go, also from the log; what she did stays."""
    with transaction.atomic():
        nameless = gettext("Login %(number)d") % {"number": user.pk}
        ModelLogEntry.objects.for_instance(user).update(label=nameless)
        user.delete()
