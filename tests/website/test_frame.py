from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Locale, PageViewRestriction

from booking.models import Office, Slot
from qmportal.website.frame import Way, frame
from qmportal.website.models import ContentPage, HomePage, NewsIndexPage, SignLanguagePage, Video
from tests.website.page import Page
from tests.website.pages import translate

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("on_monday")]


def section(home: HomePage, title: str, slug: str, **fields: object) -> ContentPage:
    """Make a page below the home page that the menu shows."""
    page = ContentPage(title=title, slug=slug, locale=home.locale, show_in_menus=True, **fields)
    home.add_child(instance=page)
    return page


def menu(client: Client, path: str) -> dict[str, str]:
    """Return the links of the main menu."""
    page = Page(client.get(path))
    return {link.get_text(): link["href"] for link in page.soup.select(".qm-nav a")}


def test_a_section_stands_in_the_menu_of_every_page(client: Client, home: HomePage) -> None:
    section(home, "Über uns", "ueber-uns")
    for path in ("/", "/termine/", "/impressum/", "/gibt-es-nicht/"):
        assert menu(client, path)["Über uns"] == "/ueber-uns/", path


def test_pages_that_no_menu_shows_and_drafts_stay_out(home: HomePage) -> None:
    section(home, "Entwurf", "entwurf", live=False)
    assert frame("de").sections == []


def test_a_page_that_is_not_for_everybody_is_in_no_menu(home: HomePage) -> None:
    about = section(home, "Für das Team", "team")
    PageViewRestriction.objects.create(page=about, restriction_type=PageViewRestriction.LOGIN)
    assert frame("de").sections == []


def test_the_menu_is_in_the_language_that_is_read(home: HomePage) -> None:
    about = section(home, "Über uns", "ueber-uns")
    english = Locale.objects.get(language_code="en")
    translated = about.copy_for_translation(english)
    translated.title = "About us"
    translated.save_revision().publish()
    section(home, "Partner", "partner")
    assert [(way.title, way.language) for way in frame("en").sections] == [
        ("About us", "en"),
        ("Partner", "de"),
    ]


def test_the_menu_marks_the_page_and_what_is_above_it(client: Client, home: HomePage) -> None:
    about = section(home, "Über uns", "ueber-uns")
    about.add_child(instance=ContentPage(title="Team", slug="team", locale=home.locale))
    marked = {
        path: [
            (a.get_text(), a["aria-current"])
            for a in Page(client.get(path)).soup.select(".qm-nav [aria-current]")
        ]
        for path in ("/", "/ueber-uns/", "/ueber-uns/team/", "/termine/")
    }
    assert marked == {
        "/": [],
        "/ueber-uns/": [("Über uns", "page")],
        "/ueber-uns/team/": [("Über uns", "true")],
        "/termine/": [("Termine", "page")],
    }


def test_the_page_in_simple_language_stands_in_the_footer(home: HomePage) -> None:
    section(home, "Leichte Sprache", "leichte-sprache", wording="de-simple")
    assert frame("de").simple == Way("Leichte Sprache", "/leichte-sprache/", "de")
    assert frame("de").sections == []


def test_the_news_feed_stands_in_the_footer_once_there_is_a_page_of_news(
    client: Client, home: HomePage
) -> None:
    assert frame("de").news_feed == ""
    home.add_child(instance=NewsIndexPage(title="Aktuelles", slug="aktuelles", locale=home.locale))
    links = Page(client.get("/ar/termine/")).soup.select("footer a")
    assert [link["href"] for link in links if "feed" in link["href"]] == ["/ar/aktuelles/feed/"]


def test_a_page_of_text_leads_to_the_next_free_time(
    client: Client, home: HomePage, slots: list[Slot]
) -> None:
    section(home, "Über uns", "ueber-uns")
    beside = Page(client.get("/ueber-uns/")).soup.select("main aside .qm-next a")
    assert [link["href"] for link in beside] == [f"/termine/{slots[0].pk}/"]


def test_sign_language_is_offered_once_there_is_a_video(home: HomePage) -> None:
    page = SignLanguagePage(title="Gebärdensprache", slug="gebaerdensprache", locale=home.locale)
    home.add_child(instance=page)
    assert frame("de").signed is None
    page.video = Video.objects.create(title="Willkommen", file="videos/a.mp4", subtitles="videos/a.vtt")
    page.save()
    assert frame("de").signed == Way("Gebärdensprache", "/gebaerdensprache/", "de")


