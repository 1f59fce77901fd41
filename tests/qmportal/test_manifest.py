"""Icons for phones and old browsers, under the office's own name."""

from __future__ import annotations

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from booking.models import Office
from tests.website.page import Page

pytestmark = [pytest.mark.shared, pytest.mark.django_db]


def test_a_phone_learns_the_name_of_the_office_and_finds_its_icons(office: Office) -> None:
    answer = Client().get("/site.webmanifest")
    icons = [icon["src"].removeprefix("/static/") for icon in answer.json()["icons"]]

    assert (answer["Content-Type"], answer.json()["name"]) == ("application/manifest+json", office.name)
    assert [finders.find(icon) is not None for icon in icons] == [True, True]


def test_who_asks_for_the_icon_at_the_root_is_led_to_it() -> None:
    assert Client().get("/favicon.ico")["Location"] == "/static/favicon.ico"


def test_a_page_names_only_icons_that_are_there(office: Office) -> None:
    page = Page(Client().get("/termine/"))
    links = page.soup.find_all("link", rel=["icon", "apple-touch-icon"])

    assert [finders.find(link["href"].removeprefix("/static/")) is not None for link in links] == [True] * 3
