"""The list of people to be called, with what to say to each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from booking.actions import calls, offers
from booking.actions.errors import BookingError
from booking.enums import Answer
from booking.models import Booking, Call
from booking.staff import history, roles
from booking.staff.views import StaffView

DONE_SHOWN = timedelta(days=2)
MOST_DONE = 50


@dataclass(frozen=True)
class Row:
    """Somebody to call: the appointment it is about, and the time that is held or was taken instead."""

    call: Call
    booking: Booking
    instead: Booking | None
    answer: Answer
    may_choose: bool

    @property
    def is_held(self) -> bool:
        """Whether a time waits for her answer."""
        return self.answer == Answer.WAITING

    @property
    def is_accepted(self) -> bool:
        """Whether she has another time now."""
        return self.answer == Answer.ACCEPTED


class CallsView(StaffView):
    """Everybody who has to be called, the nearest appointment first; what is done stands below."""

    permission = roles.SEE_BOOKINGS
    template_name = "staff/calls.html"
    page_title = _("Calls")
    header_icon = "mobile-alt"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the list."""
        parts = (
            "booking__slot__office_hours__host",
            "booking__slot__office_hours__availability__service",
            "booking__replacement__slot__office_hours__host",
        )
        waiting = Call.objects.open(self.office).select_related(*parts)
        mine = Call.objects.filter(booking__slot__office_hours__host__office=self.office)
        done = mine.filter(done_at__gt=self.now - DONE_SHOWN, booking__erased_at=None).select_related(*parts)
        return self.page(
            waiting=[self._row(call) for call in waiting],
            done=[self._row(call) for call in done.order_by("-done_at", "pk")[:MOST_DONE]],
            may_change=request.user.has_perm(roles.CHANGE_BOOKINGS),
        )

    def _row(self, call: Call) -> Row:
        instead = getattr(call.booking, "replacement", None)
        answer = offers.answer_of(instead, self.now)
        may_choose = offers.is_hold(instead, self.now) if instead else offers.fell_out(call.booking)
        return Row(call, call.booking, instead, answer, may_choose)


class OfCall(StaffView):
    """Something done about one call of the office; answers with the list."""

    permission = roles.CHANGE_BOOKINGS
    parents: ClassVar = [("calls", CallsView.page_title)]

    def load(self, pk: int) -> Call:
        """Return it; 404 for one of another office."""
        mine = Call.objects.filter(booking__slot__office_hours__host__office=self.office)
        return get_object_or_404(mine.select_related("booking"), pk=pk)


class TickCallView(OfCall):
    """Ticks a call, or takes the tick away: `erledigt` is 1 or 0, so that a second tap does nothing."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Tick it."""
        call = self.load(pk)
        is_done = request.POST.get("erledigt") == "1"
        calls.tick(pk, is_done=is_done, now=self.now)
        history.note(call.booking, "booking.call_done" if is_done else "booking.call_reopened")
        return redirect("staff:calls")


class AnswerCallView(OfCall):
    """Accepts or releases the held time for the person on the phone: `antwort` is annehmen or freigeben."""

    ANSWERS: ClassVar[dict[str, bool]] = {"annehmen": True, "freigeben": False}

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Do it, or say why it is no longer possible."""
        self.load(pk)
        accepts = self.ANSWERS.get(request.POST.get("antwort", ""))
        if accepts is None:
            return redirect("staff:calls")
        try:
            answered = calls.answer_for(pk, accepts=accepts, now=self.now)
        except BookingError:
            messages.error(request, _("This time is no longer held. Please look at the list again."))
        else:
            history.note(answered, "booking.accept_offer" if accepts else "booking.release_offer")
            messages.success(request, self._done(answered, accepts=accepts))
        return redirect("staff:calls")

    @staticmethod
    def _done(answered: Booking, *, accepts: bool) -> Any:
        if not accepts:
            return _("The time is free for others again.")
        if answered.email:
            return _("The time is booked. A mail with the invitation is on its way.")
        return _("The time is booked. No mail goes out. Please say this code on the phone: %(code)s") % {
            "code": answered.code
        }
