"""The life of the demo's quarter: news, events, project money and partners, with dates around today."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from booking.models import Office
from booking.public_holidays import public_holiday
from qmportal.website.demo import texts
from qmportal.website.demo.pictures import as_fields, with_pictures
from qmportal.website.demo.site import publish
from qmportal.website.models import EventPage, FundPage, HomePage, NewsPage, PartnersPage

WEEKDAYS: Final = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
OFFICE_OPENS: Final = time(9)


@transaction.atomic
def furnish_quarter(home: HomePage, office: Office, now: datetime) -> None:
    """Make the pages of the quarter's life that are missing; each once, whatever an editor does with it later."""
    today = timezone.localdate(now)
    _news(home, office, today)
    _events(home, office, today)
    _fund(home, office, today)
    _partners(home, office)


def _news(home: HomePage, office: Office, today: date) -> None:
    index = home.get_children().filter(slug="aktuelles").first()
    if index is None or index.get_children().exists():
        return
    for said in _said("aktuelles", office)["news"]:
        day = today - timedelta(days=said["days_ago"])
        page = NewsPage(
            title=said["title"],
            slug=said["slug"],
            locale=home.locale,
            day=day,
            lead=said["lead"],
            body=texts.blocks(said["body"]),
            is_pinned=said.get("pinned", False),
            **as_fields(said.get("picture")),
        )
        page.tags.add(*said.get("tags", []))
        if "expired_days_ago" in said:
            page.expire_at = _at(today - timedelta(days=said["expired_days_ago"]), OFFICE_OPENS)
        if day > today:
            page.go_live_at = _at(day, OFFICE_OPENS)
        _put_in_time(page, index)


def _put_in_time(page: NewsPage, index: Any) -> None:
    """Put the news where its time has it: not yet live, live, or live no more."""
    if page.go_live_at is None and page.expire_at is None:
        publish(page, index)
        return
    page.live, page.expired = False, page.expire_at is not None
    index.add_child(instance=page)
    version = page.save_revision(clean=False)
    if page.go_live_at is not None:
        version.publish()


def _events(home: HomePage, office: Office, today: date) -> None:
    index = home.get_children().filter(slug="veranstaltungen").first()
    if index is None or index.get_children().exists():
        return
    for said in _said("veranstaltungen", office)["events"]:
        length = timedelta(days=said.get("days", 1) - 1)
        first = _weekday(today, said["weekday"], said["weeks"], office, length)
        last = first + length
        outcome = said.get("outcome", "")
        page = EventPage(
            title=said["title"],
            slug=said["slug"],
            locale=home.locale,
            starts_at=_at(first, said["from"]),
            ends_at=_at(last, said["to"]),
            place=said.get("place", ""),
            access_note=said.get("access_note", ""),
            lead=said["lead"],
            body=texts.blocks(said.get("body", [])),
            is_cancelled=said.get("cancelled", False),
            is_participation=said.get("participation", False),
            outcome=outcome,
            outcome_on=last + timedelta(days=14) if outcome else None,
            **as_fields(said.get("picture")),
        )
        publish(page, index)


def _fund(home: HomePage, office: Office, today: date) -> None:
    if home.get_children().filter(slug="verfuegungsfonds").exists():
        return
    said = _said("verfuegungsfonds", office)
    deadlines = [
        ("deadline", {"day": _weekday(today, "Freitag", each["weeks"], office), "text": each["text"]})
        for each in said["deadlines"]
    ]
    projects = [("project", {"year": today.year - each.pop("years_ago")} | each) for each in said["projects"]]
    page = FundPage(
        title=said["title"],
        slug="verfuegungsfonds",
        locale=home.locale,
        show_in_menus=True,
        search_description=said["description"],
        lead=said["lead"],
        pays=said["pays"],
        rules=said["rules"],
        deadlines=deadlines,
        balance=said["balance"],
        balance_on=today - timedelta(days=3),
        body=texts.blocks(said["body"]),
        projects=projects,
    )
    publish(page, home)


def _partners(home: HomePage, office: Office) -> None:
    if home.get_children().filter(slug="partner").exists():
        return
    said = _said("partner", office)
    page = PartnersPage(
        title=said["title"],
        slug="partner",
        locale=home.locale,
        show_in_menus=True,
        search_description=said["description"],
        lead=said["lead"],
        partners=[("partner", each) for each in said["partners"]],
    )
    publish(page, home)


def _said(name: str, office: Office) -> texts.Words:
    """Return what the demo says there, with its pictures."""
    said: texts.Words = with_pictures(texts.words(name, settings.LANGUAGE_CODE, office, demo=True))
    return said


def _weekday(today: date, name: str, weeks: int, office: Office, length: timedelta = timedelta(0)) -> date:
    """Return the weekday so many weeks after the coming one, before it where the number is negative.

    Where that day or one of the `length` after it is a holiday, it is a week or more farther from today.
    """
    coming = today + timedelta(days=(WEEKDAYS.index(name) - today.weekday() - 1) % 7 + 1)
    day, farther = coming + timedelta(weeks=weeks), timedelta(weeks=-1 if weeks < 0 else 1)
    while any(_is_holiday(day + timedelta(days=n), office) for n in range(length.days + 1)):
        day += farther
    return day


def _is_holiday(day: date, office: Office) -> bool:
    """Tell whether nobody would invite on that day: public holidays, and Christmas Eve to New Year."""
    return (day.month, day.day) >= (12, 24) or bool(public_holiday(office.state, day))


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))
