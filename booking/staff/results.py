"""What publishing did, as a list of days; kept in the session for the page that follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from booking.actions.publishing import Published, Skip
from booking.enums import SkipReason

KEY = "published"


@dataclass(frozen=True)
class DateLine:
    """One date of a series: held from-to, or left out for a reason."""

    day: date
    start: datetime | None = None
    end: datetime | None = None
    skip: Skip | None = None


@dataclass(frozen=True)
class Summary:
    """What publishing a series did: how many dates were made and kept, and which were left out."""

    created: int
    kept: int
    skipped: list[Skip]


def dates(plan: Published) -> list[DateLine]:
    """Return all dates of a plan in their order, in the active time zone."""
    held = [DateLine(timezone.localdate(h.start), h.start, h.end) for h in (*plan.created, *plan.kept)]
    left_out = [DateLine(skip.day, skip=skip) for skip in plan.skipped]
    return sorted([*held, *left_out], key=lambda line: line.day)


def remember(request: HttpRequest, published: Published) -> None:
    """Keep the result for the page that the browser is sent to; a later result replaces it."""
    request.session[KEY] = {
        "series": published.availability.pk,
        "created": len(published.created),
        "kept": len(published.kept),
        "skipped": [_row(skip) for skip in published.skipped],
    }


def recall(request: HttpRequest, series_id: int) -> Summary | None:
    """Return the result of the series if it was the last one of this session."""
    kept: dict[str, Any] = request.session.get(KEY, {})
    if kept.get("series") != series_id:
        return None
    return Summary(kept["created"], kept["kept"], skips(kept["skipped"]))


def _row(skip: Skip) -> tuple[str, str, str]:
    return skip.day.isoformat(), skip.reason.value, skip.detail


def skips(rows: Iterable[tuple[str, str, str]]) -> list[Skip]:
    """Read dates that were left out back from the session."""
    return [Skip(date.fromisoformat(day), SkipReason(reason), detail) for day, reason, detail in rows]


def rows(skipped: Iterable[Skip]) -> list[tuple[str, str, str]]:
    """Write dates that were left out for the session."""
    return [_row(skip) for skip in skipped]
