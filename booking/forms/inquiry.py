"""The forms in which people write to the office: a question, an idea, a barrier on the website."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from booking.enums import InquiryKind
from booking.forms.fields import LineField, TextField, email_field, phone_field
from booking.forms.guarded import GuardedForm

LONGEST, LONGEST_PAGE = 3000, 300
ADDRESS = re.compile(r"https?://|/", re.IGNORECASE)
# Whoever has the rest of such an address has the key to somebody's booking or calendar.
KEYED = re.compile(r"((?:^|/)(?:buchung|kalender/privat|konto)/).*", re.DOTALL)


def letter_field(label: Any, hint: Any) -> TextField:
    """Ask for the text itself."""
    return TextField(
        label=label,
        max_length=LONGEST,
        help_text=hint,
        error_messages={
            "required": _("Please write what it is about."),
            "max_length": _("Please shorten the text to 3,000 characters."),
        },
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off"}),
    )


class InquiryForm(GuardedForm):
    """A question or an idea, and one way to answer it."""

    kind = forms.ChoiceField(
        label=_("What is it about?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose one of the two."),
            "invalid_choice": _("Please choose one of the two."),
        },
    )
    text = letter_field(
        _("Your text"),
        _("3,000 characters at most. Please write nothing about your health or about other people."),
    )
    name = LineField(
        label=_("Name"),
        required=False,
        max_length=80,
        error_messages={"max_length": _("Please shorten the name to 80 characters.")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "enterkeyhint": "next"}),
    )
    email = email_field(_("We send the confirmation to this address."))
    phone = phone_field(_("So that we can call you back."))
    may_be_forwarded = forms.BooleanField(
        label=_("You may pass on my text, my name and my contact to a partner in the quarter."),
        required=False,
    )

    def __init__(self, typed: QueryDict | None, now: datetime) -> None:
        super().__init__(typed, now, {"kind": InquiryKind.QUESTION})
        offered = (InquiryKind.QUESTION, InquiryKind.IDEA)
        self.fields["kind"].choices = [(kind.value, capfirst(kind.label)) for kind in offered]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for one way to answer."""
        data = super().clean()
        if "email" in data and "phone" in data and not (data["email"] or data["phone"]):
            self.add_error("email", _("Please enter an e-mail address or a phone number."))
        return data


class BarrierForm(GuardedForm):
    """A barrier on the website. Who wants no answer need not say who she is."""

    page = LineField(
        label=_("On which page?"),
        required=False,
        max_length=LONGEST_PAGE,
        help_text=_("The address or the name of the page."),
        error_messages={"max_length": _("Please shorten the address of the page.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "next"}),
    )
    text = letter_field(
        _("What does not work?"), _("How do you use the website? With a screen reader, for example?")
    )
    email = email_field(_("Only if you want an answer."))
    phone = phone_field(_("Only if you want an answer."))

    def __init__(self, typed: QueryDict | None, now: datetime, page: str = "") -> None:
        super().__init__(typed, now, {"page": without_key(page)})

    def clean_page(self) -> str:
        """Return the page as it was typed, of an address only the path: links to bookings are keys."""
        return without_key(self.cleaned_data["page"])


def without_key(page: str) -> str:
    """Return the path of an address, cut where a key would begin; a name of a page as it is."""
    try:
        path = urlsplit(page).path if ADDRESS.match(page) else page
    except ValueError:
        return ""
    return KEYED.sub(r"\1", path)[:LONGEST_PAGE]
