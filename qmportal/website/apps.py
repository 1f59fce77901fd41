from __future__ import annotations

from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    """The website around the booking."""

    name = "qmportal.website"
