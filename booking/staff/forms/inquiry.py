"""The forms about what residents write on the website."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from booking.enums import InquiryStatus
from booking.forms.fields import LineField
from booking.website import website

OPEN, CLOSED = InquiryStatus.OPEN.value, "closed"


class InquiryFilter(forms.Form):
    """What to list; nonsense lists the open ones."""

    zustand = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[(OPEN, _("open")), (CLOSED, _("answered or forwarded")), ("alle", _("all"))],
    )
    nummer = forms.CharField(
        label=pgettext_lazy("inquiry", "Number"),
        required=False,
        max_length=12,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "enterkeyhint": "search"}
        ),
    )


class ForwardForm(forms.Form):
    """To whom it was passed on: one of the partners, or somebody else."""

    partner = forms.ChoiceField(label=_("Partner"), required=False)
    other = LineField(
        label=_("Or somebody else"),
        required=False,
        max_length=160,
        error_messages={"max_length": _("Please shorten the name to 160 characters.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partners = [(name, name) for name in website().partners()]
        if partners:
            self.fields["partner"].choices = [("", _("please choose")), *partners]  # type: ignore[attr-defined]
        else:
            del self.fields["partner"]
            self.fields["other"].label = _("To whom?")

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two; what was typed is meant where both are given."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not self.recipient:
            self.add_error("other", _("Please say to whom you have passed it on."))
        return data

    @property
    def recipient(self) -> str:
        """Who has it now."""
        chosen: str = self.cleaned_data.get("other") or self.cleaned_data.get("partner", "")
        return chosen[:160]
