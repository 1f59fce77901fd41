"""The plan of the day: to whom it goes, when, how often, and what it never says."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking import links
from booking.actions import closing, delivery
from booking.actions.day_plan import write_day_plans
from booking.enums import BookedTimes, Channel, Occasion, OutboxStatus, Status
from booking.models import Booking, Host, Office, OutboxMessage, Service, Slot
from booking.staff import mailbox
from tests import factories

MINUTE = timedelta(minutes=1)
# Tuesday, 7:00 in Berlin.
SEVEN = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def wanted(host: Host) -> None:
    """Hannah wants her plan, and no other mail."""
    Host.objects.update(wants_day_plan=True, wants_notices=False)


def plans() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(occasion=Occasion.DAY_PLAN).order_by("number"))


def hours_on(host: Host, service: Service, day: date) -> list[Slot]:
    before = datetime.combine(day, time(), UTC) - timedelta(days=3)
    pattern = factories.make_pattern(first_on=day)
    return factories.make_slots(host, service, pattern, now=before, skip_holidays=False)


def test_it_is_written_once_between_seven_and_ten(host: Host, slots: list[Slot]) -> None:
    moments = [-MINUTE, 0 * MINUTE, MINUTE, 179 * MINUTE, 180 * MINUTE]
    assert [write_day_plans(SEVEN + after) for after in moments] == [0, 1, 0, 0, 0]
    assert [mail.recipient for mail in plans()] == [host.email]


def test_after_an_outage_it_comes_late_but_never_after_ten(slots: list[Slot]) -> None:
    assert write_day_plans(SEVEN + 180 * MINUTE) == 0
    assert write_day_plans(SEVEN + 179 * MINUTE) == 1
    [mail] = plans()
    assert mail.give_up_at == SEVEN + 180 * MINUTE


def test_what_does_not_get_out_by_ten_is_given_up_and_nobodys_worry(
    slots: list[Slot], office: Office
) -> None:
    write_day_plans(SEVEN)
    OutboxMessage.objects.update(next_attempt_at=SEVEN + 181 * MINUTE)
    delivery.sweep(SEVEN + 181 * MINUTE)
    assert [mail.status for mail in plans()] == [OutboxStatus.FAILED]
    assert mailbox.missing(office, SEVEN + 182 * MINUTE).count() == 0


def test_the_same_plan_cannot_be_written_twice_at_once(slots: list[Slot], host: Host) -> None:
    write_day_plans(SEVEN)
    [mail] = plans()
    delivery.post([OutboxMessage(**{**fields(mail), "number": None})])
    assert len(plans()) == 1


def fields(mail: OutboxMessage) -> dict[str, object]:
    """Return what makes up a mail, with an identity of its own."""
    names = [field.attname for field in OutboxMessage._meta.concrete_fields if field.name != "id"]
    return {name: getattr(mail, name) for name in names}


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [
        (date(2026, 10, 23), 5),  # Friday before the clock is put back
        (date(2026, 10, 26), 6),  # Monday after
        (date(2027, 3, 26), None),  # Good Friday
        (date(2027, 3, 30), 5),  # Tuesday after the clock was put forward, and after Easter
        (date(2027, 3, 23), 6),
    ],
)
def test_seven_is_seven_by_the_offices_clock(
    host: Host, service: Service, day: date, utc_hour: int | None
) -> None:
    hours_on(host, service, day)
    midnight = datetime.combine(day, time.min, UTC)
    written = [hour for hour in range(24) if write_day_plans(midnight + timedelta(hours=hour))]
    assert written == ([] if utc_hour is None else [utc_hour])


@pytest.mark.parametrize(
    ("day", "state", "expected"),
    [
        (date(2026, 11, 21), "BY", 0),  # Saturday
        (date(2026, 11, 22), "BY", 0),  # Sunday
        (date(2026, 11, 23), "BY", 1),  # Monday
        (date(2027, 1, 6), "BY", 0),  # Epiphany, in Bavaria
        (date(2027, 1, 6), "BE", 1),  # and not in Berlin
    ],
)
def test_it_comes_on_working_days_of_the_land(
    host: Host, service: Service, day: date, state: str, expected: int
) -> None:
    Office.objects.update(state=state)
    hours_on(host, service, day)
    assert write_day_plans(datetime.combine(day, time(7), UTC)) == expected


def test_a_day_without_office_hours_brings_no_mail(host: Host, slots: list[Slot]) -> None:
    assert write_day_plans(SEVEN + timedelta(days=1)) == 0


def test_office_hours_without_a_booking_say_that_nothing_is_booked(slots: list[Slot]) -> None:
    write_day_plans(SEVEN)
    [mail] = plans()
    assert mail.subject == "Dienstag, 24. November: 0 Termine"
    assert "Heute ist nichts gebucht." in mail.text
    assert "14:00–17:00 Uhr: Sprechstunde" in mail.text


def test_it_says_times_ways_and_codes_and_nothing_about_people(slots: list[Slot], office: Office) -> None:
    by_phone = factories.make_booking(slots[1], channel=Channel.PHONE, topic="wohnen", message="Schimmel")
    at_office = factories.make_booking(slots[3], name="Jonas Weber", email="jonas@example.org")
    write_day_plans(SEVEN)
    [mail] = plans()
    assert mail.subject == "Dienstag, 24. November: 2 Termine"
    assert f"- 14:20 Uhr, Telefon, {by_phone.code}\n- 15:00 Uhr, vor Ort, {at_office.code}\n" in mail.text
    assert links.day_url(factories.TUESDAY) in mail.text
    for part in (mail.subject, mail.text, mail.html):
        secrets = ("Amira", "Yılmaz", "Weber", "example.org", "2345678", "Wohnen", "Schimmel")
        assert [secret for secret in secrets if secret in part] == []


def test_what_is_cancelled_or_ran_out_is_not_in_it_and_what_is_held_is_marked(slots: list[Slot]) -> None:
    cancelled, gone, held = (factories.make_booking(slots[n], email=f"{n}@example.org") for n in range(3))
    Booking.objects.filter(pk=cancelled.pk).update(status=Status.CANCELLED)
    Booking.objects.filter(pk=gone.pk).update(status=Status.PENDING, held_until=SEVEN)
    Booking.objects.filter(pk=held.pk).update(status=Status.PENDING, held_until=SEVEN + MINUTE)
    write_day_plans(SEVEN)
    [mail] = plans()
    assert [booking.code in mail.text for booking in (cancelled, gone, held)] == [False, False, True]
    assert f"{held.code} ({Status.PENDING.label})" in mail.text


def test_hours_that_fall_out_bring_no_mail_but_kept_appointments_do(
    slots: list[Slot], office: Office, now: datetime
) -> None:
    closing.close(office, None, now, now + timedelta(days=2), "zu", None, now)
    assert write_day_plans(SEVEN) == 0


def test_kept_appointments_of_an_ended_series_are_in_it(slots: list[Slot], now: datetime) -> None:
    booking = factories.make_booking(slots[0])
    closing.withdraw(slots[0].office_hours.availability, factories.TUESDAY, BookedTimes.KEEP, now)
    assert write_day_plans(SEVEN) == 1
    assert booking.code in plans()[0].text


def test_everybody_gets_her_own_and_only_who_wants_it(office: Office, host: Host, service: Service) -> None:
    colleague = factories.make_host(office, "Derya Aksoy", wants_day_plan=True)
    quiet = factories.make_host(office, "Quentin Quiet")
    nowhere = factories.make_host(office, "Nina Ohnemail", wants_day_plan=True, email="")
    slots = {each: factories.make_slots(each, service) for each in (host, colleague, quiet, nowhere)}
    booking = factories.make_booking(slots[colleague][0])
    assert write_day_plans(SEVEN) == 2
    assert {mail.recipient: booking.code in mail.text for mail in plans()} == {
        host.email: False,
        colleague.email: True,
    }


def test_two_hosts_who_share_a_mailbox_get_one_each(office: Office, host: Host, service: Service) -> None:
    colleague = factories.make_host(office, "Derya Aksoy", wants_day_plan=True, email=host.email)
    for each in (host, colleague):
        factories.make_slots(each, service)
    assert [write_day_plans(SEVEN + n * MINUTE) for n in range(2)] == [2, 0]


def test_the_number_of_bookings_costs_no_query(host: Host, service: Service) -> None:
    slots = factories.make_slots(host, service, capacity=30)
    counts = []
    for seats in (1, 29):
        for n in range(seats):
            factories.make_booking(slots[0], email=f"{n}@example.org")
        OutboxMessage.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            assert write_day_plans(SEVEN) == 1
        counts.append(len(queries))
    assert counts[0] == counts[1]
