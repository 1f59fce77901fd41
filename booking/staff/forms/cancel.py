"""The form that cancels an appointment."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from booking.staff.forms.fields import refuse_control_characters


class CancelForm(forms.Form):
    """A word to the resident."""

    word = forms.CharField(
        label=_("A word to the person"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_control_characters],
        help_text=_("It stands in the mail. Please write nothing about the matter itself."),
    )
