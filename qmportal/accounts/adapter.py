"""How allauth behaves here: nobody signs up by herself, and it says "Sie"."""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from booking.relay import RelayError
from qmportal.accounts.second_factor import has_shown_factor

logger = logging.getLogger(__name__)
# Texts of allauth's forms that cannot be replaced there. Listed, so that our catalogue has them: it comes first.
SAID_OTHERWISE = (
    _("You must type the same password each time."),
    _("Authenticator code"),
    _("Incorrect code."),
    _("Use your password"),
    _("Use authenticator app or code"),
    _("Use a security key"),
)


class AccountAdapter(DefaultAccountAdapter):
    """Close the sign-up: accounts are made by an administrator."""

    # allauth's own German says "du" here.
    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "enter_current_password": _("This is not your current password."),
        "rate_limited": _("These were too many tries. Please wait a few minutes."),
        "too_many_login_attempts": _("These were too many tries. Please wait a few minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse every sign-up."""
        return False

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """Leave the password out for whoever still owes us her second factor: it would lead nowhere."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if self.request.user.is_authenticated and not has_shown_factor(self.request):
            return [each for each in methods if each["id"] != "reauthenticate"] or methods
        return methods

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail about a login at once: its link must not lie in the outbox, where colleagues read.

        A relay that is away is told to the person who waits for the mail.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except RelayError as error:
            logger.warning("A mail about a login could not be sent: %s", error.answer.error)
            messages.error(self.request, _("The mail could not be sent just now. Please try again later."))
