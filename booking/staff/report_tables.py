"""The figures of a report in words: its tables with their bars, and what they do not show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from booking.dates import spoken_month
from booking.enums import Attendance, Channel
from booking.figures import OTHERS, Line, Period, Quarter, Quarterly, Report
from booking.models import Office

# How the two parts of a bar may be long together, in per cent.
LONGEST = 100


@dataclass(frozen=True)
class Row:
    """One line in words; the widths of its bar's two parts are per cent of the longest bar."""

    label: str
    line: Line
    booked_width: int
    walked_in_width: int


@dataclass(frozen=True)
class Table:
    """A table: with its parts, with and without appointment, or with one number a line."""

    key: str
    title: str
    head: str | Promise
    rows: list[Row]
    has_parts: bool = False
    total: Line | None = None
    notes: list[str] = field(default_factory=list)


def tables(report: Report, office: Office) -> list[Table]:
    """Return the tables of the report in the order of the page."""
    services = {str(service.pk): str(service) for service in office.services.all()}
    return [
        Table(
            "monate",
            gettext("By month"),
            _("Month"),
            _rows(report.months, lambda key: spoken_month(date.fromisoformat(f"{key}-01"))),
            has_parts=True,
            total=report.total,
        ),
        _of_people("angebote", gettext("By service"), _("Service"), report.services, services, report.total),
        _of_people(
            "wege",
            gettext("By kind of consultation"),
            _("Kind"),
            report.channels,
            {each.value: str(each.label) for each in Channel},
            report.total,
        ),
        Table(
            "erschienen",
            gettext("What became of the appointments"),
            _("Appointments"),
            _rows(_counted(report.attendance.items()), _attendance_name),
        ),
        _quarterly("themen", gettext("By topic"), _("Topic"), report.topics, _topic_names(office)),
        _quarterly("sprachen", gettext("By language"), _("Language"), report.languages, language_name),
    ]


def spoken_period(period: Period) -> str:
    """Return "March 2026" or "January 2026 to March 2026"."""
    if period.first == period.last:
        return spoken_month(period.first)
    ends = {"first": spoken_month(period.first), "last": spoken_month(period.last)}
    return gettext("%(first)s to %(last)s") % ends


def spoken_quarters(quarters: list[Quarter]) -> str:
    """Return "1st quarter of 2026, 2nd quarter of 2026"."""
    return ", ".join(
        gettext("quarter %(number)d of %(year)d") % {"number": each.number, "year": each.first.year}
        for each in quarters
    )


def language_name(code: str) -> str:
    """Return the language in the reader's language; the code itself where it is unknown."""
    try:
        return gettext(get_language_info(code)["name"])
    except KeyError:
        return code


def _topic_names(office: Office) -> Callable[[str], str]:
    names: dict[str, str] = {}
    for service in office.services.all():
        names = dict(service.topic_choices) | names
    return lambda key: names.get(key, key)


def _attendance_name(key: str) -> str:
    return str(Attendance(key).label) if key else gettext("not noted")


def _counted(counts: Iterable[tuple[str, int]]) -> list[Line]:
    return [Line(key, count) for key, count in counts]


def _rows(lines: list[Line], name_of: Callable[[str], str]) -> list[Row]:
    longest = max((line.total for line in lines), default=0) or 1
    return [
        Row(name_of(line.key), line, line.booked * LONGEST // longest, line.walked_in * LONGEST // longest)
        for line in lines
    ]


def _named(name_of: Callable[[str], str]) -> Callable[[str], str]:
    def name(key: str) -> str:
        if key == OTHERS:
            return gettext("others")
        return name_of(key) if key else gettext("not stated")

    return name


def _of_people(
    key: str, title: str, head: Promise, lines: list[Line], names: dict[str, str], total: Line
) -> Table:
    rows = _rows(lines, _named(lambda each: str(names.get(each, each))))
    notes = []
    if not rows and total.total:
        notes = [gettext("These figures cannot be divided: each line would tell what one colleague did.")]
    elif not rows:
        notes = [gettext("There were no consultations.")]
    return Table(key, title, head, rows, has_parts=True, notes=notes)


def _quarterly(key: str, title: str, head: Promise, table: Quarterly, name_of: Callable[[str], str]) -> Table:
    rows = _rows(_counted(table.counts.items()), _named(name_of))
    notes = []
    if rows:
        notes.append(gettext("Counted: %(quarters)s.") % {"quarters": spoken_quarters(table.quarters)})
    elif table.quarters:
        notes.append(gettext("There were no consultations."))
    if table.withheld:
        left_out = {"quarters": spoken_quarters(table.withheld)}
        notes.append(gettext("Left out, since there were too few consultations: %(quarters)s.") % left_out)
    if not table.quarters and not table.withheld:
        notes.append(gettext("There is no whole quarter in this period that is over."))
    return Table(key, title, head, rows, notes=notes)
