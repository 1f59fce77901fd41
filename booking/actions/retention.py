"""What is forgotten, and when: contact data, the words of mails, and that somebody was ill."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from booking.actions import throttling
from booking.enums import OutboxStatus
from booking.models import Absence, Booking, Call, Inquiry, Office, OutboxMessage
from booking.models.outbox import UNSENT, OutboxQuerySet

BATCH: Final = 500
WORDS_KEPT: Final = timedelta(days=7)
LOOSE_MAILS_KEPT: Final = timedelta(days=30)
# A call that was ticked by mistake can be made after all.
TICKED_CALLS_KEPT: Final = timedelta(days=1)
# That somebody was ill is about her health; for the office it is only a time without office hours by then.
ABSENCES_KEPT: Final = timedelta(days=30)
NO_WORDS: Final = {"text": "", "html": "", "ics": ""}
NO_WRITER: Final = {"name": "", "email": "", "phone": "", "text": "", "page": ""}


@dataclass(frozen=True)
class Erased:
    """How many bookings and inquiries lost their contact data, mails their contents or words, and what else went."""

    bookings: int
    mails: int
    words: int
    counters: int
    absences: int
    inquiries: int


def erase(now: datetime) -> Erased:
    """Erase what the office has no reason to keep any longer; counts, times and states stay."""
    return Erased(
        bookings=sum(_erase_bookings(office, now) for office in Office.objects.all()),
        mails=_erase_mails(now),
        words=_blank_words(now),
        counters=throttling.forget(now),
        absences=_forget_absences(now),
        inquiries=sum(_erase_inquiries(office, now) for office in Office.objects.all()),
    )


def _erase_bookings(office: Office, now: datetime) -> int:
    """Erase whom a booking belongs to, but nobody who still has to be told that her time has fallen out."""
    untold = Q(done_at=None) | Q(done_at__gt=now - TICKED_CALLS_KEPT)
    waiting = Call.objects.filter(untold, booking=OuterRef("pk"), booking__slot__end__gt=now)

    def erase_some() -> int:
        over = Booking.objects.past_retention(office, now).exclude(Exists(waiting))
        ids = list(over.order_by().values_list("pk", flat=True)[:BATCH])
        empty(OutboxMessage.objects.filter(booking__in=ids), now)
        contact = {"name": "", "email": "", "phone": "", "message": ""}
        return Booking.objects.filter(pk__in=ids).update(erased_at=now, **contact)

    return _in_batches(erase_some)


def _erase_inquiries(office: Office, now: datetime) -> int:
    """Erase who wrote and what; kind, days, state and to whom it was passed on stay."""

    def erase_some() -> int:
        over = Inquiry.objects.past_retention(office, now)
        ids = list(over.order_by("pk").values_list("pk", flat=True)[:BATCH])
        empty(OutboxMessage.objects.filter(inquiry__in=ids), now)
        return Inquiry.objects.filter(pk__in=ids).update(erased_at=now, **NO_WRITER)

    return _in_batches(erase_some)


def _erase_mails(now: datetime) -> int:
    """Empty the mails that no appointment keeps: of bookings erased by hand, and of no booking at all.

    The last mail about an erased booking still has to arrive, so nothing that waits is touched for a month.
    """

    def erase_some() -> int:
        kept = OutboxMessage.objects.filter(erased_at=None)
        old = Q(created_at__lte=now - LOOSE_MAILS_KEPT)
        orphaned = Q(booking=None) & old
        erased = Q(booking__erased_at__isnull=False) & (~Q(status__in=UNSENT) | old)
        return empty(OutboxMessage.objects.filter(number__in=_first(kept.filter(orphaned | erased))), now)

    return _in_batches(erase_some)


def _blank_words(now: datetime) -> int:
    def blank_some() -> int:
        sent = OutboxMessage.objects.filter(status=OutboxStatus.SENT, sent_at__lte=now - WORDS_KEPT)
        return OutboxMessage.objects.filter(number__in=_first(sent.exclude(**NO_WORDS))).update(**NO_WORDS)

    return _in_batches(blank_some)


def _forget_absences(now: datetime) -> int:
    """Delete what was reported and carried out, unless somebody of whom we still know anything lost her time by it.

    The times stay closed, as by any other closure.
    """

    def forget_some() -> int:
        over = Absence.objects.filter(end__lte=now - ABSENCES_KEPT, finished_at__isnull=False)
        known = Booking.objects.filter(absence=OuterRef("pk"), erased_at=None)
        ids = list(over.exclude(Exists(known)).order_by("pk").values_list("pk", flat=True)[:BATCH])
        Booking.objects.filter(absence__in=ids).update(absence=None)
        return Absence.objects.filter(pk__in=ids).delete()[0]

    return _in_batches(forget_some)


def empty(mails: OutboxQuerySet, now: datetime) -> int:
    """Take everything personal out of mails; those not sent yet are discarded, for nobody is left to get them.

    The dedupe key goes, too: it is a hash of the recipient and of what stands beside it.
    """
    mails.filter(status__in=UNSENT).update(status=OutboxStatus.DISCARDED, claim_token=None, lease_until=None)
    number = Cast("number", CharField())
    gone: dict[str, Any] = {"recipient": "", "reply_to": "", "subject": "", "erased_at": now, **NO_WORDS}
    return mails.update(dedupe_key=Concat(Value("erased "), number), **gone)


def _first(mails: QuerySet[OutboxMessage]) -> list[int]:
    return list(mails.order_by("number").values_list("number", flat=True)[:BATCH])


def _in_batches(step: Callable[[], int]) -> int:
    """Repeat a step, each time in a transaction of its own, until it finds nothing more."""
    total = 0
    while True:
        with transaction.atomic():
            done = step()
        if not done:
            return total
        total += done
