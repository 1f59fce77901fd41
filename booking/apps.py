from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class BookingConfig(AppConfig):
    """The product: publish, book, change, subscribe."""

    name = "booking"

    def ready(self) -> None:
        """Guard the series: the recurrence room listens before a rule is deleted.

        Refuse to start with a provider of video rooms that is not there, instead of failing in the first meeting.
        """
        import_module("booking.recurrence")
        import_module("booking.video").provider()
