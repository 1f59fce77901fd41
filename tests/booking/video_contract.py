"""What every provider of video rooms must keep, whatever system stands behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from booking.video import Meeting, Provider


def check(provider: Provider, meeting: Meeting) -> None:
    """Ask for rooms as our pages do: again and again, for this meeting and for others."""
    room = provider.room(meeting)
    assert provider.room(meeting) == room
    # The clock change of a server or a longer consultation is still the same meeting.
    assert provider.room(replace(meeting, end=meeting.end + timedelta(hours=1))) == room
    other = provider.room(replace(meeting, name=meeting.name[::-1]))
    assert {other.guest_url, other.host_url}.isdisjoint({room.guest_url, room.host_url})
    for url in (room.guest_url, room.host_url):
        parts = urlsplit(url)
        assert parts.netloc == urlsplit(meeting.server).netloc
        assert (parts.scheme, parts.username) == (urlsplit(meeting.server).scheme, None)
        assert url.isascii()
