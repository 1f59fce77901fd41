"""The forms that change what is published: a series from a day on, or one date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from booking.actions.recutting import Affected
from booking.actions.redating import DateTerms
from booking.enums import BookedTimes, Rhythm
from booking.models import Availability, OfficeHours
from booking.models.office import local
from booking.staff.forms.cancel import CancelForm
from booking.staff.forms.fields import DayField, Text
from booking.staff.forms.series import BREAKS, SeriesForm

DECISION = "decision-"
APPOINTMENTS: tuple[tuple[Text, Sequence[str], bool], ...] = (
    (_("The appointments"), ("slot_minutes", "buffer_minutes", "channels"), False),
    (_("Breaks"), tuple(name for pair in BREAKS for name in pair), True),
    (_("Times for people without internet"), ("desk_every",), True),
    (_("Several people at the same time"), ("capacity",), True),
    (_("At another place"), ("place",), True),
)


class ReviseSeriesForm(SeriesForm):
    """The words of a saved series, and from which day on they shall be others."""

    since = DayField(
        label=_("From which day on?"),
        help_text=_(
            "Earlier dates stay as they are. Dates that you changed one by one take the new times, too."
        ),
    )

    GROUPS: ClassVar[Sequence[tuple[Text, Sequence[str], bool]]] = (
        (_("From when"), ("since",), False),
        (
            _("When"),
            (
                "rhythm",
                "weekdays",
                "starts_at",
                "ends_at",
                "last_on",
                "skip_holidays",
                "skip_school_holidays",
            ),
            False,
        ),
        *APPOINTMENTS,
    )

    def __init__(self, *args: Any, of: Availability, today: datetime, **kwargs: Any) -> None:
        kwargs["initial"] = {"since": today.date()} | kwargs.get("initial", {})
        super().__init__(*args, of=of, **kwargs)
        self.today = today.date()
        self.fields["first_on"].disabled = True
        rhythms: Any = self.fields["rhythm"]
        rhythms.choices = [choice for choice in Rhythm.choices if choice[0] != Rhythm.ONCE]

    def clean_since(self) -> date:
        """Refuse days that are over, for what has taken place stays."""
        since: date = self.cleaned_data["since"]
        if since < self.today:
            raise ValidationError(_("Please choose today or a later day."))
        return since

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the change."""
        super().clean()
        since, last = self.cleaned_data.get("since"), self.cleaned_data.get("last_on")
        if since and last and last < since:
            self.add_error("last_on", _("The last day is before the first day."))
        return self.cleaned_data


class ReviseDateForm(SeriesForm):
    """The words of one date: its day, times, place and how it is cut. The ways stay those of the series."""

    GROUPS: ClassVar[Sequence[tuple[Text, Sequence[str], bool]]] = (
        (_("When"), ("first_on", "starts_at", "ends_at"), False),
        (_("The appointments"), ("slot_minutes", "buffer_minutes"), False),
        *APPOINTMENTS[1:],
    )
    FIXED = ("rhythm", "weekdays", "last_on", "channels", "skip_holidays", "skip_school_holidays")

    def __init__(self, *args: Any, hours: OfficeHours, **kwargs: Any) -> None:
        zone, offered = hours.host.office.zone, [s.capacity for s in hours.slots.all()]
        kwargs["initial"] = {
            "rhythm": Rhythm.ONCE,
            "last_on": None,
            "first_on": hours.start.astimezone(zone).date(),
            "starts_at": hours.start.astimezone(zone).time(),
            "ends_at": hours.end.astimezone(zone).time(),
            "capacity": max(offered, default=hours.availability.capacity),
            "place": local(hours.where, settings.LANGUAGE_CODE),
        } | kwargs.get("initial", {})
        super().__init__(*args, of=hours.availability, **kwargs)
        self.hours = hours
        self.fields["first_on"].label = _("Day")
        for name in self.FIXED:
            self.fields[name].disabled = True

    def terms(self) -> DateTerms:
        """Return what a valid form says."""
        series = self.series()
        return DateTerms(
            day=series.pattern.first_on,
            starts_at=series.pattern.starts_at,
            ends_at=series.pattern.ends_at,
            slot_minutes=series.slot_minutes,
            buffer_minutes=series.buffer_minutes,
            capacity=series.capacity,
            place=self._place(),
            breaks=series.breaks,
            desk_every=series.desk_every,
        )

    def _place(self) -> dict[str, str]:
        """Return the date's own place; empty where it is that of the series."""
        typed, of_series = self.cleaned_data["place"], self.hours.availability.place
        if typed == local(self.hours.where, settings.LANGUAGE_CODE):
            return dict(self.hours.place)
        if typed == local(of_series, settings.LANGUAGE_CODE):
            return {}
        office = self.hours.host.office
        return {settings.LANGUAGE_CODE: typed or f"{office.name}, {office.address}"}


class DecisionsForm(CancelForm):
    """What becomes of each affected booking, and a word to those who are cancelled."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["word"].label = _("A word to those who are cancelled")


def read_decisions(
    typed: Mapping[str, Any], affected: Iterable[Affected], step: str
) -> dict[UUID, BookedTimes]:
    """Return what was decided: one choice for all by the button, else what the radios say; the rest is open.

    Who cannot be moved stays open when all shall move.
    """
    for_all = {f"all-{choice}": BookedTimes(choice) for choice in BookedTimes.values}.get(step)
    decisions = {}
    for each in affected:
        key = each.booking.pk
        choice = for_all or typed.get(f"{DECISION}{key}")
        if choice in BookedTimes.values and (each.can_move or choice != BookedTimes.MOVE):
            decisions[key] = BookedTimes(choice)
        elif for_all and typed.get(f"{DECISION}{key}") in (BookedTimes.KEEP, BookedTimes.CANCEL):
            decisions[key] = BookedTimes(typed[f"{DECISION}{key}"])
    return decisions
