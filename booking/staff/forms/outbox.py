"""The filters of the outbox."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from booking.enums import Occasion, OutboxStatus

# Not a state of its own: failed or uncertain, and something can still be done about it.
MISSING = "missing"


class OutboxFilter(forms.Form):
    """What to list; nonsense lists everything."""

    status = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), (MISSING, _("perhaps not arrived")), *OutboxStatus.choices],
    )
    occasion = forms.ChoiceField(
        label=_("Occasion"), required=False, choices=[("", _("all")), *Occasion.choices]
    )
