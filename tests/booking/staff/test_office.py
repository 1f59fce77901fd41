"""The page on which the office says who it is, when it is there and who pays for it."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.models import ModelLogEntry

from booking.models import Funder, Office
from tests.booking.staff.pages import queries
from tests.booking.staff.test_settings import filled
from tests.booking.test_portraits import photo

OFFICE = reverse("staff:office")


@pytest.fixture(autouse=True)
def logos() -> Iterator[Path]:
    """Give the folder of logos, and leave it as it was found."""
    folder = Path(settings.MEDIA_ROOT) / "office"
    before = set(folder.glob("*"))
    yield folder
    for left in set(folder.glob("*")) - before:
        left.unlink()


def logo(name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo("PNG", (300, 100)))


def save(desk: Client, **changes: Any) -> Any:
    names = {name.replace("funder_", "funders-").replace("__", "-"): value for name, value in changes.items()}
    return desk.post(OFFICE, filled(desk.get(OFFICE), **names))


def add_funders(office: Office, number: int) -> None:
    Funder.objects.bulk_create(
        Funder(office=office, name=f"Land {n}", url=f"https://land-{n}.example", position=n)
        for n in range(number)
    )


def names(office: Office) -> list[str]:
    return list(office.funders.values_list("name", flat=True))


def test_hours_are_typed_a_line_a_day_and_shown_as_they_were_read(admin_desk: Client, office: Office) -> None:
    answer = save(
        admin_desk,
        opening_times_0="9-12 und 14 bis 17.30 Uhr",
        opening_times_2="geschlossen",
        phone_times_4="10–12",
    )
    assert answer.headers["Location"] == OFFICE
    office.refresh_from_db()
    assert office.opening_times == [[["09:00", "12:00"], ["14:00", "17:30"]], *[[]] * 6]
    assert office.phone_times == [*[[]] * 4, [["10:00", "12:00"]], [], []]
    form = admin_desk.get(OFFICE).context["form"]
    assert (form["opening_times_0"].value(), form["opening_times_2"].value()) == ("9–12, 14–17:30", "")
    assert [entry.action for entry in ModelLogEntry.objects.all()] == ["wagtail.edit"]


@pytest.mark.parametrize("typed", ["morgens", "17-9", "9-12, 11-13", "9-25"])
def test_hours_that_cannot_be_read_are_told_beside_the_day_and_kept(
    admin_desk: Client, office: Office, typed: str
) -> None:
    answer = save(admin_desk, name="Neu", opening_times_3=typed, phone_times_0="9-12")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(answer.context["form"].errors) == ["opening_times_3"]
    assert answer.context["form"]["opening_times_3"].value() == typed
    office.refresh_from_db()
    assert (office.name, office.phone_times) == ("Quartiersmanagement Musterstadt Nord", [[]] * 7)


def test_who_the_office_is_is_saved(admin_desk: Client, office: Office) -> None:
    save(
        admin_desk,
        district="Nord",
        programme="Sozialer Zusammenhalt",
        carrier="Stadtbüro gGmbH",
        answer_days=3,
    )
    office.refresh_from_db()
    assert (office.district, office.programme, office.carrier, office.answer_days) == (
        "Nord",
        "Sozialer Zusammenhalt",
        "Stadtbüro gGmbH",
        3,
    )


def test_a_logo_is_drawn_anew_exchanged_and_removed(
    admin_desk: Client,
    office: Office,
    logos: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    before = len(list(logos.glob("*")))
    save(admin_desk, new_logo=logo())
    office.refresh_from_db()
    first = office.logo.name
    assert (office.logo_width, office.logo_height) == (office.logo.width, office.logo.height)
    assert (first.startswith("office/"), first.endswith(".webp"), default_storage.exists(first)) == (
        True,
    ) * 3
    with django_capture_on_commit_callbacks(execute=True):
        save(admin_desk, new_logo=logo())
    office.refresh_from_db()
    assert (office.logo.name != first, default_storage.exists(first)) == (True, False)
    with django_capture_on_commit_callbacks(execute=True):
        save(admin_desk, removes_logo="on")
    office.refresh_from_db()
    assert (office.logo.name, office.logo_width, len(list(logos.glob("*")))) == ("", None, before)


def test_a_file_that_is_no_logo_is_refused_and_what_was_typed_stays(
    admin_desk: Client, office: Office
) -> None:
    svg = SimpleUploadedFile("logo.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    answer = save(admin_desk, name="Neuer Name", new_logo=svg)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["new_logo"])
    assert answer.context["form"]["name"].value() == "Neuer Name"
    assert kept(answer) == {}


def test_a_good_logo_is_not_asked_for_again_when_something_else_is_wrong(
    admin_desk: Client, office: Office
) -> None:
    logos = {"new_logo": logo(), "funder_0__new_logo": logo()}
    answer = save(admin_desk, opening_times_0="morgens", funder_0__name="Stadt", **logos)
    office.refresh_from_db()
    assert (answer.status_code, office.logo.name) == (422, "")
    came_back = kept(answer)
    assert list(came_back) == ["new_logo-kept", "funders-0-new_logo-kept"]
    save(admin_desk, opening_times_0="9-12", funder_0__name="Stadt", **came_back)
    office.refresh_from_db()
    assert all(default_storage.exists(each.logo.name) for each in (office, office.funders.get()))


@pytest.mark.parametrize("packed", ["", "keine Zahl", "AAAA", "PHN2Zy8+"])
def test_what_comes_back_is_looked_at_like_any_other_file(
    admin_desk: Client, office: Office, packed: str
) -> None:
    answer = save(admin_desk, **{"new_logo-kept": packed})
    assert answer.status_code == (422 if packed else 302)
    office.refresh_from_db()
    assert office.logo.name == ""


def kept(answer: HttpResponse) -> dict[str, str]:
    """Return the logos that a form with errors carries along."""
    fields = BeautifulSoup(answer.content, "html.parser").select("input[name$=-kept]")
    return {str(field["name"]): str(field["value"]) for field in fields}


def test_funders_are_added_named_and_shown_with_their_logo(admin_desk: Client, office: Office) -> None:
    save(
        admin_desk,
        funder_0__name="Stadt Musterstadt",
        funder_0__url="musterstadt.example",
        funder_0__new_logo=logo(),
        funder_1__name="Land",
    )
    city, country = office.funders.all()
    assert (city.name, city.url, bool(city.logo)) == (
        "Stadt Musterstadt",
        "https://musterstadt.example",
        True,
    )
    assert (country.name, country.url, bool(country.logo)) == ("Land", "", False)


def test_funders_are_put_in_order_and_taken_out_with_their_logos(
    admin_desk: Client,
    office: Office,
    logos: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    before = len(list(logos.glob("*")))
    add_funders(office, 3)
    save(admin_desk, funder_1__new_logo=logo())
    with django_capture_on_commit_callbacks(execute=True):
        save(admin_desk, funder_0__ORDER=9, funder_1__DELETE="on")
    assert (names(office), len(list(logos.glob("*")))) == (["Land 2", "Land 0"], before)


def test_more_than_five_funders_have_room(admin_desk: Client, office: Office) -> None:
    add_funders(office, 6)
    save(admin_desk, funder_6__name="Der siebte")
    assert names(office) == [*(f"Land {n}" for n in range(6)), "Der siebte"]


@pytest.mark.parametrize(
    ("field", "text"),
    [("url", "http://land.example"), ("url", "javascript:alert(1)"), ("name", ""), ("name", "x" * 161)],
)
def test_a_mistake_in_a_funder_is_told_and_nothing_is_saved(
    admin_desk: Client, office: Office, field: str, text: str
) -> None:
    add_funders(office, 1)
    answer = save(admin_desk, name="Neu", **{f"funder_0__{field}": text})
    assert (answer.status_code, list(answer.context["funders"].errors[0])) == (422, [field])
    office.refresh_from_db()
    assert (office.name, names(office)) == ("Quartiersmanagement Musterstadt Nord", ["Land 0"])


def test_nobody_takes_a_funder_of_another_office(admin_desk: Client, office: Office) -> None:
    other = Office.objects.create(name="Süd", slug="sued", email="sued@musterstadt.example", state="BY")
    add_funders(other, 1)
    save(admin_desk, funder_0__id=other.funders.get().pk, funder_0__name="Unser")
    assert (names(office), names(other)) == (["Unser"], ["Land 0"])


def test_a_form_without_its_list_of_funders_changes_nothing(admin_desk: Client, office: Office) -> None:
    add_funders(office, 1)
    data = {k: v for k, v in filled(admin_desk.get(OFFICE)).items() if not k.startswith("funders-")}
    assert admin_desk.post(OFFICE, data).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert names(office) == ["Land 0"]


def test_texts_in_other_languages_are_folded_until_one_has_an_error(
    admin_desk: Client, office: Office
) -> None:
    Office.objects.update(access_note={"de": "Ohne Stufe", "tr": "Basamaksız"})
    told = _("Other languages (%(filled)s of %(all)s)") % {"filled": 1, "all": 7}
    page = admin_desk.get(OFFICE).content.decode()
    assert (told in page, '<details class="st-fold" open' in page) == (True, False)
    answer = save(admin_desk, access_note_tr="x" * 301)
    assert answer.content.decode().count('<details class="st-fold" open') == 1


def test_the_page_takes_the_same_queries_for_one_funder_and_for_ten(
    admin_desk: Client, office: Office
) -> None:
    add_funders(office, 1)
    one = queries(lambda: admin_desk.get(OFFICE))
    add_funders(office, 9)
    assert queries(lambda: admin_desk.get(OFFICE)) == one
