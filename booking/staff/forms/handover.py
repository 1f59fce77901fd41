"""Who gives the office hours instead, or against which others they are swapped."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from booking.models import Host, OfficeHours
from booking.staff.templatetags.staff import clock, hour, short_date

AHEAD = timedelta(weeks=8)


class ColleagueField(forms.ModelChoiceField[Any]):
    """A host, by name."""

    def label_from_instance(self, obj: Any) -> str:
        """Say the name, and for whom she works if not for the office."""
        host: Host = obj
        return f"{host.name} ({host.organisation})" if host.organisation else host.name


class DateField(forms.ModelChoiceField[Any]):
    """Office hours, by day, hours and host."""

    def label_from_instance(self, obj: Any) -> str:
        """Say when and with whom, in the active time zone."""
        hours: OfficeHours = obj
        when = f"{short_date(hours.start)}, {clock(hours.start)}–{hour(hours.end)}"
        return f"{when} · {hours.host} · {hours.availability.service}"


class TakeOverForm(forms.Form):
    """The colleague who takes the office hours over."""

    host = ColleagueField(
        label=_("Who takes over?"),
        queryset=Host.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Please choose who takes over.")},
    )

    def __init__(self, *args: Any, hours: OfficeHours, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["host"]
        field.queryset = colleagues(hours.host)
        if len(field.queryset) == 1:
            field.initial = field.queryset[0]


class SwapForm(forms.Form):
    """The office hours of a colleague that are given in return."""

    against = DateField(
        label=_("Swap against which office hours?"),
        queryset=OfficeHours.objects.none(),
        empty_label=_("Please choose"),
        error_messages={"required": _("Please choose the office hours to swap against.")},
    )

    def __init__(self, *args: Any, hours: OfficeHours, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        published = OfficeHours.objects.filter(availability__is_extra=False, withdrawn_at=None)
        coming = published.filter(host__in=colleagues(hours.host)).live().coming(now)
        field: Any = self.fields["against"]
        field.queryset = coming.filter(start__lt=max(now, hours.start) + AHEAD).select_related(
            "host", "availability__service"
        )


def colleagues(host: Host) -> QuerySet[Host]:
    """Return who else gives consultations in the host's office."""
    return Host.objects.filter(office=host.office_id, is_active=True).exclude(pk=host.pk)
