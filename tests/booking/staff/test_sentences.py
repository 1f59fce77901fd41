from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.utils import translation

from booking import recurrence
from booking.actions import publishing
from booking.enums import Rhythm, Weekday
from booking.models import Host, Service
from booking.recurrence import Pattern
from booking.staff import sentences
from tests.factories import NOW, make_pattern, make_series

WEEKLY = make_pattern(Rhythm.WEEKLY)


@pytest.mark.parametrize(
    ("pattern", "terms", "said"),
    [
        (WEEKLY, {}, "every Tuesday, 14:00–17:00, every 20 minutes, not on public holidays"),
        (
            make_pattern(Rhythm.WEEKLY, (Weekday.TUESDAY, Weekday.THURSDAY), last_on=date(2027, 1, 31)),
            {"buffer_minutes": 10, "skip_holidays": False},
            (
                "every Tuesday and Thursday, 14:00–17:00, until Jan. 31, 2027, "
                "20 minutes each with 10 minutes in between"
            ),
        ),
        (
            WEEKLY,
            {
                "breaks": ((time(16), time(16, 10)), (time(15), time(15, 15))),
                "skip_school_holidays": True,
                "desk_every": 3,
                "capacity": 8,
                "place": {"de": "Bücherei"},
            },
            (
                "every Tuesday, 14:00–17:00, place: Bücherei, every 20 minutes, for 8 people each, "
                "breaks 15:00–15:15 and 16:00–16:10, not on public holidays, not in the school holidays, "
                "1 in 3 times is kept for people who call or come by"
            ),
        ),
        (
            make_pattern(Rhythm.MONTHLY_LAST, starts_at=time(18), ends_at=time(19)),
            {"slot_minutes": 30, "buffer_minutes": 5, "capacity": 12},
            (
                "every last Tuesday of the month, 18:00–19:00, one appointment of 30 minutes, "
                "for 12 people each, not on public holidays"
            ),
        ),
        (
            make_pattern(),
            {"breaks": ((time(15), time(15, 15)),), "skip_school_holidays": True},
            "on Nov. 24, 2026, 14:00–17:00, every 20 minutes, break 15:00–15:15",
        ),
    ],
)
def test_a_series_is_said_whole_as_typed_and_as_saved(
    host: Host, service: Service, pattern: Pattern, terms: dict[str, Any], said: str
) -> None:
    series = make_series(host, service, pattern, **terms)
    saved = publishing.open_series(series, NOW, as_draft=True).availability
    saved.refresh_from_db()
    with translation.override("en"):
        assert sentences.whole(pattern, series) == said
        assert sentences.whole(recurrence.pattern(saved), saved) == said
