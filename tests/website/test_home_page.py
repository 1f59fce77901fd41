from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Page as WagtailPage
from wagtail.models import Site

from booking.enums import Rhythm
from booking.models import Host, Office, Service, Slot
from qmportal.website.demo import follow_site_url, open_site
from qmportal.website.models import HomePage
from tests import factories
from tests.website.page import Page

# How the page looks; where its free times come from is tried on both databases elsewhere.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("on_monday")]
LEGAL = ("impressum", "datenschutz", "barrierefreiheit")


def shown(client: Client, path: str = "/") -> Page:
    response = client.get(path)
    assert response.status_code == 200
    return Page(response)


def test_home_page_has_one_heading_of_the_first_level(client: Client, home: HomePage) -> None:
    assert shown(client).headings(1) == [home.heading]


def test_booking_is_one_click_away(client: Client, home: HomePage) -> None:
    assert shown(client).links()["Termin buchen"] == "/termine/"


def test_the_next_free_time_leads_to_its_form(client: Client, home: HomePage, slots: list[Slot]) -> None:
    links = shown(client).links()
    assert links["Dienstag, 24. November, 14:00 Uhr"] == f"/termine/{slots[0].pk}/"


def test_a_booked_time_is_no_longer_the_next(client: Client, home: HomePage, slots: list[Slot]) -> None:
    factories.make_booking(slots[0])
    links = shown(client).links()
    assert "Dienstag, 24. November, 14:00 Uhr" not in links
    assert links["Dienstag, 24. November, 14:20 Uhr"] == f"/termine/{slots[1].pk}/"


def test_the_next_free_time_is_one_of_this_office(
    client: Client, home: HomePage, service: Service, slots: list[Slot]
) -> None:
    south = factories.make_office(slug="sued", is_default=False)
    other = factories.make_service(south, "beratung")
    earlier = factories.make_pattern(starts_at=time(9), ends_at=time(10))
    factories.make_slots(factories.make_host(south, "Olga Otter"), other, earlier)
    links = shown(client).links()
    assert links["Dienstag, 24. November, 14:00 Uhr"] == f"/termine/{slots[0].pk}/"


def test_without_free_times_the_phone_stands_there(client: Client, home: HomePage) -> None:
    page = shown(client)
    assert "Im Moment ist kein Termin frei." in page.soup.find(class_="qm-next").get_text()
    assert page.links()["0123 456-700"] == "tel:0123456700"


