"""What a host keeps for herself: profile, private calendar, and trying what an invitation looks like."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from wagtail.admin import messages

from booking import links
from booking.actions import profiles
from booking.actions.errors import BookingError
from booking.models import Host
from booking.staff import doors, history, roles
from booking.staff.forms.profile import ProfileForm
from booking.staff.views import StaffView


class OfMyself(StaffView):
    """A page about the host who is logged in; who gives no consultations is told so, and changes nothing."""

    permission = roles.EDIT_PROFILE
    header_icon = "user"
    host: Host

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find out who it is about, if anybody."""
        host = doors.host_of(request)
        if host is None:
            return NobodyView.as_view()(request)
        self.host = host
        return super().dispatch(request, *args, **kwargs)


class NobodyView(StaffView):
    """Says that only those who give consultations have a profile."""

    permission = roles.EDIT_PROFILE
    template_name = "staff/no_profile.html"
    page_title = _("My profile")
    header_icon = "user"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Say it."""
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Change nothing."""
        return redirect("staff:profile")


class ProfileView(OfMyself):
    """What the host who is logged in says about herself, and everything else that is hers."""

    template_name = "staff/profile.html"
    page_title = _("My profile")

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show it."""
        return self._show(ProfileForm(instance=self.host, now=self.now))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Save it."""
        form = ProfileForm(request.POST, instance=self.host, now=self.now)
        if not form.is_valid():
            return self._show(form, status=422)
        profiles.save_profile(self.host, form.model_fields(), self.now)
        history.note(self.host, history.EDIT)
        messages.success(request, _("Saved."))
        return redirect("staff:profile")

    def _show(self, form: ProfileForm, status: int = 200) -> HttpResponseBase:
        # A form that is refused has put what was typed into the host.
        stored = doors.host_of(self.request) or self.host
        runs = profiles.test_runs(stored, self.now)
        return self.page(
            form=form,
            host=stored,
            test_runs=runs,
            test_mail=profiles.tests_sent(stored).first() if stored.test_sent_at else None,
            status=status,
        )


@method_decorator(never_cache, name="dispatch")
class FeedView(OfMyself):
    """Opens the private calendar and shows its address, which is a key."""

    template_name = "staff/private_feed.html"
    page_title = _("My private calendar")
    parents: ClassVar = [("profile", ProfileView.page_title)]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the address, or what there would be to subscribe to."""
        address = links.private_feed_url(self.host) if self.host.feed_created_at else ""
        return self.page(host=self.host, address=address, webcal=f"webcal://{address.partition('://')[2]}")

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Open it."""
        if profiles.open_feed(self.host, self.now):
            history.note(self.host, "booking.open_feed")
            messages.success(
                request, _("Your private calendar is ready. Now add its address to your program.")
            )
        return redirect("staff:profile_feed")


class RevokeFeedView(OfMyself):
    """Closes the private calendar for good, after a question."""

    template_name = "staff/private_feed_revoke.html"
    page_title = _("Close the private calendar")
    parents: ClassVar = [("profile", ProfileView.page_title), ("profile_feed", FeedView.page_title)]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Ask."""
        return self.page(host=self.host) if self.host.feed_created_at else redirect("staff:profile_feed")

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Do it."""
        if profiles.revoke_feed(self.host):
            history.note(self.host, "booking.revoke_feed")
            messages.success(request, _("The address of your private calendar opens nothing any more."))
        return redirect("staff:profile_feed")


class TestInvitationView(OfMyself):
    """Mails the host an invitation to an appointment that is made up."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Send it."""
        try:
            profiles.send_test(self.host, self.now)
        except BookingError as error:
            messages.error(request, error.message)
        else:
            history.note(self.host, "booking.send_test")
            messages.success(request, _("The test appointment is on its way to you."))
        return _to_tests()


class CallOffTestView(OfMyself):
    """Takes the made-up appointment out of the host's calendar."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Send the cancellation."""
        try:
            profiles.call_off_test(self.host, self.now)
        except BookingError as error:
            messages.error(request, error.message)
        else:
            history.note(self.host, "booking.call_off_test")
            messages.success(request, _("The cancellation of the test appointment is on its way to you."))
        return _to_tests()


def _to_tests() -> HttpResponse:
    return redirect(f"{reverse('staff:profile')}#probe")
