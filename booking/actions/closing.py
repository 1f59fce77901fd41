"""Office hours that do not take place: closures, and the end of a series."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet

from booking import recurrence
from booking.actions import bookings as booked_times
from booking.actions.errors import SeriesEnded, StillBooked
from booking.actions.publishing import AS_PUBLISHED, Skip, publish
from booking.actions.seats import lock_hosts, lock_hours, settle
from booking.enums import Actor, BookedTimes, HoursStatus, SkipReason
from booking.models import Availability, Booking, Closure, Host, Office, OfficeHours, Slot


def affected(
    office: Office, host: Host | None, start: datetime, end: datetime, now: datetime
) -> list[Booking]:
    """Return the live bookings in the interval that are not over, of the host or of the whole office."""
    return list(_booked(OfficeHours.objects.filter(host__in=_hosts(office, host)), start, end, now))


def _hosts(office: Office, host: Host | None) -> list[int]:
    return [host.pk] if host else list(office.hosts.values_list("pk", flat=True))


def _booked(
    hours: QuerySet[OfficeHours] | list[OfficeHours], start: datetime, end: datetime | None, now: datetime
) -> QuerySet[Booking]:
    bookings = Booking.objects.live(now).with_parts().filter(slot__office_hours__in=hours)
    bookings = bookings.filter(slot__end__gt=max(start, now))
    return bookings.filter(slot__start__lt=end) if end else bookings


@transaction.atomic
def close(
    office: Office,
    host: Host | None,
    start: datetime,
    end: datetime,
    reason: str,
    booked: BookedTimes | None,
    now: datetime,
) -> Closure:
    """Close the interval for the host or, without one, for the whole office.

    With CANCEL the bookings in it are cancelled and their people told, with KEEP they stay and only free times
    go. Raises StillBooked, naming the bookings, when there are some and `booked` is None.
    """
    hosts = [host_.pk for host_ in lock_hosts(_hosts(office, host))]
    closure = Closure.objects.create(office=office, host=host, start=start, end=end, reason=reason)
    touched = OfficeHours.objects.filter(host__in=hosts).live().overlapping(start, end)
    hours = lock_hours(touched.values_list("pk", flat=True))
    _settle_bookings(list(_booked(hours, start, end, now)), booked, reason, now)
    slots = Slot.objects.filter(office_hours__in=hours, start__lt=end, end__gt=start, closure=None)
    slots.update(closure=closure)
    for each in hours:
        settle(each, now)
    return closure


def _settle_bookings(bookings: list[Booking], booked: BookedTimes | None, word: str, now: datetime) -> None:
    if bookings and booked is None:
        raise StillBooked(bookings)
    if booked == BookedTimes.CANCEL:
        for booking in bookings:
            booked_times.cancel_locked(booking, Actor.OFFICE, now, word)


@transaction.atomic
def lift(closure: Closure, now: datetime) -> list[Skip]:
    """Take a closure back: its slots are offered again, what it cancelled and what it kept away takes place.

    Cancelled bookings stay cancelled. Answers the dates that could not come back, each with its reason.
    """
    hosts = lock_hosts(_hosts(closure.office, closure.host))
    mine = OfficeHours.objects.filter(slots__closure=closure) | OfficeHours.objects.filter(closure=closure)
    hours = lock_hours(mine.values_list("pk", flat=True))
    _hand_slots_on(closure)
    refused = [skip for each in hours if (skip := _revive(each, now))]
    closure.delete()
    running = Availability.objects.running(now.date() - timedelta(days=1)).filter(host__in=hosts)
    for availability in running.select_related("host__office"):
        publish(availability, now)
    return refused


def _hand_slots_on(closure: Closure) -> None:
    """Open the closure's slots, except those that another closure covers too."""
    slots = Slot.objects.filter(closure=closure).select_related("office_hours__host")
    others = Closure.objects.filter(office=closure.office, start__lt=closure.end, end__gt=closure.start)
    for other in others.exclude(pk=closure.pk).order_by("start", "pk"):
        covered = slots.filter(start__lt=other.end, end__gt=other.start)
        (covered.filter(office_hours__host=other.host_id) if other.host_id else covered).update(closure=other)
    slots.update(closure=None)


def _revive(hours: OfficeHours, now: datetime) -> Skip | None:
    """Let office hours that closures had cancelled take place again if a slot of them is open now."""
    if hours.is_live or hours.closure_id is None:
        settle(hours, now)
        return None
    OfficeHours.objects.filter(pk=hours.pk).update(closure=None)
    open_slot = hours.slots.filter(closure=None).first()
    if hours.end <= now or hours.withdrawn_at:
        return None
    if open_slot is None:
        still = hours.slots.select_related("closure").order_by("start").first()
        OfficeHours.objects.filter(pk=hours.pk).update(closure=still.closure if still else None)
        return Skip(_day(hours), SkipReason.CLOSED, str(still.closure) if still else "")
    busy = OfficeHours.objects.filter(host=hours.host_id).live().overlapping(hours.start, hours.end)
    if other := busy.select_related("availability__service").first():
        return Skip(_day(hours), SkipReason.OVERLAP, str(other.availability.service))
    hours.status = HoursStatus.LIVE
    hours.sequence += 1
    hours.save(update_fields=["status", "sequence"])
    settle(hours, now)
    return None


def _day(hours: OfficeHours) -> date:
    return hours.start.astimezone(hours.host.office.zone).date()


@transaction.atomic
def withdraw(availability: Availability, since: date, booked: BookedTimes | None, now: datetime) -> None:
    """End a series: from that local day on nothing of it is offered or will be published.

    With CANCEL its bookings from then on are cancelled and their people told, with KEEP they take place. Dates
    that have not begun and nobody ever booked vanish, the others stay as cancelled. Raises StillBooked when
    there are bookings and `booked` is None, SeriesEnded when it has ended earlier or was never published.
    """
    lock_hosts([availability.host_id])
    published = AS_PUBLISHED.filter(pk=availability.pk, is_draft=False)
    if not published.exclude(withdrawn_on__lt=since).exists():
        raise SeriesEnded
    # Somebody may have changed the series while we waited.
    availability.refresh_from_db(from_queryset=AS_PUBLISHED)
    start = datetime.combine(since, time.min, availability.host.office.zone)
    coming = availability.office_hours.filter(start__gte=start, end__gt=now)
    hours = lock_hours(coming.values_list("pk", flat=True))
    _settle_bookings(list(_booked(hours, start, None, now)), booked, "", now)
    recurrence.end(availability, since - timedelta(days=1))
    availability.withdrawn_on = since
    availability.save(update_fields=["withdrawn_on", "updated_at"])
    for each in hours:
        if each.start <= now or Booking.objects.filter(slot__office_hours=each).exists():
            each.withdrawn_at = now
            each.save(update_fields=["withdrawn_at"])
            settle(each, now)
        else:
            each.slots.all().delete()
            each.delete()
