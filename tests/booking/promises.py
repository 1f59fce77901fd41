"""What must be true of the office after whatever was done in it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import F
from django.test import Client
from django.utils import translation

from booking.actions import offers
from booking.enums import Status
from booking.ical import contents
from booking.models import Booking, Call, Host, Office, OfficeHours, OutboxMessage, Slot
from tests import itip

# Time, place and state of an appointment: what somebody has to know about hers.
Known = tuple[datetime, datetime, int, str]


def everybody_has_a_seat_of_her_own() -> None:
    """Each live booking has a seat of its own in office hours that take place around it."""
    live = Booking.objects.exclude(status=Status.CANCELLED).with_parts()
    seats = [(booking.slot_id, booking.seat) for booking in live]
    assert len(set(seats)) == len(seats)
    for booking in live:
        slot, hours = booking.slot, booking.slot.office_hours
        assert booking.seat <= slot.capacity
        assert hours.is_live
        assert hours.start <= slot.start < slot.end <= hours.end


def nobody_is_in_two_places(hosts: list[Host]) -> None:
    """No two live office hours of one host overlap."""
    for host in hosts:
        spans = OfficeHours.objects.filter(host=host).live().order_by("start").values_list("start", "end")
        assert [pair for pair in pairwise(spans) if pair[0][1] > pair[1][0]] == []


def everybody_was_told_how_it_is() -> None:
    """The last invitation to each resident says what is true now: time, person, and whether it takes place.

    A time that is held, or was, has no invitation.
    """
    booked = Booking.objects.exclude(email="").filter(held_until=None).with_parts()
    mails = OutboxMessage.objects.exclude(ics="").filter(recipient=F("booking__email")).order_by("number")
    said = {mail[0]: mail[1:] for mail in mails.values_list("booking", "ics", "ics_method", "recipient")}
    for booking in booked:
        is_off, start, end, summary = _invitation(*said[booking.pk])
        assert is_off == (booking.status == Status.CANCELLED)
        if not is_off:
            assert (start, end) == (booking.slot.start, booking.slot.end)
            assert booking.slot.office_hours.host.name in summary


@lru_cache(maxsize=10_000)
def _invitation(ics: str, method: str, recipient: str) -> tuple[bool, datetime, datetime, str]:
    """Return what an invitation says: whether it is off, when it begins and ends, and its title."""
    entry = itip.message(ics, method, recipient)
    is_off = entry.one("STATUS").value == "CANCELLED"
    return is_off, entry.one("DTSTART").moment, entry.one("DTEND").moment, entry.one("SUMMARY").text


def without_address() -> dict[UUID, Known]:
    """Return what those who get no mail believe. With whom a time is held for them, the call says."""
    rows = Booking.objects.filter(email="", erased_at=None)
    fields = ("pk", "slot__start", "slot__end", "slot__office_hours__host", "status")
    return {
        pk: (start, end, 0 if status == Status.PENDING else host, status)
        for pk, start, end, host, status in rows.values_list(*fields)
    }


def whom_no_mail_reaches_is_called(before: dict[UUID, Known], by_herself: UUID | None, now: datetime) -> None:
    """Whose appointment changed, other than by herself, stands on the list of calls since now."""
    to_call = set(Call.objects.filter(created_at=now, done_at=None).values_list("booking", flat=True))
    ended = Booking.objects.filter(cancelled_by="system").values_list("pk", flat=True)
    for pk, known in without_address().items():
        is_new = pk not in before or before[pk] == known
        was_accepted = pk in before and before[pk][3] == Status.PENDING and known[3] == Status.CONFIRMED
        if not (is_new or was_accepted or pk == by_herself or pk in set(ended)):
            assert pk in to_call


def what_is_over(now: datetime) -> dict[tuple[str, Any], tuple[Any, ...]]:
    """Return the times and appointments that are over, as they were."""
    slots = Slot.objects.filter(end__lte=now).values_list("pk", "start", "end", "office_hours__host")
    booked = Booking.objects.filter(slot__end__lte=now).exclude(status=Status.PENDING)
    rows = booked.values_list("pk", "slot", "seat", "status", "sequence", "cancelled_at")
    return {("slot", pk): tuple(rest) for pk, *rest in slots} | {
        ("booking", pk): tuple(rest) for pk, *rest in rows
    }


def held(now: datetime) -> set[UUID]:
    """Return the times that are held for those whose appointment fell out."""
    offers_ = Booking.objects.live(now).filter(status=Status.PENDING, replaces__isnull=False)
    return set(offers_.values_list("pk", flat=True))


def others_keep_half_of_what_is_free(before: set[UUID], now: datetime) -> None:
    """When a time is held for somebody whose appointment fell out, as many are left to everybody else.

    None is held with the absent host before she is back.
    """
    now_held = Booking.objects.filter(pk__in=held(now))
    new = now_held.exclude(pk__in=before).select_related("replaces__absence", "slot__office_hours")
    for booking in new:
        absence = booking.replaces.absence if booking.replaces else None
        assert absence is not None
        is_hers = booking.slot.office_hours.host_id == absence.host_id
        assert not is_hers or booking.slot.start >= absence.end
    if new:
        near = now + offers.NEAR
        free = sum(slot.free_seats for slot in Slot.objects.bookable(now).filter(start__lte=near))
        assert now_held.filter(slot__start__lte=near).count() <= free


def nothing_else_is_offered(now: datetime) -> None:
    """Drafts have no dates, and what was made for one person is offered to nobody."""
    assert not OfficeHours.objects.filter(availability__is_draft=True).exists()
    assert not Slot.objects.upcoming(now).filter(office_hours__availability__is_extra=True).exists()


def feed(office: Office, now: datetime) -> tuple[str, list[Any]]:
    """Return the tag of the public feed, and what it says."""
    office.refresh_from_db()
    selection = contents.Selection(office, now)
    with translation.override("de"):
        return contents.version(selection).tag, list(contents.entries(selection))


def everywhere_the_same_is_free(now: datetime, weeks: int) -> None:
    """Page, JSON and feed show the same free times."""
    client = Client()
    free = {slot.pk: slot.free_seats for slot in Slot.objects.bookable(now)}
    first, last = now.date(), now.date() + timedelta(weeks=weeks + 1)
    answer = json.loads(client.get("/termine.json", {"from": first, "to": last}).content)
    assert {slot["id"]: slot["free"] for slot in answer["slots"]} == free
    assert _on_pages(client, now, weeks) == set(free)
    entries = itip.feed(client.get("/kalender/termine.ics").content)
    in_feed = {entry.one("UID").value: _free_seats(entry.one("SUMMARY").text) for entry in entries}
    by_hours = dict.fromkeys(in_feed, 0)
    for slot in Slot.objects.filter(pk__in=free).select_related("office_hours"):
        by_hours[str(slot.office_hours.uid)] += free[slot.pk]
    assert in_feed == by_hours


def _free_seats(summary: str) -> int:
    found = re.search(r"– (\d+) frei$", summary)
    return int(found.group(1)) if found else 0


def _on_pages(client: Client, now: datetime, weeks: int) -> set[int]:
    """Return the times that the week pages offer."""
    found: set[int] = set()
    for week in range(weeks + 2):
        since = (now.astimezone(UTC) + timedelta(weeks=week)).date()
        page = client.get("/termine/", {"ansicht": "woche", "ab": since}).content.decode()
        found |= {int(number) for number in re.findall(r'href="/termine/(\d+)/', page)}
    return found
