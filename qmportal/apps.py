from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The portal itself: settings, addresses, health, and its management commands."""

    name = "qmportal"
