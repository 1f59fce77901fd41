from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.conf import settings

from booking import figures
from booking.actions import demo
from booking.figures import Period
from booking.models import Booking, Closure, Host, Office, OfficeHours, OutboxMessage, Service, Slot
from tests.factories import NOW, make_booking

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def counts() -> list[int]:
    return [
        model.objects.count() for model in (Office, Host, Service, OfficeHours, Slot, Booking, OutboxMessage)
    ]


# Made of the same actions that every other test tries on both databases; one run of it is enough on the second.
@pytest.mark.once
@pytest.mark.parametrize("days", [0, 5, 9])
def test_the_demo_has_free_and_booked_times_on_any_day(days: int) -> None:
    now = NOW + timedelta(days=days)
    demo.furnish(now, with_mail=True)
    assert Slot.objects.bookable(now).filter(start__lt=now + timedelta(days=4)).count() >= 5
    assert Booking.objects.filter(slot__start__gt=now, slot__start__lt=now + timedelta(days=7)).count() > 10
    assert Booking.objects.filter(slot__start__lt=now).exists()


def test_the_day_of_training_is_a_whole_day() -> None:
    office = demo.furnish(NOW, with_mail=False)
    closure = Closure.objects.get(reason="Fortbildung im Team")
    start, end = (moment.astimezone(office.zone) for moment in (closure.start, closure.end))
    assert (start.time(), end.time(), end - start) == (time.min, time.min, timedelta(days=1))


def test_a_second_run_changes_nothing() -> None:
    demo.furnish(NOW, with_mail=True)
    before = counts()
    demo.furnish(NOW, with_mail=True)
    assert counts() == before
    summer = figures.report(Office.objects.get(), Period(date(2026, 7, 1), date(2026, 9, 1)), NOW)
    assert len(summer.topics.counts) > 4
    assert min(summer.total.walked_in, summer.cancelled, *summer.attendance.values()) > 0


@pytest.mark.once
def test_a_run_a_week_later_extends_the_calendar() -> None:
    demo.furnish(NOW, with_mail=False)
    before = OfficeHours.objects.count()
    demo.furnish(NOW + timedelta(days=7), with_mail=False)
    assert OfficeHours.objects.count() > before


@pytest.mark.once
def test_invented_people_get_no_mail_through_a_real_relay() -> None:
    demo.furnish(NOW, with_mail=False)
    assert OutboxMessage.objects.count() == 0


@pytest.mark.once
def test_real_bookings_are_never_touched() -> None:
    demo.furnish(NOW, with_mail=False)
    make_booking(Slot.objects.bookable(NOW)[0])
    before = counts()
    with pytest.raises(demo.RealBookings):
        demo.furnish(NOW, with_mail=False)
    assert counts() == before


def test_the_demo_office_speaks_every_language_of_the_website() -> None:
    office = demo.furnish(NOW, with_mail=False)
    texts = [office.access_note, *(host.role for host in office.hosts.all())]
    for service in office.services.all():
        texts += [service.title, service.description, *(topic["title"] for topic in service.topics)]
        texts += [service.bring_along] if service.bring_along else []
    assert {frozenset(text) for text in texts} == {frozenset(dict(settings.LANGUAGES))}
    assert all(text.strip() for each in texts for text in each.values())
