"""What an administrator says about the office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from booking.models import Office
from booking.staff.forms.fields import LocalTexts, Sections, WebAddressField, text_names


class OfficeForm(Sections, LocalTexts):
    """Address, contact, hours and the rules of booking."""

    TEXTS = {"opening_hours": (3, 300), "phone_hours": (3, 300), "access_note": (3, 300)}
    SECTIONS = (
        (_("Name and address"), ("name", "street", "postal_code", "city", "state", "map_url")),
        (_("How you are reached"), ("phone", "email")),
        (_("Hours and the way in"), text_names("opening_hours", "phone_hours", "access_note")),
        (_("Rules of booking"), ("horizon_weeks", "change_until_hours")),
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
        )
        field_classes = {"map_url": WebAddressField}
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
        }
        help_texts = {
            "state": _("It decides which public holidays are left out."),
            "change_until_hours": _("After that they are asked to call."),
            "retention_days": _("Counted from the appointment, 0 to 30. Two days are usual."),
        }
