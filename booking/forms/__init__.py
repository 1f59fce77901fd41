"""What visitors and residents may send us, checked."""

from __future__ import annotations

from booking.forms.booking import BookingForm
from booking.forms.filters import FilterForm, Search, View, search
from booking.forms.inquiry import BarrierForm, InquiryForm
from booking.forms.manage import FindForm, MoveForm

__all__ = [
    "BarrierForm",
    "BookingForm",
    "FilterForm",
    "FindForm",
    "InquiryForm",
    "MoveForm",
    "Search",
    "View",
    "search",
]
