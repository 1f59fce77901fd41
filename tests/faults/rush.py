"""Book seats one after the other: `python -m tests.faults.rush <how many> <per second>`."""

from __future__ import annotations

import sys
import time

import django


def main(count: int, per_second: float) -> None:
    """Book and say of each booking who, when (monotonic seconds) and how long it took."""
    django.setup()
    from django.utils import timezone  # noqa: PLC0415 - not before the set-up

    from booking import links  # noqa: PLC0415
    from booking.actions import bookings  # noqa: PLC0415
    from booking.models import Booking, Slot  # noqa: PLC0415
    from tests.factories import make_claim  # noqa: PLC0415

    links.slots_url()  # a web server has read its addresses before it answers anybody
    first = Booking.objects.count()
    slot = Slot.objects.earliest("start")
    for n in range(first, first + count):
        started = time.monotonic()
        email = f"resident-{n}@example.org"
        bookings.book(slot.pk, make_claim(email=email), timezone.now())
        ended = time.monotonic()
        sys.stdout.write(f"booked {email} {ended:.3f} {ended - started:.3f}\n")
        sys.stdout.flush()
        time.sleep(max(0.0, 1 / per_second - (ended - started)))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
