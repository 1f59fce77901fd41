"""The form that enters a closure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booking.models import Host, Office
from booking.staff.forms.fields import DayField, HourField, refuse_control_characters


class ClosureForm(forms.Form):
    """Who is away from when until when. Without times, whole days; without a last day, one day."""

    host = forms.ModelChoiceField(
        label=_("Who?"), queryset=Host.objects.none(), required=False, empty_label=_("the whole office")
    )
    first_on = DayField(label=_("First day"))
    starts_at = HourField(
        label=_("From what time?"), required=False, help_text=_("Empty means from the morning on.")
    )
    last_on = DayField(label=_("Last day"), required=False, help_text=_("Empty means only the first day."))
    ends_at = HourField(
        label=_("Until what time?"), required=False, help_text=_("Empty means until the evening.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=120,
        validators=[refuse_control_characters],
        help_text=_("Everybody can read it on the website. For example “Holidays”."),
    )

    def __init__(self, *args: Any, office: Office, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office, self.now = office, now
        field = self.fields["host"]
        field.queryset = office.hosts.filter(is_active=True)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Turn days and times into the two moments `start` and `end`."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("first_on"), data.get("last_on") or data.get("first_on")
        if not first or not last or {"starts_at", "ends_at"} & self.errors.keys():
            return data
        zone, ends_at = self.office.zone, data.get("ends_at")
        data["start"] = datetime.combine(first, data.get("starts_at") or time.min, zone)
        data["end"] = (
            datetime.combine(last, ends_at, zone)
            if ends_at
            else datetime.combine(last + timedelta(days=1), time.min, zone)
        )
        if data["end"] <= data["start"]:
            self.add_error(
                "ends_at" if first == last else "last_on", _("The end must be after the beginning.")
            )
        elif data["end"] <= self.now:
            self.add_error("last_on" if data.get("last_on") else "first_on", _("This time is already over."))
        return data
