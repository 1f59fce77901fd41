"""Writing to the office: a question, an idea, or a barrier on this website."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from booking.actions import inquiries, throttling
from booking.actions.errors import AlreadySent, BookingError
from booking.actions.inquiries import Writing
from booking.dates import spoken_day_of_year
from booking.enums import InquiryKind
from booking.forms import BarrierForm, InquiryForm
from booking.models import Inquiry
from booking.views.answers import SeeOther, this_office

FORM_METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class FormPage:
    """One of the two forms, with what its page is made of."""

    request: HttpRequest
    template: str
    form: InquiryForm | BarrierForm
    now: datetime

    def page(self, status: int, error: BookingError | None = None) -> HttpResponse:
        """Answer the form, with what was typed."""
        context = {
            "office": this_office(),
            "form": self.form,
            "error": error,
            "is_throttled": status == 429,
            "is_early": self.form.is_bound and status == 200,
        }
        response = render(self.request, self.template, context, status=status)
        response["Cache-Control"] = "no-store" if self.form.is_bound else "private, no-cache"
        if status == 429:
            response["Retry-After"] = "600"
        return response


@require_http_methods(FORM_METHODS)
def inquiry(request: HttpRequest) -> HttpResponse:
    """Show the form for a question or an idea; POST sends it to the office."""
    this_office()
    now = timezone.now()
    form = InquiryForm(request.POST if request.method == "POST" else None, now)
    return _answer(FormPage(request, "booking/inquiry.html", form, now))


@require_http_methods(FORM_METHODS)
def barrier(request: HttpRequest) -> HttpResponse:
    """Show the form for a barrier on this website; POST sends it to the office."""
    this_office()
    now = timezone.now()
    form = BarrierForm(request.POST if request.method == "POST" else None, now, _page_before(request))
    return _answer(FormPage(request, "booking/barrier.html", form, now))


def _page_before(request: HttpRequest) -> str:
    """Return the path of the page from which somebody came, as the link or the browser says; never another site."""
    asked = request.GET.get("seite", "")
    if asked.startswith("/") and not asked.startswith("//"):
        return asked
    try:
        before = urlsplit(request.META.get("HTTP_REFERER", ""))
    except ValueError:
        return ""
    is_ours = before.netloc == request.get_host() and before.path != request.path
    return before.path if is_ours else ""


def _answer(desk: FormPage) -> HttpResponse:
    """Receive what was written: 303 to the thanks; else the form, as the one of a booking answers."""
    form, now = desk.form, desk.now
    if not form.is_bound:
        return desk.page(200)
    household = throttling.household(desk.request.META["REMOTE_ADDR"])
    if not throttling.INQUIRIES_BY_ADDRESS.allows(household, now):
        return desk.page(429)
    if not form.is_valid():
        return desk.page(422)
    if form.is_early:
        return desk.page(200)
    writing = _writing(form.cleaned_data)
    if not throttling.contact_may_write(writing.email, writing.phone, now):
        return desk.page(429)
    try:
        received = inquiries.receive(this_office(), writing, now)
    except AlreadySent as error:
        form.renew()
        return desk.page(409, error)
    throttling.note_inquiry(writing.email, writing.phone, now)
    return SeeOther(reverse("booking:inquiry_received", kwargs={"receipt": received.request_id}))


def _writing(data: dict[str, Any]) -> Writing:
    return Writing(
        kind=InquiryKind(data.get("kind", InquiryKind.BARRIER)),
        text=data["text"],
        language=data["language"],
        request_id=data["request_id"],
        name=data.get("name", ""),
        email=data["email"],
        phone=data["phone"],
        page=data.get("page", ""),
        may_be_forwarded=data.get("may_be_forwarded", False),
    )


@require_safe
def inquiry_received(request: HttpRequest, receipt: UUID) -> HttpResponse:
    """Say thank you, with number and day; nobody can guess the receipt, and nothing personal stands here."""
    received = Inquiry.objects.filter(request_id=receipt).select_related("office").first()
    if received is None:
        raise Http404
    context = {
        "office": received.office,
        "inquiry": received,
        "answer_by": spoken_day_of_year(received.answer_by),
    }
    response = render(request, "booking/inquiry_received.html", context)
    response["Cache-Control"] = "no-store"
    return response
