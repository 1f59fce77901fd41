"""Free times to choose one of instead of a booking's own: same service, same way."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest

from booking.forms import MoveForm, search
from booking.models import Booking, Slot
from booking.views import times
from booking.views.answers import office_of


def drawn(request: HttpRequest, booking: Booking, now: datetime, form: MoveForm) -> dict[str, Any]:
    """Return what a page with the choice shows; the time that was asked for is chosen already."""
    zone = office_of(booking).zone
    today = now.astimezone(zone).date()
    service = booking.slot.office_hours.availability.service
    wanted = search(request.GET, [], [], today)
    free = Slot.objects.bookable(now).exclude(pk=booking.slot_id)
    free = free.filter(office_hours__availability__service=service)
    free = free.filter(**{f"office_hours__availability__offers_{booking.channel}": True})
    chosen = free.filter(pk=wish).first() if (wish := _wish(form)) else None
    since = chosen.start.astimezone(zone).date() if chosen and "ab" not in request.GET else wanted.since
    found = times.free_days(free, since, zone)
    days, rest = found[: times.DAYS_ON_A_PAGE], found[times.DAYS_ON_A_PAGE :]
    shown = times.rows(times.between(free, days[0], days[-1], zone)) if days else []
    return {
        "form": form,
        "chosen_id": chosen.pk if chosen else None,
        "days": times.by_day(shown, zone, today),
        "first_url": "?" if since > today else "",
        "next_url": _from(rest[0]) if rest else "",
    }


def _from(day: date) -> str:
    return f"?ab={day.isoformat()}"


def _wish(form: MoveForm) -> int | None:
    """Return the id of the slot that was asked for, None where it is not one."""
    typed = form.data.get("slot") if form.is_bound else form.initial["slot"]
    asked = MoveForm({"slot": typed})
    return asked.cleaned_data["slot"] if asked.is_valid() else None
