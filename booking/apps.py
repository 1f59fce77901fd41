from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class BookingConfig(AppConfig):
    """The product: publish, book, change, subscribe."""

    name = "booking"

    def ready(self) -> None:
        """Guard the series: the recurrence room listens before a rule is deleted."""
        import_module("booking.recurrence")
