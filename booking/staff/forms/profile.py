"""What a host says about herself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booking.enums import SpokenLanguage
from booking.models import Host
from booking.staff.forms.fields import LocalTexts, Sections, WebAddressField, text_names
from booking.staff.forms.video import offers_video


class ProfileForm(Sections, LocalTexts):
    """Contact, video link and mails of the host who is logged in."""

    TEXTS = {"role": (1, 120)}
    VIDEO_IS_OFFERED = _("You still offer office hours by video. The link is needed for them.")
    ADDRESS_IS_MISSING = _("Please enter an address for the mails to you.")
    SECTIONS = (
        (_("About you"), ("name", *text_names("role"), "languages")),
        (_("How the office reaches you"), ("email", "phone")),
        (_("Video meetings"), ("uses_rooms", "video_url")),
        (_("Mails to you"), ("wants_notices", "wants_invitations", "wants_day_plan")),
    )

    languages = forms.MultipleChoiceField(
        label=_("Languages for a consultation"),
        help_text=_("Residents read them where they book."),
        choices=SpokenLanguage.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Host
        fields = (
            "name",
            "languages",
            "email",
            "phone",
            "uses_rooms",
            "video_url",
            "wants_notices",
            "wants_invitations",
            "wants_day_plan",
        )
        field_classes = {"video_url": WebAddressField}
        labels = {
            "name": _("Your name, as residents read it"),
            "email": _("Your e-mail address"),
            "phone": _("Your phone number"),
            "uses_rooms": _("A video room of its own for each appointment"),
            "video_url": _("Your video link"),
            "wants_notices": _("Write me a mail when somebody books, moves or cancels"),
            "wants_invitations": _("Add a calendar invitation to these mails"),
            "wants_day_plan": _("Mail me my plan in the morning of each day with appointments"),
        }
        help_texts = {
            "email": _("Only for mails of the office to you. Residents do not see it."),
            "phone": _("Only for your colleagues. Residents do not see it."),
            "uses_rooms": _(
                "On the office’s server, under a name that nobody can guess. Nobody walks in on somebody else."
            ),
            "video_url": _(
                "The address of your own video room. It begins with https://. "
                "Residents get it from ten minutes before their appointment."
            ),
        }

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        if not self.instance.office.video_server:
            del self.fields["uses_rooms"]

    def clean(self) -> dict[str, Any] | None:
        """Ask for an address where mails are wanted, and for a way to meet where somebody may come by video."""
        data = super().clean() or self.cleaned_data
        wants_mail = data.get("wants_notices") or data.get("wants_day_plan")
        if wants_mail and not data.get("email") and "email" not in self.errors:
            self.add_error("email", self.ADDRESS_IS_MISSING)
        if "video_url" not in self.errors and not (data.get("video_url") or data.get("uses_rooms")):
            is_known = self.instance.pk is not None
            if is_known and offers_video(self.instance, self.now):
                self.add_error("video_url", self.VIDEO_IS_OFFERED)
        return data

    def save(self, commit: bool = True) -> Host:
        """Write what the form asks for, and nothing else of the row: a private calendar may be revoked meanwhile."""
        host: Host = self.instance
        if not commit or host.pk is None:
            return super().save(commit=commit)  # type: ignore[no-any-return]
        host.save(update_fields=[*self.model_fields(), "updated_at"])
        return host

    def model_fields(self) -> list[str]:
        """Return the fields of the row that the form changes."""
        return [name for name in self._meta.fields or () if name in self.fields] + list(self.TEXTS)
