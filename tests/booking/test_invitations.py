"""Invitations hold to iTIP from the first to the last, in every channel, whatever people typed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import translation

from booking import links
from booking.actions import bookings
from booking.enums import Actor, Channel, Rhythm
from booking.ical import invitation
from booking.models import Booking, Host, Office, OutboxMessage, Service, Slot
from tests import factories, itip
from tests.line_breakers import LINE_BREAKERS
from tests.readers import by_vobject, instants

# What is written of a booking is the same whatever database it lies in.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


def with_parts(booking: Booking) -> Booking:
    return Booking.objects.with_parts().get(pk=booking.pk)


def sent_to(recipient: str) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(recipient=recipient).order_by("number"))


def test_booking_moving_and_cancelling_send_request_request_cancel(slots: list[Slot], now: datetime) -> None:
    booking = factories.make_booking(slots[0])
    bookings.reschedule(booking.pk, slots[4].pk, Actor.RESIDENT, now + timedelta(minutes=1))
    bookings.cancel(booking.pk, Actor.RESIDENT, now + timedelta(minutes=2))
    mails = sent_to("amira@example.org")
    assert [mail.ics_method for mail in mails] == ["REQUEST", "REQUEST", "CANCEL"]
    first, second, third = (itip.message(mail.ics, mail.ics_method, mail.recipient) for mail in mails)
    itip.follows(second, first)
    itip.follows(third, second)
    assert [event.one("SEQUENCE").value for event in (first, second, third)] == ["0", "1", "2"]
    assert first.one("UID").value == str(booking.pk)
    assert first.one("DTSTART").moment == slots[0].start
    assert second.one("DTSTART").moment == third.one("DTSTART").moment == slots[4].start
    assert second.one("DTEND").moment == slots[4].end
    assert third.one("SUMMARY").text == first.one("SUMMARY").text


def test_dtstamp_rises_even_when_the_clock_stands_still(slots: list[Slot], now: datetime) -> None:
    booking = factories.make_booking(slots[0])
    bookings.reschedule(booking.pk, slots[1].pk, Actor.RESIDENT, now)
    bookings.reschedule(booking.pk, slots[2].pk, Actor.RESIDENT, now - timedelta(hours=1))
    first, second, third = (
        itip.message(mail.ics, "REQUEST", mail.recipient) for mail in sent_to("amira@example.org")
    )
    itip.follows(second, first)
    itip.follows(third, second)


def test_organizer_is_the_office_and_the_attendee_has_no_name(slots: list[Slot]) -> None:
    booking = with_parts(factories.make_booking(slots[0], name="Amira Yılmaz"))
    text = invitation.request(booking)
    event = itip.message(text, "REQUEST", "amira@example.org")
    assert event.one("ORGANIZER").value == "mailto:nord@musterstadt.example"
    assert event.one("ORGANIZER").params == {"CN": ["Quartiersmanagement Musterstadt Nord"]}
    assert "Amira" not in text
    assert event.one("CLASS").value == "PRIVATE"


def test_the_download_invites_nobody(slots: list[Slot]) -> None:
    booking = with_parts(factories.make_booking(slots[0]))
    event = itip.message(invitation.publish(booking), "PUBLISH")
    assert event.one("STATUS").value == "CONFIRMED"
    assert event.one("URL").value == links.booking_url(booking)


def test_location_says_where_by_each_channel(slots: list[Slot], host: Host) -> None:
    places = {}
    for number, channel in enumerate(Channel):
        booking = with_parts(factories.make_booking(slots[number], channel=channel))
        text = invitation.request(booking)
        assert "video.musterstadt" not in text.replace("\r\n ", "")
        places[channel] = itip.message(text, "REQUEST", booking.email).one("LOCATION").text
        video_page = links.video_url(booking)
    assert host.video_url == "https://video.musterstadt.example/nord"
    assert places == {
        Channel.OFFICE: "Quartiersmanagement Musterstadt Nord, Nordring 12, 12345 Musterstadt",
        Channel.PHONE: translation.gettext("By phone. We call you."),
        Channel.VIDEO: video_page,
    }


def test_a_series_with_a_place_of_its_own_names_it(host: Host, service: Service) -> None:
    slots = factories.make_slots(host, service, place={"de": "Kiosk am See"})
    booking = with_parts(factories.make_booking(slots[0]))
    event = itip.message(invitation.request(booking), "REQUEST", booking.email)
    assert event.one("LOCATION").text == "Kiosk am See"
    assert "Klingel links" not in event.one("DESCRIPTION").text


def test_description_carries_every_link_and_no_topic(slots: list[Slot]) -> None:
    booking = with_parts(
        factories.make_booking(slots[0], topic="wohnen", message="Meine Wohnung ist feucht", language="en")
    )
    event = itip.message(invitation.request(booking), "REQUEST", booking.email)
    said = event.one("DESCRIPTION").text
    for address in (links.booking_url(booking), links.move_url(booking), links.cancel_url(booking)):
        assert said.splitlines().count(address) == 1
    assert f"Your code: {booking.code}" in said.splitlines()
    assert "Step-free entrance, bell on the left" in said.splitlines()
    assert "Phone: 0123 456-700" in said
    assert "Monday to Friday 9:00 to 12:00" in said.splitlines()
    assert "wohnen" not in said.lower()
    assert "feucht" not in said
    assert event.one("SUMMARY").text == "Consultation hour with Hannah Helfrich"


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_another_language_has_the_facts_in_german_below(slots: list[Slot], language: str) -> None:
    booking = with_parts(factories.make_booking(slots[0], language=language))
    event = itip.message(invitation.request(booking), "REQUEST", booking.email)
    own, german = event.one("DESCRIPTION").text.split("\nDeutsch:\n")
    summary, *facts = german.splitlines()
    assert summary == "Sprechstunde mit Hannah Helfrich"
    assert summary != event.one("SUMMARY").text
    assert f"Ihr Code: {booking.code}" in facts
    assert not any("://" in fact for fact in facts)
    assert links.move_url(booking) in own.splitlines()


@pytest.mark.parametrize("language", ["de", "de-simple"])
def test_a_german_invitation_says_everything_once(slots: list[Slot], language: str) -> None:
    booking = with_parts(factories.make_booking(slots[0], language=language))
    event = itip.message(invitation.request(booking), "REQUEST", booking.email)
    assert "Deutsch:" not in event.one("DESCRIPTION").text


def test_the_hosts_invitation_names_neither_resident_nor_her_link(slots: list[Slot]) -> None:
    booking = with_parts(factories.make_booking(slots[0]))
    text = invitation.request_to_host(booking)
    event = itip.message(text, "REQUEST", "hannah-helfrich@musterstadt.example")
    assert event.one("UID").value == str(booking.pk)
    unfolded = text.replace("\r\n ", "")
    for secret in ("Amira", "amira@example.org", "0171", links.token(booking)):
        assert secret not in unfolded
    assert booking.code in event.one("SUMMARY").text
    booking.status = "cancelled"
    itip.message(invitation.cancel_to_host(booking), "CANCEL", "hannah-helfrich@musterstadt.example")


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)])
def test_invitations_keep_the_local_hour_across_clock_changes(
    host: Host, service: Service, day: date
) -> None:
    week = timedelta(days=7)
    before = datetime.combine(day - 3 * week, time(8), UTC)
    pattern = factories.make_pattern(Rhythm.WEEKLY, first_on=day - 2 * week, last_on=day + 2 * week)
    slots = factories.make_slots(host, service, pattern, now=before)
    firsts = [slot for slot in slots if slot.start.astimezone(host.office.zone).time() == time(14)]
    assert len(firsts) == 4
    for slot in firsts:
        booking = with_parts(factories.make_booking(slot, now=before))
        text = invitation.request(booking)
        event = itip.message(text, "REQUEST", booking.email)
        assert event.one("DTSTART").value.endswith("T140000")
        assert event.one("DTSTART").params == {"TZID": ["Europe/Berlin"]}
        assert instants(text) == [{(slot.start, slot.end)}] * 2


def test_an_office_elsewhere_has_its_own_zone(office: Office, host: Host, service: Service) -> None:
    office.time_zone = "America/New_York"
    office.save()
    slots = factories.make_slots(Host.objects.get(pk=host.pk), service)
    booking = with_parts(factories.make_booking(slots[0]))
    text = invitation.request(booking)
    event = itip.message(text, "REQUEST", booking.email)
    assert event.one("DTSTART").params == {"TZID": ["America/New_York"]}
    assert event.one("DTSTART").value == "20261124T140000"
    assert instants(text) == [{(slots[0].start, slots[0].end)}] * 2


def test_nothing_that_people_type_breaks_out_of_its_line(slots: list[Slot]) -> None:
    booking = with_parts(factories.make_booking(slots[0]))
    for hostile in LINE_BREAKERS:
        made_of(booking, hostile)
        for text, method, reader in (
            (invitation.request(booking), "REQUEST", "amira@example.org"),
            (invitation.publish(booking), "PUBLISH", ""),
            (invitation.request_to_host(booking), "REQUEST", "hannah-helfrich@musterstadt.example"),
        ):
            event = itip.message(text, method, reader)
            assert not {"X-EVIL", "ATTACH"} & {each.name for each in event.properties}
            assert event.children == []
        other = by_vobject(invitation.request(booking)).vevent
        assert {name: len(other.contents[name]) for name in ("attendee", "organizer", "summary")} == {
            "attendee": 1,
            "organizer": 1,
            "summary": 1,
        }


def made_of(booking: Booking, hostile: str) -> None:
    """Put the text wherever somebody could have typed it."""
    hours = booking.slot.office_hours
    office, host, service = hours.host.office, hours.host, hours.availability.service
    office.name = office.street = office.phone = host.name = booking.name = booking.code = hostile
    service.title = service.bring_along = hours.availability.place = office.access_note = {"de": hostile}


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("amira@example.org", "mailto:amira@example.org"),
        ("amira+nord@example.org", "mailto:amira+nord@example.org"),
        ("amira@bücher.example", "mailto:amira@xn--bcher-kva.example"),
        ('"a b"@example.org', "mailto:%22a%20b%22@example.org"),
    ],
)
def test_addresses_are_written_as_uris(slots: list[Slot], address: str, written: str) -> None:
    booking = with_parts(factories.make_booking(slots[0]))
    booking.email = address
    event = itip.message(invitation.request(booking), "REQUEST", written.removeprefix("mailto:"))
    assert event.one("ATTENDEE").value == written
