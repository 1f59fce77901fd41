"""A series that is not published yet: going on with it, and throwing it away."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from booking.actions import drafts, publishing
from booking.actions.errors import NotADraft
from booking.actions.publishing import Published, Series
from booking.models import Availability
from booking.staff import history, roles
from booking.staff.forms.series import SeriesForm, from_series
from booking.staff.publishing import WritesSeries
from booking.staff.series import OfSeries, SeriesListView, series_of


class DraftView(WritesSeries):
    """The form with what the draft says; `?vorschau` shows its dates at once."""

    page_title = _("Go on with the draft")
    header_icon = "edit"
    parents: ClassVar = [("series_list", SeriesListView.page_title)]
    draft: Availability

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Say so when somebody has published or discarded it meanwhile."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotADraft as error:
            messages.error(request, str(error))
            return redirect("staff:series_list")

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Show it."""
        self.draft = get_object_or_404(series_of(self), pk=pk)
        if not self.draft.is_draft:
            return redirect("staff:series", pk=pk)
        said = from_series(self.draft)
        if "vorschau" in request.GET:
            form = SeriesForm(said, office=self.office)
            if form.is_valid():
                series = form.series()
                return self.preview(form, series, publishing.plan(series, self.now))
            return self.page(form=form)
        return self.page(form=SeriesForm(office=self.office, initial=said))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Preview, save or publish it."""
        self.draft = get_object_or_404(series_of(self), pk=pk)
        if not self.draft.is_draft:
            raise NotADraft
        return self.answer(request.POST)

    def save_draft(self, series: Series) -> Availability:
        """Let the draft say this from now on."""
        return drafts.rewrite_draft(self.draft, series, self.now)

    def publish(self, series: Series) -> Published:
        """Publish the draft as it was typed."""
        return drafts.publish_draft(self.draft, series, self.now)


class DiscardDraftView(OfSeries):
    """Throws a draft away."""

    permission = roles.PUBLISH
    template_name = "staff/series_discard.html"
    page_title = _("Discard the draft")

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Ask first."""
        if not self.load(pk).is_draft:
            return redirect("staff:series", pk=pk)
        return self.page(**self.words())

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Do it."""
        draft = self.load(pk)
        try:
            drafts.discard_draft(draft)
        except NotADraft as error:
            messages.error(request, str(error))
            return redirect("staff:series_list")
        history.note(draft, "booking.discard_draft")
        messages.success(request, gettext("The draft is discarded."))
        return redirect("staff:series_list")
