"""The forms by which a resident comes back to her booking."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from booking.forms.fields import LineField, SlotField


class MoveForm(forms.Form):
    """Another time for a booking."""

    slot = SlotField(
        label=_("New time"),
        error_messages={
            "required": _("Please choose a new time."),
            "invalid": _("Please choose one of the times in the list."),
        },
    )


class FindForm(forms.Form):
    """A booking by what can be said on the phone."""

    code = LineField(
        label=_("Code"),
        max_length=60,
        help_text=_("Two words and a number, for example Apfel-Laterne-47. You find it in our e-mails."),
        error_messages={
            "required": _("Please enter your code."),
            "max_length": _("Please enter only the code: two words and a number."),
        },
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "dir": "ltr",
                "autocapitalize": "words",
                "spellcheck": "false",
                "enterkeyhint": "next",
            }
        ),
    )
    proof = LineField(
        label=_("E-mail address, or the last three digits of your phone number"),
        max_length=254,
        help_text=_("What you entered when you booked."),
        error_messages={
            "required": _("Please enter your e-mail address or the last three digits of your phone number."),
            "max_length": _("Please enter only one e-mail address or three digits."),
        },
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "dir": "ltr",
                "autocapitalize": "none",
                "spellcheck": "false",
                "enterkeyhint": "go",
            }
        ),
    )
