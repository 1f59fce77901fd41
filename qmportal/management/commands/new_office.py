from __future__ import annotations

from argparse import BooleanOptionalAction
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import Field
from django.utils.translation import gettext as _

from booking.actions.offices import add_host, open_office
from booking.models import Host, Office
from booking.models.office import STATES
from booking.staff.logins import one_time_link
from booking.staff.roles import managers_group
from qmportal.accounts.models import User
from qmportal.website.demo import build_site

OFFICE_FIELDS = (
    *("name", "district", "programme", "carrier"),
    *("street", "postal_code", "city", "state", "time_zone", "email", "phone"),
)


class Command(BaseCommand):
    """Open an office for real: the office, its first administrator, the first pages, and a link to come in."""

    help = "Creates an office, its first administrator and a first website; prints a one-time login link."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take every answer as an option too, so that the command also runs unattended."""
        for name in OFFICE_FIELDS:
            parser.add_argument(f"--{name.replace('_', '-')}", help=str(_field(name).verbose_name))
        parser.add_argument("--admin-email", help="e-mail address that the first administrator logs in with")
        parser.add_argument("--admin-name", help="first name and family name of the administrator")
        parser.add_argument(
            "--host", action=BooleanOptionalAction, help="the administrator gives consultations herself"
        )
        parser.add_argument(
            "--no-input",
            action="store_false",
            dest="interactive",
            help="never ask; fail where an answer is missing",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask for what the options leave open, then make everything in one transaction."""
        self.interactive: bool = options["interactive"]
        office = Office(**{name: self._answer(_field(name), options[name]) for name in OFFICE_FIELDS})
        email = self._answer(
            User._meta.get_field("email"), options["admin_email"], _("Administrator: e-mail address")
        )
        if User.objects.filter(email__iexact=email).exists():
            raise CommandError(_("Somebody with this e-mail address has a login already. See reset_login."))
        full_name = self._answer(_field("name"), options["admin_name"], _("Administrator: name"))
        with transaction.atomic():
            open_office(office)
            build_site(office, demo=False)
            user = _administrator(email, full_name)
            user.groups.add(managers_group())
            if self._wants_host(options["host"]):
                add_host(Host(office=office, name=full_name, email=email, user=user))
        self.stdout.write(_("%(office)s is open.") % {"office": office.name})
        self.stdout.write(_("Log in with this link. It works once, for two days:"))
        self.stdout.write(one_time_link(user))

    def _answer(self, field: Field[Any, Any], given: str | None, label: str = "") -> str:
        """Return the given text or ask for it, until the model's own field accepts it."""
        text, default = given, field.get_default()
        while True:
            if text is None and self.interactive:
                text = self._ask(label or str(field.verbose_name), field, default)
            try:
                return str(field.clean(default if text is None else text, None))
            except ValidationError as error:
                message = f"{label or field.verbose_name}: {' '.join(error.messages)}"
                if given is not None or not self.interactive:
                    raise CommandError(message) from error
                self.stderr.write(message)
                text = None

    def _ask(self, label: str, field: Field[Any, Any], default: object) -> str | None:
        if field.name == "state":
            self.stdout.write(", ".join(f"{code} {name}" for code, name in STATES))
        return input(f"{label}{f' [{default}]' if default else ''}: ").strip() or None

    def _wants_host(self, given: bool | None) -> bool:
        if given is not None or not self.interactive:
            return bool(given)
        return input(_("Does the administrator give consultations? [y/N] ")).strip().lower() in {"y", "j"}


def _field(name: str) -> Field[Any, Any]:
    field = Office._meta.get_field(name)
    assert isinstance(field, Field)  # noqa: S101 - for the type checker: these are columns, not relations
    return field


def _administrator(email: str, full_name: str) -> User:
    first_name, _space, last_name = full_name.partition(" ")
    return User.objects.create_superuser(email, None, first_name=first_name, last_name=last_name)