def test_the_frame_asks_once_for_1_and_30_sections(
    home: HomePage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        section(home, f"Seite {number}", f"seite-{number}")
        if number in (0, 29):
            with django_assert_num_queries(1):
                assert len(frame("en").sections) == number + 1


def test_each_language_is_offered_by_its_own_name_and_the_present_one_is_marked(
    client: Client, office: Office
) -> None:
    links = Page(client.get("/ar/termine/?ansicht=monat")).soup.select(".qm-languages a")
    assert [(link["lang"], link["href"]) for link in links][:3] == [
        ("de", "/termine/?ansicht=monat"),
        ("de-simple", "/de-simple/termine/?ansicht=monat"),
        ("en", "/en/termine/?ansicht=monat"),
    ]
    assert [link.get_text() for link in links if link.get("aria-current")] == ["العربية"]
    assert len(links) == 9


def text(home: HomePage, language: str = "de") -> ContentPage:
    """Make a page below the home page with a first sentence, a paragraph and a heading."""
    body = [("text", "<p>Guten Tag.</p>"), ("heading", "Fragen")]
    return section(home, "Über uns", "ueber-uns", lead="Wer wir sind.", body=body)


def test_german_words_on_an_arabic_page_say_so(client: Client, home: HomePage) -> None:
    text(home)
    main = Page(client.get("/ar/ueber-uns/")).soup.main
    marked = [(found.name, found.get_text(strip=True)) for found in main.find_all(lang="de", dir="ltr")]
    assert marked == [("h1", "Über uns"), ("p", "Wer wir sind."), ("div", "Guten Tag."), ("h2", "Fragen")]
    assert main.find(class_="qm-only") is not None


def test_german_words_on_a_german_page_say_nothing(client: Client, home: HomePage) -> None:
    text(home)
    main = Page(client.get("/ueber-uns/")).soup.main
    assert main.find_all(lang=True) == []
    assert main.find(class_="qm-only") is None


def test_simple_language_is_not_called_german_only(client: Client, home: HomePage) -> None:
    section(home, "Leichte Sprache", "leichte-sprache", wording="de-simple")
    main = Page(client.get("/en/leichte-sprache/")).soup.main
    assert main.h1["lang"] == "de-simple"
    assert main.find(class_="qm-only") is None


def test_below_a_page_in_simple_language_german_is_simple_too(
    client: Client, home: HomePage, office: Office
) -> None:
    Office.objects.update(carrier="Stadtbüro gGmbH")
    section(home, "Leichte Sprache", "leichte-sprache", wording="de-simple")
    foot = Page(client.get("/leichte-sprache/")).soup.footer
    assert foot.find_parent(lang="de-simple") is not None
    assert "Das Büro gehört zu: Stadtbüro gGmbH" in foot.get_text()
    assert Page(client.get("/en/leichte-sprache/")).soup.footer.find_parent(lang="de-simple") is None


def test_a_page_below_a_section_leads_back_to_it(client: Client, home: HomePage) -> None:
    about = text(home)
    about.add_child(instance=ContentPage(title="Team", slug="team", locale=home.locale))
    assert Page(client.get("/ueber-uns/team/")).soup.select_one(".qm-back")["href"] == "/ueber-uns/"
    assert Page(client.get("/ueber-uns/")).soup.select_one(".qm-back") is None


def test_a_page_of_text_leads_to_those_below_it(client: Client, home: HomePage) -> None:
    about = text(home)
    team = ContentPage(title="Team", slug="team", locale=home.locale)
    for page in (team, ContentPage(title="Entwurf", slug="entwurf", locale=home.locale, live=False)):
        about.add_child(instance=page)
    translate(team, "tr", title="Ekip")
    shown = {
        path: Page(client.get(path)).soup.select("main nav a") for path in ("/ueber-uns/", "/tr/ueber-uns/")
    }
    assert {path: [(link.get_text(), link["href"]) for link in links] for path, links in shown.items()} == {
        "/ueber-uns/": [("Team", "/ueber-uns/team/")],
        "/tr/ueber-uns/": [("Ekip", "/tr/ueber-uns/team/")],
    }
    assert Page(client.get("/ueber-uns/team/")).soup.select("main nav") == []


def test_names_of_who_pays_and_runs_the_office_are_marked_as_german(
    client: Client, home: HomePage, office: Office
) -> None:
    office.programme, office.carrier = "Sozialer Zusammenhalt", "Stadtbüro gGmbH"
    office.save()
    office.funders.create(name="Stadt Musterstadt")
    frame_of_page = Page(client.get("/ar/termine/")).soup
    marked = {
        found.get_text(strip=True) for found in frame_of_page.select("header [lang=de], footer [lang=de]")
    }
    assert {"Sozialer Zusammenhalt", "Stadtbüro gGmbH", "Stadt Musterstadt"} <= marked
