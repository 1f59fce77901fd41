"""What publishing did, as a list of days; kept in the session for the page that follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from booking.actions.publishing import Published, Skip
from booking.enums import SkipReason, SlotOffer
from booking.models import OfficeHours, Slot

KEY = "published"


@dataclass(frozen=True)
class DateLine:
    """One date of a series: held from-to with so many times, or left out for a reason."""

    day: date
    start: datetime | None = None
    end: datetime | None = None
    skip: Skip | None = None
    times: int = 0
    at_desk: int = 0
    closed: int = 0


@dataclass(frozen=True)
class Outlook:
    """What a plan offers: its times by who can book them, and from when on residents can.

    `opens_at` is the first moment of a booking on the web; None when they can at once, or never.
    """

    on_web: int
    at_once: int
    at_desk: int
    closed: int
    opens_at: datetime | None


@dataclass(frozen=True)
class Summary:
    """What publishing a series did: how many dates were made and kept, and which were left out.

    `opens_at` is when residents can book the first of them, None when they can at once.
    """

    created: int
    kept: int
    skipped: list[Skip]
    opens_at: datetime | None


def dates(plan: Published) -> list[DateLine]:
    """Return all dates of a plan in their order, in the active time zone."""
    slots: dict[datetime, list[Slot]] = defaultdict(list)
    for slot in plan.slots:
        slots[slot.office_hours.start].append(slot)
    held = [_held(hours, slots[hours.start]) for hours in (*plan.created, *plan.kept)]
    left_out = [DateLine(skip.day, skip=skip) for skip in plan.skipped]
    return sorted([*held, *left_out], key=lambda line: line.day)


def _held(hours: OfficeHours, slots: list[Slot]) -> DateLine:
    offered = [slot for slot in slots if slot.closure is None]
    at_desk = sum(1 for slot in offered if slot.offer == SlotOffer.DESK)
    day, closed = timezone.localdate(hours.start), len(slots) - len(offered)
    return DateLine(day, hours.start, hours.end, None, len(slots), at_desk, closed)


def outlook(plan: Published, now: datetime) -> Outlook:
    """Count the times of a plan, whose service says how early and how late residents can book them."""
    service = plan.availability.service
    notice, horizon = timedelta(hours=service.notice_hours), timedelta(weeks=service.horizon_weeks)
    offered = [slot for slot in plan.slots if slot.closure is None]
    on_web = [slot for slot in offered if slot.offer == SlotOffer.WEB]
    in_time = [slot.start for slot in on_web if slot.start > now + notice]
    opens_at = min(in_time) - horizon if in_time else now
    return Outlook(
        on_web=len(in_time),
        at_once=sum(1 for start in in_time if start <= now + horizon),
        at_desk=len(offered) - len(on_web),
        closed=len(plan.slots) - len(offered),
        opens_at=opens_at if opens_at > now else None,
    )


def remember(request: HttpRequest, published: Published, now: datetime) -> None:
    """Keep the result for the page that the browser is sent to; a later result replaces it."""
    opens_at = outlook(published, now).opens_at
    request.session[KEY] = {
        "series": published.availability.pk,
        "created": len(published.created),
        "kept": len(published.kept),
        "skipped": [_row(skip) for skip in published.skipped],
        "opens_at": opens_at.isoformat() if opens_at else None,
    }


def recall(request: HttpRequest, series_id: int) -> Summary | None:
    """Return the result of the series if it was the last one of this session."""
    kept: dict[str, Any] = request.session.get(KEY, {})
    if kept.get("series") != series_id:
        return None
    opens_at = kept.get("opens_at")
    return Summary(
        kept["created"],
        kept["kept"],
        skips(kept["skipped"]),
        datetime.fromisoformat(opens_at) if opens_at else None,
    )


def _row(skip: Skip) -> tuple[str, str, str]:
    return skip.day.isoformat(), skip.reason.value, skip.detail


def skips(rows: Iterable[tuple[str, str, str]]) -> list[Skip]:
    """Read dates that were left out back from the session."""
    return [Skip(date.fromisoformat(day), SkipReason(reason), detail) for day, reason, detail in rows]


def rows(skipped: Iterable[Skip]) -> list[tuple[str, str, str]]:
    """Write dates that were left out for the session."""
    return [_row(skip) for skip in skipped]
