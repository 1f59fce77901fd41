"""The form that publishes office hours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from booking import recurrence
from booking.actions.publishing import Series
from booking.enums import Channel, Rhythm, Weekday
from booking.models import Availability, Host, Office, OfficeHours, Service
from booking.models.office import local
from booking.recurrence import Pattern
from booking.staff.forms.fields import (
    ChannelsField,
    DayField,
    HourField,
    Text,
    refuse_control_characters,
)

# The names of the fields of each break, and of the list of places to choose from.
BREAKS = tuple((f"break_{n}_from", f"break_{n}_until") for n in (1, 2, 3))
PLACES = "places"


@dataclass(frozen=True)
class Group:
    """Fields under a heading; one that folds is shown closed unless it is open."""

    heading: Text
    fields: list[BoundField]
    folds: bool
    is_open: bool


class SeriesForm(forms.Form):
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
    break_1_from = HourField(label=_("1st break from"), required=False)
    break_1_until = HourField(label=_("1st break until"), required=False)
    break_2_from = HourField(label=_("2nd break from"), required=False)
    break_2_until = HourField(label=_("2nd break until"), required=False)
    break_3_from = HourField(label=_("3rd break from"), required=False)
    break_3_until = HourField(label=_("3rd break until"), required=False)
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
    skip_school_holidays = forms.BooleanField(label=_("Not in the school holidays"), required=False)
    desk_every = forms.TypedChoiceField(
        label=_("Which times are kept for people who call or come by?"),
        choices=[
            (0, _("none")),
            (2, _("every 2nd time")),
            (3, _("every 3rd time")),
            (4, _("every 4th time")),
        ],
        coerce=int,
        initial=0,
        required=False,
        help_text=_("These times are not on the website. Only you can give them away."),
    )

    GROUPS: ClassVar[Sequence[tuple[Text, Sequence[str], bool]]] = (
        (_("What and who"), ("service", "host"), False),
        (
            _("When"),
            (
                *("rhythm", "weekdays", "starts_at", "ends_at", "first_on", "last_on"),
                *("skip_holidays", "skip_school_holidays"),
            ),
            False,
        ),
        (_("The appointments"), ("slot_minutes", "buffer_minutes", "channels"), False),
        (_("Breaks"), tuple(name for pair in BREAKS for name in pair), True),
        (_("Times for people without internet"), ("desk_every",), True),
        (_("Several people at the same time"), ("capacity",), True),
        (_("At another place"), ("place",), True),
    )

    def __init__(self, *args: Any, office: Office, of: Availability | None = None, **kwargs: Any) -> None:
        """Begin empty; `of` is a saved series, whose values it begins with and whose host and service stay."""
        if of is not None:
            kwargs["initial"] = from_series(of) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.office = office
        self._let_choose(of)
        self.fields["place"].widget.attrs["list"] = PLACES

    def _let_choose(self, of: Availability | None) -> None:
        choices: dict[str, Any] = {
            "service": self.office.services.filter(Q(pk=of.service_id) if of else Q(is_active=True)),
            "host": self.office.hosts.filter(Q(pk=of.host_id) if of else Q(is_active=True)),
        }
        for name, queryset in choices.items():
            field = self.fields[name]
            field.queryset, field.empty_label = queryset.select_related("office"), None  # type: ignore[attr-defined]
            field.disabled = of is not None

    def groups(self) -> Iterator[Group]:
        """Return the fields in their groups; what is rarely needed is folded as long as it says nothing."""
        for heading, names, folds in self.GROUPS:
            fields = [self[name] for name in names]
            yield Group(heading, fields, folds, any(_says_something(field) for field in fields))

    def places(self) -> list[str]:
        """Return the places that series and dates of the office had before, as suggestions."""
        sources = Availability.objects, OfficeHours.objects
        found = [
            rows.filter(host__office=self.office).exclude(place={}).order_by().values_list("place", flat=True)
            for rows in sources
        ]
        return sorted({local(place) for rows in found for place in rows.distinct()})

    def clean(self) -> dict[str, Any]:
        """Check what fits together, and say beside the field what to do."""
        super().clean()
        self._check_days()
        self._check_hours()
        self._check_breaks()
        self._check_video()
        self._check_times()
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

    def _check_hours(self) -> None:
        start, end = self.cleaned_data.get("starts_at"), self.cleaned_data.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _("The end must be after the beginning."))

    def _check_breaks(self) -> None:
        """Each break lies inside the hours and after the one above; half a break is none."""
        data = self.cleaned_data
        hours = data.get("starts_at"), data.get("ends_at")
        before: time | None = None
        for first, last in BREAKS:
            if first not in data or last not in data or (data[first] is None and data[last] is None):
                continue
            begin, end = data[first], data[last]
            if begin is None or end is None:
                self.add_error(last if end is None else first, _("Please enter both ends of the break."))
                continue
            if end <= begin:
                self.add_error(last, _("The end must be after the beginning."))
            elif (hours[0] and begin <= hours[0]) or (hours[1] and end >= hours[1]):
                self.add_error(first, _("The break must lie between the beginning and the end."))
            elif before and begin < before:
                self.add_error(first, _("This break begins before the one above is over."))
            before = end

    def _check_times(self) -> None:
        """Refuse dates without a time, and a share that would keep none of them."""
        if self.errors:
            return
        series = self.series()
        times = times_per_date(series)
        if times == 0:
            self.add_error("slot_minutes", _("No appointment of this length fits between the two times."))
        elif times < series.desk_every:
            message = ngettext_lazy(
                "A date has only %(times)d time. Please choose a smaller number.",
                "A date has only %(times)d times. Please choose a smaller number.",
                times,
            )
            self.add_error("desk_every", ValidationError(message, params={"times": times}))

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
            skip_school_holidays=data["skip_school_holidays"],
            breaks=tuple((data[first], data[last]) for first, last in BREAKS if data[first] is not None),
            desk_every=data["desk_every"] or 0,
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


def from_series(availability: Availability) -> dict[str, Any]:
    """Return what the form says of a saved series."""
    pattern = recurrence.pattern(availability)
    said: dict[str, Any] = {
        "service": availability.service_id,
        "host": availability.host_id,
        "rhythm": pattern.rhythm,
        "weekdays": list(pattern.weekdays),
        "starts_at": pattern.starts_at,
        "ends_at": pattern.ends_at,
        "first_on": pattern.first_on,
        "last_on": pattern.last_on,
        "slot_minutes": availability.slot_minutes,
        "buffer_minutes": availability.buffer_minutes,
        "capacity": availability.capacity,
        "channels": availability.channels,
        "place": local(availability.place, settings.LANGUAGE_CODE),
        "skip_holidays": availability.skip_holidays,
        "skip_school_holidays": availability.skip_school_holidays,
        "desk_every": availability.desk_every,
    }
    for names, pause in zip(BREAKS, availability.pauses, strict=False):
        said |= dict(zip(names, pause, strict=True))
    return said


def times_per_date(series: Series) -> int:
    """Return how many times a date of the series has, on the web or not; after a break they begin anew."""
    pattern, step = series.pattern, series.slot_minutes + series.buffer_minutes
    begin, times = _minute(pattern.starts_at), 0
    for pause_begin, pause_end in [*series.pauses, (pattern.ends_at, pattern.ends_at)]:
        times += max(0, (_minute(pause_begin) - begin + series.buffer_minutes) // step)
        begin = _minute(pause_end)
    return times


def _says_something(field: BoundField) -> bool:
    """Whether the field has an error, or another value than an empty form."""
    said, unsaid = (str(value or 0) for value in (field.value(), field.field.initial))
    return bool(field.errors) or said != unsaid


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
