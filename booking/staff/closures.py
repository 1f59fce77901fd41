"""Closures: who is away when, with what becomes of booked times asked first."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from booking.actions import closing
from booking.actions.errors import StillBooked
from booking.enums import BookedTimes
from booking.models import Booking, Closure, Office
from booking.staff import agenda, doors, history, results, roles
from booking.staff.forms.closure import ClosureForm
from booking.staff.series import told
from booking.staff.views import StaffView

KEY = "lifted"
# What the buttons of the last question say about booked times.
STEPS = {"close": None, "keep": BookedTimes.KEEP, "cancel": BookedTimes.CANCEL}


class ClosuresView(StaffView):
    """The closures that are not over, and what lifting the last one brought back."""

    permission = roles.SEE_BOOKINGS
    template_name = "staff/closures.html"
    page_title = _("Closures")
    header_icon = "no-view"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """List them; what could not come back is told once."""
        coming = self.office.closures.filter(end__gt=self.now).select_related("host")
        refused = results.skips(request.session.pop(KEY, []))
        return self.page(closures=coming, refused=refused)


class NewClosureView(StaffView):
    """Enters a closure after showing which office hours fall out and who has booked."""

    permission = roles.CLOSE
    template_name = "staff/closure_new.html"
    page_title = _("Enter a closure")
    header_icon = "no-view"
    parents: ClassVar = [("closures", ClosuresView.page_title)]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Ask who is away when."""
        host = doors.host_of(request)
        initial = {"host": host.pk if host else None, "first_on": self.today.date()}
        return self.page(form=ClosureForm(office=self.office, now=self.now, initial=initial))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Show what would go, then close when a button has said what becomes of booked times."""
        form = ClosureForm(request.POST, office=self.office, now=self.now)
        if not form.is_valid():
            return self.page(form=form, status=422)
        step = request.POST.get("step", "")
        if step == "edit":
            return self.page(form=form)
        if step not in STEPS:
            return self._ask(form)
        data = form.cleaned_data
        try:
            closure = closing.close(*self._interval(data), data["reason"], STEPS[step], self.now)
        except StillBooked as error:
            return self._ask(form, error.bookings)
        history.note(closure, "booking.close")
        messages.success(request, _("The closure is entered. No new times are offered in it."))
        return redirect("staff:closures")

    def _interval(self, data: dict[str, Any]) -> tuple[Office, Any, Any, Any]:
        return self.office, data["host"], data["start"], data["end"]

    def _ask(self, form: ClosureForm, bookings: list[Booking] | None = None) -> HttpResponseBase:
        data = form.cleaned_data
        office, host, start, end = self._interval(data)
        hours = agenda.in_office(office).live().overlapping(max(start, self.now), end)
        if bookings is None:
            bookings = closing.affected(office, host, start, end, self.now)
        bookings = sorted(bookings, key=lambda booking: booking.slot.start)
        self.template_name = "staff/closure_ask.html"
        dates = hours.filter(host=host) if host else hours
        return self.page(form=form, data=data, dates=dates.count(), bookings=bookings, **told(bookings))


class LiftClosureView(StaffView):
    """Takes a closure back after asking."""

    permission = roles.CLOSE
    template_name = "staff/closure_lift.html"
    page_title = _("Lift the closure")
    header_icon = "no-view"
    parents: ClassVar = [("closures", ClosuresView.page_title)]

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Show what would come back."""
        return self.page(closure=self._load(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Lift it and say what came back and what did not."""
        closure = self._load(pk)
        # The row is gone afterwards; the log keeps its number.
        history.note(closure, "booking.lift")
        refused = closing.lift(closure, self.now)
        request.session[KEY] = results.rows(refused)
        messages.success(request, self._done(len(refused)))
        return redirect("staff:closures")

    def _load(self, pk: int) -> Closure:
        return get_object_or_404(self.office.closures.select_related("host", "office"), pk=pk)

    @staticmethod
    def _done(refused: int) -> str:
        if refused:
            return gettext("The closure is lifted. Not everything could come back, see below.")
        return gettext("The closure is lifted. Its times are offered again.")
