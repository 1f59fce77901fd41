"""Visits without an appointment: one tap counts, what it was about can follow, and it can be taken back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language_info, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from booking.actions import visits
from booking.actions.visits import Details
from booking.enums import Channel
from booking.models import Service, Visit
from booking.staff import history, roles
from booking.staff.forms.visits import EnterVisitsForm
from booking.staff.views import StaffView

DAYS_SHOWN = 14
# What people speak with the office, most often first; more than the website is written in.
SPOKEN = ("de", "tr", "ar", "uk", "ru", "pl", "fa", "en")


@dataclass(frozen=True)
class Choice:
    """One tap: what it sets, to which value, under which word, and whether it is set already."""

    name: str
    value: str
    label: str
    is_chosen: bool


def request_id_in(request: HttpRequest) -> uuid.UUID | None:
    """Return the id of the form that was sent, None where it got lost."""
    try:
        return uuid.UUID(request.POST.get("request_id", ""))
    except ValueError:
        return None


class VisitsView(StaffView):
    """Counts one more, and shows how many came on the last days."""

    permission = roles.CHANGE_BOOKINGS
    template_name = "staff/visits.html"
    page_title = _("Visits without appointment")
    header_icon = "group"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the last two weeks, days without a visit left out."""
        since = self.today - timedelta(days=DAYS_SHOWN)
        recent = Visit.objects.filter(office=self.office, came_at__gte=since)
        days = recent.annotate(day=TruncDate("came_at", tzinfo=self.office.zone)).order_by("-day")
        return self.page(days=list(days.values("day").annotate(visits=Count("pk"))))


class CountVisitView(StaffView):
    """Takes the tap."""

    permission = roles.CHANGE_BOOKINGS

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Count one visit, and go where more can be said about it."""
        visit = visits.count(self.office, request_id_in(request) or uuid.uuid4(), self.now)
        if visit.came_at == self.now:
            history.note(visit, "booking.visit")
        return redirect("staff:visit", pk=visit.pk)


class VisitView(StaffView):
    """What a visit was about: all of it may stay open, each answer is one tap."""

    permission = roles.CHANGE_BOOKINGS
    template_name = "staff/visit.html"
    page_title = _("The visit is counted")
    header_icon = "group"
    parents: ClassVar = [("visits", VisitsView.page_title)]
    visit: Visit

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Show what can be said."""
        self._load(pk)
        return self.page(visit=self.visit, questions=self._questions())

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Write one answer down; the same answer again takes it back."""
        self._load(pk)
        details = self._after_tap(request)
        if not visits.describe(self.visit, details):
            messages.error(request, gettext("This visit was taken back meanwhile. Nothing was done."))
            return redirect("staff:visits")
        history.note(self.visit, history.EDIT)
        return redirect("staff:visit", pk=pk)

    def _load(self, pk: int) -> None:
        mine = Visit.objects.select_related("service").filter(office=self.office)
        self.visit = get_object_or_404(mine, pk=pk)
        self.services = list(self.office.services.filter(is_active=True))

    def _after_tap(self, request: HttpRequest) -> Details:
        """Return what is said of the visit after the tap; what is no button of ours says nothing."""
        visit = self.visit
        said = Details(visit.service, Channel(visit.channel), visit.topic, visit.language)
        taps = [c for _heading, choices in self._questions() for c in choices]
        tap = next((c for c in taps if request.POST.get(c.name) == c.value), None)
        if tap is None:
            return said
        value = "" if tap.is_chosen else tap.value
        if tap.name == "service":
            service = next((each for each in self.services if str(each.pk) == value), None)
            topic = said.topic if self._knows(service, said.topic) else ""
            return replace(said, service=service, topic=topic)
        if tap.name == "channel":
            return replace(said, channel=Channel(tap.value))
        return replace(said, topic=value) if tap.name == "topic" else replace(said, language=value)

    @staticmethod
    def _knows(service: Service | None, topic: str) -> bool:
        return service is not None and topic in dict(service.topic_choices)

    def _questions(self) -> list[tuple[str, list[Choice]]]:
        visit = self.visit
        service = visit.service or (self.services[0] if len(self.services) == 1 else None)
        topics = service.topic_choices if service else []
        spoken = [(code, str(get_language_info(code)["name_translated"])) for code in SPOKEN]
        asked = [
            ("service", _("What for?"), [(str(s.pk), str(s)) for s in self.services], str(visit.service_id)),
            ("topic", _("What about?"), topics, visit.topic),
            ("language", _("In which language?"), spoken, visit.language),
            ("channel", _("How?"), [(c.value, str(c.label)) for c in Channel], visit.channel),
        ]
        return [
            (str(heading), [Choice(name, value, label, value == said) for value, label in choices])
            for name, heading, choices, said in asked
            if choices
        ]


class TakeBackVisitView(StaffView):
    """Takes back what one tap, or one form, counted."""

    permission = roles.CHANGE_BOOKINGS

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Take it back; a second time finds nothing to do."""
        request_id = request_id_in(request)
        gone = visits.take_back(self.office, request_id) if request_id else 0
        if gone:
            history.note(self.office, "booking.visit_back", visits=gone)
            messages.success(
                request,
                ngettext("%(n)d visit was taken back.", "%(n)d visits were taken back.", gone) % {"n": gone},
            )
        else:
            messages.error(request, gettext("This was taken back already. Nothing was done."))
        return redirect("staff:visits")


class EnterVisitsView(StaffView):
    """Enters the visits of a day that is over as a number."""

    permission = roles.CHANGE_BOOKINGS
    template_name = "staff/visits_enter.html"
    page_title = _("Enter visits afterwards")
    header_icon = "group"
    parents: ClassVar = [("visits", VisitsView.page_title)]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the form, for yesterday."""
        yesterday = (self.today - timedelta(days=1)).date()
        return self.page(form=EnterVisitsForm(office=self.office, now=self.now, initial={"day": yesterday}))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Count them, and offer to take them back."""
        form = EnterVisitsForm(request.POST, office=self.office, now=self.now)
        if not form.is_valid():
            return self.page(form=form, status=422)
        data = form.cleaned_data
        entered = visits.enter(
            self.office, data["day"], data["number"], data["request_id"], self.now, form.details()
        )
        if entered:
            history.note(self.office, "booking.visit", visits=entered, day=data["day"].isoformat())
        self.template_name = "staff/visits_entered.html"
        return self.page(day=data["day"], number=data["number"], request_id=data["request_id"])
