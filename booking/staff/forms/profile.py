"""What a host says about herself."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from booking import recurrence
from booking.models import Availability, Host, OfficeHours
from booking.staff.forms.fields import LocalTexts, Sections, WebAddressField, text_names


class ProfileForm(Sections, LocalTexts):
    """Contact, video link and mails of the host who is logged in."""

    TEXTS = {"role": (1, 120)}
    VIDEO_IS_OFFERED = _("You still offer office hours by video. The link is needed for them.")
    ADDRESS_IS_MISSING = _("Please enter an address for the mails to you.")
    SECTIONS = (
        (_("About you"), ("name", *text_names("role"))),
        (_("How the office reaches you"), ("email", "phone")),
        (_("Video meetings"), ("video_url",)),
        (_("Mails to you"), ("wants_notices", "wants_invitations")),
    )

    class Meta:
        model = Host
        fields = ("name", "email", "phone", "video_url", "wants_notices", "wants_invitations")
        field_classes = {"video_url": WebAddressField}
        labels = {
            "name": _("Your name, as residents read it"),
            "email": _("Your e-mail address"),
            "phone": _("Your phone number"),
            "video_url": _("Your video link"),
            "wants_notices": _("Write me a mail when somebody books, moves or cancels"),
            "wants_invitations": _("Add a calendar invitation to these mails"),
        }
        help_texts = {
            "email": _("Only for mails of the office to you. Residents do not see it."),
            "phone": _("Only for your colleagues. Residents do not see it."),
            "video_url": _(
                "The address of your own video room. It begins with https://. "
                "Residents get it from ten minutes before their appointment."
            ),
        }

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_video_url(self) -> str:
        """Keep the link as long as somebody may still come by video."""
        url: str = self.cleaned_data["video_url"]
        if not url and self._offers_video():
            raise ValidationError(self.VIDEO_IS_OFFERED)
        return url

    def _offers_video(self) -> bool:
        return self.instance.pk is not None and (self._has_coming_hours() or self._has_running_series())

    def _has_coming_hours(self) -> bool:
        coming = OfficeHours.objects.live().coming(self.now).filter(host=self.instance)
        return coming.filter(availability__offers_video=True).exists()

    def _has_running_series(self) -> bool:
        today = self.now.astimezone(self.instance.office.zone).date()
        series = Availability.objects.running(today).filter(host=self.instance, offers_video=True)
        return any(_goes_on(each, today) for each in series.select_related("event__rule", "host__office"))

    def clean(self) -> dict[str, Any] | None:
        """Ask for an address where mails are wanted."""
        data = super().clean() or self.cleaned_data
        if data.get("wants_notices") and not data.get("email") and "email" not in self.errors:
            self.add_error("email", self.ADDRESS_IS_MISSING)
        return data


def _goes_on(series: Availability, today: date) -> bool:
    """Tell whether the series has a day from today on, whether published yet or not."""
    pattern, withdrawn_on = recurrence.pattern(series), series.withdrawn_on
    ends = [pattern.ends_on, withdrawn_on - timedelta(days=1) if withdrawn_on else None]
    return all(max(today, pattern.begins_on) <= end for end in ends if end)
