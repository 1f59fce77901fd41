"""What the start page says: my day, my week, what is left to do, and whether mail leaves the house."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from wagtail.admin.ui.components import Component

from booking.staff import agenda, days, doors, frame, grid, mailbox, roles
from booking.staff.first_steps import first_steps


class OfficePanel(Component):
    """The first thing on the start page: what comes next and the day on a phone, the week on a wider screen."""

    name = "office"
    template_name = "staff/home_panel.html"
    order = 10

    def render_html(self, parent_context: Mapping[str, Any] | None = None) -> SafeString:
        """Render it as pages are, with the request: it has a form in it, and asks for permissions."""
        context = self.get_context_data(parent_context or {})
        page = get_template(self.template_name).render(context, context["request"])
        return mark_safe(page)  # noqa: S308 - what templates rendered is safe

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Read it for the user of the request; empty before an office was opened."""
        request: HttpRequest = parent_context["request"]
        office, now = doors.office_of(request), timezone.now()
        mine = (each for each in frame.of(request).hosts if each.user_id == request.user.pk)
        host = next(mine, None)
        if office is None or not request.user.has_perm(roles.SEE_BOOKINGS):
            return {"request": request, "office": office, "may_see": False}
        today = now.astimezone(office.zone).date()
        monday = days.monday_of(today)
        with timezone.override(office.zone):
            fortnight = days.read(office, monday, 2 * days.WEEK, None, now)
            drawing = grid.draw(days.working(days.first_sight(fortnight, now)), now)
        day = fortnight[today.weekday()]
        tomorrow = days.midnight(today + timedelta(days=1), office.zone)
        return {
            "request": request,
            "office": office,
            "may_see": True,
            "now": now,
            "day": day,
            "next_booked": agenda.next_booked(office, now),
            "next_hours": None if day.stretches else days.next_hours(office, None, tomorrow),
            "grid": drawing,
            "first": drawing.columns[0].day.date,
            "last": drawing.columns[-1].day.date,
            "names_are_hidden": doors.names_are_hidden(request),
            "steps": first_steps(host),
            "booked_today": len(day.booked),
            "overdue_inquiries": office.inquiries.overdue(today).count(),
            "missing_mails": mailbox.missing(office, now).count(),
            "may_publish": request.user.has_perm(roles.PUBLISH),
            "may_close": request.user.has_perm(roles.CLOSE),
            "may_book": request.user.has_perm(roles.CHANGE_BOOKINGS),
        }
