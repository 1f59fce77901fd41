"""One tree of addresses for all languages: who may see a translation, and which addresses pages can have."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import PageViewRestriction
from wagtail.test.utils.form_data import nested_form_data, streamfield

from booking.models import Office
from booking.staff import roles
from qmportal.accounts.models import User
from qmportal.website.models import ContentPage, HomePage, NewsPage
from qmportal.website.search import search
from tests.website import pages
from tests.website.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_monday"), pytest.mark.once]


@pytest.fixture
def home(office: Office) -> HomePage:
    """The home page of an office's website."""
    return pages.make_home()


@pytest.fixture
def secret(home: HomePage) -> NewsPage:
    """A piece of news in German and Turkish."""
    index = pages.make_news_index(home)
    page = pages.make_news(index, "Geheim", slug="geheim")
    pages.translate(page, "tr", title="Gizli")
    return page


def test_what_nobody_has_translated_yet_stays_german_when_a_page_below_it_is(
    client: Client, secret: NewsPage
) -> None:
    """Wagtail makes copies of the pages above a translation; their text is still German."""
    assert secret.get_parent().get_translations().get().live
    for path in ("/tr/", "/tr/aktuelles/"):
        page = Page(client.get(path))
        assert page.soup.main.find(lang="de") is not None
    assert [found.language for found in search("Aktuelles", "tr")] == ["de"]
    assert "/tr/aktuelles/<" not in client.get("/sitemap.xml").content.decode()
    assert client.get("/tr/aktuelles/feed/").content.count(b'xml:lang="tr"') == 2


@pytest.mark.parametrize("kind", [PageViewRestriction.LOGIN, PageViewRestriction.GROUPS])
@pytest.mark.parametrize("above", [False, True])
def test_who_may_not_see_a_page_may_not_see_its_translation(
    client: Client, secret: NewsPage, kind: str, above: bool
) -> None:
    index = secret.get_parent()
    turkish = index.get_translations().get().specific
    turkish.alias_of = None
    turkish.save_revision().publish()
    assert "Gizli" in client.get("/tr/aktuelles/geheim/").content.decode()
    restricted = index if above else secret
    PageViewRestriction.objects.create(page=restricted, restriction_type=kind)
    for path in ("/aktuelles/geheim/", "/tr/aktuelles/geheim/"):
        assert client.get(path).status_code == HTTPStatus.FOUND
    assert search("Gizli", "tr") == []


def test_a_translation_goes_with_its_original(client: Client, secret: NewsPage) -> None:
    secret.unpublish()
    assert client.get("/tr/aktuelles/geheim/").status_code == HTTPStatus.NOT_FOUND
    assert search("Gizli", "tr") == []


@pytest.mark.parametrize(
    ("slug", "is_taken"),
    [
        ("termine", True),
        ("suche", True),
        ("tr", True),
        ("verwaltung", True),
        ("unsere-termine", False),
    ],
)
def test_no_page_hides_behind_the_portals_own_addresses(
    client: Client, home: HomePage, slug: str, is_taken: bool
) -> None:
    user = User.objects.create_user("redaktion@musterstadt.example")
    user.groups.add(roles.editors_group())
    client.force_login(user)
    data = {"title": "Unsere Termine", "slug": slug, "lead": "", "wording": "", "body": streamfield([])}
    comments = {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    form = reverse("wagtailadmin_pages:add", args=["website", "contentpage", home.pk])
    answer = client.post(form, {**nested_form_data(data), **comments, "action-publish": "1"})
    assert answer.status_code == (HTTPStatus.OK if is_taken else HTTPStatus.FOUND)
    assert ContentPage.objects.exists() != is_taken