def test_home_page_asks_the_same_number_of_queries_for_1_and_30_times(
    client: Client,
    home: HomePage,
    host: Host,
    service: Service,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    one = factories.make_pattern(ends_at=(factories.make_pattern().starts_at.replace(minute=20)))
    factories.make_slots(host, service, one)
    shown(client)
    with django_assert_num_queries(25, exact=False) as first:
        shown(client)
    later = factories.TUESDAY + timedelta(days=7)
    weekly = factories.make_pattern(rhythm=Rhythm.WEEKLY, first_on=later)
    factories.make_slots(host, service, weekly)
    assert Slot.objects.count() >= 30
    with django_assert_num_queries(len(first), exact=True):
        shown(client)


@pytest.mark.parametrize("path", ["/", "/en/", "/datenschutz/", "/en/datenschutz/"])
def test_pages_load_nothing_from_elsewhere_and_run_nothing(client: Client, home: HomePage, path: str) -> None:
    page = shown(client, path)
    assert [address for address in page.loads() if not address.startswith("/static/")] == [
        "/site.webmanifest"
    ]
    assert len(page.loads()) == 6
    assert page.inline_code() == []


@pytest.mark.parametrize("slug", LEGAL)
def test_every_page_leads_to_the_legal_pages(client: Client, home: HomePage, slug: str) -> None:
    assert f"/{slug}/" in shown(client, "/").links().values()
    assert len(shown(client, f"/{slug}/").headings(1)) == 1


def test_legal_pages_name_the_office(client: Client, home: HomePage, office: Office) -> None:
    text = shown(client, "/impressum/").soup.main.get_text()
    assert office.name in text
    assert office.street in text
    assert "Bayerischer Landesbeauftragter" in shown(client, "/datenschutz/").soup.main.get_text()


@pytest.mark.parametrize("language", ["", "en/"])
def test_legal_pages_say_what_the_profile_says_now(
    client: Client, home: HomePage, office: Office, language: str
) -> None:
    new = {
        "name": "Büro am Südring",
        "street": "Südring 7",
        "postal_code": "54321",
        "city": "Neustadt",
        "carrier": "Verein Südwind",
        "phone": "0821 990",
        "email": "sued@example.org",
    }
    Office.objects.filter(pk=office.pk).update(**new, state="SL")
    pages = {slug: shown(client, f"/{language}{slug}/") for slug in LEGAL}
    said = {slug: page.soup.main.get_text() for slug, page in pages.items()}
    for slug in ("impressum", "datenschutz"):
        assert [word for word in new.values() if word not in said[slug]] == []
    assert "Unabhängiges Datenschutzzentrum Saarland" in said["datenschutz"]
    assert "0821 990" in said["barrierefreiheit"]
    assert "des Landes Saarland" in said["barrierefreiheit"]
    assert [slug for slug, page in pages.items() if office.street in page.soup.main.get_text()] == []
    assert pages["impressum"].links()["sued@example.org"] == "mailto:sued@example.org"
    assert "mailto:sued@example.org" in pages["barrierefreiheit"].links().values()


def test_an_office_without_a_carrier_is_its_own(client: Client, home: HomePage, office: Office) -> None:
    Office.objects.filter(pk=office.pk).update(carrier="")
    assert f"Träger: {office.name}" in " ".join(shown(client, "/impressum/").soup.main.get_text().split())


def test_the_name_of_an_office_is_text_not_code(
    client: Client, page_tree: WagtailPage, office: Office
) -> None:
    office.name = "Büro <script>alert(1)</script> & Café"
    office.save()
    open_site(office, demo=False)
    for path in ("/", "/impressum/"):
        page = shown(client, path)
        assert page.inline_code() == []
    assert office.name in shown(client, "/impressum/").soup.main.get_text()


def test_other_languages_lead_to_the_same_page(client: Client, home: HomePage) -> None:
    assert shown(client, "/").links()["English"] == "/en/"
    assert shown(client, "/datenschutz/").links()["English"] == "/en/datenschutz/"
    assert shown(client, "/en/datenschutz/").links()["Deutsch"] == "/datenschutz/"


def test_english_pages_are_english(client: Client, home: HomePage) -> None:
    page = shown(client, "/en/")
    assert page.soup.html["lang"] == "en"
    assert page.headings(1) == ["We have time for you"]
    assert page.links()["Book an appointment"] == "/en/termine/"


def test_language_links_keep_the_query(client: Client, home: HomePage) -> None:
    path = reverse("booking:slots") + "?ansicht=monat"
    assert shown(client, path).links()["English"] == f"/en{path}"


def test_building_the_site_twice_keeps_what_an_editor_wrote(home: HomePage, office: Office) -> None:
    before = WagtailPage.objects.count()
    home.lead = "Neu gesagt."
    home.save_revision().publish()
    again = open_site(office, demo=False)
    assert (again.pk, again.lead) == (home.pk, "Neu gesagt.")
    assert WagtailPage.objects.count() == before


def test_a_real_office_starts_without_the_demos_people(
    client: Client, page_tree: WagtailPage, office: Office
) -> None:
    open_site(office, demo=False)
    page = shown(client)
    assert page.headings(1) == ["Wir haben Zeit für Sie"]
    assert page.soup.find_all("blockquote") == []
    assert "Helfrich" not in page.soup.main.get_text()


def test_the_site_follows_its_address(home: HomePage, settings: pytest.FixtureRequest) -> None:
    settings.SITE_URL = "https://nord.musterstadt.example"  # type: ignore[attr-defined]
    follow_site_url()
    site = Site.objects.get(is_default_site=True)
    assert (site.hostname, site.port, site.root_page_id) == ("nord.musterstadt.example", 443, home.pk)


def test_a_missing_page_shows_the_ways_on(client: Client, home: HomePage) -> None:
    response = client.get("/gibt-es-nicht/")
    assert response.status_code == 404
    page = Page(response)
    assert page.headings(1) == ["Diese Seite gibt es nicht"]
    assert page.links()["Freie Termine ansehen"] == "/termine/"
    assert page.title() == "Diese Seite gibt es nicht · Quartiersmanagement Musterstadt Nord"


def test_pages_stand_before_there_is_an_office(client: Client, db: None) -> None:
    response = client.get("/gibt-es-nicht/")
    assert response.status_code == 404
    assert Page(response).title() == "Diese Seite gibt es nicht · Quartiersbüro"


def test_a_time_goes_to_the_next_line_behind_a_comma_only(
    client: Client, home: HomePage, slots: list[Slot]
) -> None:
    link = Page(client.get("/")).soup.select_one(".qm-next a")
    assert link.get_text() == "Dienstag, 24.\N{NO-BREAK SPACE}November, 14:00\N{NO-BREAK SPACE}Uhr"
