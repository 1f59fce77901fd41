"""The form that says which months a report is about."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booking.dates import spoken_month
from booking.figures import Period


class PeriodForm(forms.Form):
    """From one month until another, of those that there is something to say about."""

    von = forms.TypedChoiceField(
        label=_("From which month?"), coerce=lambda typed: date.fromisoformat(f"{typed}-01")
    )
    bis = forms.TypedChoiceField(
        label=_("Until which month?"), coerce=lambda typed: date.fromisoformat(f"{typed}-01")
    )

    def __init__(self, *args: Any, whole: Period, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = [(f"{month:%Y-%m}", spoken_month(month)) for month in whole.months()]
        for name in ("von", "bis"):
            self.fields[name].choices = months  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Turn the two months into the `period`."""
        data = super().clean() or self.cleaned_data
        if not self.errors:
            first, last = data["von"], data["bis"]
            data["period"] = Period(first, last)
            if last < first:
                self.add_error("bis", _("The last month must not be before the first one."))
        return data
