"""What all pages of the back end have in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.views import View
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from booking.models import Office
from booking.staff import doors


class StaffView(WagtailAdminTemplateMixin, View):
    """A page of the back end for those with the permission, in the office's time zone.

    `now` is read once a request; `office` limits everything that is shown or changed. Where `asks_who_it_is` is set,
    changes wait for a password or second factor that was given just now.
    """

    permission: ClassVar[str]
    asks_who_it_is: ClassVar[bool] = False
    parents: ClassVar[Sequence[tuple[str, str | Promise]]] = ()
    now: datetime
    office: Office

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse who may not, then answer with all times in the office's zone."""
        if not request.user.has_perm(self.permission):
            return doors.denied(request)
        if self.asks_who_it_is and request.method == "POST":
            doors.ask_who_it_is(request)
        office = doors.office_of(request)
        if office is None:
            return TemplateResponse(request, "staff/no_office.html", status=404)
        self.office, self.now = office, timezone.now()
        with timezone.override(office.zone):
            response = super().dispatch(request, *args, **kwargs)
            # Rendered here, since outside the zone would be another one.
            return response.render() if isinstance(response, TemplateResponse) else response

    @cached_property
    def today(self) -> datetime:
        """The local midnight at which today began."""
        return self.now.astimezone(self.office.zone).replace(hour=0, minute=0, second=0, microsecond=0)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The way to this page, which its own heading ends."""
        trail = [{"url": reverse(f"staff:{name}"), "label": label} for name, label in self.parents]
        return [{"url": reverse("wagtailadmin_home"), "label": _("Start page")}, *trail]

    def page(self, *, status: int = 200, **context: Any) -> TemplateResponse:
        """Answer with the page's template."""
        always = {"office": self.office, "now": self.now}
        always["names_are_hidden"] = doors.names_are_hidden(self.request)
        context = self.get_context_data(**always, **context)
        return TemplateResponse(self.request, self.get_template_names(), context, status=status)
