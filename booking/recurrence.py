"""The only door to django-scheduler: local dates go in, aware intervals come out.

A series is stored as schedule.Event with a schedule.Rule and expanded by the library, always with bounds in the
office's zone: with others it answers shifted hours (its `get_occurrences` computes in the zone of its argument).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import ProtectedError
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils.formats import date_format, time_format
from django.utils.text import slugify
from django.utils.translation import gettext
from schedule.models import Calendar, Event, Rule

from booking.enums import Rhythm, Weekday
from booking.models import Availability, Host

WEEKDAYS = list(Weekday)
LAST_SECOND = time(23, 59, 59)
# How each rhythm is written as a Rule: frequency and what goes beside the weekdays.
RULES: dict[Rhythm, tuple[str, str]] = {
    Rhythm.WEEKLY: ("WEEKLY", "interval:1"),
    Rhythm.EVERY_2_WEEKS: ("WEEKLY", "interval:2"),
    Rhythm.EVERY_3_WEEKS: ("WEEKLY", "interval:3"),
    Rhythm.EVERY_4_WEEKS: ("WEEKLY", "interval:4"),
    Rhythm.MONTHLY_FIRST: ("MONTHLY", "bysetpos:1"),
    Rhythm.MONTHLY_SECOND: ("MONTHLY", "bysetpos:2"),
    Rhythm.MONTHLY_THIRD: ("MONTHLY", "bysetpos:3"),
    Rhythm.MONTHLY_FOURTH: ("MONTHLY", "bysetpos:4"),
    Rhythm.MONTHLY_LAST: ("MONTHLY", "bysetpos:-1"),
}


@dataclass(frozen=True)
class Pattern:
    """What repeats, in the office's local time; `last_on` is included, None means without end.

    A monthly rhythm names exactly one weekday, a weekly one at least one; ONCE ignores weekdays.
    """

    rhythm: Rhythm
    weekdays: tuple[Weekday, ...]
    starts_at: time
    ends_at: time
    first_on: date
    last_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse what the library would silently read as something else."""
        if self.rhythm is Rhythm.ONCE:
            return
        if not self.weekdays or (self.is_monthly and len(self.weekdays) != 1):
            message = "a weekly rhythm needs weekdays, a monthly one exactly one"
            raise ValueError(message)

    @property
    def is_monthly(self) -> bool:
        """Whether it counts weekdays of the month."""
        return self.rhythm.value.startswith("monthly")

    @property
    def begins_on(self) -> date:
        """The first day that fits a weekday: from its week on every 2nd, 3rd and 4th week is counted."""
        if self.rhythm is Rhythm.ONCE:
            return self.first_on
        days = (self.first_on + timedelta(days=n) for n in range(7))
        return next(day for day in days if WEEKDAYS[day.weekday()] in self.weekdays)

    @property
    def ends_on(self) -> date | None:
        """The day after which it is not held any more, None without end."""
        return self.first_on if self.rhythm is Rhythm.ONCE else self.last_on


@dataclass(frozen=True)
class Window:
    """One date of a series: the local day, and its start and end as UTC moments."""

    day: date
    start: datetime
    end: datetime


def calendar_for(name: str, slug: str) -> Calendar:
    """Make the calendar that a new host keeps her series in."""
    return Calendar.objects.create(name=name[:200], slug=slugify(slug)[:200])


def define(pattern: Pattern, host: Host, title: str) -> Event:
    """Write the series down: an Event, and its Rule unless it happens once."""
    event = Event(calendar=host.calendar)
    _write(event, pattern, host, title)
    return event


def rewrite(event: Event, pattern: Pattern, host: Host, title: str) -> None:
    """Write a series down anew, in place; its dates are those of the pattern from now on."""
    event.calendar = host.calendar
    _write(event, pattern, host, title)


