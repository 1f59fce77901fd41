"""The pages of the website; booking itself lives in `booking/` and knows nothing of them."""

from __future__ import annotations

from qmportal.website.models.content import ContentPage, SignLanguagePage
from qmportal.website.models.events import EventIndexPage, EventPage
from qmportal.website.models.fund import FundPage
from qmportal.website.models.home import HomePage
from qmportal.website.models.news import NewsIndexPage, NewsPage, NewsTag
from qmportal.website.models.partners import PartnersPage
from qmportal.website.models.tree import SitePage
from qmportal.website.models.video import Video

__all__ = [
    "ContentPage",
    "EventIndexPage",
    "EventPage",
    "FundPage",
    "HomePage",
    "NewsIndexPage",
    "NewsPage",
    "NewsTag",
    "PartnersPage",
    "SignLanguagePage",
    "SitePage",
    "Video",
]
