"""The free times in a frame on somebody else's website: no cookie, no form, every link opens ours."""

from __future__ import annotations

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from booking.forms import View, search
from booking.models import Slot
from booking.views import times
from booking.views.answers import this_office

MOST_DAYS, MOST_TIMES = 10, 40
SECONDS = 60


@require_safe
def embedded(request: HttpRequest) -> HttpResponseBase:
    """Show the next free times, to be framed by the websites that the settings name."""
    ancestors = {"frame-ancestors": settings.EMBED_ORIGINS or [NONE]}
    return csp_replace(ancestors)(_page)(request)


def _page(request: HttpRequest) -> HttpResponse:
    office, now = this_office(), timezone.now()
    today = now.astimezone(office.zone).date()
    services = list(office.services.filter(is_active=True))
    wanted = search(request.GET, services, list(office.hosts.filter(is_active=True)), today)
    free = times.matching(Slot.objects.bookable(now), office, wanted)
    coming = free.filter(start__gte=times.begin(wanted.since, office.zone))
    context = {
        "office": office,
        "days": times.by_day(times.rows(coming[:MOST_TIMES]), office.zone, today)[:MOST_DAYS],
        "notices": wanted.notices,
        "all_query": wanted.query(View.LIST),
    }
    response = render(request, "booking/embedded.html", context)
    response["Cache-Control"] = f"public, max-age={SECONDS}"
    response["X-Robots-Tag"] = "noindex"
    return response
