"""Somebody else gives the office hours: taken over, or swapped, in one step."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from booking.actions import handover
from booking.actions.errors import BookingError
from booking.actions.handover import Handover
from booking.enums import Status
from booking.models import Booking, OfficeHours
from booking.staff import agenda, history, roles
from booking.staff.forms.handover import SwapForm, TakeOverForm, colleagues
from booking.staff.schedule import HoursListView
from booking.staff.series import told
from booking.staff.views import StaffView


class HandoverView(StaffView):
    """Asks who takes the office hours over, or against which they are swapped, and shows who would be told."""

    permission = roles.CHANGE_BOOKINGS
    template_name = "staff/handover.html"
    page_title = _("Hand over the office hours")
    header_icon = "group"
    parents: ClassVar = [("hours_list", HoursListView.page_title)]

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Ask."""
        hours = self._load(pk)
        if not self._is_possible(hours):
            messages.error(
                request, gettext("These office hours are over or cancelled. Nothing can be handed over.")
            )
            return redirect("staff:hours", pk=pk)
        return self._ask(hours)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Hand over or swap, whichever button was pressed."""
        hours = self._load(pk)
        is_swap = request.POST.get("step") == "swap"
        form = self._swap(hours, request.POST) if is_swap else TakeOverForm(request.POST, hours=hours)
        if not form.is_valid():
            return self._ask(hours, form, status=422)
        try:
            if isinstance(form, SwapForm):
                done = handover.swap(pk, form.cleaned_data["against"].pk, self.now)
            else:
                done = handover.take_over(pk, form.cleaned_data["host"].pk, self.now)
        except BookingError as error:
            form.add_error(None, error.message)
            return self._ask(hours, form, status=409)
        for each in done.hours:
            history.note(each, "booking.hand_over", host=each.host_id)
        messages.success(request, _done(done))
        return redirect("staff:hours", pk=pk)

    def _load(self, pk: int) -> OfficeHours:
        mine = agenda.in_office(self.office).select_related("host__office", "availability__service")
        return get_object_or_404(mine, pk=pk)

    def _is_possible(self, hours: OfficeHours) -> bool:
        return hours.is_live and hours.end > self.now

    def _swap(self, hours: OfficeHours, typed: Any = None) -> SwapForm:
        return SwapForm(typed, hours=hours, now=self.now)

    def _ask(
        self, hours: OfficeHours, form: SwapForm | TakeOverForm | None = None, status: int = 200
    ) -> HttpResponseBase:
        live = Booking.objects.live(self.now).with_parts().filter(slot__office_hours=hours)
        coming = live.filter(slot__end__gt=self.now, status=Status.CONFIRMED)
        bookings = list(coming.order_by("slot__start", "seat"))
        return self.page(
            hours=hours,
            form=form,
            take_over=form if isinstance(form, TakeOverForm) else TakeOverForm(hours=hours),
            swap=form if isinstance(form, SwapForm) else self._swap(hours),
            bookings=bookings,
            has_colleagues=colleagues(hours.host).exists(),
            status=status,
            **told(bookings),
        )


def _done(done: Handover) -> str:
    words = [gettext("The office hours are with %(host)s now.") % {"host": done.hours[-1].host}]
    if done.told:
        mails = len(done.told)
        text = ngettext("%(mails)d person is told by mail.", "%(mails)d people are told by mail.", mails)
        words.append(text % {"mails": mails})
    if done.to_call:
        calls = len(done.to_call)
        text = ngettext(
            "%(calls)d person has to be called: see the call list.",
            "%(calls)d people have to be called: see the call list.",
            calls,
        )
        words.append(text % {"calls": calls})
    return " ".join(words)
