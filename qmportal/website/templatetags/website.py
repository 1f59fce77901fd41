"""What pages show of other pages: the latest news, what comes next, what came of it, money and partners."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from booking import dates
from booking.context import default_office
from booking.links import absolute
from booking.models import Office, Slot
from qmportal.website import when
from qmportal.website.authorities import barrier_authority, privacy_authority
from qmportal.website.models import EventPage, FundPage, NewsIndexPage, NewsPage, PartnersPage, SitePage
from qmportal.website.models.illustrated import PICTURES
from qmportal.website.models.tree import active_language, told_in
from qmportal.website.structured import SCHEMA, script

register = template.Library()

NEWS, DATES, OUTCOMES = 3, 5, 2
# The headings of the page of partners, by the kinds of its blocks, in their order.
KINDS = {
    "association": _("Associations"),
    "counselling": _("Advice and help"),
    "school": _("Schools and day care"),
    "religion": _("Religious communities"),
    "authority": _("Authorities"),
    "other": _("Others"),
}


class DayOfDates(NamedTuple):
    """One day and what is on it."""

    day: date
    dates: list[when.Date]


class Kind(NamedTuple):
    """Partners of one kind."""

    title: str
    partners: list[Any]


@register.simple_tag
def latest_news() -> list[NewsPage]:
    """Return the latest news, pinned ones first."""
    return told_in(
        NewsPage.objects.shown().pinned_first().with_pictures()[:NEWS], active_language(), PICTURES
    )


@register.simple_tag
def list_of_news() -> NewsIndexPage | None:
    """Return the page with all news."""
    return next(iter(told_in(NewsIndexPage.objects.shown()[:1], active_language())), None)


@register.simple_tag
def next_free_time(office: Office) -> Slot | None:
    """Return the first time of the office that can be booked now."""
    return Slot.objects.bookable(timezone.now()).filter(office_hours__host__office=office).first()


@register.simple_tag
def coming_dates() -> list[DayOfDates]:
    """Return the next events and the next office hours with free times, by day; none before there is an office."""
    office = default_office()
    found = when.coming(office, timezone.now(), DATES) if office else []
    return [DayOfDates(day, list(its)) for day, its in groupby(found, key=lambda each: each.day)]


@register.simple_tag
def latest_outcomes() -> list[EventPage]:
    """Return the events that tell what came of them, the latest first."""
    return told_in(EventPage.objects.shown().with_outcome()[:OUTCOMES], active_language())


@register.simple_tag
def fund_page() -> FundPage | None:
    """Return the page about project money."""
    return next(iter(told_in(FundPage.objects.shown()[:1], active_language())), None)


@register.simple_tag
def partners_page() -> PartnersPage | None:
    """Return the page of partners."""
    return next(iter(told_in(PartnersPage.objects.shown()[:1], active_language())), None)


@register.filter
def by_kind(partners: Iterable[Any]) -> list[Kind]:
    """Return the partners under the kinds that there are, each in alphabetical order."""
    values = sorted((block.value for block in partners), key=lambda each: each["name"].casefold())
    kinds = [
        Kind(str(title), [each for each in values if each["kind"] == kind]) for kind, title in KINDS.items()
    ]
    return [kind for kind in kinds if kind.partners]


@register.filter
def still_open(deadlines: Iterable[Any]) -> list[Any]:
    """Return the deadlines that are not over, the next first."""
    today = timezone.localdate()
    values = [block.value for block in deadlines if block.value["day"] >= today]
    return sorted(values, key=lambda each: each["day"])


@register.filter
def span(event: EventPage, office: Office | None) -> str:
    """Return when the event is, in the zone of the office."""
    zone = office.zone if office else timezone.get_default_timezone()
    return when.span(event.starts_at, event.ends_at, zone)


@register.filter
def day_in_words(day: date) -> str:
    """Return weekday, day and month."""
    return dates.spoken_day(day)


@register.filter
def euros(amount: int) -> str:
    """Return an amount as the language writes it."""
    number = number_format(amount, use_l10n=True, force_grouping=True)
    return gettext("%(amount)s euros") % {"amount": number}


@register.filter
def told(language: str) -> SafeString:
    """Return the attributes of an element whose text is in the language; none where the page speaks it."""
    if language == active_language():
        return SafeString()
    direction = "rtl" if get_language_info(language)["bidi"] else "ltr"
    return format_html('lang="{}" dir="{}"', language, direction)


@register.filter
def authority(office: Office, what: str) -> str:
    """Return who is in charge in the office's federal state, for data protection or for barriers."""
    named = {"privacy_authority": privacy_authority, "barrier_authority": barrier_authority}
    return named[what](office.state)


@register.filter
def german(text: str) -> SafeString:
    """Mark a name as German in a sentence of any language, and keep it apart from its writing direction."""
    return format_html('<bdi lang="de">{}</bdi>', text) if text else SafeString()


@register.filter
def is_partly_german(pages: Iterable[SitePage]) -> bool:
    """Whether one of the pages has nobody who translated it into the active language."""
    return any(page.language != active_language() for page in pages)


@register.filter
def whole_address(page: SitePage) -> str:
    """Return the address of a page from outside, in the active language."""
    return absolute(page.get_url() or "/")


@register.simple_tag(takes_context=True)
def event_as_data(context: Context, page: EventPage, picture: str = "") -> SafeString:
    """Return the event as search engines read it (schema.org), for a script element that nothing runs."""
    office: Office | None = context.get("office") or None
    return script(_event(page, office, picture)) if office else SafeString()


def _event(page: EventPage, office: Office, picture: str) -> dict[str, Any]:
    event: EventPage = page.original.specific
    state = "EventCancelled" if event.is_cancelled else "EventScheduled"
    data: dict[str, Any] = {
        "@context": SCHEMA,
        "@type": "Event",
        "name": page.title,
        "description": page.lead,
        "inLanguage": page.language,
        "startDate": event.starts_at.astimezone(office.zone).isoformat(),
        "endDate": event.ends_at.astimezone(office.zone).isoformat(),
        "eventStatus": f"{SCHEMA}/{state}",
        "eventAttendanceMode": f"{SCHEMA}/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": page.place or office.name,
            "address": page.place or office.address,
        },
        "organizer": {"@type": "Organization", "name": office.name, "url": absolute("/")},
        "url": whole_address(page),
    }
    return data | ({"image": picture} if picture else {})
