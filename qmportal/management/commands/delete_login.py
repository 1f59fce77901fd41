from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from qmportal.accounts.access import delete_login
from qmportal.accounts.models import User


class Command(BaseCommand):
    """Forget somebody who has left the team."""

    help = "Deletes a login that is switched off, with its name and address. Office hours and changes stay."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address that the person logged in with."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete it, unless it still opens a door."""
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(_("Nobody logs in with this e-mail address."))
        if user.is_active:
            raise CommandError(_("This login is in use. Please switch it off first."))
        delete_login(user)
        self.stdout.write(_("The login is deleted."))
