"""What becomes of an inquiry: received, answered, passed on, opened again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from booking import codes, mails
from booking.actions import delivery
from booking.actions.errors import AlreadySent, InquiryChanged
from booking.enums import InquiryKind, InquiryStatus
from booking.models import Inquiry, Office
from booking.working_days import working_day_after


@dataclass(frozen=True)
class Writing:
    """What somebody writes to the office; a question or an idea has an e-mail address or a phone number."""

    kind: InquiryKind
    text: str
    language: str
    request_id: UUID
    name: str = ""
    email: str = ""
    phone: str = ""
    page: str = ""
    may_be_forwarded: bool = False


@transaction.atomic
def receive(office: Office, writing: Writing, now: datetime) -> Inquiry:
    """Keep what somebody wrote, with the day until which it is answered, and write the mails about it.

    The same request sent again answers the same inquiry. Raises AlreadySent when it was used for another text.
    """
    # One at a time: nobody takes a number or a request id in between. Bookings, which refer to it, go on.
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)
    if earlier := Inquiry.objects.filter(request_id=writing.request_id).first():
        return _repeated(earlier, writing)
    today = now.astimezone(office.zone).date()
    received = Inquiry.objects.create(
        office=office,
        kind=writing.kind,
        number=_unused_number(),
        request_id=writing.request_id,
        name=writing.name,
        email=writing.email,
        phone=writing.phone,
        text=writing.text,
        page=writing.page,
        may_be_forwarded=writing.may_be_forwarded,
        language=writing.language,
        answer_by=working_day_after(office, today, office.answer_days),
        created_at=now,
    )
    delivery.post(mails.inquiry(received, now) + mails.inquiry_received(received, now))
    return received


def _repeated(earlier: Inquiry, writing: Writing) -> Inquiry:
    same = (earlier.kind, earlier.text, earlier.email, earlier.phone)
    if same == (writing.kind, writing.text, writing.email, writing.phone):
        return earlier
    raise AlreadySent(earlier)


def _unused_number() -> str:
    while True:
        number = codes.new_number()
        if not Inquiry.objects.filter(number=number).exists():
            return number


def answer(inquiry_id: int, user_id: int | None, now: datetime) -> None:
    """Note that it is answered. Raises InquiryChanged when it is no longer open."""
    _close(inquiry_id, user_id, now, status=InquiryStatus.ANSWERED)


def forward(inquiry_id: int, recipient: str, user_id: int | None, now: datetime) -> None:
    """Note to whom it was passed on. Raises InquiryChanged when it is no longer open."""
    _close(inquiry_id, user_id, now, status=InquiryStatus.FORWARDED, forwarded_to=recipient)


def _close(inquiry_id: int, user_id: int | None, now: datetime, **state: str) -> None:
    still_open = Inquiry.objects.open().filter(pk=inquiry_id)
    if still_open.update(closed_at=now, closed_by=user_id, **state) != 1:
        raise InquiryChanged


def reopen(inquiry_id: int) -> None:
    """Put it back among the open ones. Raises InquiryChanged when it is open, or erased."""
    closed = Inquiry.objects.filter(pk=inquiry_id, erased_at=None).exclude(status=InquiryStatus.OPEN)
    if closed.update(status=InquiryStatus.OPEN, forwarded_to="", closed_at=None, closed_by=None) != 1:
        raise InquiryChanged
