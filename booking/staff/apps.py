from __future__ import annotations

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """The managers' back end, inside Wagtail's admin."""

    name = "booking.staff"
    label = "staff"
