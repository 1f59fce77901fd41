"""The coming office hours by day, and one of them with all its times."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import ClassVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from booking.models import Host
from booking.models.office import local
from booking.staff import agenda, roles
from booking.staff.templatetags.staff import weekday_date
from booking.staff.views import StaffView

WEEKS = timedelta(weeks=4)
FAR = timedelta(days=5 * 365)


class HoursListView(StaffView):
    """Four weeks of office hours, of everybody or of one host: `?person=slug&ab=2026-11-24`."""

    permission = roles.SEE_BOOKINGS
    template_name = "staff/hours_list.html"
    page_title = _("Office hours")
    header_icon = "calendar-alt"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the office hours from a day on; today's stay until the day is over."""
        since = self._since(request.GET.get("ab", ""))
        until = since + WEEKS
        hosts = list(self.office.hosts.all())
        host = next((h for h in hosts if h.slug == request.GET.get("person")), None)
        hours = agenda.in_office(self.office).filter(start__gte=self._at(since), start__lt=self._at(until))
        found = agenda.stretches(hours.filter(host=host) if host else hours, self.now)
        return self.page(
            days=list(agenda.by_day(found)),
            hosts=hosts,
            chosen_host=host,
            since=since,
            last_day=until - timedelta(days=1),
            is_today=since == self.today.date(),
            earlier=self._query(since - WEEKS, host),
            later=self._query(until, host),
        )

    def _since(self, typed: str) -> date:
        today = self.today.date()
        try:
            wanted = date.fromisoformat(typed)
        except ValueError:
            return today
        return wanted if abs(wanted - today) < FAR else today

    def _at(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.office.zone)

    @staticmethod
    def _query(since: date, host: Host | None) -> str:
        return "?" + urlencode({"ab": since.isoformat()} | ({"person": host.slug} if host else {}))


class HoursView(StaffView):
    """One day's office hours: every time, who has booked it, what is free."""

    permission = roles.SEE_BOOKINGS
    template_name = "staff/hours.html"
    header_icon = "calendar-alt"
    parents: ClassVar = [("hours_list", HoursListView.page_title)]
    stretch: agenda.Stretch

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Show it, cancelled ones as well."""
        wanted = agenda.in_office(self.office).filter(pk=pk)
        get_object_or_404(wanted)
        self.stretch = agenda.stretches(wanted, self.now)[0]
        hours = self.stretch.hours
        is_coming = hours.is_live and hours.end > self.now
        return self.page(
            hours=hours,
            stretch=self.stretch,
            place=local(hours.where),
            may_revise=is_coming
            and hours.start > self.now
            and hours.withdrawn_at is None
            and not hours.availability.is_extra
            and request.user.has_perm(roles.PUBLISH),
            may_hand_over=is_coming and request.user.has_perm(roles.CHANGE_BOOKINGS),
        )

    def get_page_title(self) -> str:
        """The day."""
        return weekday_date(self.stretch.hours.start)
