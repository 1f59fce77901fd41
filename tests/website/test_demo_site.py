"""What an office's website has on its first day, and what the demo's has besides."""

from __future__ import annotations

from collections import Counter

import pytest
from django.test import Client
from wagtail.images import get_image_model
from wagtail.models import Page as WagtailPage

from booking.models import Office
from qmportal.website.authorities import barrier_authority, privacy_authority
from qmportal.website.demo import build_site, furnish_quarter
from qmportal.website.demo.site import LEGAL_PAGES, PAGES
from qmportal.website.models import EventPage, FundPage, HomePage, NewsPage, PartnersPage
from tests import factories
from tests.website.page import Page

# What is in the files is the same on every database.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("on_monday")]
SOME = ["de", "ar"]


@pytest.fixture
def quarter(page_tree: WagtailPage, office: Office) -> HomePage:
    """The whole website of the demo, as it is built on Monday."""
    home = build_site(office, languages=SOME)
    furnish_quarter(home, office, factories.NOW)
    return home


def slugs(home: HomePage) -> set[str]:
    return set(home.get_children().live().values_list("slug", flat=True))


def test_the_demo_has_every_page_and_a_second_start_makes_nothing_twice(
    quarter: HomePage, office: Office
) -> None:
    assert slugs(quarter) == {*LEGAL_PAGES, *PAGES, "verfuegungsfonds", "partner"}
    before = WagtailPage.objects.count(), get_image_model().objects.count()
    furnish_quarter(build_site(office, languages=SOME), office, factories.NOW)
    assert (WagtailPage.objects.count(), get_image_model().objects.count()) == before


def test_news_events_and_deadlines_lie_around_today(quarter: HomePage, office: Office) -> None:
    news = NewsPage.objects.all()
    live = news.live()
    assert (live.count(), live.filter(is_pinned=True).count()) == (7, 1)
    assert [page.go_live_at.date().isoformat() for page in news.filter(go_live_at__isnull=False)] == [
        "2026-11-28"
    ]
    assert [page.slug for page in news.filter(expired=True)] == ["buslinie-4-umleitung"]
    coming = EventPage.objects.filter(starts_at__gt=factories.NOW)
    over = EventPage.objects.filter(ends_at__lt=factories.NOW)
    assert (coming.count(), over.count()) == (6, 4)
    assert coming.filter(is_cancelled=True).count() == 1
    assert [e.slug for e in coming if e.ends_at.date() > e.starts_at.date()] == ["kulturtage"]
    assert over.filter(is_participation=True).exclude(outcome="").count() == 2
    assert (
        coming.order_by("starts_at")[0].starts_at.astimezone(office.zone).strftime("%A %H:%M")
        == "Saturday 10:00"
    )
    fund, partners = FundPage.objects.get(), PartnersPage.objects.get()
    days = [deadline.value["day"] for deadline in fund.deadlines]
    assert [day > factories.NOW.date() for day in days] == [False, True, True]
    assert {project.value["year"] for project in fund.projects} == {2026, 2025}
    kinds = Counter(partner.value["kind"] for partner in partners.partners)
    assert set(kinds) == {"association", "counselling", "school", "religion", "authority", "other"}
    assert sum(kinds.values()) >= 8


def test_nobody_invites_on_a_holiday_nor_between_the_years(page_tree: WagtailPage, office: Office) -> None:
    furnish_quarter(build_site(office, languages=["de"]), office, factories.NOW)
    festival = EventPage.objects.get(slug="kulturtage")
    # Four weeks after the coming Friday would be Christmas Day, and the week after it New Year's Day.
    assert festival.starts_at.astimezone(office.zone).date().isoformat() == "2027-01-08"


def test_pages_open_(client: Client, quarter: HomePage) -> None:
    # Those without pictures: the first visitor of a picture waits for it.
    here = (
        "so-funktionierts",
        "leichte-sprache",
        "aktuelles/vierzig-geraete-gerettet",
        "veranstaltungen/flohmarkt",
    )
    addresses = [f"/{language}{path}/" for path in here for language in ("", "ar/")]
    assert {path: client.get(path).status_code for path in addresses} == dict.fromkeys(addresses, 200)


def test_a_new_office_gets_the_same_skeleton_without_the_demos_facts(
    client: Client, page_tree: WagtailPage, office: Office
) -> None:
    home = build_site(office, demo=False, languages=SOME)
    assert slugs(home) == {*LEGAL_PAGES, *PAGES}
    assert NewsPage.objects.count() + EventPage.objects.count() + get_image_model().objects.count() == 0
    for slug in ("", "ueber-uns/", "so-funktionierts/", "leichte-sprache/"):
        said = Page(client.get(f"/{slug}")).soup.main.get_text()
        assert [name for name in ("Helfrich", "Aksoy", "Ankergasse", "{") if name in said] == []


@pytest.mark.parametrize(
    ("state", "name"), [("NW", "Ombudsstelle"), ("BY", "Durchsetzungs"), ("SL", "Saarland")]
)
def test_the_statement_on_accessibility_names_who_helps_in_the_state(
    client: Client, page_tree: WagtailPage, office: Office, state: str, name: str
) -> None:
    assert name in barrier_authority(state)
    assert privacy_authority(state) != ""
