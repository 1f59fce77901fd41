"""Change a series or one date, or let a date fall out: first who has booked is asked about, then all is shown."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Model
from django.forms import Form
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from booking import recurrence
from booking.actions import redating, revising
from booking.actions.errors import BookingError, NotEnoughSeats, StillBooked
from booking.actions.revising import Revision
from booking.enums import BookedTimes, Rhythm
from booking.models import Availability, Booking, OfficeHours
from booking.staff import agenda, history, revisions, roles
from booking.staff.forms.revising import DecisionsForm, ReviseDateForm, ReviseSeriesForm, read_decisions
from booking.staff.schedule import HoursListView
from booking.staff.series import SeriesListView, has_ended, series_of
from booking.staff.templatetags.staff import weekday_date
from booking.staff.views import StaffView

Decided = Mapping[UUID, BookedTimes]


class RevisingView(StaffView):
    """The way of every change: the form, whom it affects, everything once more, done.

    `step` says which button was pressed: preview, all-keep, all-move, all-cancel, decided, apply or edit.
    """

    permission = roles.PUBLISH
    header_icon = "edit"
    form: Form | None = None
    has_form: ClassVar[bool] = True
    action: ClassVar[str]
    verb: ClassVar[Any]

    @abstractmethod
    def load(self, pk: int) -> HttpResponseBase | None:
        """Read what is to be changed; answers a redirect where nothing can be."""

    @abstractmethod
    def new_form(self, typed: Any = None) -> Form | None:
        """Return the form, filled as it is now or as it was typed."""

    @abstractmethod
    def plan(self, decided: Decided) -> Revision:
        """Return what would happen."""

    @abstractmethod
    def apply(self, decided: Decided, word: str) -> Revision:
        """Do it."""

    @abstractmethod
    def subject(self) -> tuple[Model, str, str]:
        """Return what changes, its words, and its page."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Show the form, or whom it affects where there is nothing to fill in."""
        if answer := self.load(pk):
            return answer
        self.form = self.new_form()
        return self._form_page() if self.has_form else self._go_on("preview")

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Go on with what was typed, whatever button was pressed."""
        if answer := self.load(pk):
            return answer
        step = request.POST.get("step", "preview")
        self.form = self.new_form(request.POST)
        if self.form and not self.form.is_valid():
            return self._form_page(status=422)
        return self._form_page() if step == "edit" and self.form else self._go_on(step)

    def _form_page(self, status: int = 200) -> HttpResponseBase:
        return self.page(form=self.form, **self._words(), status=status)

    def _words(self) -> dict[str, Any]:
        _subject, words, url = self.subject()
        return {"about": words, "back": url, "has_form": self.has_form}

    def _go_on(self, step: str) -> HttpResponseBase:
        try:
            plan = self.plan({})
            decided = read_decisions(self.request.POST, plan.affected, step)
            word = DecisionsForm(self.request.POST if "word" in self.request.POST else {"word": ""})
            if len(decided) < len(plan.affected) or not word.is_valid() or step == "back":
                asked = step not in ("preview", "edit", "back")
                problem = _("Please decide for each appointment what becomes of it.") if asked else ""
                return self._ask(plan, decided, word, problem)
            return self._confirm_or_apply(step, decided, word)
        except BookingError as error:
            if self.form is None:
                messages.error(self.request, str(error))
                return redirect(self.subject()[2])
            self.form.add_error(None, str(error))
            return self._form_page(status=422)

    def _confirm_or_apply(self, step: str, decided: Decided, word: DecisionsForm) -> HttpResponseBase:
        try:
            if step == "apply":
                return self._done(self.apply(decided, word.cleaned_data["word"]))
            plan = self.plan(decided)
        except StillBooked:
            problem = _("Somebody has booked meanwhile. Please decide about this appointment, too.")
            return self._ask(self.plan({}), decided, word, problem)
        except NotEnoughSeats as error:
            return self._ask(self.plan({}), decided, word, str(error))
        self.template_name = "staff/revision_confirm.html"
        return self.page(
            form=self.form, plan=plan, verb=self.verb, word=word, **revisions.words(plan), **self._words()
        )

    def _ask(
        self, plan: Revision, decided: Decided, word: DecisionsForm, problem: Any = ""
    ) -> HttpResponseBase:
        self.template_name = "staff/revision_ask.html"
        return self.page(
            form=self.form,
            choices=revisions.choices(plan, decided),
            may_move=any(each.can_move for each in plan.affected),
            problem=problem,
            word=word,
            status=422 if problem else 200,
            **self._words(),
        )

    def _done(self, revision: Revision) -> HttpResponseBase:
        subject, words, url = self.subject()
        told = revisions.words(revision)
        history.note(subject, self.action, told=told["by_mail"], to_call=len(told["calls"]))
        revisions.remember(self.request, revision, words, self.page_after(revision) or url)
        return redirect("staff:revised")

    def page_after(self, revision: Revision) -> str:
        """Return where people go on afterwards, empty where the subject's own page is still right."""
        return ""


