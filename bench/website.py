"""The website that is measured: the demo's quarter in German and Arabic, with forty pieces of news."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from wagtail.models import Collection, Locale, Page

from booking.models import Office
from qmportal.website.demo import build_site, furnish_quarter
from qmportal.website.demo.site import publish
from qmportal.website.models import NewsIndexPage, NewsPage

LANGUAGES: Final = ["de", "ar"]
NEWS: Final = 40
# Everybody's word: it stands in the text of each piece of news, and in no title.
COMMON: Final = "Nachbarschaft"
PAGES: Final = {
    "home page": "/",
    "home page in Arabic": "/ar/",
    "list of 40 pieces of news": "/aktuelles/",
    "search, as many hits as are shown": f"/suche/?q={COMMON}",
    "project money": "/verfuegungsfonds/",
}


def build(office: Office, now: datetime) -> None:
    """Build the website of the demo, and add news until there are forty that anybody may read."""
    _plant()
    home = build_site(office, languages=LANGUAGES)
    furnish_quarter(home, office, now)
    index = NewsIndexPage.objects.get(locale=home.locale)
    body = [("text", f"<p>{' '.join(['Was in der', COMMON, 'geschieht, steht hier.'] * 20)}</p>")]
    picture = NewsPage.objects.exclude(picture=None)[0].picture
    for number in range(NEWS - NewsPage.objects.live().filter(locale=home.locale).count()):
        day = now.date() - timedelta(days=number)
        page = NewsPage(title=f"Meldung {number}", slug=f"meldung-{number}", locale=home.locale, day=day)
        page.lead, page.body, page.picture = "Kurz gesagt.", body, picture
        publish(page, index)


def _plant() -> None:
    """Put back the roots of pages and uploads that Wagtail's migrations made, where the tables were emptied."""
    german = Locale.objects.get_or_create(language_code="de")[0]
    if Page.get_first_root_node() is None:
        Page.add_root(instance=Page(title="Root", slug="root", locale=german))
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
