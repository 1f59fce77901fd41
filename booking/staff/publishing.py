"""Publish office hours: a form, a preview of the dates, and what came of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.http.request import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from booking import recurrence
from booking.actions import drafts, publishing
from booking.actions.errors import NoVideoLink
from booking.actions.publishing import Published, Series
from booking.models import Availability, Service
from booking.public_holidays import school_holidays_known_until
from booking.staff import doors, history, results, roles, sentences
from booking.staff.forms.series import SeriesForm, from_series, from_service
from booking.staff.series import RESULT, series_of
from booking.staff.views import StaffView

LONGEST_RHYTHM = timedelta(weeks=10)


class WritesSeries(StaffView):
    """The form of a series; `step` says which of its buttons was pressed.

    They are suggest, preview, edit, draft and publish; what the last two do is said by the pages.
    """

    permission = roles.PUBLISH
    template_name = "staff/publish.html"
    draft: Availability | None = None

    def answer(self, typed: QueryDict) -> HttpResponseBase:
        """Go on with what was typed, whatever button was pressed."""
        step = typed.get("step")
        if step == "suggest":
            return self._suggest(typed)
        form = SeriesForm(typed, office=self.office)
        if not form.is_valid():
            return self.page(form=form, status=422)
        if step == "edit":
            return self.page(form=form)
        try:
            return self._go_on(step, form)
        except NoVideoLink as error:
            # She gave the link up between the form's look at it and now.
            form.add_error("channels", str(error))
            return self.page(form=form, status=422)

    def _go_on(self, step: str | None, form: SeriesForm) -> HttpResponseBase:
        series = form.series()
        if step == "draft":
            return self._keep(self.save_draft(series))
        plan = publishing.plan(series, self.now)
        if step == "publish" and self._makes_sense(plan, series):
            return self._tell(self.publish(series))
        return self.preview(form, series, plan)

    def save_draft(self, series: Series) -> Availability:
        """Write the series down without publishing anything."""
        raise NotImplementedError

    def publish(self, series: Series) -> Published:
        """Publish the series."""
        raise NotImplementedError

    def preview(self, form: SeriesForm, series: Series, plan: Published) -> HttpResponseBase:
        """Show every date before anything is published."""
        self.template_name = "staff/publish_preview.html"
        return self.page(
            form=form,
            series=series,
            sentence=sentences.whole(series.pattern, series),
            dates=results.dates(plan),
            created=plan.created,
            outlook=results.outlook(plan, self.now),
            may_publish=self._makes_sense(plan, series),
            school_holidays_end=self._unknown_school_holidays(series),
        )

    def _suggest(self, typed: QueryDict) -> HttpResponseBase:
        """Put the service's own values in; everything else stays as it was typed."""
        services = list(self.office.services.filter(is_active=True))
        chosen = typed.get("service")
        service = next((s for s in services if str(s.pk) == chosen), services[0] if services else None)
        return self.page(form=SeriesForm(office=self.office, initial=_suggested(typed, service)))

    def _makes_sense(self, plan: Published, series: Series) -> bool:
        """Whether there are dates, or the first one lies beyond the horizon and will be made in time."""
        return bool(plan.created) or series.pattern.begins_on > self._horizon()

    def _horizon(self) -> date:
        return self.today.date() + timedelta(weeks=self.office.horizon_weeks)

    def _unknown_school_holidays(self, series: Series) -> date | None:
        """Return the end of the known school holidays if the series leaves them out and goes on longer."""
        if not series.skip_school_holidays:
            return None
        known = school_holidays_known_until(self.office.state, self.today.date())
        until = series.pattern.ends_on or self._horizon()
        return known if known and known < until else None

    def _keep(self, draft: Availability) -> HttpResponseBase:
        history.note(draft, "booking.save_draft")
        messages.success(self.request, gettext("The draft is saved. Nothing of it is published yet."))
        return redirect("staff:series", pk=draft.pk)

    def _tell(self, published: Published) -> HttpResponseBase:
        history.note(published.availability, "booking.publish", dates=len(published.created))
        results.remember(self.request, published, self.now)
        return redirect(reverse("staff:series", args=[published.availability.pk]) + f"?{RESULT}")


class PublishView(WritesSeries):
    """A new series, empty or after the model of another one: `?reihe=17`."""

    page_title = _("Publish office hours")
    header_icon = "plus"
    parents: ClassVar = [("hours_list", _("Office hours"))]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the form with the values of the service that was asked for, else of the first one."""
        services = list(self.office.services.filter(is_active=True))
        slug = request.GET.get("angebot")
        service = next((s for s in services if s.slug == slug), services[0] if services else None)
        if service is None or not self.office.hosts.filter(is_active=True).exists():
            return self.page(nothing_to_offer=True)
        model = self._model(request.GET.get("reihe", ""))
        initial = self._as(model) if model else self._empty(service)
        return self.page(form=SeriesForm(office=self.office, initial=initial), model=model)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Preview, save or publish it."""
        return self.answer(request.POST)

    def _empty(self, service: Service) -> dict[str, Any]:
        host = doors.host_of(self.request)
        return from_service(service) | {
            "host": host.pk if host and host.is_active else None,
            "first_on": self._tomorrow(),
        }

    def _model(self, key: str) -> Availability | None:
        if not key.isascii() or not key.isdigit():
            return None
        return get_object_or_404(series_of(self), pk=int(key))

    def _as(self, model: Availability) -> dict[str, Any]:
        """Return the values of another series, from its next date on, so that every 2nd week stays the same week."""
        tomorrow = self._tomorrow()
        initial = from_series(model)
        if initial["first_on"] < tomorrow:
            coming = recurrence.windows(model, tomorrow, tomorrow + LONGEST_RHYTHM)
            initial["first_on"] = coming[0].day if coming else tomorrow
        if initial["last_on"] and initial["last_on"] < initial["first_on"]:
            initial["last_on"] = None
        return initial

    def _tomorrow(self) -> date:
        return self.today.date() + timedelta(days=1)

    def save_draft(self, series: Series) -> Availability:
        """Write a new series down."""
        return drafts.save_draft(series, self.now)

    def publish(self, series: Series) -> Published:
        """Write a new series down and publish it."""
        return publishing.open_series(series, self.now)


def _suggested(typed: QueryDict, service: Service | None) -> dict[str, Any]:
    several = ("weekdays", "channels")
    initial: dict[str, Any] = {
        name: typed.getlist(name) if name in several else typed.get(name) for name in SeriesForm.base_fields
    }
    return initial | (from_service(service) if service else {})
