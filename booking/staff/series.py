"""The series of office hours: which there are, what publishing them did, and how one ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from booking import recurrence
from booking.actions import closing
from booking.actions.errors import BookingError, StillBooked
from booking.enums import BookedTimes, HoursStatus, SeriesState
from booking.models import Availability, Booking
from booking.recurrence import Pattern
from booking.staff import agenda, history, results, roles, sentences
from booking.staff.forms.series_end import EndSeriesForm
from booking.staff.views import StaffView

RESULT = "ergebnis"
# What the buttons of the last question say about booked times.
STEPS = {"end": None, "keep": BookedTimes.KEEP, "cancel": BookedTimes.CANCEL}


def series_of(view: StaffView) -> QuerySet[Availability]:
    """Return the series of the view's office, each with all that a sentence about it needs."""
    mine = Availability.objects.filter(host__office=view.office)
    return mine.select_related("host__office", "service", "event__rule")


def has_ended(series: Availability, today: datetime) -> bool:
    """Tell whether nothing of the series is offered any more; one that ends later still runs."""
    return series.withdrawn_on is not None and series.withdrawn_on <= today.date()


def state_of(series: Availability, pattern: Pattern, today: datetime) -> SeriesState:
    """Return where the series stands; after its last day it has ended, too."""
    if series.is_draft:
        return SeriesState.DRAFT
    is_over = pattern.ends_on is not None and pattern.ends_on < today.date()
    return SeriesState.ENDED if is_over or has_ended(series, today) else SeriesState.RUNNING


@dataclass(frozen=True)
class Row:
    """One series of the list, in plain words."""

    series: Availability
    sentence: str
    details: str
    state: SeriesState
    ends_on: date | None


class SeriesListView(StaffView):
    """All series with their sentence, of everybody or of one host: `?person=slug`; drafts first, ended ones last."""

    permission = roles.SEE_BOOKINGS
    template_name = "staff/series_list.html"
    page_title = _("Series")
    header_icon = "rotate"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """List them with the number of coming dates and the next one."""
        hosts = list(self.office.hosts.all())
        host = next((h for h in hosts if h.slug == request.GET.get("person")), None)
        coming = Q(office_hours__end__gt=self.now, office_hours__status=HoursStatus.LIVE)
        found = series_of(self).filter(is_extra=False, **({"host": host} if host else {}))
        found = found.annotate(
            coming=Count("office_hours", filter=coming), next_start=Min("office_hours__start", filter=coming)
        )
        rows = [self._row(each) for each in found.order_by("host__name", "pk")]
        rows.sort(key=lambda row: list(SeriesState).index(row.state))
        return self.page(rows=rows, hosts=hosts, chosen_host=host)

    def _row(self, series: Availability) -> Row:
        pattern = recurrence.pattern(series)
        return Row(
            series,
            sentence=recurrence.sentence(pattern),
            details=sentences.details(pattern, series),
            state=state_of(series, pattern, self.today),
            ends_on=pattern.ends_on,
        )


class OfSeries(StaffView):
    """A page about one series of the office."""

    parents: ClassVar = [("series_list", SeriesListView.page_title)]
    header_icon = "rotate"
    series: Availability

    def load(self, pk: int) -> Availability:
        """Return the series; 404 for one of another office."""
        self.series = get_object_or_404(series_of(self), pk=pk)
        return self.series

    def words(self) -> dict[str, Any]:
        """What a page says about the series."""
        pattern = recurrence.pattern(self.series)
        return {
            "series": self.series,
            "has_ended": state_of(self.series, pattern, self.today) == SeriesState.ENDED,
            "pattern": pattern,
            "sentence": sentences.whole(pattern, self.series),
        }


class SeriesView(OfSeries):
    """One series with its coming dates; right after publishing, with what that did."""

    permission = roles.SEE_BOOKINGS
    template_name = "staff/series.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Show it."""
        series = self.load(pk)
        dates = agenda.stretches(series.office_hours.coming(self.now), self.now)
        summary = results.recall(request, pk) if RESULT in request.GET else None
        return self.page(dates=dates, summary=summary, **self.words())

    def get_page_title(self) -> str:
        """Service and host."""
        return str(self.series)


class EndSeriesView(OfSeries):
    """Ends a series from a day on, or earlier than was said before.

    Who has booked is shown first, and what becomes of it is asked.
    """

    permission = roles.PUBLISH
    template_name = "staff/series_end.html"
    page_title = _("End the series")

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Ask from which day on."""
        if self.load(pk).is_draft or has_ended(self.series, self.today):
            return redirect("staff:series", pk=pk)
        form = self._form(initial={"since": self.today.date() + timedelta(days=1)})
        return self.page(form=form, **self.words())

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Show what would go, then end it when a button has said what becomes of booked times."""
        if self.load(pk).is_draft or has_ended(self.series, self.today):
            return redirect("staff:series", pk=pk)
        form = self._form(request.POST)
        if not form.is_valid():
            return self.page(form=form, status=422, **self.words())
        step = request.POST.get("step", "")
        if step not in STEPS:
            return self._ask(form)
        try:
            closing.withdraw(self.series, form.cleaned_data["since"], STEPS[step], self.now)
        except StillBooked as error:
            return self._ask(form, error.bookings)
        except BookingError as error:
            messages.error(request, str(error))
            return redirect("staff:series_list")
        history.note(self.series, "booking.end_series", since=form.cleaned_data["since"].isoformat())
        messages.success(request, self._done())
        return redirect("staff:series", pk=pk)

    def _form(self, *args: Any, **kwargs: Any) -> EndSeriesForm:
        return EndSeriesForm(*args, today=self.today, ends_on=self.series.withdrawn_on, **kwargs)

    def _done(self) -> str:
        if has_ended(self.series, self.today):
            return gettext("The series has ended. Nothing new of it is offered.")
        return gettext("The end of the series is set. Until then everything stays as it is.")

    def _ask(self, form: EndSeriesForm, bookings: list[Booking] | None = None) -> HttpResponseBase:
        since = form.cleaned_data["since"]
        start = datetime.combine(since, time.min, self.office.zone)
        going = self.series.office_hours.live().filter(start__gte=start, end__gt=self.now)
        if bookings is None:
            live = Booking.objects.live(self.now).with_parts().filter(slot__office_hours__in=going)
            bookings = list(live.filter(slot__end__gt=self.now).order_by("slot__start", "seat"))
        self.template_name = "staff/series_end_ask.html"
        return self.page(
            form=form, since=since, bookings=bookings, dates=going.count(), **told(bookings), **self.words()
        )


def told(bookings: list[Booking]) -> dict[str, int]:
    """Return how many of the people get a mail when their appointment is cancelled, and how many must be called."""
    by_mail = sum(1 for booking in bookings if booking.email)
    return {"by_mail": by_mail, "by_phone": len(bookings) - by_mail}
