"""The sign for the door: whether somebody is there today, when next, and how to book."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

import segno
from django.db.models import Max, Min, Q
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking import links
from booking.enums import SlotOffer
from booking.models import Office, OfficeHours, Slot
from booking.models.office import local
from booking.staff import agenda, days, roles
from booking.staff.views import StaffView

NEXT_DAYS = 5
LOOK_AHEAD = timedelta(weeks=8)


@dataclass(frozen=True)
class Open:
    """From when until when somebody can come in; `place` is empty at the office itself."""

    start: datetime
    end: datetime
    place: str


class DoorSignView(StaffView):
    """A page for the door, to be printed: of today, or of another day with `?tag=2026-11-24`."""

    permission = roles.SEE_BOOKINGS
    template_name = "staff/door_sign.html"
    page_title = _("Door sign")

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the day's open hours, then the next days with some."""
        today = self.today.date()
        day = days.wanted_day(request.GET.get("tag", ""), today)
        found = _open_hours(self.office, days.midnight(day, self.office.zone))
        by_day = [
            (date, list(hours)) for date, hours in groupby(found, lambda o: timezone.localdate(o.start))
        ]
        address = links.slots_url()
        return self.page(
            day=days.read(self.office, day, 1, None, self.now)[0],
            earlier=day - timedelta(days=1),
            later=day + timedelta(days=1),
            open_hours=[each for date, hours in by_day if date == day for each in hours],
            coming=[(date, hours) for date, hours in by_day if date != day][:NEXT_DAYS],
            address=address.partition("://")[2],
            qr=segno.make_qr(address, error="m").svg_inline(omitsize=True, svgclass=None, lineclass=None),
        )


def _open_hours(office: Office, since: datetime) -> list[Open]:
    """Return when the door is open in the weeks from then on: for everybody, in person, not under a closure."""
    public = Q(withdrawn_at=None, availability__is_extra=False, availability__offers_office=True)
    active = Q(host__is_active=True, availability__service__is_active=True)
    hours = agenda.in_office(office).live().filter(public & active)
    hours = hours.filter(start__gte=since, start__lt=since + LOOK_AHEAD).select_related("availability")
    times = Slot.objects.filter(office_hours__in=hours).values_list("office_hours").order_by()
    every = {pk: (first, last) for pk, first, last in times.annotate(Min("start"), Max("end"))}
    given = times.filter(closure=None).exclude(offer=SlotOffer.NONE)
    shown = {pk: (first, last) for pk, first, last in given.annotate(Min("start"), Max("end"))}
    return _merged(_open(each, every[each.pk], shown[each.pk]) for each in hours if each.pk in shown)


def _open(hours: OfficeHours, every: tuple[datetime, datetime], shown: tuple[datetime, datetime]) -> Open:
    """Return when the door is open; a pause at either end belongs to it, unless it is closed there."""
    start = hours.start if shown[0] == every[0] else shown[0]
    end = hours.end if shown[1] == every[1] else shown[1]
    return Open(start, end, local(hours.where))


def _merged(times: Iterable[Open]) -> list[Open]:
    """Join what overlaps or follows at once in the same place: two people at one door are one opening."""
    joined: list[Open] = []
    for each in times:
        same = next((one for one in joined if one.place == each.place and each.start <= one.end), None)
        if same is None:
            joined.append(each)
        else:
            joined[joined.index(same)] = Open(same.start, max(same.end, each.end), same.place)
    return sorted(joined, key=lambda one: one.start)
