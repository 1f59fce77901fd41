"""Whether somebody may still come to a host by video."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from booking import recurrence
from booking.models import Availability, Host, OfficeHours


def offers_video(host: Host, now: datetime) -> bool:
    """Tell whether the host has office hours by video ahead, published or still to be."""
    return _has_coming_hours(host, now) or _has_running_series(host, now)


def _has_coming_hours(host: Host, now: datetime) -> bool:
    coming = OfficeHours.objects.live().coming(now).filter(host=host)
    return coming.filter(availability__offers_video=True).exists()


def _has_running_series(host: Host, now: datetime) -> bool:
    today = now.astimezone(host.office.zone).date()
    series = Availability.objects.running(today).filter(host=host, offers_video=True)
    return any(_goes_on(each, today) for each in series.select_related("event__rule", "host__office"))


def _goes_on(series: Availability, today: date) -> bool:
    """Tell whether the series has a day from today on, whether published yet or not."""
    pattern, withdrawn_on = recurrence.pattern(series), series.withdrawn_on
    ends = [pattern.ends_on, withdrawn_on - timedelta(days=1) if withdrawn_on else None]
    return all(max(today, pattern.begins_on) <= end for end in ends if end)
