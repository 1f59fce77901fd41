"""What counts as a consultation, and the tables made of it: the one definition behind page, print and export.

A booking counts in the month of its appointment, by the office's clock, when it is confirmed and has begun;
in a group each booking is one. A visit without appointment counts when somebody came. Cancelled appointments and
those still to come stand beside it; a hold that nobody confirmed never was an appointment.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from django.conf import settings
from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate, TruncMonth

from booking.enums import Attendance, Status
from booking.figures.disclosure import of_one_person, too_few
from booking.figures.period import Period, Quarter
from booking.models import Booking, Inquiry, Office, Slot, Visit

OTHERS: Final = "*"
_COUNTED = (
    "status",
    "has_begun",
    "month",
    "slot__office_hours__availability__service_id",
    "channel",
    "topic",
    "language",
    "slot__office_hours__host_id",
    "attendance",
)


@dataclass(frozen=True)
class Line:
    """One line of a table. The empty key is what nobody stated, OTHERS what must not stand alone."""

    key: str
    booked: int
    walked_in: int = 0

    @property
    def total(self) -> int:
        """With and without appointment."""
        return self.booked + self.walked_in


@dataclass(frozen=True)
class Quarterly:
    """A table of whole quarters that are over; `withheld` are those with too few consultations to divide."""

    counts: Mapping[str, int]
    quarters: list[Quarter]
    withheld: list[Quarter]


@dataclass(frozen=True)
class Report:
    """All figures of a period. A table without lines would tell too much, or there is nothing in it."""

    period: Period
    months: list[Line]
    services: list[Line]
    channels: list[Line]
    attendance: dict[str, int]
    cancelled: int
    to_come: int
    inquiries: int
    answered_in_time: int
    topics: Quarterly
    languages: Quarterly

    @property
    def total(self) -> Line:
        """All consultations."""
        return Line("", sum(line.booked for line in self.months), sum(line.walked_in for line in self.months))


class _Group(NamedTuple):
    """So many consultations that have everything in common that is counted."""

    month: date
    service: str
    channel: str
    topic: str
    language: str
    number: int
    host: int | None = None
    attendance: str | None = None

    @property
    def line(self) -> Line:
        walked_in = self.attendance is None
        return Line("", 0, self.number) if walked_in else Line("", self.number)


def report(office: Office, period: Period, now: datetime) -> Report:
    """Count what the office did in the period; five queries, however much it was."""
    held, cancelled, to_come = _bookings(office, period, now)
    groups = held + _visits(office, period, now)
    lone = office.hosts.count() < 2
    today = now.astimezone(office.zone).date()
    months = _lines(groups, lambda group: f"{group.month:%Y-%m}")
    begun = [f"{month:%Y-%m}" for month in period.months() if month <= today]
    attendance = Counter(dict.fromkeys((*Attendance.values, ""), 0))
    for group in held:
        attendance[group.attendance or ""] += group.number
    quarters = period.quarters(today)
    return Report(
        period=period,
        months=[months.get(key, Line(key, 0)) for key in begun],
        services=_without_people(groups, lambda group: group.service, lone=lone),
        channels=_without_people(groups, lambda group: group.channel, lone=lone),
        attendance=dict(attendance),
        cancelled=cancelled,
        to_come=to_come,
        **_inquiries(office, period),
        topics=_quarterly(groups, lambda group: group.topic, quarters, _topics(office)),
        languages=_quarterly(groups, lambda group: group.language, quarters, [settings.LANGUAGE_CODE]),
    )


def first_day(office: Office, now: datetime) -> date:
    """Return the local day of the office's first appointment or visit; today when there was none yet."""
    slots = Slot.objects.filter(office_hours__host__office=office, bookings__isnull=False, start__lte=now)
    visits = Visit.objects.filter(office=office)
    first = slots.order_by("start").values_list("start", flat=True).first() or now
    came = visits.order_by("came_at").values_list("came_at", flat=True).first() or now
    return min(first, came, now).astimezone(office.zone).date()


def _bookings(office: Office, period: Period, now: datetime) -> tuple[list[_Group], int, int]:
    """Return the appointments that were held, and how many were cancelled and are to come."""
    start, end = period.interval(office.zone)
    mine = Booking.objects.filter(
        slot__office_hours__host__office=office, slot__start__gte=start, slot__start__lt=end
    )
    # The end of a hold goes when it is confirmed: a cancelled booking that still has one never was more.
    asked = mine.filter(Q(status=Status.CONFIRMED) | Q(status=Status.CANCELLED, held_until=None)).order_by()
    dated = asked.annotate(
        month=TruncMonth("slot__start", tzinfo=office.zone), has_begun=Q(slot__start__lte=now)
    )
    rows = dated.values_list(*_COUNTED).annotate(number=Count("pk"))
    held, cancelled, to_come = [], 0, 0
    for status, has_begun, month, service, channel, topic, language, host, attendance, number in rows:
        if status == Status.CANCELLED:
            cancelled += number
        elif not has_begun:
            to_come += number
        else:
            facts = (month.date(), str(service), channel, topic, language)
            held.append(_Group(*facts, number, host, attendance))
    return held, cancelled, to_come


