"""Events of the quarter, and what came of those where neighbours had a say."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, Self

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import PageManager
from wagtail.search import index
from wagtail.url_routing import RouteResult

from booking.context import default_office
from booking.links import absolute
from booking.website import PublicEvent
from qmportal.website import event_file
from qmportal.website.blocks import TEXT_FEATURES, ArticleBlocks
from qmportal.website.models.illustrated import (
    PICTURE_PANEL,
    PICTURES,
    IllustratedForm,
    IllustratedPage,
    IllustratedQuerySet,
)
from qmportal.website.models.tree import (
    SECTION_PANELS,
    SitePage,
    SitePageQuerySet,
    active_language,
    told_in,
)

ON_A_PAGE: Final = 10
FILE: Final = "termin.ics"
USUAL_LENGTH: Final = timedelta(hours=2)


class EventIndexPage(SitePage):
    """All events: the coming ones first, then those that are over."""

    lead = models.CharField(_("first sentence"), max_length=300, blank=True)

    objects = PageManager.from_queryset(SitePageQuerySet)()

    template = "website/event_index.html"
    parent_page_types: ClassVar[list[str]] = ["website.HomePage"]
    subpage_types: ClassVar[list[str]] = ["website.EventPage"]
    max_count_per_parent = 1
    promote_panels: ClassVar[list[Any]] = SECTION_PANELS
    content_panels: ClassVar[list[Any]] = [*SitePage.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = _("list of events")
        verbose_name_plural = _("lists of events")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what is to come, today's included, and a page of what is over, of all years or of one."""
        context = super().get_context(request, *args, **kwargs)
        office = default_office()
        zone = office.zone if office else timezone.get_default_timezone()
        midnight = timezone.now().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        shown, over = EventPage.objects.shown(), EventPage.objects.shown().over(midnight)
        years = [day.year for day in over.datetimes("starts_at", "year", order="DESC", tzinfo=zone)]
        year = next((each for each in years if str(each) == request.GET.get("jahr")), None)
        of_year = over.filter(starts_at__year=year) if year else over
        page_obj = Paginator(of_year.with_pictures(), ON_A_PAGE).get_page(request.GET.get("seite"))
        return context | {
            "coming": told_in(shown.coming(midnight).with_pictures(), active_language(), PICTURES),
            "page_obj": page_obj,
            "over": told_in(page_obj.object_list, active_language(), PICTURES),
            "years": years,
            "year": year,
        }


class EventQuerySet(IllustratedQuerySet):
    """Events by when they are."""

    def between(self, first: datetime, last: datetime) -> Self:
        """Return those that share a moment with the interval."""
        found: Self = self.filter(starts_at__lt=last, ends_at__gt=first)
        return found

    def coming(self, now: datetime) -> Self:
        """Return those that are not over, the next first."""
        found: Self = self.filter(ends_at__gt=now).order_by("starts_at", "pk")
        return found

    def over(self, now: datetime) -> Self:
        """Return those that are over, the latest first."""
        found: Self = self.filter(ends_at__lte=now).order_by("-starts_at", "-pk")
        return found

    def with_outcome(self) -> Self:
        """Return those where neighbours had a say and that tell what came of it, the latest first."""
        told = self.filter(is_participation=True).exclude(outcome="")
        found: Self = told.order_by(F("outcome_on").desc(nulls_last=True), "-starts_at")
        return found


