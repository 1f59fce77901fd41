"""Who is not there: a notice for everybody, without a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone

from booking import dates
from booking.models import Absence, Office

register = template.Library()


@dataclass(frozen=True)
class Away:
    """Who is away on which days, in words; both days are the same for one day."""

    host: str
    first: str
    last: str


@register.inclusion_tag("booking/_away.html", takes_context=True)
def absence_notices(context: dict[str, Any]) -> dict[str, list[Away]]:
    """Say who of the office is away, from the moment of the report until she is back."""
    office = context.get("office")
    return {"away": away(office, timezone.now()) if office else []}


def away(office: Office, now: datetime) -> list[Away]:
    """Return who is away at short notice, first one first; absences of one person that meet are one."""
    spans: list[tuple[str, datetime, datetime]] = []
    in_force = Absence.objects.in_force(now).filter(host__office=office, host__is_active=True)
    for host, start, end in in_force.order_by("host__name", "start").values_list(
        "host__name", "start", "end"
    ):
        if spans and spans[-1][0] == host and start <= spans[-1][2]:
            spans[-1] = (host, spans[-1][1], max(end, spans[-1][2]))
        else:
            spans.append((host, start, end))
    return [_spoken(office, host, start, end) for host, start, end in spans]


def _spoken(office: Office, host: str, start: datetime, end: datetime) -> Away:
    last = (end - timedelta(microseconds=1)).astimezone(office.zone).date()
    return Away(host, dates.spoken_day(start.astimezone(office.zone).date()), dates.spoken_day(last))
