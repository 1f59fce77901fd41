"""Move an appointment for a resident: to any free time, also one that is kept off the web."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from booking.actions import bookings
from booking.actions.errors import BookingError, WrongState
from booking.enums import Actor, Channel
from booking.forms.manage import MoveForm
from booking.models import Booking
from booking.staff import free_times, history, roles
from booking.staff.bookings import OfBooking
from booking.staff.desk import day_in


class MoveBookingView(OfBooking):
    """The free times held in the booking's way, of its service; with `?angebot=alle` of every service."""

    permission = roles.CHANGE_BOOKINGS
    template_name = "staff/booking_move.html"
    page_title = _("Move the appointment")

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        """Show the times, and who is told of the new one."""
        self.load()
        if not self.is_movable:
            messages.error(request, WrongState.message)
            return redirect("staff:booking", pk=pk)
        return self._choice(request, MoveForm())

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        """Move it, then go back to the booking."""
        booking = self.load()
        if not self.is_movable:
            messages.error(request, WrongState.message)
            return redirect("staff:booking", pk=pk)
        form = MoveForm(request.POST)
        if not form.is_valid():
            return self._choice(request, form, status=422)
        slot_id, former = form.cleaned_data["slot"], booking.slot_id
        if not free_times.at_desk(self.office, self.now).filter(pk=slot_id).exists() and slot_id != former:
            return self._choice(request, form, is_gone=True, status=409)
        try:
            moved = bookings.reschedule(pk, slot_id, Actor.OFFICE, self.now)
        except WrongState as error:
            messages.error(request, error.message)
        except BookingError:
            return self._choice(request, form, is_gone=True, status=409)
        else:
            if moved.slot_id != former:
                history.note(moved, "booking.move")
                messages.success(request, self._done(moved))
        return redirect("staff:booking", pk=pk)

    def _choice(self, request: HttpRequest, form: MoveForm, **context: Any) -> HttpResponseBase:
        booking = self.booking
        service = booking.slot.office_hours.availability.service
        any_service = request.GET.get("angebot") == "alle"
        found = free_times.at_desk(
            self.office,
            self.now,
            service=None if any_service else service,
            channel=Channel(booking.channel),
        ).exclude(pk=booking.slot_id)
        since = day_in(request.GET.get("ab", ""), self.today.date())
        shown = free_times.page(found, since, self.office)
        return self.page(
            booking=booking,
            form=form,
            days=shown.days,
            later=shown.later,
            is_first=since == self.today.date(),
            any_service=any_service,
            own_service=service,
            chosen=form["slot"].value() or "",
            **context,
        )

    @staticmethod
    def _done(booking: Booking) -> str:
        if booking.email:
            return gettext("The appointment is moved. A mail about it is on its way.")
        return gettext("The appointment is moved. No mail goes out: please call the person.")
