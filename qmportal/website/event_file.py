"""An event as a file for a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse

from booking.context import default_office
from booking.ical import events

if TYPE_CHECKING:
    from qmportal.website.models import EventPage


def answer(page: EventPage) -> HttpResponse:
    """Answer the event to take along, in the words of the page. Raises Http404 before there is an office."""
    office = default_office()
    if office is None:
        raise Http404
    response = HttpResponse(
        events.published(page.public_event, office), content_type="text/calendar; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="termin.ics"'
    return response
