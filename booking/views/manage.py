"""The resident's own booking: seen, confirmed, moved, cancelled, erased. Its token is the key.

GET shows, POST acts: mail programs and scanners open every link of a mail.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_http_methods, require_safe

from booking import dates, links, video
from booking.actions import bookings, erasure, offers, throttling
from booking.actions.errors import BookingError, TooLate, WrongState
from booking.enums import Actor, Status
from booking.forms import MoveForm
from booking.ical import invitation
from booking.models import Booking
from booking.views import choices
from booking.views.answers import SeeOther, office_of, own_page, refused
from booking.views.ticket import State, Ticket

logger = logging.getLogger(__name__)


def _home(booking: Booking) -> HttpResponse:
    return SeeOther(reverse("booking:booking", kwargs={"token": links.token(booking)}))


def _page(
    request: HttpRequest, name: str, booking: Booking, now: datetime, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "office": office_of(booking),
        "booking": booking,
        "token": links.token(booking),
        "ticket": Ticket.of(booking, now),
        **more,
    }
    return render(request, f"booking/{name}.html", context, status=status)


@require_safe
@own_page
def booking(request: HttpRequest, booking: Booking, now: datetime) -> HttpResponse:
    """Show the appointment: a page to be shown at the counter; where it fell out, what is there instead."""
    if booking.absence_id is not None:
        return _fallen_out(request, booking, now)
    if offers.is_hold(booking, now):
        former = Ticket.of(Booking.objects.with_parts().get(replacement=booking.pk), now)
        return _page(request, "offer", booking, now, former=former)
    address = links.booking_url(booking)
    qr = segno.make_qr(address, error="m").svg_inline(scale=3, svgclass=None, lineclass=None)
    return _page(request, "booking", booking, now, qr=qr, find_address=links.find_url())


def _fallen_out(request: HttpRequest, booking: Booking, now: datetime) -> HttpResponse:
    instead = offers.replacement_of(booking)
    return _page(
        request,
        "fallen_out",
        booking,
        now,
        instead=Ticket.of(instead, now) if instead else None,
        instead_token=links.token(instead) if instead else "",
        may_choose=offers.is_open(booking, now),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def confirm(request: HttpRequest, booking: Booking, now: datetime) -> HttpResponse:
    """Ask whether to confirm a held booking; POST confirms it. Only the link of our mail leads here."""
    proof = request.POST.get("nachweis") or request.GET.get("nachweis", "")
    is_held = Ticket.of(booking, now).state == State.HELD
    if not constant_time_compare(proof, links.mail_proof(booking)) or not is_held:
        return _home(booking)
    if request.method != "POST":
        return _page(request, "confirm", booking, now, proof=proof)
    try:
        bookings.confirm(booking.pk, now)
    except BookingError as error:
        return refused(request, error, booking)
    return _home(booking)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def cancel(request: HttpRequest, booking: Booking, now: datetime) -> HttpResponse:
    """Ask whether to cancel; POST cancels. A second POST finds it done."""
    if booking.status == Status.CANCELLED:
        return _home(booking)
    try:
        bookings.check_changeable(booking, now)
        if request.method != "POST":
            return _page(request, "cancel", booking, now)
        bookings.cancel(booking.pk, Actor.RESIDENT, now)
    except BookingError as error:
        return refused(request, error, booking)
    if not offers.is_hold(booking, now):  # nobody is blamed for a time that she never asked for
        throttling.note_cancellation(booking.email, booking.phone, now)
    return _home(booking)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def move(request: HttpRequest, booking: Booking, now: datetime) -> HttpResponse:
    """Offer other times; POST moves the booking to one of them."""
    try:
        bookings.check_changeable(booking, now)
        if booking.status == Status.PENDING:
            raise WrongState
    except BookingError as error:
        return refused(request, error, booking)
    if request.method != "POST":
        return _choice(request, booking, now, MoveForm(initial={"slot": request.GET.get("slot", "")}))
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _choice(request, booking, now, form, 422)
    if not throttling.MOVES_BY_BOOKING.allows(str(booking.pk), now):
        return _choice(request, booking, now, form, 429)
    try:
        bookings.reschedule(booking.pk, form.cleaned_data["slot"], Actor.RESIDENT, now)
    except (TooLate, WrongState) as error:
        return refused(request, error, booking)
    except BookingError as error:
        return _choice(request, booking, now, form, 409, error)
    return _home(booking)


def _choice(
    request: HttpRequest,
    booking: Booking,
    now: datetime,
    form: MoveForm,
    status: int = 200,
    error: BookingError | None = None,
) -> HttpResponse:
    """List the free times of the same service that are held in the booking's way."""
    drawn = choices.drawn(request, booking, now, form)
    return _page(request, "move", booking, now, status, error=error, is_throttled=status == 429, **drawn)


@require_safe
@own_page
def video_page(request: HttpRequest, booking: Booking, now: datetime) -> HttpResponse:
    """Show the way into the video meeting from ten minutes before until it closes; before that say when."""
    if not video.is_meeting(booking):
        return _home(booking)
    opens_at = booking.slot.start - video.OPENS
    is_open = opens_at <= now < video.closes_at(booking)
    return _page(
        request,
        "video",
        booking,
        now,
        is_open=is_open,
        is_over=now >= booking.slot.end and not is_open,
        opens_at=dates.spoken_hour(opens_at, office_of(booking).zone),
        url=_way_in(booking) if is_open else "",
    )


def _way_in(booking: Booking) -> str:
    """Return the resident's address of the meeting; empty where there is none or the video system fails."""
    try:
        room = video.room(booking)
    except video.RoomUnavailable:
        logger.error("The video system gives no room for booking %s", booking.pk)
        return ""
    return room.guest_url if room else ""


@require_safe
@own_page
def file(request: HttpRequest, booking: Booking, now: datetime) -> HttpResponse:
    """Answer the appointment as a file for a calendar."""
    if booking.status != Status.CONFIRMED:
        return refused(request, WrongState(), booking)
    response = HttpResponse(invitation.publish(booking), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="termin.ics"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def data(request: HttpRequest, booking: Booking, now: datetime) -> HttpResponse:
    """Say what is stored about the resident and for how long; POST erases it, and cancels what is to come."""
    if request.method != "POST":
        return _page(request, "data", booking, now)
    try:
        erasure.take_back(booking.pk, now)
    except BookingError as error:
        return refused(request, error, booking)
    throttling.note_cancellation(booking.email, booking.phone, now)
    return SeeOther(request.path)
