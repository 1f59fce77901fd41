"""Book for somebody who calls or comes by: a free time, a short form, a code to say and a slip to take along."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from booking import links
from booking.actions import bookings, desk
from booking.actions.bookings import LARGEST_ID
from booking.actions.desk import Obstacles
from booking.actions.errors import AlreadySent, BookingError, NeedsConsent, SlotTaken
from booking.enums import Actor, Channel
from booking.mails.facts import facts
from booking.models import Booking, Slot
from booking.models.office import local
from booking.staff import doors, free_times, history, roles
from booking.staff.bookings import OfBooking
from booking.staff.forms.desk import DeskForm, OutsideForm
from booking.staff.views import StaffView

FAR = timedelta(days=2 * 366)


def day_in(typed: str, today: date) -> date:
    """Return the day of an address, today for none, one that is over, or a slip of the finger."""
    try:
        wanted = date.fromisoformat(typed)
    except ValueError:
        return today
    return wanted if today < wanted < today + FAR else today


class BookView(StaffView):
    """The free times by day; `?zeit=` is the form for one of them."""

    permission = roles.CHANGE_BOOKINGS
    template_name = "staff/book.html"
    page_title = _("Book for somebody")
    header_icon = "plus"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the times, or the form for the one that was chosen."""
        if "zeit" not in request.GET:
            return self._times(request)
        slot = self._slot(request.GET["zeit"])
        if not Slot.objects.at_desk(self.now).free(self.now).filter(pk=slot.pk).exists():
            return self._form(slot, self._bound(slot, None), SlotTaken(), 409)
        return self._form(slot, self._bound(slot, None))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Book the time for the person, and go where the code stands."""
        slot = self._slot(request.POST.get("zeit", ""))
        form = DeskForm(
            request.POST, slot.office_hours.availability.service, slot.office_hours.availability.channels
        )
        if not form.is_valid():
            return self._form(slot, form, status=422)
        try:
            booking = bookings.book(slot.pk, form.claim(), self.now, Actor.OFFICE)
        except BookingError as error:
            if isinstance(error, AlreadySent):
                form.renew()
            return self._form(slot, form, error, 409)
        return booked(self, booking)

    def _slot(self, typed: str) -> Slot:
        """Return the time; 404 for none, or one of another office."""
        number = (
            int(typed) if typed.isascii() and typed.isdigit() and len(typed) < len(str(LARGEST_ID)) else 0
        )
        parts = Slot.objects.select_related(
            "office_hours__host__office", "office_hours__availability__service"
        )
        slot = parts.filter(pk=number, office_hours__host__office=self.office).first()
        if slot is None:
            raise Http404
        return slot

    @staticmethod
    def _bound(slot: Slot, typed: None) -> DeskForm:
        availability = slot.office_hours.availability
        return DeskForm(typed, availability.service, availability.channels)

    def _form(
        self, slot: Slot, form: DeskForm, error: BookingError | None = None, status: int = 200
    ) -> HttpResponseBase:
        """Show the form; where the time is gone, the next ones stand in it as buttons: what was typed stays."""
        self.template_name = "staff/book_form.html"
        is_gone = error is not None and not isinstance(error, AlreadySent)
        days = free_times.instead_of(slot, self.now) if is_gone else []
        place = local(slot.office_hours.where)
        return self.page(
            form=form, slot=slot, error=error, is_gone=is_gone, days=days, place=place, status=status
        )

    def _times(self, request: HttpRequest) -> HttpResponseBase:
        services = list(self.office.services.filter(is_active=True))
        hosts = list(self.office.hosts.filter(is_active=True))
        service = next((s for s in services if s.slug == request.GET.get("angebot")), None)
        host = next((h for h in hosts if h.slug == request.GET.get("person")), None)
        channel = next((c for c in Channel if c.value == request.GET.get("art")), None)
        today = self.today.date()
        since = day_in(request.GET.get("ab", ""), today)
        found = free_times.at_desk(self.office, self.now, service=service, host=host, channel=channel)
        shown = free_times.page(found, since, self.office)
        chosen = {
            "angebot": service and service.slug,
            "person": host and host.slug,
            "art": channel and channel.value,
        }
        query = {name: value for name, value in chosen.items() if value}
        return self.page(
            days=shown.days,
            later=_query(query | {"ab": shown.later.isoformat()}) if shown.later else "",
            first=_query(query) if since != today else "",
            since=since,
            services=services,
            hosts=hosts,
            channels=list(Channel),
            service=service,
            host=host,
            channel=channel,
            is_narrowed=bool(query),
        )


def _query(parts: dict[str, str]) -> str:
    return "?" + urlencode(parts)


def booked(view: StaffView, booking: Booking) -> HttpResponseBase:
    """Log a booking that was made just now, and go where its code stands; a form sent twice is logged once."""
    if booking.created_at == view.now:
        history.note(booking, "booking.book")
    return redirect("staff:booking_made", pk=booking.pk)


class BookOutsideView(StaffView):
    """An appointment that was never published. What stands against it is shown, then decided."""

    permission = roles.CHANGE_BOOKINGS
    template_name = "staff/book_outside.html"
    page_title = _("Book outside of office hours")
    header_icon = "plus"
    parents: ClassVar = [("book", BookView.page_title)]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the form, for the day that was asked for, else for today."""
        service = self.office.services.filter(is_active=True).first()
        if service is None or not self.office.hosts.filter(is_active=True).exists():
            return self.page(nothing_to_offer=True)
        host = doors.host_of(request)
        initial: dict[str, Any] = {
            "day": day_in(request.GET.get("tag", ""), self.today.date()),
            "service": service.pk,
            "minutes": service.minutes,
            "host": host.pk if host and host.is_active else None,
        }
        return self.page(form=OutsideForm(None, self.office, self.now, initial))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Book it, or show what stands against it and ask."""
        form = OutsideForm(request.POST, self.office, self.now)
        if request.POST.get("step") == "edit" or not form.is_valid():
            return self.page(form=form, status=200 if form.is_valid() else 422)
        wish = form.wish()
        try:
            booking = desk.book_outside(wish, form.claim(), request.POST.get("agreed", ""), self.now)
        except NeedsConsent as question:
            return self._ask(form, question.obstacles, has_changed=bool(request.POST.get("agreed")))
        except BookingError as error:
            if isinstance(error, AlreadySent):
                form.renew()
            return self.page(form=form, error=error, there=desk.obstacles(wish, self.now), status=409)
        return booked(self, booking)

    def _ask(self, form: OutsideForm, found: Obstacles, *, has_changed: bool) -> HttpResponseBase:
        self.template_name = "staff/book_outside_ask.html"
        wish = form.wish()
        return self.page(
            form=form,
            wish=wish,
            found=found,
            hours=found.hours[0] if found.hours else None,
            has_changed=has_changed,
            status=409 if has_changed else 200,
        )


@method_decorator(never_cache, name="dispatch")
class BookedView(OfBooking):
    """The code of a booking that was just made, large enough to be read out."""

    permission = roles.SEE_BOOKINGS
    template_name = "staff/booked.html"
    page_title = _("The appointment is booked")
    header_icon = "check"
    parents: ClassVar = [("book", BookView.page_title)]

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        """Show it."""
        booking = self.load()
        hours = booking.slot.office_hours
        return self.page(booking=booking, hours=hours, place=local(hours.where))


@method_decorator(never_cache, name="dispatch")
class SlipView(OfBooking):
    """A slip of paper for the resident, in her language; `?format=a4` for those who read large letters."""

    permission = roles.SEE_BOOKINGS

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        """Show it as a page of its own."""
        booking = self.load()
        known = booking.language in dict(settings.LANGUAGES)
        language = booking.language if known else settings.LANGUAGE_CODE
        with translation.override(language):
            said = facts(booking, self.now)
            context = {
                "booking": booking,
                "facts": said,
                "office": self.office,
                "language": language,
                "direction": "rtl" if get_language_bidi() else "ltr",
                "qr": segno.make_qr(said.links.booking, error="m").svg_inline(
                    scale=3, svgclass=None, lineclass=None
                ),
                "find_address": links.find_url(),
                "is_large": request.GET.get("format") == "a4",
            }
            return TemplateResponse(request, "booking/slip.html", context).render()
