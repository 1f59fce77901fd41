from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from wagtail.signals import copy_for_translation_done


class WebsiteConfig(AppConfig):
    """The website around the booking."""

    name = "qmportal.website"

    def ready(self) -> None:
        """Let those who write the website write it in a new language, too."""
        copy_for_translation_done.connect(_open_to_writers)


def _open_to_writers(sender: Any, **_named: Any) -> None:
    from booking.staff import roles  # noqa: PLC0415 - models are not loaded yet when apps are

    roles.complete()
