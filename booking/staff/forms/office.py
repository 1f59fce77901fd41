"""What an administrator says about the office."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from booking.models import Office
from booking.staff.forms.fields import LocalTexts, Sections, WebAddressField, text_names
from booking.staff.forms.video import offers_video


class OfficeForm(Sections, LocalTexts):
    """Address, contact, hours and the rules of booking."""

    TEXTS = {"opening_hours": (3, 300), "phone_hours": (3, 300), "access_note": (3, 300)}
    SECTIONS = (
        (_("Name and address"), ("name", "street", "postal_code", "city", "state", "map_url")),
        (_("How you are reached"), ("phone", "email")),
        (_("Hours and the way in"), text_names("opening_hours", "phone_hours", "access_note")),
        (_("Rules of booking"), ("horizon_weeks", "change_until_hours")),
        (_("Video meetings"), ("video_server",)),
        (_("Reminders"), ("sends_reminders", "reminder_hours")),
        (_("Data protection"), ("retention_days",)),
    )

    class Meta:
        model = Office
        fields = (
            "name",
            "street",
            "postal_code",
            "city",
            "state",
            "map_url",
            "phone",
            "email",
            "horizon_weeks",
            "change_until_hours",
            "sends_reminders",
            "reminder_hours",
            "retention_days",
            "video_server",
        )
        field_classes = {"map_url": WebAddressField, "video_server": WebAddressField}
        labels = {
            "name": _("Name of the office"),
            "map_url": _("Link to a map"),
            "phone": _("Phone number for residents"),
            "email": _("Mailbox of the office"),
            "horizon_weeks": _("How many weeks ahead are office hours published?"),
            "change_until_hours": _("Until how many hours before may residents move or cancel?"),
            "sends_reminders": _("Remind residents of their appointment by mail"),
            "reminder_hours": _("How many hours before?"),
            "retention_days": _("After how many days are names and contact data erased?"),
            "video_server": _("Server for video rooms"),
        }
        help_texts = {
            "state": _("It decides which public holidays are left out."),
            "change_until_hours": _("After that they are asked to call."),
            "retention_days": _("Counted from the appointment, 0 to 30. Two days are usual."),
            "video_server": _(
                "For example https://meet.musterstadt.de, a Jitsi server of the city. "
                "Then everybody can choose rooms in the profile."
            ),
        }

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_video_server(self) -> str:
        """Take the address that rooms stand below, and keep it as long as somebody may come to a room on it."""
        server: str = self.cleaned_data["video_server"]
        if urlsplit(server).query or urlsplit(server).fragment:
            raise ValidationError(_("Please enter the address of the server alone, without “?” and “#”."))
        if not server:
            in_rooms = self.instance.hosts.filter(uses_rooms=True, video_url="").select_related("office")
            names = [host.name for host in in_rooms if offers_video(host, self.now)]
            if names:
                text = _(
                    "Still needed: %(names)s have no video link of their own and offer office hours by video."
                )
                raise ValidationError(text % {"names": ", ".join(names)})
        return server