def continued(former: Pattern, pattern: Pattern, since: date) -> Pattern:
    """Return the pattern from that day on, but not before the week in which the former one begins.

    A later first day of its own counts. Every 2nd, 3rd or 4th week is counted on if the rhythm stays.
    """
    if pattern.rhythm is Rhythm.ONCE:
        return pattern
    monday = former.begins_on - timedelta(days=former.begins_on.weekday())
    first = max(since, pattern.first_on if pattern.first_on > former.begins_on else monday)
    weeks = _weeks(pattern.rhythm) if pattern.rhythm == former.rhythm else 1
    if weeks == 1:
        return replace(pattern, first_on=first)
    days = (first + timedelta(days=n) for n in range(7 * (weeks + 1)))
    fitting = (day for day in days if WEEKDAYS[day.weekday()] in pattern.weekdays)
    return replace(pattern, first_on=next(day for day in fitting if (day - monday).days // 7 % weeks == 0))


def _weeks(rhythm: Rhythm) -> int:
    frequency, extra = RULES[rhythm]
    return int(extra.removeprefix("interval:")) if frequency == "WEEKLY" else 1


def end(availability: Availability, last_on: date) -> None:
    """Let the series end with that day."""
    event = availability.event
    zone = availability.host.office.zone
    event.end_recurring_period = datetime.combine(last_on, LAST_SECOND, zone)
    event.save(update_fields=["end_recurring_period"])


def _write(event: Event, pattern: Pattern, host: Host, title: str) -> None:
    zone = host.office.zone
    event.title = title[:255]
    event.start = datetime.combine(pattern.begins_on, pattern.starts_at, zone)
    event.end = datetime.combine(pattern.begins_on, pattern.ends_at, zone)
    event.rule = _rule(pattern)
    event.end_recurring_period = (
        datetime.combine(pattern.last_on, LAST_SECOND, zone) if pattern.last_on else None
    )
    event.save()


def _rule(pattern: Pattern) -> Rule | None:
    if pattern.rhythm is Rhythm.ONCE:
        return None
    frequency, extra = RULES[pattern.rhythm]
    weekdays = ",".join(day.value for day in WEEKDAYS if day in pattern.weekdays)
    wanted = {"frequency": frequency, "params": f"byweekday:{weekdays};{extra}"}
    return Rule.objects.filter(**wanted).first() or Rule.objects.create(
        name=pattern.rhythm.value, description=pattern.rhythm.value, **wanted
    )


def pattern(availability: Availability) -> Pattern:
    """Read the series back."""
    event, zone = availability.event, availability.host.office.zone
    last = event.end_recurring_period
    rhythm, weekdays = _read_rule(event.rule)
    return Pattern(
        rhythm=rhythm,
        weekdays=weekdays,
        starts_at=availability.starts_at,
        ends_at=availability.ends_at,
        first_on=event.start.astimezone(zone).date(),
        last_on=last.astimezone(zone).date() if last else None,
    )


def _read_rule(rule: Rule | None) -> tuple[Rhythm, tuple[Weekday, ...]]:
    if rule is None:
        return Rhythm.ONCE, ()
    days, extra = rule.params.split(";", 1)
    rhythm = next(key for key, value in RULES.items() if value == (rule.frequency, extra))
    return rhythm, tuple(Weekday(day) for day in days.removeprefix("byweekday:").split(","))


def windows(availability: Availability, since: date, until: date) -> list[Window]:
    """Return the dates of the series from `since` to `until`, both included, cancelled ones left out.

    Start and end are the availability's local times on each day, on both sides of a clock change; a day on
    which the clock skips them has no date.
    """
    zone = availability.host.office.zone
    bounds = (
        datetime.combine(since, time.min, zone),
        datetime.combine(until + timedelta(days=1), time.min, zone),
    )
    occurrences = availability.event.get_occurrences(*bounds)
    days = {o.original_start.astimezone(zone).date() for o in occurrences if not o.cancelled}
    found = []
    for day in sorted(days):
        start, finish = (
            datetime.combine(day, moment, zone).astimezone(UTC)
            for moment in (availability.starts_at, availability.ends_at)
        )
        exists = start.astimezone(zone).time() == availability.starts_at
        if exists and finish > start and since <= day <= until:
            found.append(Window(day, start, finish))
    return found


@receiver(pre_delete, sender=Rule)
def keep_used_rules(sender: type[Rule], instance: Rule, **kwargs: Any) -> None:
    """Refuse to delete a rule in use: the library would turn its series into single events (SET_NULL)."""
    events = Event.objects.filter(rule=instance)
    if events.exists():
        raise ProtectedError("This rule is used by a series.", set(events))


def sentence(pattern: Pattern) -> str:
    """Say the series in plain words, in the active language: "every Tuesday, 14:00–17:00"."""
    times = gettext("%(start)s–%(end)s") % {
        "start": time_format(pattern.starts_at, "H:i"),
        "end": time_format(pattern.ends_at, "H:i"),
    }
    days = listed([str(day.label) for day in WEEKDAYS if day in pattern.weekdays])
    day = date_format(pattern.first_on, "DATE_FORMAT")
    return _sentences()[pattern.rhythm] % {"days": days, "date": day, "times": times}


def listed(names: list[str]) -> str:
    """Join names as one says them: "Monday, Tuesday and Friday"; nothing of nothing."""
    if len(names) < 2:
        return "".join(names)
    return gettext("%(days)s and %(last)s") % {"days": ", ".join(names[:-1]), "last": names[-1]}


def _sentences() -> dict[Rhythm, str]:
    return {
        Rhythm.ONCE: gettext("on %(date)s, %(times)s"),
        Rhythm.WEEKLY: gettext("every %(days)s, %(times)s"),
        Rhythm.EVERY_2_WEEKS: gettext("every 2 weeks on %(days)s, %(times)s"),
        Rhythm.EVERY_3_WEEKS: gettext("every 3 weeks on %(days)s, %(times)s"),
        Rhythm.EVERY_4_WEEKS: gettext("every 4 weeks on %(days)s, %(times)s"),
        Rhythm.MONTHLY_FIRST: gettext("every 1st %(days)s of the month, %(times)s"),
        Rhythm.MONTHLY_SECOND: gettext("every 2nd %(days)s of the month, %(times)s"),
        Rhythm.MONTHLY_THIRD: gettext("every 3rd %(days)s of the month, %(times)s"),
        Rhythm.MONTHLY_FOURTH: gettext("every 4th %(days)s of the month, %(times)s"),
        Rhythm.MONTHLY_LAST: gettext("every last %(days)s of the month, %(times)s"),
    }
