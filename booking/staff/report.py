"""The report for those who pay for the office: figures of a period, on a page, on paper and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar, NamedTuple

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from booking import figures
from booking.figures import Period, Quarter, Report
from booking.figures.period import MONTHS_OF_YEAR, months_on
from booking.staff import roles
from booking.staff.forms.period import PeriodForm
from booking.staff.report_tables import Table, spoken_period, tables
from booking.staff.views import StaffView

# A cell that begins with one of these is a formula to spreadsheets that open a CSV file.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
BYTE_ORDER_MARK = "\ufeff".encode()


class Cells(NamedTuple):
    """A line of the file; a number that the table does not have is empty."""

    table: str
    line: str
    booked: int | str = ""
    walked_in: int | str = ""
    total: int | str = ""


def harmless(cell: Any) -> Any:
    """Return the cell as text that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


class ReportView(SpreadsheetExportMixin, StaffView):
    """Shows the figures of whole months. They name nobody, neither residents nor colleagues."""

    permission = roles.SEE_REPORT
    template_name = "staff/report.html"
    page_title = _("Report in numbers")
    header_icon = "table"
    list_export: ClassVar = list(Cells._fields)
    export_headings: ClassVar = {
        "table": _("Table"),
        "line": _("Line"),
        "booked": _("with appointment"),
        "walked_in": _("without appointment"),
        "total": _("together"),
    }
    custom_value_preprocess: ClassVar = {str: {SpreadsheetExportMixin.FORMAT_CSV: harmless}}
    period: Period

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the page or the file; without a period it is this year."""
        this_year = self._year(self.day.year)
        asked = request.GET if {"von", "bis"} & request.GET.keys() else self._typed(this_year)
        form = PeriodForm(asked, whole=self._whole())
        if not form.is_valid():
            return self.page(form=form, presets=self._presets(None), status=422)
        self.period = form.cleaned_data["period"]
        report = figures.report(self.office, self.period, self.now)
        shown = tables(report, self.office)
        if self.is_export:
            answer: HttpResponseBase = self.as_spreadsheet(
                list(self._cells(report, shown)), request.GET["export"]
            )
            return answer
        return self.page(
            form=form,
            presets=self._presets(self.period),
            report=report,
            tables=shown,
            spoken_period=spoken_period(self.period),
            few=figures.FEW,
            files={kind: self.get_export_url(kind) for kind in self.FORMATS},
        )

    @cached_property
    def day(self) -> date:
        """Today in the office."""
        return self.today.date()

    def get_filename(self) -> str:
        """Return the name of the file: office and period."""
        return f"bericht-{self.office.slug}-{self.period.first:%Y-%m}-{self.period.last:%Y-%m}"

    def stream_csv(self, queryset: list[Cells]) -> Iterator[bytes]:
        """Give the lines, with the mark that tells Excel they are UTF-8."""
        yield BYTE_ORDER_MARK
        yield from super().stream_csv(queryset)

    def _cells(self, report: Report, shown: list[Table]) -> Iterator[Cells]:
        yield Cells(gettext("Office"), self.office.name)
        yield Cells(gettext("Period"), spoken_period(self.period))
        for table in shown:
            for row in table.rows:
                line, has_parts = row.line, table.has_parts
                booked, walked_in = (line.booked, line.walked_in) if has_parts else ("", "")
                yield Cells(table.title, row.label, booked, walked_in, line.total)
            for note in table.notes:
                yield Cells(table.title, note)
        everything = report.total
        yield Cells(
            gettext("All consultations"), "", everything.booked, everything.walked_in, everything.total
        )
        yield Cells(gettext("Cancelled appointments"), "", report.cancelled, "", report.cancelled)
        yield Cells(gettext("Appointments to come"), "", report.to_come, "", report.to_come)
        yield Cells(gettext("Inquiries on the website"), "", "", "", report.inquiries)
        yield Cells(gettext("of these answered in time"), "", "", "", report.answered_in_time)

    def _whole(self) -> Period:
        """From the year of the first consultation, last year at the latest, to the end of this year."""
        first = min(figures.first_day(self.office, self.now).year, self.day.year - 1)
        return Period(date(first, 1, 1), self._year(self.day.year).last)

    def _year(self, year: int) -> Period:
        return Period(date(year, 1, 1), date(year, MONTHS_OF_YEAR, 1))

    def _typed(self, period: Period) -> dict[str, str]:
        return {"von": f"{period.first:%Y-%m}", "bis": f"{period.last:%Y-%m}"}

    def _presets(self, chosen: Period | None) -> list[dict[str, Any]]:
        month, quarter = self.day.replace(day=1), Quarter.of(self.day)
        before = Quarter.of(months_on(quarter.first, -1))
        named = [
            (_("this month"), Period(month, month)),
            (_("last month"), Period(months_on(month, -1), months_on(month, -1))),
            (_("this quarter"), Period(quarter.first, quarter.last)),
            (_("last quarter"), Period(before.first, before.last)),
            (_("this year"), self._year(self.day.year)),
            (_("last year"), self._year(self.day.year - 1)),
        ]
        return [
            {"label": label, "is_chosen": period == chosen, **self._typed(period)} for label, period in named
        ]
