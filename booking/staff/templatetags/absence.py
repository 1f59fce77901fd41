"""Who is away and who has to be called, for the start page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone

from booking import dates
from booking.models import Absence
from booking.staff import frame, roles

register = template.Library()


@register.inclusion_tag("staff/_absences.html", takes_context=True)
def absences(context: dict[str, Any]) -> dict[str, Any]:
    """Show who is away at the moment; who may report it finds the way to whom was told."""
    user, office = context["request"].user, context["office"]
    current = Absence.objects.in_force(timezone.now()).filter(host__office=office).select_related("host")
    return {"may_report": user.has_perm(roles.CLOSE), "absences": list(current)}


@register.simple_tag(takes_context=True)
def calls_to_make(context: dict[str, Any]) -> int:
    """Return how many calls wait, as the menu counts them."""
    return frame.of(context["request"]).calls


@register.simple_tag
def days(start: datetime, end: datetime) -> str:
    """Return the local days that a time touches: "Tuesday, 24 November", or the first and the last one."""
    first = dates.spoken_day(timezone.localdate(start))
    last = dates.spoken_day(timezone.localdate(end - timedelta(microseconds=1)))
    return first if first == last else f"{first} – {last}"
