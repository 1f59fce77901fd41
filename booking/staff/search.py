"""Find the booking of somebody who calls: by name, code, phone number or e-mail address.

What is typed is contact data: it is posted, so that no address, no log and no history of a browser keeps it.
"""

from __future__ import annotations

import re

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Replace
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from booking import codes
from booking.forms.fields import PHONE_SIGNS
from booking.models import Booking
from booking.staff import roles
from booking.staff.forms.search import SearchForm
from booking.staff.views import StaffView

MOST = 50
# Fewer digits are in everybody's number.
LEAST_DIGITS = 3


@method_decorator(never_cache, name="dispatch")
class FindBookingView(StaffView):
    """Coming ones first, then those that are over and not erased yet."""

    permission = roles.SEE_BOOKINGS
    template_name = "staff/find_booking.html"
    page_title = _("Find an appointment")
    header_icon = "search"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the field."""
        return self.page(form=SearchForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Show what was found."""
        form = SearchForm(request.POST)
        if not form.is_valid():
            return self.page(form=form, status=422)
        mine = Booking.objects.with_parts().filter(
            slot__office_hours__host__office=self.office, erased_at=None
        )
        found = matching(mine, form.cleaned_data["q"])
        coming = list(found.filter(slot__end__gt=self.now).order_by("slot__start", "seat")[: MOST + 1])
        past = list(found.filter(slot__end__lte=self.now).order_by("-slot__start", "seat")[: MOST + 1])
        return self.page(
            form=form,
            is_searched=True,
            coming=coming[:MOST],
            past=past[:MOST],
            are_more=len(coming) > MOST or len(past) > MOST,
        )


def matching(bookings: QuerySet[Booking], typed: str) -> QuerySet[Booking]:
    """Return the bookings that somebody may mean: each word is in the name, or all of it is something else."""
    wanted = Q(email__icontains=typed)
    named = Q()
    for word in typed.split():
        # SQLite knows no capitals beyond ASCII: "özlem" and "Özlem" are two words for it.
        named &= Q(name__icontains=word) | Q(name__icontains=word.capitalize())
    wanted |= named
    for beginning in codes.similar(typed):
        wanted |= Q(code__startswith=beginning)
    if digits := phone_digits(typed):
        bookings = bookings.annotate(digits=_digits_of_phone())
        wanted |= Q(digits__contains=digits)
    return bookings.filter(wanted)


def phone_digits(typed: str) -> str:
    """Return the digits of a phone number without the country's or the city's zero; empty if it is none."""
    if not all(sign.isdigit() or sign in PHONE_SIGNS for sign in typed):
        return ""
    digits = re.sub(r"[^0-9]", "", typed)
    digits = re.sub(r"^(0049|49(?=\d{6}))", "", digits).lstrip("0")
    return digits if len(digits) >= LEAST_DIGITS else ""


def _digits_of_phone() -> Replace:
    """Return the stored number without what people write between its digits."""
    digits: F | Replace = F("phone")
    for sign in sorted(PHONE_SIGNS):
        digits = Replace(digits, Value(sign), Value(""))
    assert isinstance(digits, Replace)  # noqa: S101 - there are such signs
    return digits
