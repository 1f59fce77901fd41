"""What residents write is kept, promised an answer, mailed to the office, and forgotten."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from time_machine import Traveller

from booking import figures
from booking.actions import erasure, inquiries, retention, throttling
from booking.actions.delivery import claim
from booking.actions.errors import AlreadySent, InquiryChanged
from booking.enums import InquiryKind, InquiryStatus, Occasion, OutboxStatus
from booking.figures import Period
from booking.forms.inquiry import without_key
from booking.models import Closure, Inquiry, Office, OutboxMessage
from booking.working_days import working_day_after
from qmportal.accounts.models import User
from tests.booking.visitor import READING_SECONDS, Page, Visitor
from tests.factories import NOW, make_inquiry, make_writing

pytestmark = pytest.mark.shared

DAY = timedelta(days=1)
TYPED = {"kind": "question", "text": "Wann ist das Fest?", "name": "Rosa Quitte", "email": "rosa@example.org"}
BARRIER = {"text": "Der Knopf hat keinen Namen.", "page": "/termine/"}


def fill_in(visitor: Visitor, url: str, typed: dict[str, str]) -> dict[str, str]:
    form = visitor.open(url).fields()
    form.pop("may_be_forwarded", None)
    visitor.clock.shift(READING_SECONDS)
    return form | typed


def write(visitor: Visitor, url: str = "/anfrage/", **typed: str) -> Page:
    defaults = TYPED if "anfrage" in url else BARRIER
    return visitor.send(url, fill_in(visitor, url, defaults | typed))


def whole_day(office: Office, day: date, days: int = 1) -> None:
    start = datetime.combine(day, time.min, office.zone)
    Closure.objects.create(office=office, start=start, end=start + days * DAY)


# --- Until when ---


def test_the_promise_counts_neither_weekends_nor_holidays_nor_closures(office: Office) -> None:
    wednesday = date(2026, 12, 23)
    # Christmas Day is a Friday, New Year's Day and Epiphany (in Bavaria) are no working days.
    assert working_day_after(office, wednesday, 1) == date(2026, 12, 24)
    assert working_day_after(office, wednesday, 2) == date(2026, 12, 28)
    whole_day(office, date(2026, 12, 28), days=4)
    assert working_day_after(office, wednesday, 2) == date(2027, 1, 4)
    assert working_day_after(office, wednesday, 4) == date(2027, 1, 7)


def test_half_a_day_closed_is_a_working_day(office: Office) -> None:
    noon = datetime.combine(date(2026, 11, 24), time(12), office.zone)
    Closure.objects.create(office=office, start=noon, end=noon + DAY / 4)
    assert working_day_after(office, date(2026, 11, 23), 1) == date(2026, 11, 24)


def test_nobody_is_promised_an_answer_after_the_text_is_erased(office: Office) -> None:
    whole_day(office, date(2026, 11, 1), days=400)
    assert working_day_after(office, date(2026, 11, 23), 5) == date(2026, 11, 23) + 60 * DAY


def test_late_in_the_evening_it_is_still_today_in_the_office(office: Office) -> None:
    received = make_inquiry(office, datetime(2026, 11, 23, 22, 30, tzinfo=UTC))
    assert received.answer_by == date(2026, 11, 30)
    after_midnight = make_inquiry(office, datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    assert after_midnight.answer_by == date(2026, 12, 1)


# --- Receiving ---


def test_receiving_writes_to_the_office_and_to_the_writer(office: Office) -> None:
    received = make_inquiry(office)
    mails = OutboxMessage.objects.filter(inquiry=received).order_by("number")
    assert [(mail.occasion, mail.recipient) for mail in mails] == [
        (Occasion.INQUIRY, office.email),
        (Occasion.INQUIRY_RECEIVED, "rosa@example.org"),
    ]


def test_the_same_request_is_one_inquiry_and_another_text_is_refused(office: Office) -> None:
    writing = make_writing()
    first = inquiries.receive(office, writing, NOW)
    assert inquiries.receive(office, writing, NOW) == first
    with pytest.raises(AlreadySent):
        inquiries.receive(office, make_writing(request_id=writing.request_id, text="Etwas anderes"), NOW)
    assert (Inquiry.objects.count(), OutboxMessage.objects.count()) == (1, 2)


# --- The form ---


def test_writing_to_the_office_leads_to_thanks_with_number_and_day(office: Office, visitor: Visitor) -> None:
    answer = write(visitor)
    received = Inquiry.objects.get()
    assert answer.status == 303
    address = answer.response.headers["Location"]
    assert address == f"/anfrage/danke/{received.request_id}/"
    thanks = visitor.open(address)
    assert received.number in thanks.text
    assert "30. November 2026" in thanks.text
    assert "Rosa" not in thanks.html
    assert thanks.response.headers["Cache-Control"] == "no-store"


def test_the_thanks_are_in_the_language_of_the_form(office: Office, visitor: Visitor) -> None:
    answer = write(visitor, "/en/anfrage/")
    assert answer.response.headers["Location"].startswith("/en/anfrage/danke/")
    assert Inquiry.objects.get().language == "en"
    assert "30 November 2026" in visitor.open(answer.response.headers["Location"]).text


def test_what_is_missing_is_said_and_what_was_typed_stays(office: Office, visitor: Visitor) -> None:
    answer = write(visitor, email="", phone="", text="  Wo?  ")
    assert answer.status == 422
    area = answer.field("text")
    assert area is not None
    assert (area.text or "").strip() == "Wo?"
    assert answer.chosen("kind") == ["question"]
    assert "E-Mail-Adresse oder eine Telefonnummer" in answer.text
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("text", ["", " \n ", "x" * 3001, "a\u2028b"])
def test_a_text_that_is_none_is_refused(office: Office, visitor: Visitor, text: str) -> None:
    assert write(visitor, text=text).status == 422


def test_a_phone_number_is_enough_and_passing_on_has_to_be_allowed(office: Office, visitor: Visitor) -> None:
    assert write(visitor, email="", phone="0171 2345678").status == 303
    assert write(visitor, may_be_forwarded="on").status == 303
    by_phone, by_mail = Inquiry.objects.order_by("pk")
    assert (by_phone.may_be_forwarded, by_mail.may_be_forwarded) == (False, True)
    assert [mail.occasion for mail in by_phone.messages.all()] == [Occasion.INQUIRY]


def test_a_repeated_form_is_one_inquiry_and_a_quick_one_is_shown_again(
    office: Office, visitor: Visitor, clock: Traveller
) -> None:
    quick = visitor.open("/anfrage/").fields() | TYPED
    quick.pop("may_be_forwarded")
    again = visitor.send("/anfrage/", quick)
    assert (again.status, again.with_class("qm-errors")) == (200, [])
    clock.shift(READING_SECONDS)
    answers = [visitor.send("/anfrage/", quick) for _n in range(2)]
    assert len({answer.response.headers["Location"] for answer in answers}) == 1
    assert visitor.send("/anfrage/", quick | {"text": "Noch etwas"}).status == 409
    assert Inquiry.objects.count() == 1


def test_a_machine_that_fills_in_everything_gets_the_form_again(office: Office, visitor: Visitor) -> None:
    assert write(visitor, website="https://spam.example").status == 422
    assert not Inquiry.objects.exists()


def test_too_many_from_one_contact_or_address_have_to_wait(
    office: Office, visitor: Visitor, now: datetime
) -> None:
    for _n in range(throttling.INQUIRIES_BY_CONTACT.tries):
        throttling.note_inquiry("rosa@example.org", "", now)
    assert write(visitor, email="ROSA@example.org").status == 429
    assert write(visitor, email="andere@example.org").status == 303
    for _n in range(throttling.INQUIRIES_BY_ADDRESS.tries):
        throttling.INQUIRIES_BY_ADDRESS.allows("127.0.0.1", now)
    refused = write(visitor, email="dritte@example.org")
    assert (refused.status, refused.response.headers["Retry-After"]) == (429, "600")
    assert Inquiry.objects.count() == 1


# --- Barriers ---


def test_a_barrier_can_be_reported_by_nobody_in_particular(office: Office, visitor: Visitor) -> None:
    answer = write(visitor, "/barriere-melden/")
    assert answer.status == 303
    reported = Inquiry.objects.get()
    assert (reported.kind, reported.page, reported.wants_answer) == (InquiryKind.BARRIER, "/termine/", False)
    assert "bis:" not in visitor.open(answer.response.headers["Location"]).text


@pytest.mark.parametrize(
    ("query", "referer", "page"),
    [
        ("?seite=/aktuelles/", "", "/aktuelles/"),
        ("?seite=https://boese.example/", "", ""),
        ("?seite=//boese.example/", "", ""),
        ("", "http://testserver/kalender/?a=b", "/kalender/"),
        ("", "https://boese.example/kalender/", ""),
        ("", "http://[kaputt", ""),
        ("", "http://testserver/buchung/geheim/absagen/", "/buchung/"),
    ],
)
def test_the_page_with_the_barrier_is_known_from_the_way_there(
    office: Office, visitor: Visitor, query: str, referer: str, page: str
) -> None:
    shown = Page(visitor.client.get(f"/barriere-melden/{query}", headers={"referer": referer}))
    field = shown.field("page")
    assert field is not None
    assert field.get("value", "") == page


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://nord.example/en/buchung/geheim/?x=1", "/en/buchung/"),
        ("nord.example/kalender/privat/geheim.ics", "nord.example/kalender/privat/"),
        ("/konto/password/reset/key/3-geheim/", "/konto/"),
        ("Startseite, Frage 3?", "Startseite, Frage 3?"),
    ],
)
def test_no_key_to_a_booking_is_kept(typed: str, kept: str) -> None:
    assert without_key(typed) == kept


# --- What becomes of it ---


def test_the_report_counts_what_came_and_what_was_answered_in_time(office: Office) -> None:
    user = User.objects.create_user("hannah@musterstadt.example")
    in_time, too_late, _open = (make_inquiry(office) for _n in range(3))
    make_inquiry(office, NOW - 60 * DAY)
    inquiries.answer(in_time.pk, user.pk, NOW + 7 * DAY)
    inquiries.answer(too_late.pk, user.pk, NOW + 8 * DAY)
    november = figures.report(office, Period(date(2026, 11, 1), date(2026, 11, 1)), NOW + 9 * DAY)
    assert (november.inquiries, november.answered_in_time) == (3, 1)


def test_an_inquiry_is_answered_once_and_can_be_opened_again(office: Office) -> None:
    user = User.objects.create_user("hannah@musterstadt.example")
    received = make_inquiry(office)
    inquiries.answer(received.pk, user.pk, NOW)
    with pytest.raises(InquiryChanged):
        inquiries.forward(received.pk, "Stadtteilbibliothek", user.pk, NOW)
    inquiries.reopen(received.pk)
    with pytest.raises(InquiryChanged):
        inquiries.reopen(received.pk)
    inquiries.forward(received.pk, "Stadtteilbibliothek", user.pk, NOW)
    received.refresh_from_db()
    assert (received.status, received.forwarded_to) == (InquiryStatus.FORWARDED, "Stadtteilbibliothek")
    assert (received.closed_at, received.closed_by) == (NOW, user)


def test_some_days_after_the_answer_nothing_personal_is_left(office: Office) -> None:
    user = User.objects.create_user("hannah@musterstadt.example")
    received = make_inquiry(office, page="/termine/", phone="0171 4711081")
    inquiries.forward(received.pk, "Bibliothek", user.pk, NOW)
    end = NOW + office.retention_days * DAY
    assert retention.erase(end - timedelta(seconds=1)).inquiries == 0
    assert retention.erase(end).inquiries == 1
    received.refresh_from_db()
    assert (received.name, received.email, received.phone, received.text, received.page) == ("",) * 5
    assert (received.kind, received.forwarded_to, received.created_at) == ("question", "Bibliothek", NOW)
    for mail in received.messages.all():
        assert (mail.recipient, mail.reply_to, mail.subject, mail.text, mail.html) == ("",) * 5
        assert mail.status == OutboxStatus.DISCARDED
    with pytest.raises(InquiryChanged):
        inquiries.reopen(received.pk)


def test_on_request_nothing_personal_is_left_and_no_mail_leaves_any_more(office: Office) -> None:
    received, other = make_inquiry(office, page="/termine/", phone="0171 4711081"), make_inquiry(office)
    to_office, to_writer = received.messages.order_by("number")
    OutboxMessage.objects.filter(pk=to_office.pk).update(status=OutboxStatus.SENT, sent_at=NOW)
    claim(to_writer.id, NOW)

    erasure.erase_inquiry(received.pk, NOW)

    stored = Inquiry.objects.get(pk=received.pk)
    assert (stored.name, stored.email, stored.phone, stored.text, stored.page) == ("",) * 5
    assert (stored.number, stored.kind, stored.status, stored.erased_at) == (
        received.number,
        "question",
        InquiryStatus.OPEN,
        NOW,
    )
    mails = list(received.messages.order_by("number"))
    assert {(mail.recipient, mail.reply_to, mail.subject, mail.text, mail.html) for mail in mails} == {
        ("",) * 5
    }
    assert [mail.status for mail in mails] == [OutboxStatus.SENT, OutboxStatus.DISCARDED]
    assert [mail.dedupe_key for mail in mails] == [f"erased {mail.number}" for mail in mails]
    assert list(OutboxMessage.objects.due(NOW)) == list(other.messages.order_by("number"))
    assert list(Inquiry.objects.open()) == [other]


def test_what_is_erased_is_not_erased_again(office: Office) -> None:
    received = make_inquiry(office)
    erasure.erase_inquiry(received.pk, NOW)
    with pytest.raises(InquiryChanged):
        erasure.erase_inquiry(received.pk, NOW + DAY)
    assert Inquiry.objects.get().erased_at == NOW
    assert {mail.erased_at for mail in OutboxMessage.objects.all()} == {NOW}


def test_what_nobody_answers_is_erased_after_ninety_days(office: Office) -> None:
    received = make_inquiry(office)
    assert received.erased_on == date(2027, 2, 21)
    assert retention.erase(NOW + 90 * DAY - timedelta(seconds=1)).inquiries == 0
    assert retention.erase(NOW + 90 * DAY).inquiries == 1
    assert list(Inquiry.objects.open()) == []
    with pytest.raises(InquiryChanged):
        inquiries.answer(received.pk, 1, NOW + 91 * DAY)
