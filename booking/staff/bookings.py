"""One booking: contact, mails, and cancelling it with a word to the resident."""

from __future__ import annotations

import logging
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from booking import video
from booking.actions import bookings
from booking.actions.errors import BookingError
from booking.enums import Actor, Status
from booking.models import Booking
from booking.models.office import local
from booking.staff import history, roles
from booking.staff.forms.cancel import CancelForm
from booking.staff.views import StaffView

logger = logging.getLogger(__name__)


class OfBooking(StaffView):
    """A page about one booking of the office."""

    parents: ClassVar = [("hours_list", _("Office hours"))]
    header_icon = "user"
    booking: Booking

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Remember which booking it is about; it is read when the office is known."""
        super().setup(request, *args, **kwargs)
        self.booking_id: UUID = kwargs["pk"]

    def load(self) -> Booking:
        """Return the booking as it is now; 404 for one of another office."""
        mine = Booking.objects.with_parts().filter(slot__office_hours__host__office=self.office)
        self.booking = get_object_or_404(mine, pk=self.booking_id)
        return self.booking

    @property
    def is_movable(self) -> bool:
        """Whether the office can still move it: booked, not over, not erased."""
        booking = self.booking
        is_booked = booking.status == Status.CONFIRMED and booking.erased_at is None
        return is_booked and booking.slot.end > self.now

    def topic(self) -> str:
        """The booking's topic in words; its key where the service no longer has it."""
        service = self.booking.slot.office_hours.availability.service
        return dict(service.topic_choices).get(self.booking.topic, self.booking.topic)


class BookingView(OfBooking):
    """Everything the office knows about a booking."""

    permission = roles.SEE_BOOKINGS
    template_name = "staff/booking.html"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        """Show it, with the mails that were written about it."""
        booking = self.load()
        hours = booking.slot.office_hours
        return self.page(
            booking=booking,
            hours=hours,
            place=local(hours.where),
            topic=self.topic(),
            language=gettext(dict(settings.LANGUAGES).get(booking.language, booking.language)),
            is_meeting=video.is_meeting(booking) and self.now < video.closes_at(booking),
            room_url=self.way_in(),
            sent=booking.messages.order_by("-number"),
            may_cancel=booking.is_live
            and booking.slot.end > self.now
            and request.user.has_perm(roles.CHANGE_BOOKINGS),
            may_move=self.is_movable and request.user.has_perm(roles.CHANGE_BOOKINGS),
        )

    def way_in(self) -> str:
        """Return the host's address of the meeting; empty where there is none or the video system fails."""
        if not video.is_meeting(self.booking) or self.now >= video.closes_at(self.booking):
            return ""
        try:
            room = video.room(self.booking)
        except video.RoomUnavailable:
            logger.error("The video system gives no room for booking %s", self.booking.pk)
            return ""
        return room.host_url if room else ""

    def get_page_title(self) -> str:
        """The code that the resident can say on the phone."""
        return gettext("Booking %(code)s") % {"code": self.booking.code}


class CancelBookingView(OfBooking):
    """Asks before it cancels, and says whether a mail goes out."""

    permission = roles.CHANGE_BOOKINGS
    template_name = "staff/booking_cancel.html"
    page_title = _("Cancel the appointment")

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        """Show what would be cancelled and who would be told."""
        booking = self.load()
        if not booking.is_live:
            return redirect("staff:booking", pk=pk)
        return self.page(booking=booking, form=CancelForm())

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        """Cancel, then go back to the booking."""
        booking = self.load()
        form = CancelForm(request.POST)
        if not form.is_valid():
            return self.page(booking=booking, form=form, status=422)
        try:
            bookings.cancel(pk, Actor.OFFICE, self.now, form.cleaned_data["word"])
        except BookingError as error:
            messages.error(request, error.message)
        else:
            history.note(booking, "booking.cancel")
            messages.success(request, self._done(booking))
        return redirect("staff:booking", pk=pk)

    def _done(self, booking: Booking) -> str:
        if booking.email:
            return gettext("The appointment is cancelled. A mail about it is on its way.")
        return gettext("The appointment is cancelled. No mail goes out: please call the person.")
