"""What holds for a page in every one of the languages."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import get_language_info

from booking.models import Slot
from tests.booking.visitor import Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CODES = [code for code, _name in settings.LANGUAGES]


def prefix(language: str) -> str:
    return "" if language == settings.LANGUAGE_CODE else f"/{language}"


@pytest.mark.parametrize("language", CODES)
def test_a_page_says_its_language_and_direction(slots: list[Slot], visitor: Visitor, language: str) -> None:
    html = visitor.open(f"{prefix(language)}/termine/").tree
    direction = "rtl" if get_language_info(language.split("-")[0])["bidi"] else "ltr"
    assert (html.get("lang"), html.get("dir")) == (language, direction)


def test_search_engines_learn_where_a_page_stands_in_which_language(
    slots: list[Slot], visitor: Visitor
) -> None:
    page = visitor.open("/tr/termine/")
    found = {e.get("hreflang"): e.get("href") for e in page.tree.iter("link") if e.get("rel") == "alternate"}
    wanted = {code: f"{settings.SITE_URL}{prefix(code)}/termine/" for code in CODES if code != "de-simple"}
    assert found == wanted | {"x-default": f"{settings.SITE_URL}/termine/"}


def test_the_form_keeps_the_language_of_its_page(slots: list[Slot], visitor: Visitor) -> None:
    page = visitor.open(f"/fa/termine/{slots[0].pk}/")
    fields = {e.get("name"): e for e in page.tree.iter("input")}
    assert fields["language"].get("value") == "fa"
    assert [fields[name].get("dir") for name in ("email", "phone")] == ["ltr", "ltr"]


@pytest.mark.parametrize("language", CODES)
def test_a_page_says_when_nobody_has_checked_its_language(
    slots: list[Slot], visitor: Visitor, language: str
) -> None:
    page = visitor.open(f"{prefix(language)}/termine/").tree
    said = [e for e in page.iter("aside") if e.get("id") == "uebersetzung"]
    assert bool(said) == (language not in settings.REVIEWED_LANGUAGES)
    if said:
        links = [e.get("href") for e in said[0].iter("a")]
        assert links == [f"/{language}/barriere-melden/?seite=/{language}/termine/"]


def test_a_browsers_language_moves_nobody_to_another_page(slots: list[Slot], client: Client) -> None:
    answer = client.get("/termine/", headers={"accept-language": "ar"})
    assert (answer.status_code, answer["Content-Language"]) == (200, "de")
