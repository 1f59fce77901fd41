"""The VTIMEZONE of the office's zone: calendars compute local times from it, not from a database of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

# What icalendar's add_missing_timezones() writes ends in 2038, carries a comment that libical refuses, and costs
# a walk over all events. Europe's rule has been the same since 1996.
BERLIN = b"""\
BEGIN:VTIMEZONE\r
TZID:Europe/Berlin\r
BEGIN:DAYLIGHT\r
DTSTART:19810329T020000\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
TZNAME:CEST\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0200\r
END:DAYLIGHT\r
BEGIN:STANDARD\r
DTSTART:19961027T030000\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
TZNAME:CET\r
TZOFFSETFROM:+0200\r
TZOFFSETTO:+0100\r
END:STANDARD\r
END:VTIMEZONE\r
"""
DAY = timedelta(days=1)


def vtimezone(zone: ZoneInfo, first: datetime, last: datetime) -> bytes:
    """Return the zone's VTIMEZONE, right at least for all moments of the years from first to last."""
    if zone.key == "Europe/Berlin":
        return BERLIN
    return _bounded(zone.key, first.year - 1, last.year + 1)


@lru_cache(maxsize=64)
def _bounded(key: str, first_year: int, last_year: int) -> bytes:
    """Write each change of the clock as an observance of its own (RFC 5545 section 3.6.5)."""
    zone = ZoneInfo(key)
    start, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    observances = [_observance(start, start, zone)]
    observances += [
        _observance(moment - timedelta(seconds=1), moment, zone) for moment in _changes(zone, start, end)
    ]
    lines = [
        "BEGIN:VTIMEZONE",
        f"TZID:{key}",
        *(line for lines in observances for line in lines),
        "END:VTIMEZONE",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the moments, in UTC, at which the zone's offset or name changes."""
    while start < end:
        if _rule(zone, start) != _rule(zone, start + DAY):
            before, after = start, start + DAY
            while after - before > timedelta(seconds=1):
                middle = before + (after - before) // 2
                middle = middle.replace(microsecond=0)
                before, after = (
                    (middle, after) if _rule(zone, middle) == _rule(zone, before) else (before, middle)
                )
            yield after
        start += DAY


def _rule(zone: ZoneInfo, moment: datetime) -> tuple[timedelta | None, str | None]:
    local = moment.astimezone(zone)
    return local.utcoffset(), local.tzname()


def _observance(before: datetime, moment: datetime, zone: ZoneInfo) -> list[str]:
    old, new = before.astimezone(zone), moment.astimezone(zone)
    kind = "DAYLIGHT" if new.dst() else "STANDARD"
    offset = old.utcoffset() or timedelta()
    # The onset stands in the local time before the change.
    onset = (moment + offset).strftime("%Y%m%dT%H%M%S")
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{onset}",
        f"TZNAME:{new.tzname()}",
        f"TZOFFSETFROM:{old.strftime('%z')}",
        f"TZOFFSETTO:{new.strftime('%z')}",
        f"END:{kind}",
    ]
