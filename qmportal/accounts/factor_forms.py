"""Setting up second factors: an app that shows numbers, or passkeys, which also replace the password.

Whoever sets one up has shown it: its number or its key was just checked.
"""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from booking.context import default_office
from qmportal.accounts.second_factor import note_shown

NAME_LENGTH = 60


class MFAAdapter(DefaultMFAAdapter):
    """How second factors behave here: passkeys belong to the host of SITE_URL, whatever a request says."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return the address and the name that a passkey is made for."""
        return {"id": settings.SITE_HOST, "name": self._get_site_name()}

    def _get_site_name(self) -> str:
        office = default_office()
        return office.name if office else settings.MFA_TOTP_ISSUER

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        """Return a name for a key that was given none."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"{_('Passkey')} {count + 1}"


class NewAppForm(ActivateTOTPForm):
    """The first number that a new app shows."""

    def clean_code(self) -> str:
        """Check it, and take it as shown."""
        code: str = super().clean_code()
        note_shown(context.request, self.user, Authenticator.Type.TOTP)
        return code


class NewPasskeyForm(AddWebAuthnForm):
    """What a key is called. Whether it may replace the password is for the key itself to say."""

    name = forms.CharField(
        label=_("Name of the passkey"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=_("So that you recognise it later, for example “My phone”."),
    )
    passwordless = None

    def clean(self) -> dict[str, Any]:
        """Check the key, and take it as shown."""
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("credential"):
            note_shown(context.request, self.user, Authenticator.Type.WEBAUTHN)
        return cleaned


class PasskeyForm(EditWebAuthnForm):
    """Another name for a key."""

    name = forms.CharField(label=_("Name of the passkey"), max_length=NAME_LENGTH)
