"""The form that ends a series."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from booking.staff.forms.fields import DayField


class EndSeriesForm(forms.Form):
    """From which day on nothing of it is offered any more."""

    since = DayField(
        label=_("From which day on is it no longer offered?"),
        help_text=_("From this day on there are no more office hours. Earlier dates stay."),
    )

    def __init__(self, *args: Any, today: datetime, ends_on: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.ends_on = today.date(), ends_on

    def clean_since(self) -> date:
        """Refuse days that are over, for what has taken place stays, and days on which it has ended already."""
        since: date = self.cleaned_data["since"]
        if since < self.today:
            raise ValidationError(_("Please choose today or a later day."))
        if self.ends_on and since >= self.ends_on:
            message = _("The series already ends on %(day)s. Please choose an earlier day.")
            raise ValidationError(message, params={"day": date_format(self.ends_on, "DATE_FORMAT")})
        return since
