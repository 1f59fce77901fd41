from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection

from booking.actions import throttling
from booking.actions.throttling import allow, household, is_spent
from booking.models import Throttle
from tests.factories import NOW

HOUR = timedelta(hours=1)


@pytest.mark.django_db
def test_tries_are_allowed_up_to_the_limit() -> None:
    assert [allow("search", "a", 3, HOUR, NOW) for _ in range(5)] == [True, True, True, False, False]


@pytest.mark.django_db
def test_the_window_begins_with_the_first_try_and_ends() -> None:
    assert allow("search", "a", 1, HOUR, NOW)
    assert not allow("search", "a", 1, HOUR, NOW + HOUR - timedelta(seconds=1))
    assert allow("search", "a", 1, HOUR, NOW + HOUR)
    assert not allow("search", "a", 1, HOUR, NOW + HOUR)


@pytest.mark.django_db
def test_kinds_and_subjects_are_counted_apart() -> None:
    assert allow("search", "a", 1, HOUR, NOW)
    assert allow("search", "b", 1, HOUR, NOW)
    assert allow("move", "a", 1, HOUR, NOW)
    assert Throttle.objects.count() == 3


@pytest.mark.django_db
def test_nobody_can_be_read_from_a_counter() -> None:
    allow("booking by contact", "amira@example.org", 9, HOUR, NOW)
    stored = Throttle.objects.values_list("key", flat=True).get()
    assert (len(stored), "amira" in stored) == (64, False)


@pytest.mark.django_db
def test_looking_at_a_limit_does_not_count() -> None:
    assert not is_spent("search", "a", 1, NOW)
    allow("search", "a", 1, HOUR, NOW)
    assert [is_spent("search", "a", 1, NOW) for _ in range(3)] == [True, True, True]
    assert not is_spent("search", "a", 1, NOW + HOUR)


@pytest.mark.django_db
def test_counters_are_forgotten_when_their_window_is_over() -> None:
    allow("search", "a", 1, HOUR, NOW)
    allow("search", "b", 1, 2 * HOUR, NOW)
    assert throttling.forget(NOW + HOUR) == 1
    assert Throttle.objects.count() == 1


@pytest.mark.django_db
def test_a_database_that_refuses_lets_everybody_in(caplog: pytest.LogCaptureFixture) -> None:
    def refuse(execute: object, sql: str, *rest: object) -> None:
        if "throttle" in sql:
            raise DatabaseError("disk is full")

    with caplog.at_level(logging.WARNING), connection.execute_wrapper(refuse):
        assert allow("search", "amira@example.org", 1, HOUR, NOW)
        assert not is_spent("search", "amira@example.org", 1, NOW)
    assert [record.getMessage() for record in caplog.records] == [
        "tries of the kind search are not counted: DatabaseError"
    ] * 2


@pytest.mark.django_db(transaction=True)
def test_parallel_tries_are_counted_exactly() -> None:
    def one_try(_number: int) -> bool:
        try:
            return allow("search", "a", 20, HOUR, NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(one_try, range(60)))
    assert (answers.count(True), Throttle.objects.get().tries) == (20, 60)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_a_household_is_one_client(address: str, expected: str) -> None:
    assert household(address) == expected


@pytest.mark.django_db
def test_a_contact_is_one_person_however_it_is_written() -> None:
    limit = throttling.CANCELLATIONS_BY_CONTACT.tries
    for _ in range(limit):
        throttling.note_cancellation("Amira@example.org", "0171 234-5678", NOW)
    assert not throttling.contact_may_book("amira@EXAMPLE.org", "", NOW)
    assert not throttling.contact_may_book("", "0171/2345678", NOW)
    assert throttling.contact_may_book("karim@example.org", "0171/9999999", NOW)


@pytest.mark.django_db
def test_a_contact_is_limited_by_bookings_made_in_a_day() -> None:
    for _ in range(throttling.BOOKINGS_BY_CONTACT.tries):
        assert throttling.contact_may_book("amira@example.org", "", NOW)
        throttling.note_booking("amira@example.org", "", NOW)
    assert not throttling.contact_may_book("amira@example.org", "", NOW)
    assert throttling.contact_may_book("amira@example.org", "", NOW + throttling.DAY)
