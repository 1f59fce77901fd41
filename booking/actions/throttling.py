"""Limits on tries, counted in the database without saying who tried."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.db import DatabaseError, connection, transaction
from django.utils.crypto import salted_hmac

from booking.models import Throttle

logger = logging.getLogger(__name__)

IPV6_HOUSEHOLD = 64
# SQLite and PostgreSQL speak the same dialect here.
COUNT = """
    INSERT INTO booking_throttle (key, tries, ends_at) VALUES (%(key)s, 1, %(end)s)
    ON CONFLICT (key) DO UPDATE SET
        tries = CASE WHEN booking_throttle.ends_at <= %(now)s THEN 1 ELSE booking_throttle.tries + 1 END,
        ends_at = CASE WHEN booking_throttle.ends_at <= %(now)s THEN %(end)s ELSE booking_throttle.ends_at END
    RETURNING tries
"""


@dataclass(frozen=True)
class Limit:
    """So many tries of one kind by one subject in a window of time."""

    kind: str
    tries: int
    window: timedelta

    def allows(self, subject: str, now: datetime) -> bool:
        """Count one try and tell whether it is within the limit."""
        return allow(self.kind, subject, self.tries, self.window, now)

    def is_spent(self, subject: str, now: datetime) -> bool:
        """Tell, without counting, whether the limit is reached in the window that is open now."""
        return is_spent(self.kind, subject, self.tries, now)


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# By address they are generous: a whole neighbourhood office, library or shelter stands behind one.
BOOKINGS_BY_ADDRESS = Limit("booking by address", 3_000, HOUR)
SEARCHES_BY_ADDRESS = Limit("search by address", 120, HOUR)
# A three-digit proof has 1,000 forms: at this pace trying them all for one code takes seven weeks.
SEARCHES_BY_CODE = Limit("search by code", 5, timedelta(minutes=15))
SEARCHES_BY_CODE_A_DAY = Limit("search by code and day", 20, DAY)
# Each booking, move and cancellation sends a mail: without these, a loop of them fills a stranger's mailbox.
BOOKINGS_BY_CONTACT = Limit("booking by contact", 240, DAY)
CANCELLATIONS_BY_CONTACT = Limit("cancellation by contact", 100, DAY)
MOVES_BY_BOOKING = Limit("move by booking", 10, HOUR)
# Each inquiry sends a mail to the office and one to the address in it.
INQUIRIES_BY_ADDRESS = Limit("inquiry by address", 60, HOUR)
INQUIRIES_BY_CONTACT = Limit("inquiry by contact", 10, DAY)


def allow(kind: str, subject: str, limit: int, window: timedelta, now: datetime) -> bool:
    """Count one try and tell whether it is within the limit; the window begins with the first try in it.

    Exact for any number of parallel tries. Lets everybody in, and writes a line to the log, when the database
    refuses: a broken counter must not close the office.
    """
    try:
        with transaction.atomic():
            return _counted(_key(kind, subject), limit, window, now)
    except DatabaseError as error:
        logger.warning("tries of the kind %s are not counted: %s", kind, type(error).__name__)
        return True


def is_spent(kind: str, subject: str, limit: int, now: datetime) -> bool:
    """Tell, without counting, whether the limit is reached in the window that is open now."""
    spent = Throttle.objects.filter(key=_key(kind, subject), ends_at__gt=now, tries__gte=limit)
    try:
        with transaction.atomic():
            return spent.exists()
    except DatabaseError as error:
        logger.warning("tries of the kind %s are not counted: %s", kind, type(error).__name__)
        return False


def contact_may_book(email: str, phone: str, now: datetime) -> bool:
    """Tell whether one more booking is within what one person needs."""
    return not any(
        limit.is_spent(contact, now)
        for contact in _contacts(email, phone)
        for limit in (BOOKINGS_BY_CONTACT, CANCELLATIONS_BY_CONTACT)
    )


def note_booking(email: str, phone: str, now: datetime) -> None:
    """Count a booking by its contact: those that were made, for only they send a mail."""
    for contact in _contacts(email, phone):
        BOOKINGS_BY_CONTACT.allows(contact, now)


def note_cancellation(email: str, phone: str, now: datetime) -> None:
    """Count a cancellation by its contact; it is never refused, but booking again may be."""
    for contact in _contacts(email, phone):
        CANCELLATIONS_BY_CONTACT.allows(contact, now)


def contact_may_write(email: str, phone: str, now: datetime) -> bool:
    """Tell whether one more inquiry is within what one person needs."""
    return not any(INQUIRIES_BY_CONTACT.is_spent(contact, now) for contact in _contacts(email, phone))


def note_inquiry(email: str, phone: str, now: datetime) -> None:
    """Count an inquiry by its contact: those that were received, for only they send a mail."""
    for contact in _contacts(email, phone):
        INQUIRIES_BY_CONTACT.allows(contact, now)


def _contacts(email: str, phone: str) -> list[str]:
    """Return each way to a person in the one form that stands for all its spellings."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    return [contact for contact in (email.casefold(), digits) if contact]


def forget(now: datetime) -> int:
    """Delete the counters whose window is over; answers how many."""
    return Throttle.objects.filter(ends_at__lte=now).delete()[0]


def household(address: str) -> str:
    """Return what stands for one client: an IPv4 address, or the /64 network of an IPv6 address."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if not isinstance(ip, IPv6Address):
        return address
    return str(ip.ipv4_mapped or ip_network((ip, IPV6_HOUSEHOLD), strict=False))


def _key(kind: str, subject: str) -> str:
    return salted_hmac("booking.throttle", f"{kind}:{subject}", algorithm="sha256").hexdigest()


def _counted(key: str, limit: int, window: timedelta, now: datetime) -> bool:
    """Count in one statement, so that parallel tries cannot read the same number."""
    moment, end = (connection.ops.adapt_datetimefield_value(value) for value in (now, now + window))
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": key, "now": moment, "end": end})
        row: tuple[int] = cursor.fetchone()
    return row[0] <= limit
