"""My week: the drawing of a week, one day of it, and both on paper."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from booking.dates import spoken_day, spoken_day_of_year
from booking.models import Host
from booking.staff import days, frame, grid, roles
from booking.staff.views import StaffView


class SomeDays(StaffView):
    """A page about days from the one that the address names on, of everybody or of one host."""

    permission = roles.SEE_BOOKINGS
    header_icon = "calendar-alt"
    day_field: ClassVar[str]

    @cached_property
    def day(self) -> date:
        """The day that the address names, else today."""
        return days.wanted_day(self.request.GET.get(self.day_field, ""), self.today.date())

    @cached_property
    def hosts(self) -> list[Host]:
        """Everybody of the office."""
        return frame.of(self.request).hosts

    @cached_property
    def host(self) -> Host | None:
        """Whose days they are; None is everybody's."""
        wanted = self.request.GET.get("person")
        return next((host for host in self.hosts if host.slug == wanted), None)

    def read(self, first: date, count: int) -> list[days.Day]:
        """Return the days."""
        return days.read(self.office, first, count, self.host, self.now)

    def query(self, day: date, field: str = "") -> str:
        """Return the query of a page like this one, about another day."""
        person = {"person": self.host.slug} if self.host else {}
        return "?" + urlencode({field or self.day_field: day.isoformat()} | person)

    def page(self, *, status: int = 200, **context: Any) -> TemplateResponse:
        """Answer with what the pages about days have in common."""
        return super().page(
            status=status,
            hosts=self.hosts,
            chosen_host=self.host,
            day_field=self.day_field,
            to_day=self.query(self.day, DayView.day_field),
            to_week=self.query(self.day, WeekView.day_field),
            **context,
        )


class WeekView(SomeDays):
    """A week: `?ab=2026-11-24&person=slug`, any day of it will do."""

    template_name = "staff/week.html"
    page_title = _("My week")
    day_field = "ab"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Draw the week that the address names, else the one to show first."""
        is_named = bool(request.GET.get(self.day_field))
        found = self.read(days.monday_of(self.day), days.WEEK if is_named else 2 * days.WEEK)
        shown = found if is_named else days.first_sight(found, self.now)
        self.day = monday = shown[0].date
        week = days.working(shown)
        return self.page(
            grid=grid.draw(week, self.now),
            first=monday,
            last=week[-1].date,
            number=monday.isocalendar().week,
            is_now=monday == days.monday_of(self.today.date()),
            earlier=self.query(monday - timedelta(weeks=1)),
            later=self.query(monday + timedelta(weeks=1)),
            to_now=self.query(self.today.date()),
        )


class WeekSheetView(SomeDays):
    """A week on paper."""

    template_name = "staff/week_sheet.html"
    day_field = "ab"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show who comes, with boxes to tick and room for notes."""
        week = days.working(self.read(days.monday_of(self.day), days.WEEK))
        return self.page(days=week, first=week[0].date, last=week[-1].date)

    def get_page_title(self) -> str:
        """The week."""
        return gettext("Week from %(day)s") % {"day": spoken_day_of_year(days.monday_of(self.day))}


class DayView(SomeDays):
    """A day: `?tag=2026-11-24&person=slug`."""

    template_name = "staff/day.html"
    parents: ClassVar = [("week", WeekView.page_title)]
    day_field = "tag"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the next appointment, then every time."""
        [shown] = self.read(self.day, 1)
        tomorrow = self.day + timedelta(days=1)
        since = days.midnight(tomorrow, self.office.zone)
        return self.page(
            day=shown,
            next_booked=shown.next_booked(self.now),
            next_hours=None if shown.stretches else days.next_hours(self.office, self.host, since),
            earlier=self.query(self.day - timedelta(days=1)),
            later=self.query(tomorrow),
            to_now=self.query(self.today.date()),
        )

    def get_page_title(self) -> str:
        """The day."""
        return spoken_day(self.day)


class DaySheetView(SomeDays):
    """A day on paper: every time, so that who comes without an appointment finds a line too."""

    template_name = "staff/day_sheet.html"
    day_field = "tag"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the times, with boxes to tick and room for notes."""
        return self.page(days=self.read(self.day, 1))

    def get_page_title(self) -> str:
        """The day."""
        return spoken_day_of_year(self.day)
