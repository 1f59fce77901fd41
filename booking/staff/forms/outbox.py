"""The filters of the outbox."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from booking.enums import Occasion, OutboxStatus


class OutboxFilter(forms.Form):
    """What to list; nonsense lists everything."""

    status = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), *OutboxStatus.choices]
    )
    occasion = forms.ChoiceField(
        label=_("Occasion"), required=False, choices=[("", _("all")), *Occasion.choices]
    )
