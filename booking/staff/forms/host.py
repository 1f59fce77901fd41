"""What an administrator says about a host, and the address that she logs in with."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from booking.staff.forms.fields import text_names
from booking.staff.forms.profile import ProfileForm


class HostForm(ProfileForm):
    """The profile of somebody else."""

    VIDEO_IS_OFFERED = _("Office hours by video are still offered. The link is needed for them.")
    ADDRESS_IS_MISSING = _("Please enter an address for these mails, or switch them off.")
    SECTIONS = (
        (_("About the person"), ("name", "organisation", *text_names("role"), "languages")),
        (_("How the office reaches the person"), ("email", "phone")),
        (_("Video meetings"), ("uses_rooms", "video_url")),
        (_("Mails to the person"), ("wants_notices", "wants_invitations", "wants_day_plan")),
    )

    class Meta(ProfileForm.Meta):
        fields = (*ProfileForm.Meta.fields, "organisation")  # type: ignore[assignment]
        labels = {
            "name": _("Name, as residents read it"),
            "organisation": _("Organisation, if not the office"),
            "email": _("E-mail address"),
            "phone": _("Phone number"),
            "uses_rooms": _("A video room of its own for each appointment"),
            "video_url": _("Video link"),
            "wants_notices": _("Write a mail when somebody books, moves or cancels"),
            "wants_invitations": _("Add a calendar invitation to these mails"),
            "wants_day_plan": _("Mail the plan in the morning of each day with appointments"),
        }
        help_texts = {
            "organisation": _(
                "For guests, for example “Consumer advice centre”. Residents read it beside the name."
            ),
            "email": _("Only for mails of the office to the person. Residents do not see it."),
            "phone": _("Only for the team. Residents do not see it."),
            "video_url": _(
                "The address of the person’s own video room. It begins with https://. "
                "Residents get it from ten minutes before their appointment."
            ),
        }


class LoginForm(forms.Form):
    """Under which address the host logs in."""

    email = forms.EmailField(
        label=_("E-mail address for logging in"),
        max_length=254,
        help_text=_("If somebody logs in with this address already, that login is used."),
    )
