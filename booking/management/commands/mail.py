from __future__ import annotations

import time
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db.models import Count, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking import mails
from booking.actions import delivery
from booking.actions.errors import BookingError
from booking.context import default_office
from booking.enums import Fault, OutboxStatus
from booking.models import DeliveryState, OutboxMessage
from booking.relay import Relay

LOOK_EVERY: Final = 0.2


class Command(BaseCommand):
    """The outbox from the command line: after a restore, after a change of the relay, when mail is missing."""

    help = "Holds, releases or discards waiting mail, sends a test mail, or tells how the outbox stands."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one of the five things to do."""
        commands = parser.add_subparsers(dest="command", required=True)
        hold = commands.add_parser("hold", help="let no mail out, for example after restoring a backup")
        hold.add_argument("--reason", default="", help="shown to the administrators")
        commands.add_parser("release", help="send everything that waits")
        commands.add_parser("discard", help="discard what waited when the hold began; newer mail is sent")
        test = commands.add_parser("test", help="send a mail on the ordinary way and tell what came of it")
        test.add_argument("address", help="who shall get it")
        test.add_argument("--wait", type=float, default=60, help="seconds to wait for the outcome (60)")
        commands.add_parser("status", help="tell what waits, what failed and why")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; what is refused is told in words."""
        try:
            getattr(self, f"_{options['command']}")(options)
        except BookingError as error:
            raise CommandError(str(error)) from error

    def _hold(self, options: dict[str, Any]) -> None:
        delivery.hold(options["reason"] or _("Put on hold from the command line"), timezone.now())
        self.stdout.write(_("No mail leaves until it is released or discarded."))

    def _release(self, options: dict[str, Any]) -> None:
        count = delivery.release(timezone.now())
        text = ngettext("%(count)d mail is on its way.", "%(count)d mails are on their way.", count)
        self.stdout.write(text % {"count": count})

    def _discard(self, options: dict[str, Any]) -> None:
        count = delivery.discard_held(timezone.now())
        text = ngettext("%(count)d mail was discarded.", "%(count)d mails were discarded.", count)
        self.stdout.write(text % {"count": count})

    def _test(self, options: dict[str, Any]) -> None:
        office = default_office()
        if office is None:
            raise CommandError(_("There is no office yet. See new_office."))
        try:
            validate_email(options["address"])
        except ValidationError as error:
            raise CommandError(str(Fault.NO_ADDRESS.label)) from error
        if DeliveryState.objects.filter(on_hold=True).exists():
            raise CommandError(_("Mail is on hold. See release and discard."))
        self.stdout.write(_("Mail goes to: %(place)s") % {"place": _place()})
        [message] = mails.test(office, options["address"], timezone.now())
        delivery.post([message])
        self._tell(message, time.monotonic() + options["wait"])

    def _tell(self, message: OutboxMessage, deadline: float) -> None:
        """Wait until a worker has tried, and say how that went."""
        while True:
            tried = OutboxMessage.objects.get(id=message.id)
            if tried.status == OutboxStatus.SENT:
                self.stdout.write(_("The mail was sent."))
                return
            if tried.last_error:
                raise CommandError(_reason(tried.last_error))
            if time.monotonic() > deadline:
                raise CommandError(_("No worker has sent the mail yet. Does the worker run?"))
            time.sleep(LOOK_EVERY)

    def _status(self, options: dict[str, Any]) -> None:
        state = DeliveryState.objects.filter(on_hold=True).first()
        self.stdout.write(_("Mail goes to: %(place)s") % {"place": _place()})
        self.stdout.write(_("On hold: %(reason)s") % {"reason": state.reason} if state else _("Not on hold"))
        counts = OutboxMessage.objects.order_by("status").values_list("status").annotate(Count("pk"))
        for status, count in counts:
            self.stdout.write(f"  {count:6} {OutboxStatus(status).label}")
        unsent = OutboxMessage.objects.unsent()
        if oldest := unsent.aggregate(oldest=Min("created_at"))["oldest"]:
            minutes = int((timezone.now() - oldest).total_seconds() // 60)
            self.stdout.write(_("The oldest waits for %(minutes)d minutes.") % {"minutes": minutes})
        troubled = unsent | OutboxMessage.objects.filter(status=OutboxStatus.FAILED)
        errors = troubled.exclude(last_error="").order_by("last_error").values_list("last_error")
        for last_error, count in errors.annotate(Count("pk")):
            self.stdout.write(f"  {count:6} {_reason(last_error)}")


def _reason(last_error: str) -> str:
    return f"{Fault.explain(last_error)} ({last_error})"


def _place() -> str:
    """Return where mail goes, without the password."""
    if not settings.EMAIL_URL:
        return str(settings.EMAIL_FILE_PATH)
    try:
        relay = Relay.parse(settings.EMAIL_URL)
    except ImproperlyConfigured as error:
        raise CommandError(str(error)) from error
    return f"{relay.scheme}://{relay.host}:{relay.port}"
