"""The free times as a list, a week and a month, and what goes for all public pages."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext
from time_machine import Traveller

from booking.enums import Channel, Rhythm, Weekday
from booking.models import Closure, Host, Office, Service, Slot
from tests.booking.visitor import Page, Visitor, words
from tests.factories import NOW, TUESDAY, make_booking, make_host, make_pattern, make_service, make_slots

pytestmark = pytest.mark.shared

DAY = timedelta(days=1)


def times(page: Page) -> list[str]:
    """Return what a screen reader says of each free time."""
    return [words(element) for element in page.with_class("qm-slot")]


def paths(page: Page) -> list[str]:
    return [element.get("href", "") for element in page.with_class("qm-slot")]


def next_page(page: Page) -> str:
    return next(e.get("href", "") for e in page.tree.iter("a") if e.get("rel") == "next")


# --- The list ---


def test_free_times_are_listed_by_day_with_links(slots: list[Slot], visitor: Visitor) -> None:
    page = visitor.open("/termine/")
    assert page.status == 200
    assert paths(page) == [f"/termine/{slot.pk}/" for slot in slots]
    assert [e.get("id") for e in page.with_class("qm-day__title")] == ["tag-2026-11-24"]


def test_each_time_says_day_hour_and_person(slots: list[Slot], visitor: Visitor) -> None:
    with translation.override("en"):
        said = times(visitor.open("/en/termine/"))
    assert said[1] == "14:20, Tuesday, 24 November, Hannah Helfrich"


def test_taken_past_and_cancelled_times_are_not_listed(
    slots: list[Slot], visitor: Visitor, clock: Traveller
) -> None:
    make_booking(slots[3])
    clock.move_to(slots[1].start)
    assert paths(visitor.open("/termine/")) == [f"/termine/{s.pk}/" for s in [slots[2], *slots[4:]]]


def test_a_time_with_several_seats_says_how_many_are_free(
    host: Host, service: Service, visitor: Visitor
) -> None:
    slot = make_slots(host, service, capacity=12)[0]
    make_booking(slot)
    page = visitor.open(f"/en/termine/?ab={TUESDAY}")
    assert words(page.with_class("qm-slot")[0]).endswith("11 free")


def test_a_long_list_goes_on_where_it_stopped(host: Host, service: Service, visitor: Visitor) -> None:
    pattern = make_pattern(Rhythm.WEEKLY, ends_at=time(14, 20), last_on=TUESDAY + 69 * DAY)
    slots = make_slots(host, service, pattern)
    assert len(slots) == 10
    first = visitor.open("/termine/")
    second = visitor.open("/termine/" + next_page(first))
    assert paths(first) + paths(second) == [f"/termine/{slot.pk}/" for slot in slots]
    assert [e.get("href") for e in second.tree.iter("a") if e.get("rel") == "prev"] == ["?ab=2026-11-24"]


@pytest.mark.parametrize("view", ["liste", "woche", "monat"])
def test_one_and_a_thousand_times_need_the_same_queries(
    host: Host, service: Service, visitor: Visitor, view: str
) -> None:
    make_slots(host, service, make_pattern(ends_at=time(14, 20)))
    url = f"/termine/?ansicht={view}&ab=2026-11-24"

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert visitor.open(url).status == 200
        return len(captured)

    queries()
    with_one = queries()
    for day in (Weekday.MONDAY, Weekday.WEDNESDAY, Weekday.THURSDAY, Weekday.FRIDAY):
        pattern = make_pattern(Rhythm.WEEKLY, (day,), time(8), time(18), last_on=TUESDAY + 70 * DAY)
        make_slots(host, service, pattern, slot_minutes=20)
    assert Slot.objects.count() > 1000
    assert queries() == with_one


def test_the_filters_narrow_the_times(
    office: Office, host: Host, service: Service, slots: list[Slot], visitor: Visitor
) -> None:
    murat, advice = make_host(office, "Murat Öztürk"), make_service(office, "projekt")
    evening = make_pattern(starts_at=time(18), ends_at=time(19))
    others = make_slots(murat, advice, evening, channels=(Channel.OFFICE,))
    mine, theirs = [f"/termine/{s.pk}/" for s in slots], [f"/termine/{s.pk}/" for s in others]
    for query, expected in [
        ("", mine + theirs),
        ("person=hannah-helfrich", mine),
        ("angebot=projekt", theirs),
        ("kanal=video", mine),
        ("kanal=office", mine + theirs),
        ("zeit=abend", theirs),
        ("zeit=vormittag", []),
        ("ab=2026-11-25", []),
        ("angebot=projekt&person=hannah-helfrich", []),
        ("kanal=pigeon", mine + theirs),
    ]:
        assert paths(visitor.open(f"/termine/?{query}")) == expected, query


def test_the_chosen_filters_stay_chosen(slots: list[Slot], visitor: Visitor) -> None:
    page = visitor.open("/termine/?kanal=phone&ansicht=monat")
    select = page.field("kanal")
    assert select is not None
    assert [o.get("value") for o in select.iter("option") if "selected" in o.attrib] == ["phone"]
    assert words(page.find("body//main//summary")) == gettext("Your choice: %(choice)s") % {
        "choice": Channel.PHONE.label
    }
    assert "?ansicht=woche&kanal=phone" in page.links()


def test_an_empty_list_says_whom_to_call_and_when_to_come(office: Office, visitor: Visitor) -> None:
    page = visitor.open("/en/termine/")
    assert page.status == 200
    empty = words(page.with_class("qm-empty")[0])
    for told in ("0123 456-700", "Monday to Friday 9:00 to 12:00", "Tuesday 9:00 to 17:00"):
        assert told in empty


def test_an_empty_list_names_the_last_published_day(slots: list[Slot], visitor: Visitor) -> None:
    for slot in slots:
        make_booking(slot)
    assert "Tuesday, 24 November 2026" in words(visitor.open("/en/termine/").with_class("qm-empty")[0])


def test_an_empty_week_leads_to_the_next_free_day(slots: list[Slot], visitor: Visitor) -> None:
    for view in ("woche", "monat"):
        page = visitor.open(f"/termine/?ansicht={view}&kanal=video&ab=2026-12-07")
        assert paths(page) == []
        following = f"?ansicht={view}&kanal=video&ab=2026-11-24"
        assert following in [a.get("href") for a in page.with_class("qm-empty")[0].iter("a")]
    assert len(paths(visitor.open("/termine/?ansicht=woche&ab=2026-11-24"))) == 9


def test_without_an_office_there_is_nothing_to_book(db: None, visitor: Visitor) -> None:
    assert [visitor.open(url).status for url in ("/termine/", "/buchung/")] == [404, 404]


# --- Week and month ---


def test_a_week_has_its_working_days_as_columns(slots: list[Slot], visitor: Visitor) -> None:
    page = visitor.open("/en/termine/?ansicht=woche&ab=2026-11-26")
    table = page.with_class("qm-week")[0]
    assert [words(th) for th in table.iter("th")] == ["Mon 23", "Tue 24", "Wed 25", "Thu 26", "Fri 27"]
    assert paths(page) == [f"/en/termine/{slot.pk}/" for slot in slots]


def test_a_weekend_is_shown_where_it_has_times(host: Host, service: Service, visitor: Visitor) -> None:
    make_slots(host, service, make_pattern(weekdays=(Weekday.SATURDAY,), first_on=date(2026, 11, 28)))
    page = visitor.open("/termine/?ansicht=woche")
    assert len(list(page.with_class("qm-week")[0].iter("th"))) == 6


def test_a_weekend_without_times_shows_the_coming_week(
    slots: list[Slot], visitor: Visitor, clock: Traveller
) -> None:
    clock.move_to(NOW - DAY)
    page = visitor.open("/termine/?ansicht=woche")
    assert paths(page) == [f"/termine/{slot.pk}/" for slot in slots]
    assert [element for element in page.tree.iter("a") if element.get("rel") == "prev"] == []


def fields(page: Page) -> dict[str, tuple[str, str]]:
    """Return the days of a month with their kind and their text."""
    found = {}
    for td in page.with_class("qm-month")[0].iter("td"):
        dates = [words(e) for e in td.iter() if e.get("class") == "qm-month__date"]
        for day in dates:
            kind = td.get("class", "").split()[0].removeprefix("is-")
            text = words(td).removeprefix(day).strip()
            found[day.split(", ")[1].rstrip(".")] = (kind, text)
    return found


def test_a_month_counts_free_seats_and_says_why_there_are_none(
    office: Office, host: Host, service: Service, visitor: Visitor
) -> None:
    weekly = make_pattern(Rhythm.WEEKLY, ends_at=time(14, 40), last_on=TUESDAY + 60 * DAY)
    slots = make_slots(host, service, weekly, capacity=2)
    for slot in slots[2:4]:
        for _ in range(2):
            make_booking(slot)
    make_booking(slots[4])
    zone = office.zone
    Closure.objects.create(
        office=office,
        start=datetime(2026, 12, 28, tzinfo=zone),
        end=datetime(2026, 12, 29, tzinfo=zone),
        reason="Inventur",
    )
    month = fields(visitor.open("/en/termine/?ansicht=monat&ab=2026-12-01"))
    assert month["1"] == ("full", "fully booked")
    assert month["8"] == ("free", "3 free")
    assert month["15"] == ("free", "4 free")
    assert month["25"] == ("closed", "Christmas Day")
    assert month["28"] == ("closed", "Inventur")
    assert month["9"] == ("none", "")
    assert fields(visitor.open("/termine/?ansicht=monat"))["22"] == ("past", "")


def test_a_closure_of_one_person_closes_only_her_days(office: Office, host: Host, visitor: Visitor) -> None:
    make_host(office, "Murat Öztürk")
    for who, first in ((host, 1), (None, 3)):
        start = datetime(2026, 12, first, tzinfo=office.zone)
        Closure.objects.create(office=office, host=who, start=start, end=start + DAY, reason="Fortbildung")
    closed = {
        person: [day for day, (kind, _text) in fields(visitor.open(url)).items() if kind == "closed"][:2]
        for person in ("", "hannah-helfrich", "murat-öztürk")
        if (url := f"/en/termine/?ansicht=monat&ab=2026-12-01&person={person}")
    }
    assert closed == {"": ["3", "25"], "hannah-helfrich": ["1", "3"], "murat-öztürk": ["3", "25"]}


def test_a_day_of_the_month_leads_to_its_times(slots: list[Slot], visitor: Visitor) -> None:
    page = visitor.open("/termine/?ansicht=monat&kanal=phone")
    assert "?kanal=phone&ab=2026-11-24#tag-2026-11-24" in page.links()
    assert visitor.open("/termine/?kanal=phone&ab=2026-11-24").with_class("qm-day")


def test_times_keep_their_hour_over_the_change_of_clocks(
    host: Host, service: Service, visitor: Visitor, clock: Traveller
) -> None:
    weekly = make_pattern(Rhythm.WEEKLY, (Weekday.SUNDAY,), time(10), time(10, 30), date(2027, 3, 21))
    now = datetime(2027, 3, 15, 9, tzinfo=NOW.tzinfo)
    clock.move_to(now)
    make_slots(host, service, weekly, now, slot_minutes=30)
    said = times(visitor.open("/en/termine/"))
    assert [text.split(", Hannah")[0] for text in said[:3]] == [
        "10:00, Sunday, 21 March",
        "10:00, Sunday, 28 March",
        "10:00, Sunday, 4 April",
    ]


# --- Cookies, headers, languages ---


def test_looking_leaves_no_cookie_and_the_form_one(slots: list[Slot], visitor: Visitor) -> None:
    for url in ("/termine/", "/termine/?ansicht=monat", "/en/termine/"):
        assert dict(visitor.open(url).response.cookies) == {}
    assert list(visitor.open(f"/termine/{slots[0].pk}/").response.cookies) == ["csrf"]


def test_a_form_without_its_cookie_is_refused(slots: list[Slot], visitor: Visitor) -> None:
    visitor.client.handler.enforce_csrf_checks = True
    form = visitor.fill_in(slots[0])
    assert visitor.send(f"/termine/{slots[0].pk}/", form).status == 303
    del visitor.client.cookies["csrf"]
    assert visitor.send(f"/termine/{slots[1].pk}/", form).status == 403


def test_a_page_leads_to_itself_in_the_other_language(slots: list[Slot], visitor: Visitor) -> None:
    assert f"/en/termine/{slots[0].pk}/" in visitor.open(f"/termine/{slots[0].pk}/").links()
    page = visitor.open("/en/termine/?ansicht=monat")
    assert "/termine/?ansicht=monat" in page.links()
    assert page.find(".").get("lang") == "en"


def test_pages_have_neither_scripts_nor_inline_styles(slots: list[Slot], visitor: Visitor) -> None:
    for url in ("/termine/", "/termine/?ansicht=woche", f"/termine/{slots[0].pk}/", "/buchung/"):
        page = visitor.open(url)
        tags: list[Any] = [e for e in page.tree.iter() if e.tag in {"script", "style"} or "style" in e.attrib]
        assert tags == []
