"""All news and all events in one list each, and the way straight to the form of a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.pages import PageListingViewSet

from qmportal.website.models import EventIndexPage, EventPage, HomePage, NewsIndexPage, NewsPage, SitePage

OF_WAGTAIL = {column.name: column for column in PageListingViewSet.columns}
TICK, TITLE, CHANGED, STATUS = (
    OF_WAGTAIL[name] for name in ("bulk_actions", "title", "latest_revision_created_at", "status")
)


def add_below(parent_kind: type[SitePage], kind: type[SitePage]) -> Callable[..., HttpResponse]:
    """Return a view that leads to the form of a new page of the kind, below the list it belongs to."""

    def view(request: HttpRequest) -> HttpResponse:
        parent = parent_kind.objects.filter(locale__language_code="de").first()
        if parent is None:
            messages.error(
                request, _("The page that lists them is missing. Please add it below the home page.")
            )
            return redirect("wagtailadmin_explore_root")
        model = kind._meta
        return redirect(
            reverse("wagtailadmin_pages:add", args=[model.app_label, model.model_name, parent.pk])
        )

    return view


def day_of(page: NewsPage) -> str:
    """Return its date in digits: "two weeks ago" would say too little of what comes next."""
    return date_format(page.day, "SHORT_DATE_FORMAT")


def begin_of(page: EventPage) -> str:
    """Return its day and hour in digits."""
    return date_format(timezone.localtime(page.starts_at), "SHORT_DATETIME_FORMAT")


def is_on_top(page: NewsPage) -> str:
    """Say so in words: Wagtail's tick is an English one for screen readers."""
    return _("yes") if page.is_pinned else ""


def is_off(page: EventPage) -> str:
    """Say so in words too."""
    return _("yes") if page.is_cancelled else ""


class NewsListing(PageListingViewSet):
    """All news, the latest first."""

    model = NewsPage
    name = "news"
    url_prefix = "meldungen"
    icon = "doc-full"
    menu_label = gettext_lazy("News")
    ordering = "-day"
    columns = [
        TICK,
        TITLE,
        Column("day", label=gettext_lazy("Date"), sort_key="day", accessor=day_of),
        Column("is_pinned", label=gettext_lazy("on top"), sort_key="is_pinned", accessor=is_on_top),
        CHANGED,
        STATUS,
    ]

    @cached_property
    def choose_parent_view(self) -> Any:
        """Leave no choice where there is none."""
        return add_below(NewsIndexPage, NewsPage)


class EventListing(PageListingViewSet):
    """All events, the latest first."""

    model = EventPage
    name = "events"
    url_prefix = "veranstaltungen"
    icon = "date"
    menu_label = gettext_lazy("Events")
    ordering = "-starts_at"
    columns = [
        TICK,
        TITLE,
        Column("starts_at", label=gettext_lazy("Begins"), sort_key="starts_at", accessor=begin_of),
        Column(
            "is_cancelled",
            label=gettext_lazy("Does not take place"),
            sort_key="is_cancelled",
            accessor=is_off,
        ),
        CHANGED,
        STATUS,
    ]

    @cached_property
    def choose_parent_view(self) -> Any:
        """Leave no choice where there is none."""
        return add_below(EventIndexPage, EventPage)


def pages_of_the_website(request: HttpRequest) -> HttpResponse:
    """Lead to the German pages; above them is nothing that writers change."""
    home = HomePage.objects.filter(locale__language_code="de").order_by("path").first()
    return redirect("wagtailadmin_explore", home.pk) if home else redirect("wagtailadmin_explore_root")
