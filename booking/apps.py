from __future__ import annotations

from django.apps import AppConfig


class BookingConfig(AppConfig):
    """The product: publish, book, change, subscribe."""

    name = "booking"
