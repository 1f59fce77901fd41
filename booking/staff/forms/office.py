"""What an administrator says about the office."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from booking.models import Office
from booking.staff.forms.fields import LocalTexts, Sections, WebAddressField, text_names
from booking.staff.forms.hours import WeekHours, day_names
from booking.staff.forms.logo import LogoField, RemoveLogoField, wanted
from booking.staff.forms.video import offers_video


class OfficeForm(Sections, WeekHours, LocalTexts):
    """Who the office is, address, contact, hours and the rules of booking."""

    TEXTS = {"opening_note": (3, 300), "phone_note": (3, 300), "access_note": (3, 300)}
    WEEKS = {"opening_times": _("%(day)s: open"), "phone_times": _("%(day)s: by phone")}
    SECTIONS = (
        (_("Who you are"), ("name", "district", "programme", "carrier", "new_logo", "removes_logo")),
        (
            _("Address and the way in"),
            ("street", "postal_code", "city", "state", "map_url", *text_names("access_note")),
        ),
        (_("How you are reached"), ("phone", "email", "answer_days")),
        (_("Opening hours"), (*day_names("opening_times"), *text_names("opening_note"))),
        (_("Phone hours"), (*day_names("phone_times"), *text_names("phone_note"))),
        (_("Rules of booking"), ("horizon_weeks", "change_until_hours")),
        (_("Video meetings"), ("video_server",)),
        (_("Reminders"), ("sends_reminders", "reminder_hours")),
        (_("Data protection"), ("retention_days",)),
    )

    class Meta:
        model = Office
        fields = (
            "name",
            "district",
            "programme",
            "carrier",
            "street",
            "postal_code",
            "city",
            "state",
            "map_url",
            "phone",
            "email",
            "answer_days",
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
            "district": _("District"),
            "programme": _("Programme of urban development"),
            "carrier": _("Who runs the office?"),
            "map_url": _("Link to a map"),
            "answer_days": _("Within how many working days do you answer inquiries?"),
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
            "district": _("For example “Musterstadt Nord”."),
            "programme": _("For example “Sozialer Zusammenhalt”. It stands on every page and in every mail."),
            "carrier": _("For example “Stadtbüro gGmbH im Auftrag der Stadt Musterstadt”."),
            "answer_days": _("Whoever writes to you reads this number."),
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
        self.fields["new_logo"] = LogoField(label=_("Logo of the office"))
        if self.instance.logo:
            self.fields["removes_logo"] = RemoveLogoField()

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

    def model_fields(self) -> list[str]:
        """Return the fields of the row that the form changes."""
        return [*(self._meta.fields or ()), *self.TEXTS, *self.WEEKS]

    @property
    def logo(self) -> bytes | None:
        """What a valid form says of the logo."""
        return wanted(self.cleaned_data)
