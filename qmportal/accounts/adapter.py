"""How allauth behaves here: nobody signs up by herself, and it says "Sie"."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    """Close the sign-up: accounts are made by an administrator."""

    # allauth's own German says "du" here.
    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "enter_current_password": _("This is not your current password."),
        "rate_limited": _("These were too many tries. Please wait a few minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse every sign-up."""
        return False
