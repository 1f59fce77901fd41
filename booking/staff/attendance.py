"""One tap says who came, and one more takes it back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from wagtail.admin import messages

from booking.actions import attendance
from booking.actions.errors import BookingError
from booking.enums import Attendance
from booking.staff import history, roles
from booking.staff.bookings import OfBooking


class AttendanceView(OfBooking):
    """Takes the tap and goes back to the page, and the row, that it came from."""

    permission = roles.CHANGE_BOOKINGS

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        """Write down what the button says; an empty value takes it back."""
        booking = self.load()
        value = request.POST.get("attendance", "")
        said = Attendance(value) if value in Attendance.values else None
        try:
            attendance.note(pk, said, self.now)
        except BookingError as error:
            messages.error(request, error.message)
        else:
            if booking.attendance != (said or ""):
                history.note(booking, "booking.attendance")
        return redirect(f"{self._origin(request)}#da-{pk}")

    def _origin(self, request: HttpRequest) -> str:
        """Return the page of ours that the button stood on, else the booking's own."""
        origin = request.POST.get("next", "")
        start = reverse("wagtailadmin_home")
        is_ours = origin.startswith(start) and url_has_allowed_host_and_scheme(origin, allowed_hosts=None)
        return origin if is_ours else reverse("staff:booking", args=[self.booking_id])
