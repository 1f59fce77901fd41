"""What the office is doing at a moment: open, closed and why, and when it opens again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils.translation import gettext as _

from booking import dates, opening
from booking.models import Absence, Closure, Office
from booking.public_holidays import public_holiday
from booking.reasons import Reason, spoken

ONE_DAY = timedelta(days=1)
# Nobody closes for longer, and a page reads the closures of this time in one query.
AHEAD_DAYS = 100

# Both ends are in UTC: within one zone Python would compare what the clock shows, which an autumn night shows twice.
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Today:
    """The state in words: a headline, the public reason for being closed, and what follows.

    `away` are the people who are not there today at short notice.
    """

    is_open: bool
    headline: str
    reason: Reason
    following: str
    away: list[str]


def today(office: Office, now: datetime) -> Today | None:
    """Return the state of the office at the moment, None where nobody wrote down when it is open."""
    if not any(office.opening_times):
        return None
    day = now.astimezone(office.zone).date()
    absences = _absences(office, now)
    closures = [*_nobody(office, absences), *whole_office(office, now, now + AHEAD_DAYS * ONE_DAY)]
    closures.sort(key=lambda closure: closure.start)
    start, end = next(_from(office, now, closures), (None, None))
    midnight = _moment(office, day, "24:00")
    away = sorted({absence.host.name for absence in absences if absence.start < midnight})
    if start is None or end is None:
        return Today(False, _("Closed now."), _reason(office, now, closures), "", away)
    if start <= now:
        until = dates.spoken_hour(end, office.zone)
        return Today(True, _("Open today until %(hour)s.") % {"hour": until}, Reason(), "", away)
    hour, opens_on = dates.spoken_hour(start, office.zone), start.astimezone(office.zone).date()
    if opens_on == day:
        return Today(False, _("Open today from %(hour)s.") % {"hour": hour}, Reason(), "", away)
    if opens_on == day + ONE_DAY:
        following = _("Open again tomorrow from %(hour)s.") % {"hour": hour}
    else:
        following = _("Open again: %(day)s, from %(hour)s.") % {
            "day": dates.spoken_day(opens_on),
            "hour": hour,
        }
    return Today(False, _("Closed now."), _reason(office, now, closures), following, away)


def whole_office(office: Office, start: datetime, end: datetime) -> Iterator[Closure]:
    """Return the closures of the whole office that share a moment with the interval, the earliest first."""
    mine = Closure.objects.filter(office=office, host=None, start__lt=end, end__gt=start)
    return mine.order_by("start", "pk").iterator()


def stretches(office: Office, day: date) -> list[Stretch]:
    """Return when the office is open on an ordinary day of this weekday, in UTC."""
    ends = office.opening_times[day.weekday()]
    return [(_moment(office, day, start), _moment(office, day, end)) for start, end in ends]


def open_on(office: Office, day: date, closures: list[Closure]) -> list[Stretch]:
    """Return when the office is open on this very day; `closures` are those of the whole office."""
    if public_holiday(office.state, day):
        return []
    return [left for stretch in stretches(office, day) for left in _without(stretch, closures)]


def _from(office: Office, now: datetime, closures: list[Closure]) -> Iterator[Stretch]:
    """Return when the office is open from the moment on, closures and public holidays left out."""
    first = now.astimezone(office.zone).date()
    for day in (first + n * ONE_DAY for n in range(AHEAD_DAYS)):
        yield from (stretch for stretch in open_on(office, day, closures) if stretch[1] > now)


def _without(stretch: Stretch, closures: list[Closure]) -> Iterator[Stretch]:
    start, end = stretch
    for closure in closures:
        if closure.start >= end or closure.end <= start:
            continue
        if closure.start > start:
            yield start, closure.start
        start = closure.end
    if start < end:
        yield start, end


def _reason(office: Office, now: datetime, closures: list[Closure]) -> Reason:
    """Return why it is closed: the closure that lasts or takes the rest of the day, or the public holiday."""
    day = now.astimezone(office.zone).date()
    rest = [end for _start, end in stretches(office, day) if end > now]
    until = max(rest, default=now)
    for closure in closures:
        if closure.start <= now or closure.start < until:  # those that are over were not read
            return (
                Reason(_("At short notice nobody is here")) if closure.pk is None else spoken(closure.reason)
            )
    return spoken(public_holiday(office.state, day))


def _absences(office: Office, now: datetime) -> list[Absence]:
    in_force = Absence.objects.in_force(now).filter(host__office=office, host__is_active=True)
    return list(in_force.select_related("host"))


def _nobody(office: Office, absences: list[Absence]) -> Iterator[Closure]:
    """Give the time in which everybody is away, as a closure that nobody stored."""
    spans: dict[int, Stretch] = {}
    for absence in absences:
        start, end = spans.get(absence.host_id, (absence.start, absence.end))
        # The first one of each person, with those that go on from it.
        if absence.start <= end:
            spans[absence.host_id] = start, max(end, absence.end)
    if not spans or office.hosts.filter(is_active=True).exclude(pk__in=spans).exists():
        return
    start, end = max(start for start, _end in spans.values()), min(end for _start, end in spans.values())
    if start < end:
        yield Closure(office=office, start=start, end=end)


def _moment(office: Office, day: date, clock: str) -> datetime:
    days, minutes = divmod(opening.minutes(clock), opening.WHOLE_DAY)
    at = time(minutes // 60, minutes % 60)
    return datetime.combine(day + days * ONE_DAY, at, office.zone).astimezone(UTC)
