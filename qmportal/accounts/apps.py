from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Login of the office's people; residents have no accounts."""

    name = "qmportal.accounts"
