"""The form that ends a series."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from booking.staff.forms.fields import DayField


class EndSeriesForm(forms.Form):
    """From which day on nothing of it is offered any more."""

    since = DayField(
        label=_("From which day on is it no longer offered?"),
        help_text=_("This day is already without office hours. Earlier dates stay."),
    )

    def __init__(self, *args: Any, today: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today.date()

    def clean_since(self) -> date:
        """Refuse days that are over: what has taken place stays."""
        since: date = self.cleaned_data["since"]
        if since < self.today:
            raise ValidationError(_("Please choose today or a later day."))
        return since
