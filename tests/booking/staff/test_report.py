from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from http import HTTPStatus
from io import BytesIO, StringIO
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from booking.actions import visits
from booking.enums import Channel
from booking.models import Booking, Host, Office, Service, Slot
from booking.staff.report import Cells, harmless
from qmportal.accounts.models import User
from tests import factories
from tests.booking.figures import year
from tests.booking.staff.pages import queries, words

PAGE = reverse("staff:report")
WHOLE_YEAR = {"von": "2026-01", "bis": "2026-12"}
FEBRUARY = datetime(2027, 2, 3, 12, 0, tzinfo=UTC)


@pytest.fixture
def desk(client: Client, manager: User, slots: list[Slot], clock: time_machine.Traveller) -> Client:
    """The manager's browser in the next February; the slots lie in the past."""
    factories.make_booking(slots[0], channel=Channel.PHONE)
    clock.move_to(FEBRUARY)
    client.force_login(manager)
    return client


@pytest.fixture
def a_year(office: Office, host: Host, service: Service) -> Office:
    """All that two colleagues did in 2026."""
    derya = factories.make_host(office, "Derya Aksoy")
    year.fill(office, [host, derya], [service], seed=3, days=5)
    return office


def figures_of(answer: Any) -> dict[str, dict[str, int]]:
    """Return what each table of the page shows."""
    return {t.key: {row.label: row.line.total for row in t.rows} for t in answer.context["tables"]}


def test_a_table_a_bar_and_a_file_say_the_same(desk: Client, a_year: Office) -> None:
    answer = desk.get(PAGE, WHOLE_YEAR)
    shown = figures_of(answer)
    assert list(shown) == ["monate", "angebote", "wege", "erschienen", "themen", "sprachen"]
    assert (
        sum(shown["monate"].values()) == sum(shown["wege"].values()) == answer.context["report"].total.total
    )
    lines = list(csv.DictReader(StringIO(read(desk.get(PAGE, WHOLE_YEAR | {"export": "csv"})))))
    titles = {table.title: table.key for table in answer.context["tables"]}
    exported: dict[str, dict[str, int]] = {key: {} for key in shown}
    table, line, total = _("Table"), _("Line"), _("together")
    for each in lines:
        if each[table] in titles and each[total]:
            exported[titles[each[table]]][each[line]] = int(each[total])
    assert exported == shown
    book = load_workbook(BytesIO(b"".join(desk.get(PAGE, WHOLE_YEAR | {"export": "xlsx"}).streaming_content)))
    cells = [["" if cell is None else str(cell) for cell in row] for row in book.active.values]
    assert cells == [list(lines[0]), *(list(each.values()) for each in lines)]
    widths = {row.booked_width + row.walked_in_width for t in answer.context["tables"] for row in t.rows}
    assert 99 <= max(widths) <= 100


def read(answer: Any) -> str:
    text: str = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return text.removeprefix("\ufeff")


def test_nothing_in_the_report_names_anybody(desk: Client, a_year: Office) -> None:
    page = desk.get(PAGE, WHOLE_YEAR).content.decode().partition("<main")[2]
    file = read(desk.get(PAGE, WHOLE_YEAR | {"export": "csv"}))
    for name in ("Hannah", "Derya", "Amira", "0171"):
        assert name not in page
        assert name not in file


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"von": "2026-05", "bis": "2026-04"}, "bis"),
        ({"von": "2026-05"}, "bis"),
        ({"von": "1900-01", "bis": "2026-04"}, "von"),
        ({"von": "0", "bis": "2026-04", "export": "csv"}, "von"),
    ],
)
def test_a_period_that_is_none_is_refused_as_typed(
    desk: Client, office: Office, asked: dict[str, str], wrong: str
) -> None:
    answer = desk.get(PAGE, asked)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(answer.context["form"].errors) == [wrong]
    assert answer.context["form"].data["von"] == asked["von"]


@pytest.mark.parametrize(
    ("label", "first", "last"),
    [
        ("this month", date(2027, 2, 1), date(2027, 2, 1)),
        ("last month", date(2027, 1, 1), date(2027, 1, 1)),
        ("this quarter", date(2027, 1, 1), date(2027, 3, 1)),
        ("last quarter", date(2026, 10, 1), date(2026, 12, 1)),
        ("this year", date(2027, 1, 1), date(2027, 12, 1)),
        ("last year", date(2026, 1, 1), date(2026, 12, 1)),
    ],
)
def test_each_preset_is_a_period(desk: Client, label: str, first: date, last: date) -> None:
    presets = {str(each["label"]): each for each in desk.get(PAGE).context["presets"]}
    chosen = presets[_(label)]
    report = desk.get(PAGE, {"von": chosen["von"], "bis": chosen["bis"]}).context["report"]
    assert (report.period.first, report.period.last) == (first, last)


def test_without_a_choice_it_is_this_year(desk: Client) -> None:
    answer = desk.get(PAGE)
    assert [each["label"] for each in answer.context["presets"] if each["is_chosen"]] == ["dieses Jahr"]
    assert [line.key for line in answer.context["report"].months] == ["2027-01", "2027-02"]
    assert _("There were no consultations.") in words(answer)


def test_another_office_is_not_counted(desk: Client, office: Office) -> None:
    south = factories.make_office(name="Süd", slug="sued", is_default=False)
    visits.enter(south, FEBRUARY.date(), 7, UUID(int=1), FEBRUARY)
    visits.enter(office, FEBRUARY.date(), 2, UUID(int=2), FEBRUARY)
    assert desk.get(PAGE).context["report"].total.walked_in == 2


def test_one_booking_and_thirty_take_as_many_queries(desk: Client, host: Host, service: Service) -> None:
    one = queries(lambda: desk.get(PAGE, WHOLE_YEAR))
    year.fill(host.office, [host], [service], seed=1, days=20)
    assert Booking.objects.count() > 30
    assert queries(lambda: desk.get(PAGE, WHOLE_YEAR)) == one


@pytest.mark.once
@pytest.mark.parametrize("title", ["=1+1", "+49", "-2", "@SUM(A1)", "\tx"])
def test_no_title_is_a_formula(title: str) -> None:
    assert harmless(title) == f"'{title}"
    assert [harmless(cell) for cell in Cells("Nach Themen", "a=b", -3)] == ["Nach Themen", "a=b", -3, "", ""]


def test_a_service_named_like_a_formula_stays_text_in_the_file(desk: Client, service: Service) -> None:
    Service.objects.filter(pk=service.pk).update(title={"de": "=HYPERLINK(1)"})
    assert ",'=HYPERLINK(1),1,0,1\r\n" in read(desk.get(PAGE, WHOLE_YEAR | {"export": "csv"}))
    book = load_workbook(BytesIO(b"".join(desk.get(PAGE, WHOLE_YEAR | {"export": "xlsx"}).streaming_content)))
    kinds = {cell.value: cell.data_type for row in book.active.iter_rows() for cell in row}
    assert kinds["=HYPERLINK(1)"] == "s"
