"""The hours of a week in a form: one line for each day, as people write it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from booking import opening
from booking.enums import Weekday

WRONG: dict[type[ValueError], Promise] = {
    opening.Unreadable: _("Please write the hours like “9–12, 14–17:30”, or leave it empty."),
    opening.Reversed: _("The end must be after the beginning, as in “9–12”."),
    opening.Overlapping: _("Two of these times overlap. Please write “9–17” or “9–12, 14–17”."),
}


class HoursInput(forms.TextInput):
    """A short line; its name tells the page how to set it."""


class HoursField(forms.CharField):
    """The hours of one day: "9–12, 14–17:30", nothing where it is closed."""

    widget = HoursInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=80, **kwargs)

    def clean(self, value: Any) -> opening.Day:
        """Return the stretches as the model keeps them."""
        typed = super().clean(value)
        try:
            return opening.read(typed)
        except (opening.Unreadable, opening.Reversed, opening.Overlapping) as error:
            raise ValidationError(str(WRONG[type(error)])) from error


class WeekHours(forms.ModelForm[Any]):
    """A form for a model with hours by weekday: it has a field a day for each of `WEEKS`, with that label."""

    WEEKS: ClassVar[dict[str, Promise]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.WEEKS.items():
            for number, (day, weekday) in enumerate(zip(getattr(self.instance, name), Weekday, strict=True)):
                self.fields[f"{name}_{number}"] = HoursField(
                    label=label % {"day": weekday.label},
                    initial=opening.written(day),
                    help_text="" if number else _("For example “9–12, 14–17:30”. Empty means closed."),
                )

    def clean(self) -> dict[str, Any] | None:
        """Put the days of each week together."""
        data = super().clean() or self.cleaned_data
        for name in self.WEEKS:
            if not any(error.startswith(f"{name}_") for error in self.errors):
                setattr(self.instance, name, [data[each] for each in day_names(name)])
        return data


def day_names(*names: str) -> list[str]:
    """Return the names of the fields by weekday."""
    return [f"{name}_{number}" for name in names for number in range(len(Weekday))]
