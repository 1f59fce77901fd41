"""The button for the morning on which somebody is ill, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import segno
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from booking import links
from booking.actions import call_list, closing, illness, offers
from booking.actions.errors import TooLateToUndo
from booking.enums import Answer
from booking.models import Absence, Booking, Call
from booking.staff import agenda, doors, history, roles
from booking.staff.forms.handover import colleagues
from booking.staff.forms.illness import IllnessForm, Until
from booking.staff.views import StaffView

REFRESH = 5
NEXT_DATES = 3


class IllnessView(StaffView):
    """Who falls out until when, who is affected, one button."""

    permission = roles.CLOSE
    template_name = "staff/illness.html"
    page_title = _("Falls out today")
    header_icon = "warning"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show it for the user herself and the rest of today."""
        host = doors.host_of(request)
        if host is None or not host.is_active:
            return self._ask(IllnessForm(initial={"until": Until.REST}, **self._terms))
        form = IllnessForm({"host": host.pk, "until": Until.REST}, **self._terms)
        return self._ask(form)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Report it if the number on the button was that of this answer; else show the right one first."""
        form = IllnessForm(request.POST, **self._terms)
        if not form.is_valid():
            return self._ask(form, status=422)
        if request.POST.get("step") != form.fingerprint:
            return self._ask(form)
        data = form.cleaned_data
        absence = illness.report(data["host"], data["start"], data["end"], self.now)
        history.note(absence, "booking.report_absence")
        return redirect("staff:absence", pk=absence.pk)

    @property
    def _terms(self) -> dict[str, Any]:
        return {"office": self.office, "now": self.now}

    def _ask(self, form: IllnessForm, status: int = 200) -> HttpResponseBase:
        current = Absence.objects.in_force(self.now).filter(host__office=self.office)
        context: dict[str, Any] = {"form": form, "current": current.select_related("host")}
        if form.is_bound and form.is_valid():
            data = form.cleaned_data
            bookings = closing.affected(self.office, data["host"], data["start"], data["end"], self.now)
            mine = agenda.in_office(self.office).live().filter(host=data["host"], end__gt=self.now)
            hours = mine.overlapping(data["start"], data["end"]).select_related("availability__service")
            context |= {
                "data": data,
                "bookings": bookings,
                "hours": hours if colleagues(data["host"]).exists() else (),
                "by_mail": sum(1 for booking in bookings if booking.email),
                "by_phone": sum(
                    1
                    for booking in bookings
                    if call_list.reason_to_call(booking, booking.slot.start, self.now)
                ),
            }
        return self.page(status=status, **context)


class OfAbsence(StaffView):
    """A page about one absence of the office."""

    permission = roles.CLOSE
    parents: ClassVar = [("illness", IllnessView.page_title)]
    header_icon = "warning"
    absence: Absence

    def load(self, pk: int) -> Absence | None:
        """Return it as it is now, None when it was taken back; 404 for one of another office."""
        absence = Absence.objects.select_related("host__office", "closure").filter(pk=pk).first()
        if absence is None:
            return None
        if absence.host.office_id != self.office.pk:
            raise Http404
        self.absence = absence
        return absence

    def gone(self) -> HttpResponseBase:
        """Lead back from an absence that somebody has taken back."""
        messages.info(self.request, _("It was taken back already. All appointments take place."))
        return redirect("staff:illness")


@dataclass(frozen=True)
class Outcome:
    """One appointment that fell out, with what was offered instead and what the resident made of it."""

    booking: Booking
    instead: Booking | None
    answer: Answer


class AbsenceView(OfAbsence):
    """The minute to take it back, then how many are told, then who has answered what."""

    template_name = "staff/absence.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Show where it stands; until all are told the page looks again every few seconds, unless asked not to."""
        absence = self.load(pk)
        if absence is None:
            return self.gone()
        is_waiting = absence.finished_at is None and absence.closure_id is not None
        seconds = max(0, -((self.now - absence.acts_at) // timedelta(seconds=1)))
        outcomes = self._outcomes()
        waiting = illness.affected(absence, self.now).count() if is_waiting else 0
        response = self.page(
            absence=absence,
            is_waiting=is_waiting,
            seconds=seconds if is_waiting else 0,
            told=len(outcomes),
            people=len(outcomes) + waiting,
            outcomes=outcomes,
            tally=_tally(outcomes),
            calls=self._calls().count(),
            is_quiet="ruhig" in request.GET,
        )
        if is_waiting and "ruhig" not in request.GET:
            response["Refresh"] = str(REFRESH)
        return response

    def _outcomes(self) -> list[Outcome]:
        fallen = self.absence.bookings.with_parts().select_related("replacement__slot__office_hours__host")
        rows = []
        for booking in fallen.order_by("slot__start", "seat"):
            instead = getattr(booking, "replacement", None)
            rows.append(Outcome(booking, instead, offers.answer_of(instead, self.now)))
        return rows

    def _calls(self) -> Any:
        return Call.objects.open(self.office).filter(booking__absence=self.absence)

    def get_page_title(self) -> str:
        """Who is away."""
        return gettext("%(host)s is not there") % {"host": self.absence.host.name}


def _tally(outcomes: list[Outcome]) -> list[tuple[Answer, int]]:
    found = [outcome.answer for outcome in outcomes]
    return [(answer, found.count(answer)) for answer in Answer if answer in found]


class UndoAbsenceView(OfAbsence):
    """Takes an absence back within its minute."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Take it back, or say that it is too late."""
        absence = self.load(pk)
        if absence is None:
            return self.gone()
        try:
            illness.undo(pk, self.now)
        except TooLateToUndo as error:
            messages.error(request, error.message)
            return redirect("staff:absence", pk=pk)
        history.note(absence, "booking.undo_absence")
        messages.success(request, _("It is taken back. All appointments take place, nobody was told."))
        return redirect("staff:illness")


class SendAbsenceView(OfAbsence):
    """Does not wait for the end of the minute."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Let the mails go now; when they go already, show how far they are."""
        absence = self.load(pk)
        if absence is None:
            return self.gone()
        illness.send_now(pk, self.now)
        history.note(absence, "booking.send_absence")
        return redirect("staff:absence", pk=pk)


class AbsenceSignView(OfAbsence):
    """The sheet for the door: who is not there, when the next office hours are, whom to call."""

    template_name = "staff/absence_sign.html"
    page_title = _("Sign for the door")

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Show it as it is printed."""
        absence = self.load(pk)
        if absence is None:
            return self.gone()
        since = max(self.now, absence.start)
        coming = agenda.in_office(self.office).live().filter(start__gt=since, withdrawn_at=None)
        coming = coming.filter(availability__is_extra=False, host__is_active=True)
        address = links.slots_url()
        return self.page(
            absence=absence,
            dates=coming.select_related("host", "availability__service").exclude(
                host=absence.host_id, start__lt=absence.end
            )[:NEXT_DATES],
            address=address.partition("://")[2],
            qr=segno.make_qr(address, error="m").svg_inline(omitsize=True, svgclass=None, lineclass=None),
        )
