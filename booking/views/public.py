"""What everybody may see and do: free times, and booking one of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from booking import codes, dates, links
from booking.actions import bookings, throttling
from booking.actions.bookings import LARGEST_ID, Claim
from booking.actions.errors import AlreadySent, BookingError, NotFound, SlotClosed, SlotPast, SlotTaken
from booking.enums import Channel
from booking.forms import BookingForm, FilterForm, FindForm, View, search
from booking.models import Slot
from booking.models.office import local
from booking.views import overview, times
from booking.views.answers import SeeOther, this_office

NEXT_TIMES = 6


@require_safe
def slots(request: HttpRequest) -> HttpResponse:
    """Show the free times as a list of days, a week or a month, narrowed to what the visitor wants."""
    office, now = this_office(), timezone.now()
    today = now.astimezone(office.zone).date()
    services = list(office.services.filter(is_active=True))
    hosts = list(office.hosts.filter(is_active=True))
    wanted = search(request.GET, services, hosts, today)
    context = overview.draw(office, wanted, now, today)
    context |= {
        "office": office,
        "wanted": wanted,
        "filters": FilterForm(wanted, services, hosts, today),
        "tabs": [(view, wanted.query(view, overview.unless(wanted.since, today))) for view in View],
        "all_url": wanted.without_filters().query(),
    }
    return render(request, "booking/slots.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def slot(request: HttpRequest, slot_id: int) -> HttpResponse:
    """Show the form that books a time; POST books it."""
    now = timezone.now()
    parts = Slot.objects.select_related("office_hours__host__office", "office_hours__availability__service")
    chosen = parts.filter(pk=slot_id).first() if slot_id <= LARGEST_ID else None
    if chosen is None:
        raise Http404
    if request.method == "POST":
        return _book(request, chosen, now)
    if error := _why_not(chosen, now):
        status = 409 if isinstance(error, SlotTaken) else 410
        return _form_page(request, chosen, now, None, status, error)
    return _form_page(request, chosen, now, _form(chosen, now), 200)


def _why_not(chosen: Slot, now: datetime) -> BookingError | None:
    if Slot.objects.bookable(now).filter(pk=chosen.pk).exists():
        return None
    if chosen.start <= now:
        return SlotPast()
    return SlotTaken() if Slot.objects.offered(now).filter(pk=chosen.pk).exists() else SlotClosed()


def _form(chosen: Slot, now: datetime, data: QueryDict | None = None) -> BookingForm:
    availability = chosen.office_hours.availability
    return BookingForm(data, availability.service, availability.channels, now)


def _book(request: HttpRequest, chosen: Slot, now: datetime) -> HttpResponse:
    """Book the time: 303 to the booking; else the form, with what was typed, and why.

    422: something has to be mended. 429: too many tries. 409: the time is gone, others are offered.
    200: sent within two seconds. Nothing is wrong with it, so no error is told; it only has to be sent again.
    """
    form = _form(chosen, now, request.POST)
    if not throttling.BOOKINGS_BY_ADDRESS.allows(throttling.household(request.META["REMOTE_ADDR"]), now):
        return _form_page(request, chosen, now, form, 429)
    if not form.is_valid():
        return _form_page(request, chosen, now, form, 422)
    if form.is_early:
        return _form_page(request, chosen, now, form, 200)
    claim = _claim(form)
    if not throttling.contact_may_book(claim.email, claim.phone, now):
        return _form_page(request, chosen, now, form, 429)
    try:
        booking = bookings.book(chosen.pk, claim, now)
    except NotFound as error:
        raise Http404 from error
    except BookingError as error:
        if isinstance(error, AlreadySent):
            form.renew()
        return _form_page(request, chosen, now, form, 409, error)
    throttling.note_booking(claim.email, claim.phone, now)
    return SeeOther(reverse("booking:booking", kwargs={"token": links.token(booking)}))


def _claim(form: BookingForm) -> Claim:
    data = form.cleaned_data
    return Claim(
        name=data["name"],
        email=data["email"],
        phone=data["phone"],
        channel=form.chosen_channel,
        language=data["language"],
        request_id=data["request_id"],
        topic=data.get("topic", ""),
        message=data.get("message", ""),
    )


def _form_page(
    request: HttpRequest,
    chosen: Slot,
    now: datetime,
    form: BookingForm | None,
    status: int,
    error: BookingError | None = None,
) -> HttpResponse:
    hours = chosen.office_hours
    office, zone = hours.host.office, hours.host.office.zone
    local_start = chosen.start.astimezone(zone)
    is_gone = error is not None and not isinstance(error, AlreadySent)
    context = {
        "office": office,
        "form": form,
        "error": error,
        "is_gone": is_gone,
        "is_throttled": status == 429,
        "is_early": form is not None and form.is_bound and status == 200,
        "slot": chosen,
        "moment": local_start.isoformat(timespec="minutes"),
        "day": dates.spoken_day(local_start.date()),
        "hour": dates.spoken_hour(chosen.start, zone),
        "minutes": (chosen.end - chosen.start) // timedelta(minutes=1),
        "host": hours.host,
        "service": hours.availability.service,
        "ways": times.spoken_ways(hours.availability.channels),
        "place": (local(hours.where) or office.address)
        if Channel.OFFICE in hours.availability.channels
        else "",
        "is_own_place": not local(hours.where),
        "back_url": f"?ab={local_start.date().isoformat()}#tag-{local_start.date().isoformat()}",
        "next_days": _next_times(chosen, now) if is_gone else [],
    }
    response = render(request, "booking/slot.html", context, status=status)
    response["Cache-Control"] = "private, no-cache" if request.method != "POST" else "no-store"
    if status == 429:
        response["Retry-After"] = "600"
    return response


def _next_times(gone: Slot, now: datetime) -> list[times.Day]:
    """Return the free times nearest after the one that is gone, of the same service; else the first ones."""
    service = gone.office_hours.availability.service
    free = Slot.objects.bookable(now).filter(office_hours__availability__service=service).exclude(pk=gone.pk)
    zone = gone.office_hours.host.office.zone
    found = times.rows(free.filter(start__gte=gone.start)[:NEXT_TIMES]) or times.rows(free[:NEXT_TIMES])
    return times.by_day(found, zone, now.astimezone(zone).date())


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Find a booking by its code and a proof. A wrong code and a wrong proof get the same answer."""
    now, office = timezone.now(), this_office()
    form = FindForm(request.POST if request.method == "POST" else None)
    spent = _spent_limit(request, form, now) if form.is_bound else None
    status, is_unknown = 200, False
    if form.is_bound:
        status = 429 if spent else 422
        if not spent and form.is_valid():
            found = bookings.find(form.cleaned_data["code"], form.cleaned_data["proof"])
            if found:
                return SeeOther(reverse("booking:booking", kwargs={"token": links.token(found)}))
            is_unknown = True
    context = {
        "office": office,
        "form": form,
        "is_unknown": is_unknown,
        "is_throttled": spent is not None,
        "may_wait": spent == throttling.SEARCHES_BY_CODE,
    }
    response = render(request, "booking/find.html", context, status=status)
    response["Cache-Control"] = "no-store" if form.is_bound else "private, no-cache"
    if spent:
        response["Retry-After"] = str(spent.window // timedelta(seconds=1))
    return response


def _spent_limit(request: HttpRequest, form: FindForm, now: datetime) -> throttling.Limit | None:
    """Count the try by address and, whatever way it was typed, by code; return the limit that refuses it."""
    address = throttling.household(request.META["REMOTE_ADDR"])
    if not throttling.SEARCHES_BY_ADDRESS.allows(address, now):
        return throttling.SEARCHES_BY_ADDRESS
    code = codes.normal_form(form.data.get("code", ""))
    if not code:
        return None
    short, long = throttling.SEARCHES_BY_CODE, throttling.SEARCHES_BY_CODE_A_DAY
    # The longer one speaks first: nobody shall wait a quarter of an hour in vain.
    if long.is_spent(code, now):
        return long
    return next((limit for limit in (short, long) if not limit.allows(code, now)), None)
