"""Somebody else gives the office hours: a colleague takes a date over, or two people swap theirs.

Whoever has booked is told the new person, and may move or decline as always. Nothing changes in the series:
its next date is held by its own host again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F

from booking import mails
from booking.actions import call_list, delivery
from booking.actions.bookings import stamp
from booking.actions.errors import HostAway, HostBusy, HoursOver, NotFound, NoVideoLink, WrongState
from booking.actions.seats import end_expired_holds, lock_hosts, lock_hours, settle
from booking.enums import HoursStatus, Status
from booking.models import Booking, Closure, Host, OfficeHours, Slot


@dataclass
class Handover:
    """What became of it: the office hours as they are now, whose mail goes out, and who has to be called."""

    hours: list[OfficeHours] = field(default_factory=list)
    told: list[Booking] = field(default_factory=list)
    to_call: list[Booking] = field(default_factory=list)


@transaction.atomic
def take_over(hours_id: int, host_id: int, now: datetime) -> Handover:
    """Let another host of the office give the office hours; everybody who has booked is told.

    Times that were closed because the former host is away are offered again. Raises NotFound, HoursOver,
    HostBusy, HostAway, NoVideoLink, or WrongState when somebody changed the office hours meanwhile.
    """
    (hours,), hosts = _locked([hours_id], host_id)
    host = hosts.get(host_id)
    if host is None or host_id == hours.host_id:
        raise NotFound
    _check(hours, host, now)
    done = Handover()
    _give(hours, host, now, done)
    return done


@transaction.atomic
def swap(first_id: int, second_id: int, now: datetime) -> Handover:
    """Let two hosts give each other's office hours; everybody who has booked is told.

    Raises what `take_over` raises, for either of them.
    """
    (first, second), hosts = _locked([first_id, second_id])
    if first.host_id == second.host_id:
        raise NotFound
    one, other = hosts[first.host_id], hosts[second.host_id]
    _check(first, other, now, but=second)
    _check(second, one, now, but=first)
    done = Handover()
    # Both at once would overlap for a moment where they lie at the same time, and the database looks at each row.
    OfficeHours.objects.filter(pk=first.pk).update(status=HoursStatus.CANCELLED)
    _give(second, one, now, done)
    OfficeHours.objects.filter(pk=first.pk).update(host=other, status=HoursStatus.LIVE)
    _give(first, other, now, done)
    return done


def _locked(ids: list[int], *more_hosts: int) -> tuple[list[OfficeHours], dict[int, Host]]:
    """Lock the hosts concerned and the office hours; answers the hours in the order of `ids`."""
    found = OfficeHours.objects.filter(pk__in=ids).values_list("host", "availability__host")
    owners = {host for row in found for host in row}
    hosts = {host.pk: host for host in lock_hosts([*owners, *more_hosts])}
    hours = {each.pk: each for each in lock_hours(ids)}
    if len(hours) != len(set(ids)):
        raise NotFound
    if any(each.host_id not in hosts for each in hours.values()):
        raise WrongState
    parts = OfficeHours.objects.select_related("host__office", "availability__service").in_bulk(ids)
    return [parts[pk] for pk in ids], hosts


def _check(hours: OfficeHours, host: Host, now: datetime, but: OfficeHours | None = None) -> None:
    """Refuse what the host cannot hold; office hours that she gives away in the same step do not count."""
    if host.office_id != hours.host.office_id or not host.is_active:
        raise NotFound
    if not hours.is_live:
        raise WrongState
    if hours.end <= now:
        raise HoursOver
    if hours.availability.offers_video and not host.has_video:
        raise NoVideoLink
    own = OfficeHours.objects.filter(host=host).live().overlapping(hours.start, hours.end)
    if own.exclude(pk__in=[but.pk] if but else []).exists():
        raise HostBusy
    if Closure.objects.in_force(host, hours.start, hours.end).filter(host=host).exists():
        raise HostAway


def _give(hours: OfficeHours, host: Host, now: datetime, done: Handover) -> None:
    former = hours.host
    end_expired_holds([hours], now)
    OfficeHours.objects.filter(pk=hours.pk).update(host=host, sequence=F("sequence") + 1)
    hours.host = host
    _offer_again(hours, former)
    settle(hours, now)
    live = Booking.objects.live(now).with_parts().filter(slot__office_hours=hours, slot__end__gt=now)
    for booking in live.filter(status=Status.CONFIRMED).order_by("slot__start", "seat"):
        _tell(booking, former, now, done)
    done.hours.append(hours)


def _offer_again(hours: OfficeHours, former: Host) -> None:
    """Open the times that only the former host's absence had closed."""
    kept_closed = Closure.objects.in_force(hours.host, hours.start, hours.end)
    mine = Slot.objects.filter(office_hours=hours, closure__host=former)
    for closure in kept_closed:
        mine.filter(start__lt=closure.end, end__gt=closure.start).update(closure=closure)
    mine.update(closure=None)


def _tell(booking: Booking, former: Host, now: datetime, done: Handover) -> None:
    stamp(booking, now)
    delivery.post(mails.host_changed(booking, former, now))
    if booking.email:
        done.told.append(booking)
    if call_list.put_down(booking, booking.slot.start, now):
        done.to_call.append(booking)
