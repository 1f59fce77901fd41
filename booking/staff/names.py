"""The switch that hides names, for when others look at the screen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from booking.staff import doors, roles
from booking.staff.views import StaffView


class NamesView(StaffView):
    """Hides names or shows them again, then goes back: `hide=1` or `hide=0`, so that two taps are one."""

    permission = roles.SEE_BOOKINGS

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Remember it in the session."""
        request.session[doors.NAMES_ARE_HIDDEN] = request.POST.get("hide") == "1"
        back = request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
        return redirect(back if is_ours else "wagtailadmin_home")
