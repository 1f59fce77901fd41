"""The field in which the office types what somebody says about her appointment."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from booking.forms.fields import LineField


class SearchForm(forms.Form):
    """A name, a code, a phone number or an e-mail address."""

    q = LineField(
        label=_("Name, code, phone number or e-mail address"),
        min_length=2,
        max_length=100,
        help_text=_("A part is enough. For example: “Apfel Laterne 47”."),
        error_messages={
            "required": _("Please type at least two characters."),
            "min_length": _("Please type at least two characters."),
            "max_length": _("Please type less: a name or a code is enough."),
        },
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "spellcheck": "false",
                "enterkeyhint": "search",
                "autofocus": True,
            }
        ),
    )