class ReviseSeriesView(RevisingView):
    """Changes a series, from today or from a later day on."""

    template_name = "staff/series_revise.html"
    page_title = _("Change the series")
    parents: ClassVar = [("series_list", SeriesListView.page_title)]
    action = "booking.revise_series"
    verb = _("Change the series")
    form: ReviseSeriesForm
    series: Availability

    def load(self, pk: int) -> HttpResponseBase | None:
        """Read the series; one that is over, a draft, or a single date is changed elsewhere or not at all."""
        self.series = get_object_or_404(series_of(self).filter(is_extra=False), pk=pk)
        if self.series.is_draft or has_ended(self.series, self.today):
            return redirect("staff:series", pk=pk)
        if recurrence.pattern(self.series).rhythm is Rhythm.ONCE:
            date_ = self.series.office_hours.filter(start__gt=self.now).first()
            return redirect("staff:hours_revise", pk=date_.pk) if date_ else redirect("staff:series", pk=pk)
        return None

    def new_form(self, typed: Any = None) -> ReviseSeriesForm:
        """Return the form of the series."""
        return ReviseSeriesForm(typed, office=self.office, of=self.series, today=self.today)

    def plan(self, decided: Decided) -> Revision:
        """Return what would happen to the series."""
        return revising.plan_series(self.series, self.form.series(), self._since, decided, self.now)

    def apply(self, decided: Decided, word: str) -> Revision:
        """Change the series."""
        return revising.revise_series(self.series, self.form.series(), self._since, decided, self.now, word)

    @property
    def _since(self) -> date:
        since: date = self.form.cleaned_data["since"]
        return since

    def subject(self) -> tuple[Model, str, str]:
        """The series, its words and its page."""
        return self.series, str(self.series), reverse("staff:series", args=[self.series.pk])

    def page_after(self, revision: Revision) -> str:
        """The series that goes on."""
        return reverse("staff:series", args=[revision.availability.pk])


class OfDate(RevisingView):
    """A change of one date."""

    parents: ClassVar = [("hours_list", HoursListView.page_title)]
    hours: OfficeHours

    def load(self, pk: int) -> HttpResponseBase | None:
        """Read the date; one that has begun or does not take place cannot be changed."""
        mine = agenda.in_office(self.office).select_related("host__office", "availability__service")
        self.hours = get_object_or_404(mine, pk=pk)
        if self.hours.start > self.now and self.hours.is_live and self.hours.withdrawn_at is None:
            return None
        messages.error(
            self.request, _("This date has begun or was cancelled. It cannot be changed any more.")
        )
        return redirect("staff:hours", pk=pk)

    def subject(self) -> tuple[Model, str, str]:
        """The date, its words and its page."""
        words = f"{weekday_date(self.hours.start)} · {self.hours.availability}"
        return self.hours, words, reverse("staff:hours", args=[self.hours.pk])


class ReviseDateView(OfDate):
    """Changes one date: its times, its day, its place."""

    template_name = "staff/hours_revise.html"
    page_title = _("Change this date")
    action = "booking.revise_date"
    verb = _("Change this date")
    form: ReviseDateForm

    def new_form(self, typed: Any = None) -> ReviseDateForm:
        """Return the form of the date."""
        return ReviseDateForm(typed, office=self.office, hours=self.hours)

    def plan(self, decided: Decided) -> Revision:
        """Return what would happen to the date."""
        return redating.plan_date(self.hours, self.form.terms(), decided, self.now)

    def apply(self, decided: Decided, word: str) -> Revision:
        """Change the date."""
        return redating.revise_date(self.hours, self.form.terms(), decided, self.now, word)

    def page_after(self, revision: Revision) -> str:
        """The new day, where it went to one."""
        return reverse("staff:hours", args=[revision.made[0].pk]) if revision.made else ""


class DropDateView(OfDate):
    """Lets one date fall out."""

    page_title = _("Let this date fall out")
    header_icon = "no-view"
    has_form = False
    action = "booking.drop_date"
    verb = _("Let this date fall out")

    def new_form(self, typed: Any = None) -> None:
        """Nothing is to be filled in."""

    def plan(self, decided: Decided) -> Revision:
        """Return what would happen to the date."""
        return redating.plan_drop(self.hours, decided, self.now)

    def apply(self, decided: Decided, word: str) -> Revision:
        """Let it fall out."""
        return redating.drop_date(self.hours, decided, self.now, word)


class RevisedView(StaffView):
    """What the last change did, and who has to be called now."""

    permission = roles.PUBLISH
    template_name = "staff/revised.html"
    page_title = _("It is changed")
    header_icon = "tick"
    parents: ClassVar = [("series_list", SeriesListView.page_title)]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show it; without a change in this session there is nothing to see."""
        done = revisions.recall(request)
        if done is None:
            return redirect("staff:series_list")
        mine = Booking.objects.with_parts().filter(slot__office_hours__host__office=self.office)
        calls = mine.filter(pk__in=done["calls"]).order_by("slot__start", "seat")
        return self.page(done=done, calls=calls)
