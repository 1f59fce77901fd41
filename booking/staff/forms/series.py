"""The form that publishes office hours."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from booking.actions.publishing import Series
from booking.enums import Channel, Rhythm, Weekday
from booking.models import Host, Office, Service
from booking.recurrence import Pattern
from booking.staff.forms.fields import (
    ChannelsField,
    DayField,
    HourField,
    Sections,
    refuse_control_characters,
)


class SeriesForm(Sections, forms.Form):
    """What, who, when and how: the words of a new series of office hours."""

    service = forms.ModelChoiceField(label=_("What do you offer?"), queryset=Service.objects.none())
    host = forms.ModelChoiceField(label=_("Who gives the consultation?"), queryset=Host.objects.none())
    rhythm = forms.TypedChoiceField(
        label=_("How often?"), choices=Rhythm.choices, coerce=Rhythm, initial=Rhythm.WEEKLY
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On which weekdays?"),
        choices=Weekday.choices,
        coerce=Weekday,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Not needed for a single day. For “of the month” choose one weekday."),
    )
    starts_at = HourField(label=_("From what time?"))
    ends_at = HourField(label=_("Until what time?"))
    first_on = DayField(label=_("First day"))
    last_on = DayField(
        label=_("Last day"), required=False, help_text=_("Leave it empty if it goes on until you end it.")
    )
    slot_minutes = forms.IntegerField(
        label=_("How many minutes does an appointment take?"), min_value=5, max_value=480
    )
    buffer_minutes = forms.IntegerField(
        label=_("How many minutes of break in between?"), min_value=0, max_value=120, initial=0
    )
    capacity = forms.IntegerField(
        label=_("How many people can book the same time?"),
        min_value=1,
        max_value=200,
        initial=1,
        help_text=_("1 for a conversation, more for a group."),
    )
    channels = ChannelsField()
    place = forms.CharField(
        label=_("Where, if not at the office?"),
        required=False,
        max_length=120,
        validators=[refuse_control_characters],
        help_text=_("For example “Library, room 2”. Empty means the address of the office."),
    )
    skip_holidays = forms.BooleanField(label=_("Not on public holidays"), required=False, initial=True)

    SECTIONS = (
        (_("What and who"), ("service", "host")),
        (_("When"), ("rhythm", "weekdays", "starts_at", "ends_at", "first_on", "last_on", "skip_holidays")),
        (_("The appointments"), ("slot_minutes", "buffer_minutes", "capacity", "channels", "place")),
    )

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office = office
        choices: dict[str, Any] = {
            "service": office.services.filter(is_active=True),
            "host": office.hosts.filter(is_active=True).select_related("office"),
        }
        for name, queryset in choices.items():
            field = self.fields[name]
            field.queryset, field.empty_label = queryset, None  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Check what fits together, and say beside the field what to do."""
        super().clean()
        self._check_days()
        self._check_times()
        self._check_video()
        return self.cleaned_data

    def _check_days(self) -> None:
        data = self.cleaned_data
        rhythm, weekdays = data.get("rhythm"), data.get("weekdays")
        first, last = data.get("first_on"), data.get("last_on")
        if weekdays is not None and rhythm and rhythm is not Rhythm.ONCE:
            if not weekdays:
                self.add_error("weekdays", _("Please choose at least one weekday."))
            elif rhythm.value.startswith("monthly") and len(weekdays) > 1:
                self.add_error("weekdays", _("Please choose exactly one weekday for “of the month”."))
        if first and last and last < first:
            self.add_error("last_on", _("The last day is before the first day."))

    def _check_times(self) -> None:
        start, end = self.cleaned_data.get("starts_at"), self.cleaned_data.get("ends_at")
        minutes = self.cleaned_data.get("slot_minutes")
        if start is None or end is None:
            return
        if end <= start:
            self.add_error("ends_at", _("The end must be after the beginning."))
        elif minutes and _minute(end) - _minute(start) < minutes:
            self.add_error("slot_minutes", _("No appointment of this length fits between the two times."))

    def _check_video(self) -> None:
        host = self.cleaned_data.get("host")
        if host and not host.has_video and Channel.VIDEO in self.cleaned_data.get("channels", []):
            message = _(
                "%(host)s has no video link yet. Please enter it under “My profile” first, "
                "or publish without video."
            )
            self.add_error("channels", ValidationError(message, params={"host": host.name}))

    def series(self) -> Series:
        """Return what a valid form says."""
        data = self.cleaned_data
        is_once = data["rhythm"] is Rhythm.ONCE
        place = data["place"]
        return Series(
            host=data["host"],
            service=data["service"],
            pattern=Pattern(
                rhythm=data["rhythm"],
                weekdays=() if is_once else tuple(data["weekdays"]),
                starts_at=data["starts_at"],
                ends_at=data["ends_at"],
                first_on=data["first_on"],
                last_on=None if is_once else data["last_on"],
            ),
            slot_minutes=data["slot_minutes"],
            buffer_minutes=data["buffer_minutes"],
            capacity=data["capacity"],
            channels=tuple(data["channels"]),
            place={settings.LANGUAGE_CODE: place} if place else {},
            skip_holidays=data["skip_holidays"],
        )

    def retold(self) -> list[BoundField]:
        """Return all fields, to be sent once more hidden: what was typed stays as it was."""
        return list(self)


def from_service(service: Service) -> dict[str, Any]:
    """Return the values with which a series of the service begins."""
    return {
        "service": service.pk,
        "slot_minutes": service.minutes,
        "buffer_minutes": service.buffer_minutes,
        "channels": service.channels,
    }


def times_per_date(series: Series) -> int:
    """Return how many appointments a date of the series has."""
    pattern = series.pattern
    stretch = _minute(pattern.ends_at) - _minute(pattern.starts_at)
    step = series.slot_minutes + series.buffer_minutes
    return max(0, (stretch + series.buffer_minutes) // step)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
