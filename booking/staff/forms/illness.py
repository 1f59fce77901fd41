"""The form behind the big button: who falls out, and until when."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from booking.models import Host, Office
from booking.staff.forms.fields import DayField

LONGEST = timedelta(days=366)


class Until(TextChoices):
    """How long somebody is away."""

    REST = "rest", _("for the rest of today")
    TODAY = "today", _("the whole of today")
    DAY = "day", _("until a day:")


class IllnessForm(forms.Form):
    """Who is not there until when; `start` and `end` are what it means."""

    host = forms.ModelChoiceField(
        label=_("Who?"),
        queryset=Host.objects.none(),
        empty_label=_("Please choose"),
        error_messages={"required": _("Please choose who is not there.")},
    )
    until = forms.ChoiceField(label=_("How long?"), choices=Until.choices, widget=forms.RadioSelect)
    last_on = DayField(label=_("Last day"), required=False, help_text=_("Only if it is more than today."))

    def __init__(self, *args: Any, office: Office, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office, self.now = office, now
        field = self.fields["host"]
        field.queryset = office.hosts.filter(is_active=True)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Turn the answer into the two moments `start` and `end`."""
        data = super().clean() or self.cleaned_data
        today = self.now.astimezone(self.office.zone).date()
        last = today
        if data.get("until") == Until.DAY and not self.errors.get("last_on"):
            last = data.get("last_on") or today
            if not data.get("last_on"):
                self.add_error("last_on", _("Please enter the last day."))
            elif not today <= last <= today + LONGEST:
                self.add_error("last_on", _("Please choose a day from today on, at most a year ahead."))
        midnight = datetime.combine(today, time.min, self.office.zone)
        data["start"] = midnight if data.get("until") == Until.TODAY else self.now
        data["end"] = datetime.combine(last + timedelta(days=1), time.min, self.office.zone)
        return data

    @property
    def fingerprint(self) -> str:
        """What was asked, in a few signs: the number on the button belongs to it alone."""
        data = self.cleaned_data
        return f"{data['host'].pk} {data['until']} {data['end'].date()}"
