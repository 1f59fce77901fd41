"""What the office says about itself at a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from booking.actions import closing, illness
from booking.models import Host, Office
from booking.today import Today, today
from tests import factories
from tests.booking.staff.pages import queries

pytestmark = pytest.mark.once

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = [
    *[[["09:00", "12:00"], ["14:00", "17:00"]]] * 4,
    [["09:00", "13:00"]],
    [],
    [],
]


def at(text: str) -> datetime:
    """Return the local time in Berlin as the clock of a server."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.fixture
def opened(office: Office) -> Office:
    """An office that is open in the morning and the afternoon, on Fridays until one, in Bavaria."""
    office.opening_times = WEEK
    office.save()
    return office


def said(office: Office, moment: datetime) -> str:
    """Return the whole state as one line in English."""
    with translation.override("en"):
        state = today(office, moment)
    assert isinstance(state, Today)
    return " ".join(
        filter(None, ["+" if state.is_open else "-", state.headline, str(state.reason), state.following])
    )


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("2026-11-24T00:00", "- Open today from 09:00."),
        ("2026-11-24T08:59:59", "- Open today from 09:00."),
        ("2026-11-24T09:00", "+ Open today until 12:00."),
        ("2026-11-24T11:59:59", "+ Open today until 12:00."),
        ("2026-11-24T12:00", "- Open today from 14:00."),
        ("2026-11-24T17:00", "- Closed now. Open again tomorrow from 09:00."),
        ("2026-11-27T13:00", "- Closed now. Open again: Monday, 30 November, from 09:00."),
        ("2026-11-29T23:59:59", "- Closed now. Open again tomorrow from 09:00."),
        # Epiphany, and the days around New Year.
        ("2027-01-05T18:00", "- Closed now. Open again: Thursday, 7 January, from 09:00."),
        ("2027-01-06T10:00", "- Closed now. Epiphany Open again tomorrow from 09:00."),
        # The evenings after both clock changes; Easter Monday follows the second.
        ("2026-10-25T23:30", "- Closed now. Open again tomorrow from 09:00."),
        ("2027-03-28T23:30", "- Closed now. Open again: Tuesday, 30 March, from 09:00."),
    ],
)
def test_the_office_says_what_it_does_at_the_moment(opened: Office, moment: str, state: str) -> None:
    assert said(opened, at(moment)) == state


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        # 25 October 2026: the hour from two to three comes twice. 28 March 2027: it does not come at all.
        # The 1st of November is All Saints' Day.
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "+ Open today until 04:00."),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "+ Open today until 04:00."),
        (datetime(2026, 10, 25, 2, 59, tzinfo=UTC), "+ Open today until 04:00."),
        (
            datetime(2026, 10, 25, 3, 0, tzinfo=UTC),
            "- Closed now. Open again: Sunday, 8 November, from 01:30.",
        ),
        (datetime(2027, 3, 28, 0, 29, tzinfo=UTC), "- Open today from 01:30."),
        (datetime(2027, 3, 28, 1, 59, tzinfo=UTC), "+ Open today until 04:00."),
        (datetime(2027, 3, 28, 2, 0, tzinfo=UTC), "- Closed now. Open again: Sunday, 4 April, from 01:30."),
    ],
)
def test_a_night_in_which_the_clocks_change_is_as_long_as_it_is(
    opened: Office, moment: datetime, state: str
) -> None:
    opened.opening_times = [*[[]] * 6, [["01:30", "04:00"]]]
    assert said(opened, moment) == state


def test_another_zone_has_another_day(opened: Office) -> None:
    moment = at("2026-11-24T10:00")
    opened.time_zone = "America/New_York"
    assert said(opened, moment) == "- Open today from 09:00."


def test_midnight_ends_the_day_and_begins_the_next(opened: Office) -> None:
    opened.opening_times = [[["20:00", "24:00"]], *[[]] * 6]
    assert said(opened, at("2026-11-23T23:59")) == "+ Open today until 00:00."
    assert said(opened, at("2026-11-24T00:00")).startswith("- Closed now.")


def test_a_closure_of_the_whole_office_says_its_reason_and_when_it_is_over(opened: Office) -> None:
    now = at("2026-11-23T08:00")
    closing.close(opened, None, at("2026-11-24T10:30"), at("2026-12-05T00:00"), "Umbau", None, now)
    assert said(opened, at("2026-11-24T10:00")) == "+ Open today until 10:30."
    for moment in ("2026-11-24T11:00", "2026-11-29T12:00"):
        assert said(opened, at(moment)) == "- Closed now. Umbau Open again: Monday, 7 December, from 09:00."


def test_a_closure_of_one_host_closes_nothing(opened: Office, host: Host) -> None:
    closing.close(opened, host, at("2026-11-24T00:00"), at("2026-11-25T00:00"), "Urlaub", None, factories.NOW)
    assert said(opened, at("2026-11-24T10:00")) == "+ Open today until 12:00."


def test_an_office_that_opens_no_more_says_so_and_one_without_hours_says_nothing(opened: Office) -> None:
    closing.close(opened, None, at("2026-11-23T00:00"), at("2027-11-23T00:00"), "", None, factories.NOW)
    assert said(opened, at("2026-11-24T10:00")) == "- Closed now."
    opened.opening_times = [[]] * 7
    assert today(opened, factories.NOW) is None


def test_who_is_away_today_is_named(opened: Office, host: Host) -> None:
    illness.report(host, factories.NOW, factories.NOW + timedelta(hours=30), factories.NOW)
    state = today(opened, factories.NOW + timedelta(hours=1))
    assert state is not None
    assert state.away == [host.name]


def test_an_office_where_everybody_is_ill_falls_out_until_somebody_is_back(
    opened: Office, host: Host
) -> None:
    colleague = factories.make_host(opened, "Karl Kümmerling")
    tuesday, friday = at("2026-11-24T08:00"), at("2026-11-27T10:00")
    illness.report(host, tuesday, at("2026-12-01T00:00"), tuesday)
    assert said(opened, tuesday) == "- Open today from 09:00."
    illness.report(colleague, tuesday, friday, tuesday)
    nobody = "- Closed now. At short notice nobody is here Open again: Friday, 27 November, from 10:00."
    assert said(opened, tuesday) == said(opened, at("2026-11-25T15:00")) == nobody
    assert said(opened, friday) == "+ Open today until 13:00."


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_list_of_times_says_it_where_nothing_is_free(
    client: Client, opened: Office, language: str
) -> None:
    with translation.override(language):
        assert "qm-today" in client.get(reverse("booking:slots")).content.decode()


def test_the_state_takes_the_same_queries_for_one_closure_and_for_thirty(opened: Office) -> None:
    def look() -> object:
        return today(opened, at("2026-11-24T10:00"))

    def close(days: int) -> None:
        start = at("2026-12-01T00:00") + timedelta(days=days)
        closing.close(opened, None, start, start + timedelta(hours=20), "", None, factories.NOW)

    close(0)
    one = queries(look)
    for n in range(1, 30):
        close(n)
    assert queries(look) == one
