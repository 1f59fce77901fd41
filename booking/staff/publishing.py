"""Publish office hours: a form, a preview of the dates, and what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.http.request import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from booking.actions import publishing
from booking.actions.publishing import Published, Series
from booking.models import Service
from booking.recurrence import sentence
from booking.staff import doors, history, results, roles
from booking.staff.forms.series import SeriesForm, from_service, times_per_date
from booking.staff.series import RESULT
from booking.staff.views import StaffView


class PublishView(StaffView):
    """The form; `step` says which of its buttons was pressed: suggest, preview, publish or edit."""

    permission = roles.PUBLISH
    template_name = "staff/publish.html"
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
        host = doors.host_of(request)
        initial = from_service(service) | {
            "host": host.pk if host and host.is_active else None,
            "first_on": (self.today + timedelta(days=1)).date(),
        }
        return self.page(form=SeriesForm(office=self.office, initial=initial))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Go on with what was typed, whatever button was pressed."""
        step = request.POST.get("step")
        if step == "suggest":
            return self._suggest(request.POST)
        form = SeriesForm(request.POST, office=self.office)
        if not form.is_valid():
            return self.page(form=form, status=422)
        if step == "edit":
            return self.page(form=form)
        series = form.series()
        plan = publishing.plan(series, self.now)
        if step == "publish" and self._makes_sense(plan, series):
            return self._publish(request, series)
        return self._preview(form, series, plan)

    def _suggest(self, typed: QueryDict) -> HttpResponseBase:
        """Put the service's own values in; everything else stays as it was typed."""
        services = list(self.office.services.filter(is_active=True))
        chosen = typed.get("service")
        service = next((s for s in services if str(s.pk) == chosen), services[0] if services else None)
        return self.page(form=SeriesForm(office=self.office, initial=_suggested(typed, service)))

    def _preview(self, form: SeriesForm, series: Series, plan: Published) -> HttpResponseBase:
        self.template_name = "staff/publish_preview.html"
        return self.page(
            form=form,
            series=series,
            sentence=sentence(series.pattern),
            dates=results.dates(plan),
            created=plan.created,
            times=times_per_date(series),
            may_publish=self._makes_sense(plan, series),
        )

    def _makes_sense(self, plan: Published, series: Series) -> bool:
        """Whether there are dates, or the first one lies beyond the horizon and will be made in time."""
        horizon = self.today.date() + timedelta(weeks=self.office.horizon_weeks)
        return bool(plan.created) or series.pattern.begins_on > horizon

    def _publish(self, request: HttpRequest, series: Series) -> HttpResponseBase:
        published = publishing.open_series(series, self.now)
        history.note(published.availability, "booking.publish", dates=len(published.created))
        results.remember(request, published)
        return redirect(reverse("staff:series", args=[published.availability.pk]) + f"?{RESULT}")


def _suggested(typed: QueryDict, service: Service | None) -> dict[str, Any]:
    several = ("weekdays", "channels")
    initial: dict[str, Any] = {
        name: typed.getlist(name) if name in several else typed.get(name) for name in SeriesForm.base_fields
    }
    return initial | (from_service(service) if service else {})