class EventForm(IllustratedForm):
    """The form of an event; most take two hours."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_at"].required = False
        self.fields["ends_at"].help_text = _(
            "Leave it empty if it takes two hours. If you move the beginning, the end moves too."
        )

    def clean(self) -> dict[str, Any]:
        """Let it end two hours after it begins, where nobody says when, and as late as before, where it is moved."""
        cleaned: dict[str, Any] = super().clean()
        start, before = cleaned.get("starts_at"), self.instance
        if start and "ends_at" not in self.errors:
            end = cleaned.get("ends_at") or start + USUAL_LENGTH
            is_moved = before.pk and end == before.ends_at
            cleaned["ends_at"] = start + (end - before.starts_at) if is_moved else end
        return cleaned

    def get_field_updates_for_resave(self) -> list[tuple[str, Any]]:
        """Show the end in the form that is still open while a draft saves itself."""
        updates: list[tuple[str, Any]] = super().get_field_updates_for_resave()
        end = self.cleaned_data.get("ends_at")
        shown = self.fields["ends_at"].widget.format_value(timezone.localtime(end)) if end else ""
        return [*updates, (self.add_prefix("ends_at"), shown)]


class EventPage(IllustratedPage):
    """An event; in the calendar feeds too, under an identifier that it keeps for life."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(
        _("place"), max_length=200, blank=True, help_text=_("Leave it empty if it is at the office.")
    )
    access_note = models.CharField(
        _("how to get in"), max_length=200, blank=True, help_text=_("Steps, bell, languages, childcare …")
    )
    lead = models.TextField(_("in one or two sentences"), max_length=300)
    body = StreamField(ArticleBlocks(), blank=True, verbose_name=_("text"))
    is_cancelled = models.BooleanField(
        _("does not take place"),
        default=False,
        help_text=_("The page stays, and calendars show the event as cancelled."),
    )
    is_participation = models.BooleanField(_("neighbours have a say"), default=False)
    outcome = RichTextField(
        _("what came of it"),
        features=TEXT_FEATURES,
        blank=True,
        help_text=_("Afterwards: what was said, and what happens with it."),
    )
    outcome_on = models.DateField(_("told on"), null=True, blank=True)

    objects = PageManager.from_queryset(EventQuerySet)()

    base_form_class = EventForm
    # A translation is the same event in other words: only the original is in the feeds.
    exclude_fields_in_copy: ClassVar[list[str]] = ["uid"]
    template = "website/event.html"
    parent_page_types: ClassVar[list[str]] = ["website.EventIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Any]] = [
        *SitePage.content_panels,
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        FieldPanel("place"),
        FieldPanel("access_note"),
        FieldPanel("lead"),
        PICTURE_PANEL,
        FieldPanel("body"),
        FieldPanel("is_cancelled"),
        MultiFieldPanel(
            [FieldPanel("is_participation"), FieldPanel("outcome"), FieldPanel("outcome_on")],
            heading=_("participation"),
        ),
    ]
    search_fields: ClassVar[list[Any]] = [
        *SitePage.search_fields,
        index.SearchField("lead"),
        index.SearchField("body"),
        index.SearchField("place"),
        index.FilterField("starts_at"),
    ]

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_it_begins")
        ]

    def clean(self) -> None:
        """Refuse an end before the beginning, in words."""
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The end has to be after the beginning.")})

    @property
    def public_event(self) -> PublicEvent:
        """The event in the words of this page; when it is and whether it takes place says the original."""
        event: EventPage = self.original.specific
        published = [each.last_published_at for each in (event, self) if each.last_published_at]
        first = event.first_published_at or event.starts_at
        changed_at = max(published, default=first)
        return PublicEvent(
            uid=str(event.uid),
            title=self.title,
            start=event.starts_at,
            end=event.ends_at,
            place=self.place,
            access=self.access_note,
            summary=self.lead,
            url=absolute(self.get_url() or ""),
            is_cancelled=event.is_cancelled,
            changed_at=changed_at,
            # It must rise with each publication, and may leave gaps (RFC 5545, 3.8.7.4).
            sequence=max(0, int(changed_at.timestamp() - first.timestamp())),
        )

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Have the file for calendars one step below."""
        if path_components == [FILE] and self.live:
            return RouteResult(self, kwargs={"as_file": True})
        return super().route(request, path_components)

    def serve(self, request: HttpRequest, *args: Any, as_file: bool = False, **kwargs: Any) -> HttpResponse:
        """Answer the event as a page, or as a file for a calendar."""
        if as_file:
            return event_file.answer(self)
        answer: HttpResponse = super().serve(request, *args, **kwargs)
        return answer

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the list it stands in, and when it is: the original says that."""
        context = super().get_context(request, *args, **kwargs)
        event: EventPage = self.original.specific
        return context | {
            "event": event,
            "is_over": event.ends_at <= timezone.now(),
            "file_url": f"{self.get_url(request)}{FILE}",
        }
