"""Hours of a week, as they are typed and as they are said."""

from __future__ import annotations

import pytest
from django.utils import translation

from booking import opening
from booking.models import Office
from booking.opening import Overlapping, Reversed, Unreadable
from tests import factories

pytestmark = pytest.mark.once

MORNING, AFTERNOON = ["09:00", "12:00"], ["14:00", "17:30"]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("9–12, 14–17:30 Uhr", [MORNING, AFTERNOON]),
        ("9-12 und 14-17.30", [MORNING, AFTERNOON]),
        ("14–17:30, 9–12", [MORNING, AFTERNOON]),
        ("9.00 bis 12.00", [MORNING]),
        ("von 09:00 Uhr bis 12:00 Uhr", [MORNING]),
        ("9Uhr bis 12Uhr.", [MORNING]),
        ("9-10, 10-12", [MORNING]),
        ("20–24", [["20:00", "24:00"]]),
        ("", []),
        (" – ", []),
        ("geschlossen", []),
        ("Closed", []),
    ],
)
def test_hours_are_read_as_people_type_them(typed: str, day: opening.Day) -> None:
    assert opening.read(typed) == day
    assert opening.read(opening.written(day)) == day


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("morgens", Unreadable),
        ("9", Unreadable),
        ("9-25", Unreadable),
        ("9:60-12", Unreadable),
        ("9-12 nach Vereinbarung", Unreadable),
        ("109-12", Unreadable),
        ("9-12:5", Unreadable),
        ("²-5", Unreadable),
        ("9" * 400, Unreadable),
        ("17-9", Reversed),
        ("9-9", Reversed),
        ("9-12, 11-13", Overlapping),
    ],
)
def test_what_is_no_hours_is_refused_by_what_is_wrong(typed: str, error: type[ValueError]) -> None:
    with pytest.raises(error):
        opening.read(typed)


@pytest.mark.django_db
def test_days_with_the_same_hours_are_one_line_and_the_note_comes_last() -> None:
    week = [
        *[[["09:00", "17:00"]]] * 3,
        [],
        [["09:00", "12:00"], ["13:00", "15:00"]],
        *[[["10:00", "12:00"]]] * 2,
    ]
    office = factories.make_office(opening_times=week, opening_note={"en": "\nNot in August\n"})
    with translation.override("en"):
        assert opening.opening_hours(office).texts == [
            "Monday to Wednesday: 09:00 to 17:00",
            "Friday: 09:00 to 12:00 and 13:00 to 15:00",
            "Saturday and Sunday: 10:00 to 12:00",
            "Not in August",
        ]


def test_an_office_that_says_nothing_has_no_hours() -> None:
    office = Office()
    assert not opening.opening_hours(office)
    assert not opening.phone_hours(office)
