"""What the website around the product gives it: events for the calendar, partners to forward inquiries to.

The product knows no pages. The portal names in WEBSITE the class that does; without one there is nothing to add.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class PublicEvent:
    """One event as the calendar shows it. Moments are aware; `url` is absolute, in the active language.

    `place` is empty where it is at the office; `sequence` rises with each publication.
    """

    uid: str
    title: str
    start: datetime
    end: datetime
    place: str
    access: str
    summary: str
    url: str
    is_cancelled: bool
    changed_at: datetime
    sequence: int


class Website(Protocol):
    """The pages of the portal, as far as the product asks for them."""

    def events(self, first: datetime, last: datetime) -> list[PublicEvent]:
        """Return the public events that share a moment with the interval, the earliest first."""

    def events_changed_at(self) -> datetime | None:
        """Return when an event was last published, taken back or deleted."""

    def partners(self) -> list[str]:
        """Return the names of partners in the quarter, in alphabetical order."""


class NoWebsite:
    """A portal without pages of its own."""

    def events(self, first: datetime, last: datetime) -> list[PublicEvent]:
        """Return none."""
        return []

    def events_changed_at(self) -> datetime | None:
        """Return none."""
        return None

    def partners(self) -> list[str]:
        """Return none."""
        return []


def website() -> Website:
    """Return the website that the settings name."""
    chosen: Website = import_string(settings.WEBSITE)()
    return chosen
