from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.apps.registry import Apps
from django.db.models.signals import post_migrate

# What an office needs for roles; after `migrate auth` alone some of it is missing.
NEEDED = ("auth.Group", "wagtailcore.GroupCollectionPermission", "wagtailcore.GroupPagePermission")


class StaffConfig(AppConfig):
    """The managers' back end, inside Wagtail's admin."""

    name = "booking.staff"
    label = "staff"

    def ready(self) -> None:
        """See to it that an update brings the roles what is new, once all permissions exist."""
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(give_what_is_new, sender=last)


def give_what_is_new(apps: Apps = apps, **_signal: Any) -> None:
    """Give the groups there are the permissions that their roles have by now; make no group."""
    from booking.staff import roles  # noqa: PLC0415 - needs models, which are not there before

    try:
        for name in NEEDED:
            apps.get_model(name)
    except LookupError:
        return
    roles.complete()
