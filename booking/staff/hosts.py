"""Who gives consultations: adding people, changing them, giving them a login, and when they stop."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from wagtail.admin import messages

from booking.actions import offices
from booking.actions.errors import BookingError
from booking.models import Host
from booking.staff import agenda, history, logins, roles
from booking.staff.forms.host import HostForm, LoginForm
from booking.staff.settings import SettingsView
from booking.staff.views import StaffView


class HostsView(StaffView):
    """Everybody who gives or gave consultations; those who stopped come last."""

    permission = roles.MANAGE_HOSTS
    template_name = "staff/hosts.html"
    page_title = _("Hosts")
    header_icon = "group"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """List them."""
        hosts = self.office.hosts.select_related("user").order_by("-is_active", "name")
        return self.page(hosts=hosts)


class NewHostView(SettingsView):
    """Adds a host; she may work with or without a login."""

    permission = roles.MANAGE_HOSTS
    page_title = _("Add a host")
    header_icon = "group"
    parents: ClassVar = [("hosts", HostsView.page_title)]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show an empty form."""
        return self.show(HostForm(instance=Host(office=self.office), now=self.now))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Save her under a free short name, which stays, and go where she can be given a login."""
        form = HostForm(request.POST, instance=Host(office=self.office), now=self.now)
        if not form.is_valid():
            return self.show(form, status=422)
        host = offices.add_host(form.save(commit=False))
        history.note(host, history.CREATE)
        messages.success(request, _("The host is added. Now you can publish office hours for this person."))
        return redirect("staff:host", pk=host.pk)


class OfHost(SettingsView):
    """A page about one host of the office."""

    permission = roles.MANAGE_HOSTS
    header_icon = "group"
    parents: ClassVar = [("hosts", HostsView.page_title)]
    host: Host
    name: str

    def load(self, pk: int) -> Host:
        """Return the host; 404 for one of another office."""
        self.host = get_object_or_404(self.office.hosts.select_related("user", "office"), pk=pk)
        # A form that is refused has put what was typed into the host.
        self.name = self.host.name
        return self.host


class HostView(OfHost):
    """Changes what is said about a host, and leads to everything else about her."""

    template_name = "staff/host.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Show it."""
        return self.show(HostForm(instance=self.load(pk), now=self.now))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Save it."""
        return self.save(HostForm(request.POST, instance=self.load(pk), now=self.now), "staff:hosts")

    def show(self, form: ModelForm[Any], status: int = 200) -> HttpResponseBase:
        """Show the form, and what else there is to do."""
        return self.page(form=form, host=self.host, status=status)

    def get_page_title(self) -> str:
        """Her name."""
        return self.name


class DeactivateHostView(OfHost):
    """Takes a host out of what residents can book, after showing what that means."""

    template_name = "staff/host_deactivate.html"
    page_title = _("Offer no more times")

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Show how many dates go and which appointments stay."""
        host = self.load(pk)
        if not host.is_active:
            return redirect("staff:host", pk=pk)
        offered = agenda.in_office(self.office).filter(host=host, withdrawn_at=None)
        return self.page(
            host=host,
            dates=offered.live().coming(self.now).count(),
            bookings=list(agenda.booked_with(host, self.now)),
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Do it."""
        host = self.load(pk)
        if host.is_active:
            offices.deactivate_host(host)
            history.note(host, "booking.deactivate_host")
            messages.success(request, gettext("Nothing of %(host)s is offered any more.") % {"host": host})
        return redirect("staff:hosts")


class ReactivateHostView(OfHost):
    """Offers a host's times again."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Do it, and say how many dates were published that were missing."""
        host = self.load(pk)
        if not host.is_active:
            published = offices.reactivate_host(host, self.now)
            history.note(host, "booking.reactivate_host")
            count = sum(len(each.created) for each in published)
            text = ngettext(
                "The times of %(host)s are offered again. %(count)d date was added.",
                "The times of %(host)s are offered again. %(count)d dates were added.",
                count,
            )
            messages.success(request, text % {"host": host, "count": count})
        return redirect("staff:hosts")


@method_decorator(never_cache, name="dispatch")
class HostLoginView(OfHost):
    """Gives a host a login, and shows the link to come in with for the first time. It is not mailed."""

    template_name = "staff/host_login.html"
    asks_who_it_is = True
    page_title = _("Give a login")

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Ask for the address, or say what there is."""
        host = self.load(pk)
        return self._ask(LoginForm(initial={"email": host.email}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Give it; one that nobody has used yet comes with its link, and can be asked for again."""
        host = self.load(pk)
        form = LoginForm(request.POST if host.user is None else {"email": host.user.email})
        if not form.is_valid():
            return self._ask(form, status=422)
        try:
            user = offices.give_login(host, form.cleaned_data["email"], roles.managers_group())
        except BookingError as error:
            form.add_error("email", error.message)
            return self._ask(form, status=422)
        if host.user is None:
            history.note(host, "booking.give_login")
        return self._given(user)

    def _ask(self, form: LoginForm, status: int = 200) -> HttpResponseBase:
        user = self.host.user
        is_new = user is not None and logins.was_never_used(user)
        return self.page(host=self.host, form=form, login=user, is_new=is_new, status=status)

    def _given(self, user: AbstractUser) -> HttpResponseBase:
        """Answer at once instead of sending the browser on: the link is kept nowhere."""
        self.template_name = "staff/host_login_given.html"
        link = logins.one_time_link(user) if logins.was_never_used(user) else ""
        return self.page(host=self.host, login=user, link=link)
