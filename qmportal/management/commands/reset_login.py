from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from booking.staff.logins import one_time_link
from qmportal.accounts.access import lock_out
from qmportal.accounts.models import User


class Command(BaseCommand):
    """Help somebody who lost her password or her second factor."""

    help = "Removes password, second factors and sessions of a login; prints a one-time link."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address that the person logs in with."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Lock the old ways in and open one new one."""
        user = User.objects.filter(email__iexact=options["email"], is_active=True).first()
        if user is None:
            raise CommandError(_("Nobody logs in with this e-mail address."))
        lock_out(user)
        self.stdout.write(_("The old password, second factors and open sessions are gone."))
        self.stdout.write(_("Hand over this link. It works once, for two days:"))
        self.stdout.write(one_time_link(user))
