"""The form that enters visits of a day that is over, and what can be said about one."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from booking.actions.visits import MOST_AT_ONCE, Details
from booking.models import Office, Service
from booking.staff.forms.fields import DayField

LONG_AGO = timedelta(days=366)


class EnterVisitsForm(forms.Form):
    """How many came on which day, and for what if it was the same for all."""

    day = DayField(label=_("On which day?"))
    number = forms.IntegerField(
        label=_("How many people?"),
        min_value=1,
        max_value=MOST_AT_ONCE,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"max_value": _("At most 50 at once. Please enter the others in a second step.")},
    )
    service = forms.ModelChoiceField(
        label=_("What did they come for?"),
        queryset=Service.objects.none(),
        required=False,
        empty_label=_("different things"),
    )
    request_id = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, office: Office, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = now.astimezone(office.zone).date()
        self.fields["service"].queryset = office.services.filter(is_active=True)  # type: ignore[attr-defined]
        self.fields["request_id"].initial = uuid.uuid4

    def clean_day(self) -> date:
        """Refuse days to come, and those that are a slip of the finger."""
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise ValidationError(_("This day is still to come. Please choose today or an earlier day."))
        if day < self.today - LONG_AGO:
            raise ValidationError(_("This day is more than a year ago. Please check it."))
        return day

    def clean_request_id(self) -> uuid.UUID:
        """Return the id of this form, a new one where it got lost: nobody can mend a hidden field."""
        try:
            return uuid.UUID(self.cleaned_data["request_id"])
        except ValueError:
            return uuid.uuid4()

    def details(self) -> Details:
        """Return what is said about all of them."""
        return Details(service=self.cleaned_data["service"])
