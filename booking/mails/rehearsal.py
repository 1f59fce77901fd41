"""The mail by which a host sees what residents get."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from booking import links
from booking.enums import Occasion
from booking.ical import rehearsal
from booking.mails.facts import when
from booking.mails.letter import Letter
from booking.models import Host, OutboxMessage


def test_invitation(host: Host, sent_at: datetime) -> list[OutboxMessage]:
    """Invite the host to an appointment that is made up."""
    return [_letter(host, sent_at, sent_at, is_off=False)]


def test_called_off(host: Host, now: datetime) -> list[OutboxMessage]:
    """Take the host's last test appointment out of her calendar; none when she never tried."""
    return [_letter(host, host.test_sent_at, now, is_off=True)] if host.test_sent_at else []


def _letter(host: Host, sent_at: datetime, now: datetime, *, is_off: bool) -> OutboxMessage:
    method = "CANCEL" if is_off else "REQUEST"
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "is_off": is_off,
            "when": when(rehearsal.starts(host, sent_at), host.office),
            "profile_url": links.absolute(reverse("staff:profile")),
        }
        ics = rehearsal.message("CANCEL" if is_off else "REQUEST", host, sent_at, now)
    letter = Letter(
        host.office,
        Occasion.TEST_INVITATION,
        host.email,
        settings.LANGUAGE_CODE,
        key=f"{host.pk}|{sent_at.isoformat()}|{method}",
        ics=ics,
        ics_method=method,
        context=context,
    )
    return letter.message(now)
