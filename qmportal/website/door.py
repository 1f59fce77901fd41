"""What the pages give the product: booking/website.py says which promises they keep."""

from __future__ import annotations

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from wagtail.models import PageLogEntry

from booking.website import PublicEvent
from qmportal.website.models import EventPage, PartnersPage
from qmportal.website.models.tree import active_language, told_in


class Door:
    """Reads pages that anybody may see."""

    def events(self, first: datetime, last: datetime) -> list[PublicEvent]:
        """Return the events that share a moment with the interval, the earliest first, in the active language."""
        pages = EventPage.objects.shown().between(first, last).order_by("starts_at", "pk")
        return [page.public_event for page in told_in(pages, active_language())]

    def events_changed_at(self) -> datetime | None:
        """Return when an event was last published, taken back or deleted, by the log of the pages."""
        kind = ContentType.objects.get_for_model(EventPage)
        found = PageLogEntry.objects.filter(content_type=kind).aggregate(at=Max("timestamp"))
        moment: datetime | None = found["at"]
        return moment

    def partners(self) -> list[str]:
        """Return the names on the page of partners, in alphabetical order."""
        page = PartnersPage.objects.shown().first()
        return sorted(str(block.value["name"]) for block in page.partners) if page else []
