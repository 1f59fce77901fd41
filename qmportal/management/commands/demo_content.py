from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation

from booking.actions import demo
from booking.models import Host
from booking.staff.roles import managers_group
from qmportal.accounts.models import User
from qmportal.website.demo import build_site, furnish_quarter
from qmportal.website.logos import show_logos

PASSWORD = "musterstadt"  # noqa: S105 - known to everybody, and set only where DEMO=1


class Command(BaseCommand):
    """Furnish the demo office of Musterstadt Nord: people, hours, bookings and website."""

    help = "Makes the demo office around today. Repeatable; never on a database with real bookings."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it in one transaction, in German."""
        now = timezone.now()
        try:
            with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
                office = demo.furnish(now, with_mail=not settings.EMAIL_URL)
                furnish_quarter(build_site(office, demo=True), office, now)
                show_logos(office)
                for host in Host.objects.filter(office=office):
                    self._give_login(host)
        except demo.RealBookings as refusal:
            raise CommandError("This database has real bookings. Nothing was changed.") from refusal
        self.stdout.write(f"{office.name} is ready.")

    def _give_login(self, host: Host) -> None:
        """Let the host log in: with the known password in the demo, else with none until reset_login."""
        first_name, last_name = host.name.split(" ", 1)
        names = {"first_name": first_name, "last_name": last_name, "is_superuser": host.name == demo.HANNAH}
        user, is_new = User.objects.get_or_create(email=host.email, defaults=names)
        if is_new:
            user.set_password(PASSWORD if settings.DEMO else None)
            user.save()
        user.groups.add(managers_group())
        Host.objects.filter(pk=host.pk).update(user=user)
