"""Another time for somebody on the phone, in the place of the appointment that fell out."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from booking.actions import calls, offers
from booking.actions.errors import BookingError, WrongState
from booking.enums import Channel
from booking.forms.manage import MoveForm
from booking.models import Booking, Call
from booking.staff import free_times, history
from booking.staff.calls import CallsView, OfCall
from booking.staff.desk import day_in


class OtherTimeView(OfCall):
    """The free times of the same service, held in the same way; nobody types her name again."""

    template_name = "staff/call_other_time.html"
    page_title = _("Book another time")
    header_icon = "mobile-alt"
    parents: ClassVar = [("calls", CallsView.page_title)]

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Show the times, and what is held for her until then."""
        call = self.load(pk)
        return self._choice(request, call, MoveForm()) if self._is_open(call) else self._over(request)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Book it, then go where the code stands."""
        call = self.load(pk)
        form = MoveForm(request.POST)
        is_open = self._is_open(call)
        if not form.is_valid() and not is_open:
            return self._over(request)
        if not form.is_valid():
            return self._choice(request, call, form, status=422)
        slot_id = form.cleaned_data["slot"]
        is_ours = free_times.at_desk(self.office, self.now).filter(pk=slot_id).exists()
        if not is_ours and slot_id != self._booking(call).slot_id:
            return self._choice(request, call, form, is_gone=True, status=409)
        try:
            chosen = calls.choose_for(pk, slot_id, self.now)
        except WrongState:
            return self._over(request)
        except BookingError:
            return self._choice(request, call, form, is_gone=True, status=409)
        if is_open:  # a form sent twice is logged once
            history.note(chosen, "booking.choose_for")
        return redirect("staff:booking_made", pk=chosen.pk)

    def _booking(self, call: Call) -> Booking:
        """Return what is held for her, else what fell out."""
        return offers.replacement_of(call.booking) or call.booking

    def _is_open(self, call: Call) -> bool:
        return offers.is_open(self._booking(call), self.now)

    @staticmethod
    def _over(request: HttpRequest) -> HttpResponseBase:
        messages.error(request, gettext("This time is no longer held. Please look at the list again."))
        return redirect("staff:calls")

    def _choice(self, request: HttpRequest, call: Call, form: MoveForm, **context: Any) -> HttpResponseBase:
        fallen = Booking.objects.with_parts().get(pk=call.booking_id)
        held = self._booking(call)
        service = fallen.slot.office_hours.availability.service
        found = free_times.at_desk(self.office, self.now, service=service, channel=Channel(fallen.channel))
        since = day_in(request.GET.get("ab", ""), self.today.date())
        shown = free_times.page(found, since, self.office)
        return self.page(
            booking=fallen,
            held=held if held != fallen else None,
            form=form,
            days=shown.days,
            later=shown.later,
            is_first=since == self.today.date(),
            own_service=service,
            chosen=form["slot"].value() or "",
            **context,
        )