def _visits(office: Office, period: Period, now: datetime) -> list[_Group]:
    start, end = period.interval(office.zone)
    rows = (
        Visit.objects.filter(office=office, came_at__gte=start, came_at__lt=end, came_at__lte=now)
        .order_by()
        .annotate(month=TruncMonth("came_at", tzinfo=office.zone))
        .values_list("month", "service_id", "channel", "topic", "language")
        .annotate(number=Count("pk"))
    )
    return [
        _Group(month.date(), str(service or ""), channel, topic, language, number)
        for month, service, channel, topic, language, number in rows
    ]


def _inquiries(office: Office, period: Period) -> dict[str, int]:
    """Count what was written in the period, and what of it was answered or passed on by the promised day."""
    start, end = period.interval(office.zone)
    in_time = Q(closed_on__lte=F("answer_by"))
    return (
        Inquiry.objects.filter(office=office, created_at__gte=start, created_at__lt=end)
        .annotate(closed_on=TruncDate("closed_at", tzinfo=office.zone))
        .aggregate(inquiries=Count("pk"), answered_in_time=Count("pk", filter=in_time))
    )


def _lines(groups: Iterable[_Group], key_of: Callable[[_Group], str]) -> dict[str, Line]:
    booked: Counter[str] = Counter()
    walked_in: Counter[str] = Counter()
    for group in groups:
        booked[key_of(group)] += group.line.booked
        walked_in[key_of(group)] += group.line.walked_in
    return {key: Line(key, booked[key], walked_in[key]) for key in booked}


def _without_people(groups: list[_Group], key_of: Callable[[_Group], str], *, lone: bool) -> list[Line]:
    """Return the lines, largest first, none of which is one colleague's; in an office of one nothing can hide her."""
    people: defaultdict[str, set[int]] = defaultdict(set)
    for group in groups:
        if group.host is not None:
            people[key_of(group)].add(group.host)
    lines = _lines(groups, key_of)
    counts = {key: line.total for key, line in lines.items()}
    behind = {key: frozenset(hosts) for key, hosts in people.items()}
    hidden = frozenset() if lone else of_one_person(counts, behind)
    if hidden and len(hidden) == len(lines):
        return []
    shown = [line for key, line in lines.items() if key not in hidden]
    shown.sort(key=lambda line: (-line.total, line.key))
    inside = [lines[key] for key in hidden]
    others = Line(OTHERS, sum(each.booked for each in inside), sum(each.walked_in for each in inside))
    return [*shown, others] if hidden else shown


def _topics(office: Office) -> list[str]:
    """Return the keys of the office's topics in the order in which its services name them."""
    lists = office.services.order_by("pk").values_list("topics", flat=True)
    return list(dict.fromkeys(topic["key"] for topics in lists for topic in topics))


def _quarterly(
    groups: list[_Group], key_of: Callable[[_Group], str], quarters: list[Quarter], named: list[str]
) -> Quarterly:
    """Add up what may be shown of each quarter by itself; `named` are the keys in a lasting order.

    Since every figure, of whatever period, is a sum of such parts, no two reports tell more than the quarters do.
    """
    places = {key: place for place, key in enumerate(named)}

    def order(key: str) -> tuple[bool, int, str]:
        # What nobody stated comes last and so goes into "others" first.
        return not key, places.get(key, len(places)), key

    shown: list[Quarter] = []
    withheld: list[Quarter] = []
    total: Counter[str] = Counter()
    hidden: set[str] = set()
    for quarter in quarters:
        counts: Counter[str] = Counter()
        for group in groups:
            if quarter.first <= group.month <= quarter.last:
                counts[key_of(group)] += group.number
        few = too_few({key: counts[key] for key in sorted(counts, key=order)})
        if few and len(few) == len(counts):
            withheld.append(quarter)
            continue
        shown.append(quarter)
        total += counts
        hidden |= few
    lines = dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))
    if hidden and hidden >= lines.keys():
        return Quarterly({}, [], quarters)
    kept = {key: count for key, count in lines.items() if key not in hidden}
    others = {OTHERS: sum(lines[key] for key in hidden)} if hidden else {}
    return Quarterly(kept | others, shown, withheld)
