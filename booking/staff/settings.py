"""The forms that change what the office says about itself: office and services."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from booking.actions import office_profile, offices
from booking.models import Service
from booking.staff import history, roles
from booking.staff.forms.funders import FunderFormSet
from booking.staff.forms.office import OfficeForm
from booking.staff.forms.service import ServiceForm
from booking.staff.views import StaffView


class SettingsView(StaffView):
    """A form about one thing; saved, or shown again with its errors."""

    template_name = "staff/settings.html"

    def show(self, form: ModelForm[Any], status: int = 200) -> HttpResponseBase:
        """Show the form."""
        return self.page(form=form, status=status)

    def save(self, form: ModelForm[Any], back_to: str) -> HttpResponseBase:
        """Save what is valid and go on; anything else is shown again."""
        if not form.is_valid():
            return self.show(form, status=422)
        saved: Model = form.save()
        history.note(saved, history.EDIT)
        messages.success(self.request, _("Saved."))
        return redirect(back_to)


class OfficeView(StaffView):
    """Who the office is, its contacts, hours, rules and funders."""

    permission = roles.EDIT_OFFICE
    template_name = "staff/office.html"
    page_title = _("Office")
    header_icon = "home"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show them."""
        return self.page(
            form=OfficeForm(instance=self.office, now=self.now), funders=FunderFormSet(office=self.office)
        )

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Save them."""
        form = OfficeForm(request.POST, request.FILES, instance=self.office, now=self.now)
        funders = FunderFormSet(request.POST, request.FILES, office=self.office)
        # Both are asked, so that everything to mend is said at once.
        if not all([form.is_valid(), funders.is_valid()]):
            return self.page(form=form, funders=funders, status=422)
        office_profile.save_office(self.office, form.model_fields(), form.logo, funders.entries())
        history.note(self.office, history.EDIT)
        messages.success(request, _("Saved."))
        return redirect("staff:office")


class ServicesView(StaffView):
    """What the office offers."""

    permission = roles.EDIT_SERVICES
    template_name = "staff/services.html"
    page_title = _("Services")
    header_icon = "list-ul"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """List it."""
        return self.page(services=self.office.services.all())


class NewServiceView(SettingsView):
    """Adds a service."""

    permission = roles.EDIT_SERVICES
    page_title = _("Add a service")
    header_icon = "list-ul"
    parents: ClassVar = [("services", ServicesView.page_title)]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show an empty form."""
        return self.show(ServiceForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Save it under a free short name, which stays."""
        form = ServiceForm(request.POST, instance=Service(office=self.office))
        if not form.is_valid():
            return self.show(form, status=422)
        service = offices.add_service(form.save(commit=False))
        history.note(service, history.CREATE)
        messages.success(request, _("The service is added. Now you can publish office hours for it."))
        return redirect("staff:services")


class ServiceView(SettingsView):
    """Changes a service; series that are published keep their values."""

    permission = roles.EDIT_SERVICES
    header_icon = "list-ul"
    parents: ClassVar = [("services", ServicesView.page_title)]
    service: Service

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Show it."""
        return self.show(ServiceForm(instance=self._load(pk)))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Save it."""
        return self.save(ServiceForm(request.POST, instance=self._load(pk)), "staff:services")

    def _load(self, pk: int) -> Service:
        self.service = get_object_or_404(self.office.services.all(), pk=pk)
        return self.service

    def get_page_title(self) -> str:
        """Its title."""
        return str(self.service)
