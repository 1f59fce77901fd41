"""Managers who are no administrators write the website, and change nothing of its machinery."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Page

from booking.models import Office
from booking.staff import roles
from qmportal.accounts.models import User
from qmportal.website.demo import open_site
from qmportal.website.models import ContentPage, HomePage

# Wagtail's own pages, and who may open them.
pytestmark = pytest.mark.shared


@pytest.fixture
def derya(page_tree: Page, client: Client, office: Office) -> Client:
    """The browser of Derya, a manager of an office with a website."""
    open_site(office, demo=False)
    user = User.objects.create_user("derya.aksoy@musterstadt.example")
    user.groups.add(roles.managers_group())
    assert user.is_superuser is False
    client.force_login(user)
    return client


@pytest.fixture
def home(derya: Client) -> HomePage:
    return HomePage.objects.get(locale__language_code="de")


def edited(page: Page, **changes: str) -> dict[str, Any]:
    """Return what the editor sends for a page whose sections stay empty."""
    fields = {
        "title": page.title,
        "slug": page.slug,
        "body-count": "0",
        "pictures-count": "0",
        "comments-TOTAL_FORMS": "0",
    }
    return fields | {"comments-INITIAL_FORMS": "0"} | changes


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_manager_opens_and_publishes_the_home_page_of_each_language(derya: Client, language: str) -> None:
    home = HomePage.objects.get(locale__language_code=language)
    editor = reverse("wagtailadmin_pages:edit", args=[home.pk])
    assert 'name="action-publish"' in derya.get(editor).content.decode()
    data = edited(home, heading="Willkommen", lead="Wir sind da.", **{"action-publish": "1"})
    assert derya.post(editor, data).status_code == HTTPStatus.FOUND
    home.refresh_from_db()
    assert (home.heading, home.live, home.has_unpublished_changes) == ("Willkommen", True, False)


def test_a_manager_adds_a_page_below_the_home_page(derya: Client, home: HomePage) -> None:
    page = reverse("wagtailadmin_pages:add", args=["website", "contentpage", home.pk])
    assert derya.get(page).status_code == HTTPStatus.OK
    new = ContentPage(title="Sommerfest", slug="sommerfest")
    derya.post(page, edited(new, **{"action-publish": "1"}))
    assert ContentPage.objects.get(slug="sommerfest").live is True


def test_a_manager_cannot_delete_the_home_page_or_add_one_beside_it(derya: Client, home: HomePage) -> None:
    derya.post(reverse("wagtailadmin_pages:delete", args=[home.pk]))
    derya.post(reverse("wagtailadmin_pages:unpublish", args=[home.pk]))
    root = home.get_parent()
    answer = derya.get(reverse("wagtailadmin_pages:add_subpage", args=[root.pk]))
    assert answer.status_code == HTTPStatus.FOUND
    assert HomePage.objects.filter(pk=home.pk).exists()


@pytest.mark.parametrize(
    "name", ["wagtailimages:index", "wagtailimages:add", "wagtaildocs:index", "wagtaildocs:add"]
)
def test_a_manager_works_with_pictures_and_documents(derya: Client, name: str) -> None:
    assert derya.get(reverse(name)).status_code == HTTPStatus.OK


@pytest.mark.parametrize(
    "name",
    [
        "wagtailusers_users:index",
        "wagtailusers_users:add",
        "wagtailusers_groups:index",
        "wagtailusers_groups:add",
        "wagtailsites:index",
        "wagtailsites:add",
        "wagtailadmin_collections:index",
        "wagtailredirects:index",
    ],
)
def test_a_manager_cannot_reach_users_groups_and_settings(derya: Client, name: str) -> None:
    answer = derya.get(reverse(name))
    assert (answer.status_code, answer.headers["Location"]) == (
        HTTPStatus.FOUND,
        reverse("wagtailadmin_home"),
    )


@pytest.mark.parametrize("name", ["site_history", "site_history_results", "aging_pages", "locked_pages"])
def test_the_log_of_all_offices_is_for_administrators(derya: Client, name: str) -> None:
    answer = derya.get(reverse(f"wagtailadmin_reports:{name}"))
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert reverse("wagtailadmin_home") in answer.content.decode()


def test_asking_for_the_group_twice_gives_nothing_twice(derya: Client) -> None:
    def given() -> tuple[int, int]:
        mine = {"group__name": roles.GROUP}
        pages = GroupPagePermission.objects.filter(**mine).count()
        return pages, GroupCollectionPermission.objects.filter(**mine).count()

    before = given()
    roles.managers_group()
    assert given() == before == (2 * len(roles.PAGES), len(roles.FILES))
