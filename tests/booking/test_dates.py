from __future__ import annotations

from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import translation

from booking import dates
from booking.ical.text import left_to_right, one_line

pytestmark = pytest.mark.once

DAY = date(2026, 11, 24)
MOMENT = datetime(2026, 11, 24, 13, 20, tzinfo=UTC)


class Said(NamedTuple):
    """One day as a language writes it."""

    day: str
    day_of_year: str
    date: str
    month: str
    short: str
    number: str
    weekday: str
    letters: str
    hour: str
    row: str


GERMAN = Said(
    "Dienstag, 24. November",
    "Dienstag, 24. November 2026",
    "24. November 2026",
    "November 2026",
    "Di 24.",
    "24.",
    "Dienstag",
    "Di",
    "14:20 Uhr",
    "a, b",
)
EXPECTED = {
    "de": GERMAN,
    "de-simple": GERMAN,
    "en": Said(
        "Tuesday, 24 November",
        "Tuesday, 24 November 2026",
        "24 November 2026",
        "November 2026",
        "Tue 24",
        "24",
        "Tuesday",
        "Tue",
        "14:20",
        "a, b",
    ),
    "tr": Said(
        "24 Kasım Salı",
        "24 Kasım 2026 Salı",
        "24 Kasım 2026",
        "Kasım 2026",
        "24 Sal",
        "24",
        "Salı",
        "Sal",
        "14:20",
        "a, b",
    ),
    "ar": Said(
        "الثلاثاء، 24 نوفمبر",
        "الثلاثاء، 24 نوفمبر 2026",
        "24 نوفمبر 2026",
        "نوفمبر 2026",
        "ثلاثاء 24",
        "24",
        "الثلاثاء",
        "ثلاثاء",
        "14:20",
        "a، b",
    ),
    "uk": Said(
        "вівторок, 24 листопада",
        "вівторок, 24 листопада 2026 р.",
        "24 листопада 2026 р.",
        "Листопад 2026",
        "Вт 24",
        "24",
        "вівторок",
        "Вт",
        "14:20",
        "a, b",
    ),
    "ru": Said(
        "вторник, 24 ноября",
        "вторник, 24 ноября 2026 г.",
        "24 ноября 2026 г.",
        "Ноябрь 2026",
        "Вт 24",
        "24",
        "вторник",
        "Вт",
        "14:20",
        "a, b",
    ),
    "pl": Said(
        "wtorek, 24 listopada",
        "wtorek, 24 listopada 2026",
        "24 listopada 2026",
        "Listopad 2026",
        "Wt 24",
        "24",
        "wtorek",
        "Wt",
        "14:20",
        "a, b",
    ),
    "fa": Said(
        "سه‌شنبه 24 نوامبر",
        "سه‌شنبه 24 نوامبر 2026",
        "24 نوامبر 2026",
        "نوامبر 2026",
        "سه‌شنبه 24",
        "24",
        "سه‌شنبه",
        "سه‌شنبه",
        "14:20",
        "a، b",
    ),
}


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_language_says_a_day_in_its_own_habit(language: str) -> None:
    with translation.override(language):
        said = Said(
            dates.spoken_day(DAY),
            dates.spoken_day_of_year(DAY),
            dates.spoken_date(DAY),
            dates.spoken_month(DAY),
            dates.short_day(DAY),
            dates.day_of_month(DAY),
            dates.weekday_name(DAY),
            dates.weekday_letters(DAY),
            dates.spoken_hour(MOMENT, ZoneInfo("Europe/Berlin")),
            dates.listed(["a", "b"]),
        )
    assert said == EXPECTED[language]


def test_no_day_of_a_year_holds_a_letter_that_django_did_not_translate() -> None:
    """Months and weekdays of a language are never half English."""
    months = [date(2026, month, 1 + month) for month in range(1, 13)]
    with translation.override("en"):
        english = {word for day in months for word in dates.spoken_day(day).replace(",", "").split()[::2]}
    for language in ("tr", "ar", "uk", "ru", "pl", "fa"):
        with translation.override(language):
            words = {word for day in months for word in dates.spoken_day(day).replace(",", "").split()}
        assert words & english == set()


def test_only_right_to_left_lines_carry_marks_around_a_phone_number() -> None:
    said = {}
    for language in ("de", "ar", "fa"):
        with translation.override(language):
            said[language] = left_to_right("0821 123 456")
    assert said == {
        "de": "0821 123 456",
        "ar": "\u200e0821 123 456\u200e",
        "fa": "\u200e0821 123 456\u200e",
    }
    assert one_line("\u202e0821\u202c \u2067123\u2069") == "0821 123"
