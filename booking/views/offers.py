"""The resident's answer when her appointment falls out: the held time, another one, or none.

GET shows, POST acts. Turning the held time down is `manage.cancel`, which asks first.
"""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from booking import links
from booking.actions import bookings, offers, throttling
from booking.actions.errors import BookingError, WrongState
from booking.forms import MoveForm
from booking.models import Booking
from booking.views import choices
from booking.views.answers import SeeOther, office_of, own_page, refused
from booking.views.ticket import Ticket


def _home(booking: Booking) -> HttpResponse:
    return SeeOther(reverse("booking:booking", kwargs={"token": links.token(booking)}))


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def accept(request: HttpRequest, booking: Booking, now: datetime) -> HttpResponse:
    """Book the time that is held; GET leads to the page with the button. Other holds need the link of a mail."""
    if request.method != "POST" or booking.replaces_id is None:
        return _home(booking)
    try:
        bookings.confirm(booking.pk, now)
    except BookingError as error:
        return refused(request, error, booking)
    return _home(booking)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def other_time(request: HttpRequest, booking: Booking, now: datetime) -> HttpResponse:
    """Offer the free times; POST books one of them in the place of what fell out."""
    if request.method != "POST":
        if not offers.is_open(booking, now):
            return _home(booking)
        return _choice(request, booking, now, MoveForm(initial={"slot": request.GET.get("slot", "")}))
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _choice(request, booking, now, form, 422)
    if not throttling.MOVES_BY_BOOKING.allows(str(booking.pk), now):
        return _choice(request, booking, now, form, 429)
    try:
        return _home(offers.choose(booking.pk, form.cleaned_data["slot"], now))
    except WrongState as error:
        return refused(request, error, booking)
    except BookingError as error:
        return _choice(request, booking, now, form, 409, error)


def _choice(
    request: HttpRequest,
    booking: Booking,
    now: datetime,
    form: MoveForm,
    status: int = 200,
    error: BookingError | None = None,
) -> HttpResponse:
    context = {
        "office": office_of(booking),
        "token": links.token(booking),
        "ticket": Ticket.of(booking, now),
        "error": error,
        "is_throttled": status == 429,
        **choices.drawn(request, booking, now, form),
    }
    return render(request, "booking/other_time.html", context, status=status)
