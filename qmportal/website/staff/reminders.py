"""What is left to do on the website: nobody looks for it there, so the start page of the back end says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.admin.ui.components import Component

from booking.dates import spoken_day_of_year
from qmportal.website.models import EventPage, FundPage, HomePage, SitePage

CONSENT_LASTS: Final = 2
OUTCOME_AFTER: Final = timedelta(days=30)
# Older ones: nobody will tell any more.
OUTCOME_UNTIL: Final = timedelta(days=365)


@dataclass(frozen=True)
class Reminder:
    """One thing to do, with the page to do it on."""

    text: str
    url: str


def reminders(now: datetime) -> list[Reminder]:
    """Return what is to be done, as of the moment."""
    today = timezone.localdate(now)
    return [*_voices(today), *_deadlines(today), *_outcomes(now)]


def _voices(today: date) -> Iterator[Reminder]:
    # A translation repeats what somebody agreed to once.
    for home in HomePage.objects.live().filter(locale__language_code=settings.LANGUAGE_CODE):
        for block in home.body:
            voices = block.value["voices"] if block.block_type == "voices" else []
            for voice in voices:
                given = voice["consent_on"]
                if given and _is_years_ago(given, CONSENT_LASTS, today):
                    about = {"name": voice["name"], "day": spoken_day_of_year(given)}
                    text = _("Ask %(name)s again whether the quotation may stay. The last yes is of %(day)s.")
                    yield _reminder(text % about, home)


def _is_years_ago(day: date, years: int, today: date) -> bool:
    return (day.year + years, day.month, day.day) <= (today.year, today.month, today.day)


def _deadlines(today: date) -> Iterator[Reminder]:
    for page in FundPage.objects.shown():
        days = [block.value["day"] for block in page.deadlines]
        if days and max(days) < today:
            text = _("All deadlines on the page “%(page)s” are over. Enter the next one.")
            yield _reminder(text % {"page": page.title}, page)


def _outcomes(now: datetime) -> Iterator[Reminder]:
    over = EventPage.objects.shown().filter(
        is_participation=True,
        is_cancelled=False,
        outcome="",
        ends_at__range=(now - OUTCOME_UNTIL, now - OUTCOME_AFTER),
    )
    for page in over.order_by("ends_at"):
        text = _("“%(event)s” is over for 30 days. Write down what came of it.")
        yield _reminder(text % {"event": page.title}, page)


def _reminder(text: str, page: SitePage) -> Reminder:
    return Reminder(text, reverse("wagtailadmin_pages:edit", args=[page.pk]))


class WebsitePanel(Component):
    """The website on the start page: two buttons, and what is left to do."""

    name = "website"
    template_name = "staff/website_panel.html"
    order = 20

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Read it for those who write the website; empty for others."""
        request: HttpRequest = parent_context["request"]
        may_write = bool(user_has_any_page_permission(request.user))
        return {"may_write": may_write, "reminders": reminders(timezone.now()) if may_write else []}
