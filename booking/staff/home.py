"""What the start page says: today's bookings, the next office hours, and whether mail leaves the house."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils import timezone
from wagtail.admin.ui.components import Component

from booking.staff import agenda, doors, mailbox, roles

NEXT = 3


class OfficePanel(Component):
    """The first thing on the start page."""

    name = "office"
    template_name = "staff/home_panel.html"
    order = 10

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Read it for the user of the request; empty before an office was opened."""
        request: HttpRequest = parent_context["request"]
        office, now = doors.office_of(request), timezone.now()
        if office is None or not request.user.has_perm(roles.SEE_BOOKINGS):
            return {"office": office, "may_see": False}
        today = now.astimezone(office.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        coming = agenda.in_office(office).live().coming(now)[:NEXT]
        with timezone.override(office.zone):
            days = list(agenda.by_day(agenda.stretches(coming, now)))
        return {
            "request": request,
            "csrf_token": get_token(request),
            "office": office,
            "may_see": True,
            "now": now,
            "days": days,
            "booked_today": agenda.booked_on(office, today, today + timedelta(days=1), now).count(),
            "missing_mails": mailbox.missing(office, now).count(),
            "may_publish": request.user.has_perm(roles.PUBLISH),
            "may_book": request.user.has_perm(roles.CHANGE_BOOKINGS),
        }
