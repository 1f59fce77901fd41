"""The free times for machines: /termine.json."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking import links
from booking.context import default_office
from booking.enums import Channel
from booking.models import Availability, Host, Office, Service, Slot
from booking.models.office import local

DAYS, MOST_DAYS = timedelta(days=30), timedelta(days=92)
ISO_DATE = re.compile(r"20\d\d-\d\d-\d\d", re.ASCII)
SLUG = re.compile(r"[-\w]{1,50}", re.ASCII)


@dataclass(frozen=True)
class Wish:
    """Which free times somebody asks for; both days are included."""

    first: date
    last: date
    service: str
    host: str
    channel: str


@require_safe
def free_times(request: HttpRequest) -> HttpResponse:
    """Answer the free times of the days asked for, 400 with the errors by parameter."""
    now = timezone.now()
    office = default_office()
    wish, errors = _wish(request, now if office is None else now.astimezone(office.zone))
    if errors:
        return JsonResponse({"errors": errors}, status=400, json_dumps_params={"ensure_ascii": False})
    slots = _slots(office, wish, now) if office else []
    zone = office.zone if office else timezone.get_current_timezone()
    head = {
        "updated": now.astimezone(zone).replace(microsecond=0).isoformat(),
        "from": wish.first.isoformat(),
        "to": wish.last.isoformat(),
    }
    body = f'{json.dumps(head)[:-1]}, "slots": [{", ".join(slots)}]}}'
    return HttpResponse(body, content_type="application/json", headers={"Cache-Control": "no-cache"})


def _wish(request: HttpRequest, now: datetime) -> tuple[Wish, dict[str, list[str]]]:
    """Read the parameters; returns what is asked for and, by parameter, what is wrong with it."""
    asked, errors = request.GET, dict[str, list[str]]()
    first = _day(asked.get("from", ""), now.date(), "from", errors)
    last = _day(asked.get("to", ""), first + DAYS, "to", errors)
    if not errors and last < first:
        errors["to"] = [_("The last day must not be before the first.")]
    if not errors and last - first > MOST_DAYS:
        errors["to"] = [_("Please ask for 92 days at most.")]
    wish = Wish(first, last, asked.get("angebot", ""), asked.get("person", ""), asked.get("kanal", ""))
    if wish.service and not (
        SLUG.fullmatch(wish.service) and Service.objects.filter(slug=wish.service).exists()
    ):
        errors["angebot"] = [_("There is no such service.")]
    if wish.host and not (SLUG.fullmatch(wish.host) and Host.objects.filter(slug=wish.host).exists()):
        errors["person"] = [_("There is no such person.")]
    if wish.channel and wish.channel not in Channel.values:
        errors["kanal"] = [_("Please choose one of: %(channels)s.") % {"channels": ", ".join(Channel.values)}]
    return wish, errors


def _day(text: str, default: date, name: str, errors: dict[str, list[str]]) -> date:
    try:
        if text == "" or ISO_DATE.fullmatch(text):
            return date.fromisoformat(text) if text else default
        problem = _("Please write the day like 2026-11-24.")
    except ValueError:
        problem = _("This day does not exist.")
    errors[name] = [problem]
    return default


def _slots(office: Office, wish: Wish, now: datetime) -> list[str]:
    """Return each free time as JSON text: what a series has in common is written once, times are added."""
    slots = Slot.objects.bookable(now).filter(
        office_hours__host__office=office,
        start__gte=datetime.combine(wish.first, time.min, office.zone),
        start__lt=datetime.combine(wish.last + timedelta(days=1), time.min, office.zone),
    )
    if wish.service:
        slots = slots.filter(office_hours__availability__service__slug=wish.service)
    if wish.host:
        slots = slots.filter(office_hours__host__slug=wish.host)
    if wish.channel:
        slots = slots.filter(**{f"office_hours__availability__offers_{wish.channel}": True})
    rows = list(slots.values_list("pk", "start", "end", F("free_seats"), "office_hours__availability"))
    parts = _parts({series for *_row, series in rows})
    zone, stem = office.zone, links.slots_url()
    return [
        f'{{"id": {pk}, "start": "{start.astimezone(zone).isoformat()}", "end": "{end.astimezone(zone).isoformat()}",'
        f' "free": {free}, {parts[series]}, "url": "{stem}{pk}/"}}'
        for pk, start, end, free, series in rows
    ]


def _parts(ids: set[int]) -> dict[int, str]:
    """Return what the times of each series have in common, as JSON text without its braces."""
    return {
        series.pk: json.dumps(
            {
                "service": {"slug": series.service.slug, "title": local(series.service.title)},
                "host": {"slug": series.host.slug, "name": series.host.introduced},
                "channels": series.channels,
            }
        )[1:-1]
        for series in Availability.objects.filter(pk__in=ids).select_related("service", "host")
    }
