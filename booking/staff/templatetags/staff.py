"""Days and hours as people of the office say them, and the words for what is in a list."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import pgettext

from booking import dates
from booking.enums import HoursStatus, InquiryStatus, OutboxStatus, Status
from booking.models import Booking, Office, Service, Visit
from booking.staff import frame, menu, roles

register = template.Library()

TONES: dict[str, str] = {
    Status.PENDING: "warning",
    Status.CONFIRMED: "success",
    Status.CANCELLED: "quiet",
    HoursStatus.LIVE: "success",
    InquiryStatus.OPEN: "info",
    InquiryStatus.ANSWERED: "success",
    InquiryStatus.FORWARDED: "success",
    OutboxStatus.QUEUED: "info",
    OutboxStatus.INFLIGHT: "info",
    OutboxStatus.SENT: "success",
    OutboxStatus.FAILED: "critical",
    OutboxStatus.UNCERTAIN: "warning",
    OutboxStatus.DISCARDED: "quiet",
}


def _local(moment: date) -> date:
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment


@register.inclusion_tag("staff/_trouble.html", takes_context=True)
def mail_trouble(context: Context) -> dict[str, Any]:
    """Say what keeps mail in the house, to those who see the outbox.

    On a phone it is one line that leads to the outbox, where all of it is said.
    """
    request: HttpRequest | None = context.get("request")
    if request is None or not request.user.has_perm(roles.SEE_MAIL):
        return {"trouble": None}
    match = request.resolver_match
    return {
        "trouble": frame.of(request).trouble,
        "office": context.get("office"),
        "is_whole": match is not None and match.view_name == "staff:outbox",
        "may_release": request.user.has_perm(roles.RELEASE_MAIL),
    }


@register.simple_tag(takes_context=True)
def menu_links(context: Context) -> list[tuple[str | Promise, str]]:
    """Return the entries of the menu that the user may open, with their addresses."""
    request: HttpRequest | None = context.get("request")
    return menu.links(request) if request else []


@register.filter
def weekday_date(moment: date) -> str:
    """Return "Dienstag, 24. November" of a day or of a moment in the active zone."""
    return dates.spoken_day(_local(moment))


@register.filter
def short_date(moment: date) -> str:
    """Return "Di, 24.11.2026"."""
    return date_format(_local(moment), pgettext("date format", "D j M Y"))


@register.filter
def short_day(day: date) -> str:
    """Return "Di 24.", for the head of a column."""
    return dates.short_day(_local(day))


@register.filter
def local_day(moment: datetime) -> str:
    """Return the moment's day as addresses have it: "2026-11-24"."""
    return timezone.localdate(moment).isoformat()


@register.filter
def hour(moment: datetime) -> str:
    """Return "14:20 Uhr"."""
    return pgettext("time of day", "%(time)s") % {"time": clock(moment)}


@register.filter
def clock(moment: datetime) -> str:
    """Return "14:20", for lists in which every line is a time."""
    return f"{timezone.localtime(moment):%H:%M}"


@register.filter
def day_and_hour(moment: datetime) -> str:
    """Return "Di, 24.11.2026, 14:20 Uhr"."""
    return f"{short_date(moment)}, {hour(moment)}"


@register.filter
def topic_of(booking: Booking, service: Service) -> str:
    """Return the booking's topic in words; its key where the service no longer has it."""
    return dict(service.topic_choices).get(booking.topic, booking.topic)


@register.filter
def tone(state: str) -> str:
    """Return the class that colours a state; its word is always written as well."""
    return TONES.get(state, "quiet")


@register.simple_tag
def fresh_id() -> str:
    """Return an id for a form: sent twice, it is one request."""
    return str(uuid4())


@register.simple_tag
def walk_ins(office: Office, now: datetime) -> int:
    """Return how many came today without an appointment. One query."""
    today = now.astimezone(office.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return Visit.objects.filter(office=office, came_at__gte=today).count()


@register.simple_tag
def interval(start: datetime, end: datetime) -> str:
    """Return from-until in words: whole days without hours, one day only once."""
    first, last = timezone.localtime(start), timezone.localtime(end)
    if first.time() == last.time() == time.min:
        last -= timedelta(days=1)
        one_day = first.date() == last.date()
        return short_date(first) if one_day else f"{short_date(first)} – {short_date(last)}"
    if first.date() == last.date():
        return f"{short_date(first)}, {clock(start)}–{hour(end)}"
    return f"{day_and_hour(start)} – {day_and_hour(end)}"
