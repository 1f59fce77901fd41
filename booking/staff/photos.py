"""The photo of a host for the website: her own page of it, and that of administrators for those without a login."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from booking.actions import profiles
from booking.models import Host
from booking.staff import history
from booking.staff.forms.photo import PhotoForm
from booking.staff.hosts import HostsView, OfHost
from booking.staff.profile import OfMyself, ProfileView
from booking.staff.views import StaffView


class OfPhoto(StaffView):
    """A page about the photo of one host: `photo_page` shows it, `removal_page` takes it away."""

    photo_page: ClassVar[str]
    removal_page: ClassVar[str]

    def whose(self, **key: int) -> Host:
        """Return the host that the address means."""
        raise NotImplementedError

    def addresses(self, **key: int) -> dict[str, Any]:
        """Return where the two pages are."""
        names = {"photo_url": self.photo_page, "removal_url": self.removal_page}
        return {field: reverse(f"staff:{name}", kwargs=key) for field, name in names.items()}


class TakePhoto(OfPhoto):
    """Shows the photo there is, and takes another."""

    template_name = "staff/photo.html"

    def get(self, request: HttpRequest, **key: int) -> HttpResponseBase:
        """Ask for one."""
        return self.page(host=self.whose(**key), form=PhotoForm(), **self.addresses(**key))

    def post(self, request: HttpRequest, **key: int) -> HttpResponseBase:
        """Make a portrait of the upload."""
        host, form = self.whose(**key), PhotoForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(host=host, form=form, status=422, **self.addresses(**key))
        profiles.set_photo(host, form.cleaned_data["photo"])
        history.note(host, "booking.set_photo")
        messages.success(request, _("The photo is on the website now."))
        return redirect(self.addresses(**key)["photo_url"])


class RemovePhoto(OfPhoto):
    """Takes the photo off the website, after a question."""

    template_name = "staff/photo_remove.html"
    page_title = _("Remove the photo")

    def get(self, request: HttpRequest, **key: int) -> HttpResponseBase:
        """Ask."""
        host, addresses = self.whose(**key), self.addresses(**key)
        return self.page(host=host, **addresses) if host.photo else redirect(addresses["photo_url"])

    def post(self, request: HttpRequest, **key: int) -> HttpResponseBase:
        """Do it."""
        host = self.whose(**key)
        if host.photo:
            profiles.remove_photo(host)
            history.note(host, "booking.remove_photo")
            messages.success(request, _("The photo is deleted."))
        return redirect(self.addresses(**key)["photo_url"])


class OfMyPhoto(OfMyself, OfPhoto):
    """The photo of who is logged in."""

    photo_page, removal_page = "profile_photo", "profile_photo_remove"

    def whose(self, **key: int) -> Host:
        """Return herself."""
        return self.host


class PhotoView(OfMyPhoto, TakePhoto):
    """Takes a photo of the host who is logged in."""

    page_title = _("My photo")
    parents: ClassVar = [("profile", ProfileView.page_title)]


class RemovePhotoView(OfMyPhoto, RemovePhoto):
    """Takes it off the website."""

    parents: ClassVar = [("profile", ProfileView.page_title), ("profile_photo", PhotoView.page_title)]


class OfHostsPhoto(OfHost, OfPhoto):
    """The photo of a host of the office, who may have no login or may have left."""

    photo_page, removal_page = "host_photo", "host_photo_remove"
    parents: ClassVar = [("hosts", HostsView.page_title)]

    def whose(self, **key: int) -> Host:
        """Return the host; 404 for one of another office."""
        return self.load(**key)


class HostPhotoView(OfHostsPhoto, TakePhoto):
    """Takes a photo of somebody else."""

    template_name = "staff/photo.html"

    def get_page_title(self) -> str:
        """Her name."""
        return self.name


class RemoveHostPhotoView(OfHostsPhoto, RemovePhoto):
    """Takes it off the website."""

    template_name = "staff/photo_remove.html"
