"""The MIME form of mails: what calendar programs need, and the same bytes on every try."""

from __future__ import annotations

import email
import email.policy
from datetime import datetime, timedelta
from email.generator import BytesGenerator
from email.message import EmailMessage
from io import BytesIO

import pytest

from booking import mails
from booking.models import Booking, Office, OutboxMessage, Slot
from tests import factories, itip
from tests.line_breakers import LINE_BREAKERS

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def invitation(slots: list[Slot]) -> OutboxMessage:
    """The resident's confirmation, as it lies in the outbox."""
    factories.make_booking(slots[0])
    return OutboxMessage.objects.get(recipient="amira@example.org")


def octets(message: OutboxMessage) -> bytes:
    """Return the mail as it goes over the wire."""
    data = BytesIO()
    BytesGenerator(data, mangle_from_=False).flatten(mails.email(message).message(), linesep="\r\n")
    return data.getvalue()


def parsed(message: OutboxMessage) -> EmailMessage:
    """Read the mail as its receiver does, with the standard library's newer parser."""
    found = email.message_from_bytes(octets(message), policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def shape(part: EmailMessage) -> object:
    if not part.is_multipart():
        return part.get_content_type()
    return {part.get_content_type(): [shape(each) for each in part.iter_parts()]}  # type: ignore[arg-type]


def test_the_structure_is_what_calendar_programs_look_for(invitation: OutboxMessage) -> None:
    mail = parsed(invitation)
    assert shape(mail) == {
        "multipart/mixed": [
            {"multipart/alternative": ["text/plain", "text/html", "text/calendar"]},
            "application/ics",
        ]
    }
    alternatives, file = mail.iter_parts()
    text, html, calendar = alternatives.iter_parts()
    assert calendar["Content-Type"].params == {"method": "REQUEST", "charset": "UTF-8"}
    assert calendar["Content-Transfer-Encoding"] == file["Content-Transfer-Encoding"] == "base64"
    assert calendar["Content-Disposition"] is None
    assert file.get_content_disposition() == "attachment"
    assert file.get_filename() == "termin.ics"
    assert text.get_content().replace("\r\n", "\n") == invitation.text
    assert html.get_content().replace("\r\n", "\n").rstrip() == invitation.html.rstrip()


def test_the_invitation_arrives_byte_for_byte(invitation: OutboxMessage) -> None:
    parts = [
        part
        for part in parsed(invitation).walk()
        if part.get_content_type() in {"text/calendar", "application/ics"}
    ]
    assert [part.get_payload(decode=True) for part in parts] == [invitation.ics.encode()] * 2
    itip.message(invitation.ics, "REQUEST", "amira@example.org")


def test_method_in_mime_is_the_method_inside(slots: list[Slot], now: datetime) -> None:
    booking = Booking.objects.with_parts().get(pk=factories.make_booking(slots[0]).pk)
    booking.status, booking.sequence = "cancelled", 1
    mail = parsed(mails.cancelled(booking, "resident", "", now)[0])  # type: ignore[arg-type]
    (calendar,) = (part for part in mail.walk() if part.get_content_type() == "text/calendar")
    assert calendar["Content-Type"].params["method"] == "CANCEL"
    itip.message(calendar.get_payload(decode=True), "CANCEL", "amira@example.org")  # type: ignore[arg-type]


def test_a_mail_names_all_languages_that_it_speaks(slots: list[Slot], now: datetime) -> None:
    said = {}
    for number, language in enumerate(["de", "de-simple", "ar"]):
        booking = factories.make_booking(slots[number], language=language)
        message = mails.booked(Booking.objects.with_parts().get(pk=booking.pk), now)[0]
        mail = parsed(message)
        said[language] = mail["Content-Language"]
        assert [part.get_content_type() for part in mail.walk()].count("text/calendar") == 1
    assert said == {"de": "de", "de-simple": "de-simple", "ar": "ar, de"}


def test_without_an_invitation_there_are_two_alternatives(slots: list[Slot], now: datetime) -> None:
    booking = Booking.objects.with_parts().get(pk=factories.make_booking(slots[0]).pk)
    assert shape(parsed(mails.reminder(booking, now)[0])) == {
        "multipart/alternative": ["text/plain", "text/html"]
    }


def test_every_try_sends_the_same_bytes(invitation: OutboxMessage) -> None:
    first = octets(invitation)
    again = octets(OutboxMessage.objects.select_related(None).get(pk=invitation.pk))
    assert first == again
    assert first.isascii()
    assert max(len(line) for line in first.split(b"\r\n")) <= 998
    assert b"\n" not in first.replace(b"\r\n", b"")


def test_headers_are_complete_and_there_once(
    invitation: OutboxMessage, office: Office, now: datetime
) -> None:
    mail = parsed(invitation)
    assert mail["Message-ID"] == invitation.message_id
    assert mail["Date"].datetime == now
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "de"
    assert mail["From"].addresses[0].addr_spec == office.email
    assert mail["From"].addresses[0].display_name == office.name
    assert [each.addr_spec for each in mail["To"].addresses] == ["amira@example.org"]
    assert mail["Subject"] == invitation.subject
    names = [name.lower() for name, _value in mail.items()]
    assert sorted(names) == sorted(set(names))
    assert mail["Reply-To"] is None


def test_from_is_the_organizer(invitation: OutboxMessage) -> None:
    event = itip.message(invitation.ics, "REQUEST", "amira@example.org")
    sender = parsed(invitation)["From"].addresses[0]
    assert event.one("ORGANIZER").value == f"mailto:{sender.addr_spec}"
    assert event.one("ORGANIZER").params["CN"] == [sender.display_name]


@pytest.mark.parametrize(
    "name", ["Büro Nord, Süd & „West“", 'Quartier "Nord"', "Қала кеңсесі", "N" * 120, "a@b"]
)
def test_any_name_of_an_office_makes_one_sender(slots: list[Slot], name: str) -> None:
    Office.objects.update(name=name)
    factories.make_booking(slots[0])
    message = OutboxMessage.objects.get(recipient="amira@example.org")
    (sender,) = parsed(message)["From"].addresses
    assert sender.addr_spec == "nord@musterstadt.example"
    assert sender.display_name == name.replace('"', "")
    assert len(message.sender) <= 320


@pytest.mark.shared
def test_no_text_adds_a_header_or_a_recipient(slots: list[Slot], now: datetime) -> None:
    booking = Booking.objects.with_parts().get(pk=factories.make_booking(slots[0]).pk)
    office = booking.slot.office_hours.host.office
    expected = set(parsed(mails.booked(booking, now)[0]).keys())
    for hostile in LINE_BREAKERS:
        office.name = hostile
        # The test mail is the one whose subject names the office.
        mail = parsed(mails.test(office, "it@example.org", now)[0])
        assert set(mail.keys()) == expected
        assert [each.addr_spec for each in mail["To"].addresses] == ["it@example.org"]
        assert [each.addr_spec for each in mail["From"].addresses] == ["nord@musterstadt.example"]


def test_the_date_stays_that_of_the_fact(invitation: OutboxMessage, now: datetime) -> None:
    invitation.attempts, invitation.next_attempt_at = 5, now + timedelta(hours=9)
    assert parsed(invitation)["Date"].datetime == now
