"""Who is invited to log in, and in which role."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _

from booking.actions.logins import Invitation, roles_below
from booking.enums import Role
from booking.models import Host, Office
from booking.staff.forms.fields import refuse_control_characters

NO_PROFILE, NEW_PROFILE = "", "new"
WHAT_ROLES_DO = _(
    "“Website only” sees no bookings. “Office and website” runs the office hours. "
    "“Administration” also changes the office and its people."
)


class InvitationForm(forms.Form):
    """A new login. In an office that is not the one of the site, only a profile tells where somebody belongs."""

    name = forms.CharField(
        label=_("First name and family name"), max_length=120, validators=[refuse_control_characters]
    )
    email = forms.EmailField(
        label=_("E-mail address for logging in"),
        max_length=254,
        help_text=_("The invitation goes to this address."),
    )
    role = forms.ChoiceField(label=_("May do"), help_text=WHAT_ROLES_DO, widget=forms.RadioSelect)
    profile = forms.ChoiceField(label=_("Gives consultations"), required=False)

    def __init__(self, *args: Any, office: Office, by: AbstractUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office = office
        given = [role for role in roles_below(by) if office.is_default or role != Role.EDITOR]
        self.fields["role"].choices = [(role.value, role.label) for role in given]  # type: ignore[attr-defined]
        self.fields["role"].initial = Role.MANAGER
        self.hosts = {str(host.pk): host for host in office.hosts.filter(user=None).order_by("name")}
        without = [(NO_PROFILE, _("No"))] if office.is_default else []
        self.fields["profile"].required = not office.is_default
        self.fields["profile"].choices = [  # type: ignore[attr-defined]
            *without,
            (NEW_PROFILE, _("Yes, with a new profile")),
            *((pk, _("Yes, as %(host)s") % {"host": host}) for pk, host in self.hosts.items()),
        ]

    def invitation(self) -> Invitation:
        """Return what was typed."""
        data = self.cleaned_data
        host = self.hosts.get(data["profile"])
        if data["profile"] == NEW_PROFILE:
            host = Host(office=self.office, name=data["name"], email=data["email"])
        return Invitation(self.office, data["name"], data["email"], Role(data["role"]), host)


class RoleForm(forms.Form):
    """Another role for somebody."""

    role = forms.ChoiceField(label=_("May do"), help_text=WHAT_ROLES_DO, widget=forms.RadioSelect)

    def __init__(self, *args: Any, by: AbstractUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in roles_below(by)]  # type: ignore[attr-defined]
