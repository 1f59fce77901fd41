"""Why nothing takes place: holidays in the reader's words, everything else in the office's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import translation

from booking import mails
from booking.actions import closing
from booking.enums import Actor
from booking.models import Office, Slot
from booking.models.office import STATES
from booking.public_holidays import public_holiday
from booking.reasons import HOLIDAYS, Reason, spoken
from tests.booking.staff.pages import queries
from tests.booking.visitor import Visitor, words
from tests.factories import NOW, TUESDAY, make_booking

pytestmark = pytest.mark.once

DAY = timedelta(days=1)
ARABIC = "أول أيام عيد الميلاد"


def test_every_public_holiday_of_every_land_has_a_name_for_everybody() -> None:
    days = [date(2026, 1, 1) + DAY * n for n in range(3 * 366)]
    assert {public_holiday(state, day) for state, _name in STATES for day in days} - {""} <= HOLIDAYS.keys()


@pytest.mark.parametrize("language", sorted(set(dict(settings.LANGUAGES)) - {"de", "de-simple"}))
def test_a_holiday_is_named_in_the_language_of_the_reader(language: str) -> None:
    with translation.override(language):
        said = [spoken(name) for name in HOLIDAYS]
    assert not {reason.text for reason in said} & HOLIDAYS.keys()
    assert {reason.language for reason in said} == {""}
    assert len({reason.text for reason in said}) == len(HOLIDAYS)


def test_the_office_reads_the_names_that_it_knows() -> None:
    with translation.override("de"):
        assert [str(spoken(name)) for name in HOLIDAYS] == list(HOLIDAYS)


def test_the_offices_own_words_stay_german_and_are_marked_so() -> None:
    with translation.override("ar"):
        own, none = spoken("Neujahr & Urlaub"), spoken("")
    assert own == Reason("Neujahr & Urlaub", "de")
    assert own.html == '<bdi lang="de">Neujahr &amp; Urlaub</bdi>'
    assert not none


def close(office: Office, first: date, reason: str) -> None:
    start, end = (datetime.combine(day, datetime.min.time(), office.zone) for day in (first, first + DAY))
    closing.close(office, None, start, end, reason, None, NOW)


def test_a_month_and_a_week_say_both_in_arabic(office: Office, slots: list[Slot], visitor: Visitor) -> None:
    close(office, date(2026, 12, 28), "Inventur")
    close(office, date(2026, 12, 29), "")
    for view in ("monat", "woche"):
        december = visitor.open(f"/ar/termine/?ansicht={view}&ab=2026-12-25")
        coming = visitor.open(f"/ar/termine/?ansicht={view}&ab=2026-12-28")
        assert ARABIC in december.text
        assert "Weihnacht" not in december.text
        assert '<bdi lang="de">Inventur</bdi>' in coming.html
        assert "مغلق" in coming.text


def test_a_week_says_why_nothing_is_free_only_where_nothing_is(
    office: Office, slots: list[Slot], visitor: Visitor
) -> None:
    start = slots[-1].start
    closing.close(office, None, start, start + DAY, "Ausflug", None, NOW)
    columns = visitor.open("/en/termine/?ansicht=woche").with_class("qm-day__body")
    said = [words(column) for column in columns]
    assert said[0] == said[3] == said[4] == "nothing free"
    assert "Ausflug" not in said[1]
    assert said[2] == "nothing free Ausflug"


def test_the_front_page_names_the_holiday_in_arabic(office: Office, visitor: Visitor) -> None:
    office.opening_times = [[["09:00", "17:00"]]] * 7
    office.save()
    visitor.clock.move_to(datetime(2026, 12, 25, 10, tzinfo=UTC))
    assert f"{ARABIC}." in words(visitor.open("/ar/termine/").with_class("qm-today")[0])


def test_a_mail_names_the_holiday_in_the_language_of_its_reader(slots: list[Slot]) -> None:
    booking = make_booking(slots[0], language="ar")
    for reason, said in (("Erster Weihnachtstag", ARABIC), ("Ausflug", "Ausflug")):
        mail = mails.cancelled(booking, Actor.OFFICE, reason, NOW)[0]
        assert f"> {said}\n" in mail.text


def test_the_calendar_names_the_holiday_in_its_language(
    office: Office, slots: list[Slot], visitor: Visitor
) -> None:
    close(office, TUESDAY, "Erster Weihnachtstag")
    feed = b"".join(visitor.open("/ar/kalender/termine.ics").response).replace(b"\r\n ", b"").decode()
    assert f"DESCRIPTION:{ARABIC}" in feed


def test_a_week_takes_the_same_queries_for_one_closure_and_for_thirty(
    office: Office, slots: list[Slot], visitor: Visitor
) -> None:
    def look() -> object:
        return visitor.open("/termine/?ansicht=woche")

    start = slots[-1].end
    counts = []
    for many in (1, 29):
        for _ in range(many):
            closing.close(office, None, start, start + DAY, "Ausflug", None, NOW)
        counts.append(queries(look))
    assert counts[0] == counts[1]
