"""The answers that several pages give: go there, this is refused, this is yours alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from booking import links
from booking.actions.errors import BookingError
from booking.context import default_office
from booking.models import Booking, Office

OwnPage = Callable[[HttpRequest, Booking, datetime], HttpResponse]


class SeeOther(HttpResponseRedirect):
    """Done: the result is there, to be read by GET."""

    status_code = 303


def this_office() -> Office:
    """Return the office of this site, or answer 404 before there is one."""
    office = default_office()
    if office is None:
        raise Http404
    return office


def refused(request: HttpRequest, error: BookingError, booking: Booking) -> HttpResponse:
    """Answer 409: say why, and whom to call."""
    context = {"message": str(error), "token": links.token(booking), "office": office_of(booking)}
    return render(request, "booking/refused.html", context, status=409)


def office_of(booking: Booking) -> Office:
    """Return the office in which the appointment is."""
    return booking.slot.office_hours.host.office


def own_page(view: OwnPage) -> Callable[[HttpRequest, str], HttpResponse]:
    """Turn a view of a booking into one of its token: 404 for a wrong one, nothing stored, nothing told."""

    @wraps(view)
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        booking = links.booking_for(token)
        if booking is None:
            response = render(request, "404.html", status=404)
        else:
            response = view(request, booking, timezone.now())
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return answer
