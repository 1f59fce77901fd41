"""Whether mail leaves the house, and what went wrong, in words for people who do not run servers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from booking.enums import OutboxStatus
from booking.models import DeliveryState, Office, OutboxMessage

PATIENCE = timedelta(minutes=10)
# By the first word of OutboxMessage.last_error; booking.relay and booking.actions.delivery write them.
REASONS: dict[str, str | Promise] = {
    "unreachable": _("The mail server could not be reached."),
    "timeout": _("The mail server did not answer in time."),
    "busy": _("The mail server was busy."),
    "refused-recipient": _("The mail server does not accept this address. Please check it, or call."),
    "bad-recipient": _("This is not a valid address. Please check it, or call."),
    "refused": _("The mail server refused the mail."),
    "refused-sender": _("The mail server does not accept our address as sender. Please tell your IT."),
    "bad-sender": _("Our own address as sender is not valid. Please tell your IT."),
    "refused-login": _("The mail server does not accept our password. Please tell your IT."),
    "refused-relaying": _("The mail server takes no mail from us for others. Please tell your IT."),
    "refused-connection": _("The mail server does not talk to us. Please tell your IT."),
    "certificate": _("The certificate of the mail server is not valid. Please tell your IT."),
    "misconfigured": _("The mail server is not set up rightly. Please tell your IT."),
    "folder": _("The folder for mails cannot be written. Please tell your IT."),
    "not-built": _("The mail could not be put together. Please tell your IT."),
    "no-answer": _("The mail server took the mail, then it did not answer. It may have arrived."),
    "cut-off": _("The connection broke off after the mail was handed over. It may have arrived."),
    "no-sense": _("The mail server answered nonsense after the mail was handed over. It may have arrived."),
    "sender-died": _("Our program stopped while it sent the mail. It may have arrived."),
    "expired": _("The mail could not be sent in time. Now it would come too late."),
}


@dataclass(frozen=True)
class Trouble:
    """Why mail does not leave: it is on hold, or the oldest one waits since `since`."""

    on_hold: bool
    reason: str
    waiting: int
    since: datetime | None


def trouble(now: datetime) -> Trouble | None:
    """Return what keeps mail in the house: a hold, or ten minutes without success; None if all is well."""
    state = DeliveryState.objects.filter(on_hold=True).first()
    unsent = OutboxMessage.objects.unsent().order_by("created_at")
    oldest = unsent.values_list("created_at", flat=True).first()
    is_stuck = oldest is not None and oldest <= now - PATIENCE
    if state is None and not is_stuck:
        return None
    return Trouble(state is not None, state.reason if state else "", unsent.count(), oldest)


def failed(office: Office) -> int:
    """Return how many mails of the office failed for good."""
    return OutboxMessage.objects.filter(office=office, status=OutboxStatus.FAILED).count()


def explain(message: OutboxMessage) -> str:
    """Return what went wrong with a mail at its last try; empty if nothing did."""
    if not message.last_error:
        return ""
    kind = message.last_error.split()[0]
    return str(REASONS.get(kind, _("The mail could not be handed over to the mail server.")))
