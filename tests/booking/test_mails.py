"""Mails say everything that somebody needs, to whom it concerns, and nothing that strangers typed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import html5lib
import pytest
from django.conf import settings
from django.utils import translation
from pytest_django import Settings

from booking import links, mails, opening
from booking.actions import bookings
from booking.dates import spoken_day, spoken_day_of_year, spoken_hour
from booking.enums import Actor, InquiryKind, Occasion, Status
from booking.mails import login_link, rehearsal
from booking.models import Booking, Host, Inquiry, Office, OutboxMessage, Service, Slot
from tests import factories, itip
from tests.line_breakers import LINE_BREAKERS

# What is written of a booking is the same whatever database it lies in.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
ABOUT_NO_APPOINTMENT = {
    Occasion.DAY_PLAN,
    Occasion.LOGIN,
    Occasion.INQUIRY,
    Occasion.INQUIRY_RECEIVED,
    Occasion.TEST_INVITATION,
    Occasion.TEST,
}
# Who gets them sits beside the phone.
IN_THE_OFFICE = {Occasion.DAY_PLAN, Occasion.TEST_INVITATION, Occasion.INQUIRY}
TO_THE_HOST = {Occasion.HOST_BOOKED, Occasion.HOST_MOVED, Occasion.HOST_CANCELLED}
RESIDENT, HOST = "amira@example.org", "hannah-helfrich@musterstadt.example"


def booked(slot: Slot, **fields: Any) -> Booking:
    booking = factories.make_booking(slot, **fields)
    return Booking.objects.with_parts().get(pk=booking.pk)


def written(office: Office, now: datetime) -> Inquiry:
    """Return what somebody has just written to the office; not saved."""
    return Inquiry(
        pk=1,
        office=office,
        kind=InquiryKind.QUESTION,
        number="4829173",
        name="Rosa Quitte",
        email="rosa@example.org",
        phone="0171 999",
        text="Wann ist das Fest?\n\nUnd wo?",
        language="tr",
        answer_by=factories.TUESDAY,
        created_at=now,
    )


def every_mail(booking: Booking, former: Slot, now: datetime) -> dict[str, OutboxMessage]:
    """Return one mail of each occasion about the booking."""
    host = booking.slot.office_hours.host
    other_host = Host(name="Derya Aksoy", office=host.office)
    day = booking.slot.start.astimezone(host.office.zone).date()
    found = [
        *mails.confirm_request(booking, now),
        *mails.booked(booking, now),
        *mails.moved(booking, Actor.RESIDENT, now, former),
        *mails.reminder(booking, now),
        *mails.cancelled(booking, Actor.RESIDENT, "", now),
        *mails.cancelled(booking, Actor.OFFICE, "Frau Helfrich ist krank.", now),
        *mails.falls_out(booking, None, [former], now),
        *mails.host_changed(booking, other_host, now),
        *mails.day_plan(host, day, [booking.slot.office_hours], now, now),
        *mails.inquiry(written(host.office, now), now),
        *mails.inquiry_received(written(host.office, now), now),
        *mails.login(host.office, "it@musterstadt.example", now),
        *rehearsal.test_invitation(host, now),
        *mails.test(host.office, "it@musterstadt.example", now),
    ]
    return {mail.occasion: mail for mail in found}


class Page(HTMLParser):
    """What an HTML part links to, what it loads, and what it says."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.tags: list[str] = []
        self.words: list[str] = []
        # Without the head: its title says the hour too, its style sheet says nothing.
        self.feed(source[source.index("<body") :])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "href":
                self.links.append(value or "")
            if name in {"src", "srcset", "background", "poster", "data", "action"} or "url(" in (value or ""):
                self.loaded.append(value or "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_confirmation_has_every_fact_in_both_parts(
    slots: list[Slot], office: Office, host: Host, now: datetime, language: str
) -> None:
    hours = [[["09:00", "12:00"]], *[[]] * 6]
    Office.objects.update(
        map_url="https://karte.example/nord", programme="Sozialer Zusammenhalt", phone_times=hours
    )
    Host.objects.update(role={"de": "Quartiersmanagerin", "en": "Neighbourhood manager"})
    booking = booked(slots[1], language=language)
    mail = mails.booked(booking, now)[0]
    page = Page(mail.html)
    with translation.override(language):
        facts = [
            "Sprechstunde" if language == "de" else "Consultation hour",
            spoken_day_of_year(slots[1].start.date()),
            spoken_hour(slots[1].start, office.zone),
            "Nordring 12, 12345 Musterstadt",
            "Eingang ohne Stufe, Klingel links" if language == "de" else "Step-free entrance",
            "Hannah Helfrich",
            "Quartiersmanagerin" if language == "de" else "Neighbourhood manager",
            "Bringen Sie Ihre Briefe mit." if language == "de" else "Bring your letters.",
            booking.code,
            "0123 456-700",
            str(opening.lines(hours)[0]),
            "Sozialer Zusammenhalt",
        ]
    for said in (mail.text, page.text):
        places = [said.find(fact) for fact in facts]
        assert -1 not in places
        assert places == sorted(places)
    addresses = [links.booking_url(booking), links.move_url(booking), links.cancel_url(booking)]
    for address in (*addresses, "https://karte.example/nord"):
        assert re.search(rf"{re.escape(address)}$", mail.text, re.MULTILINE)
        assert address in page.links
    assert all(
        address.startswith(f"{settings.SITE_URL}/{'en/' if language == 'en' else ''}buchung/")
        for address in addresses
    )
    assert mail.language == language
    assert f'<html lang="{language}" dir="ltr">' in mail.html
    itip.message(mail.ics, "REQUEST", RESIDENT)


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_mail_loads_anything_or_carries_what_was_typed(
    slots: list[Slot], now: datetime, language: str
) -> None:
    booking = booked(slots[0], language=language, topic="wohnen", message="Meine Wohnung ist feucht")
    for mail in every_mail(booking, slots[3], now).values():
        page = Page(login_link.shown(mail)[1])
        assert page.loaded == []
        assert not {"img", "script", "link", "iframe", "form", "object"} & set(page.tags)
        assert {address.split(":")[0] for address in page.links} <= {"http", "tel"}
        assert all(link.startswith((settings.SITE_URL, "tel:")) for link in page.links)
        for part in (mail.subject, mail.text, mail.html, mail.ics):
            assert "wohnen" not in part.lower()
            assert "feucht" not in part
        assert "@import" not in mail.html
        assert html5lib.HTMLParser(strict=False).parse(mail.html) is not None


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_occasion_names_day_hour_and_phone(
    slots: list[Slot], office: Office, now: datetime, language: str
) -> None:
    booking = booked(slots[0], language=language)
    for occasion, mail in every_mail(booking, slots[3], now).items():
        if occasion not in IN_THE_OFFICE:
            assert "0123 456-700" in mail.text
            assert "tel:0123456700" in Page(mail.html).links
        if occasion in ABOUT_NO_APPOINTMENT:
            continue
        with translation.override(mail.language):
            day = spoken_day(slots[0].start.date())
            hour = spoken_hour(slots[0].start, office.zone)
        assert f"{day}, {hour}" in mail.subject
        assert day in mail.text
        assert hour in mail.text
        assert booking.code in mail.text
        assert "{" not in mail.text
        assert "%(" not in mail.text + mail.html


def test_every_occasion_has_a_mail(slots: list[Slot], now: datetime) -> None:
    assert set(every_mail(booked(slots[0]), slots[3], now)) == set(Occasion.values)


def test_residents_mails_do_not_carry_their_name(slots: list[Slot], now: datetime) -> None:
    booking = booked(slots[0], name="Jetzt billig kaufen")
    for occasion, mail in every_mail(booking, slots[3], now).items():
        is_in = "billig" in mail.subject + mail.text + mail.html + mail.ics
        assert is_in == (occasion in TO_THE_HOST)
        assert "billig" not in mail.subject + mail.ics


def test_no_address_means_no_mail_to_the_resident(slots: list[Slot], now: datetime) -> None:
    booking = booked(slots[0], email="")
    assert [mail.recipient for mail in mails.booked(booking, now)] == [HOST]
    assert mails.reminder(booking, now) == []
    assert mails.confirm_request(booking, now) == []


@pytest.mark.parametrize(
    ("fields", "notices"),
    [
        ({}, [(Occasion.HOST_BOOKED, "")]),
        ({"wants_notices": False}, []),
        ({"wants_notices": False, "wants_invitations": True}, []),
        ({"email": ""}, []),
        ({"wants_invitations": True}, [(Occasion.HOST_BOOKED, "REQUEST")]),
        (
            {"wants_invitations": True, "email": "Nord@musterstadt.example"},
            [(Occasion.HOST_BOOKED, "")],
        ),
    ],
)
def test_hosts_get_what_their_profile_asks_for(
    slots: list[Slot], now: datetime, fields: dict[str, Any], notices: list[tuple[Occasion, str]]
) -> None:
    Host.objects.update(**fields)
    booking = booked(slots[0], email="")
    assert [(mail.occasion, mail.ics_method) for mail in mails.booked(booking, now)] == notices


def test_a_host_who_loses_a_booking_to_another_is_told(
    office: Office, host: Host, service: Service, now: datetime
) -> None:
    olga = factories.make_host(office, "Olga Otter", wants_invitations=True)
    hers = factories.make_slots(olga, service)
    mine = factories.make_slots(host, service)
    booking = factories.make_booking(hers[0])
    later = now + timedelta(minutes=1)
    bookings.reschedule(booking.pk, mine[4].pk, Actor.RESIDENT, later)
    told = list(OutboxMessage.objects.order_by("number").filter(created_at=later))
    assert [(mail.occasion, mail.recipient) for mail in told] == [
        (Occasion.MOVED, RESIDENT),
        (Occasion.HOST_CANCELLED, "olga-otter@musterstadt.example"),
        (Occasion.HOST_BOOKED, HOST),
    ]
    event = itip.message(told[1].ics, "CANCEL", "olga-otter@musterstadt.example")
    assert event.one("DTSTART").moment == hers[0].start
    with translation.override("de"):
        assert spoken_hour(hers[0].start, office.zone) in told[0].text
        assert spoken_hour(mine[4].start, office.zone) in told[0].subject


def test_moving_tells_the_former_time(slots: list[Slot], now: datetime, office: Office) -> None:
    booking = factories.make_booking(slots[0], language="en")
    bookings.reschedule(booking.pk, slots[4].pk, Actor.OFFICE, now)
    mail = OutboxMessage.objects.get(occasion=Occasion.MOVED)
    assert mail.subject == "New time for your appointment: Tuesday, 24 November, 15:20"
    assert "Before: Tuesday, 24 November, 14:00" in mail.text
    assert "\nwe have moved your appointment." in mail.text.lower()


def test_the_offices_word_is_quoted_and_escaped(slots: list[Slot], now: datetime) -> None:
    booking = booked(slots[0], language="en")
    booking.status, booking.sequence = Status.CANCELLED, 1
    word = "Sorry & <b>bye</b>\r\n\u2028Second line\x00"
    mail = mails.cancelled(booking, Actor.OFFICE, word, now)[0]
    assert "> Sorry & <b>bye</b>\n> Second line\n" in mail.text
    assert "Sorry &amp; &lt;b&gt;bye&lt;/b&gt;<br>Second line" in mail.html
    new_time = f"{links.slots_url('en')}?angebot=sprechstunde"
    assert new_time in mail.text.splitlines()
    assert new_time in Page(mail.html).links
    itip.message(mail.ics, "CANCEL", RESIDENT)


def test_a_hold_is_asked_to_be_confirmed_and_is_in_no_calendar(
    office: Office, host: Host, service: Service, now: datetime
) -> None:
    Service.objects.update(needs_confirmation=True)
    booking = factories.make_booking(factories.make_slots(host, service)[0])
    (asked,) = OutboxMessage.objects.all()
    assert (asked.occasion, asked.recipient, asked.ics) == (Occasion.CONFIRM, RESIDENT, "")
    assert links.confirm_url(booking) in asked.text.splitlines()
    assert links.confirm_url(booking) in Page(asked.html).links
    with translation.override("de"):
        assert spoken_hour(now + timedelta(minutes=15), office.zone) in asked.text


def test_an_office_that_books_under_its_own_address_is_not_invited(slots: list[Slot], now: datetime) -> None:
    booking = booked(slots[0], email="NORD@musterstadt.example")
    mail = mails.booked(booking, now)[0]
    assert (mail.recipient, mail.ics, mail.ics_method) == ("NORD@musterstadt.example", "", "")


def test_after_the_deadline_the_mail_says_to_call(slots: list[Slot], now: datetime) -> None:
    booking = booked(slots[0], language="en")
    in_time = mails.reminder(booking, slots[0].start - timedelta(hours=2, seconds=1))[0]
    assert "until Tuesday, 24 November, 12:00:" in in_time.text
    late = mails.reminder(booking, slots[0].start - timedelta(hours=2))[0]
    assert links.cancel_url(booking) not in late.text
    assert "Can you not come? Please call us." in late.text


def test_one_fact_is_one_key_and_another_fact_is_another(slots: list[Slot], now: datetime) -> None:
    booking = booked(slots[0])
    first = [mail.dedupe_key for mail in mails.booked(booking, now)]
    again = [mail.dedupe_key for mail in mails.booked(booking, now + timedelta(hours=1))]
    assert first == again
    assert len(set(first)) == 2
    booking.sequence = 1
    assert not set(first) & {mail.dedupe_key for mail in mails.booked(booking, now)}
    office = booking.slot.office_hours.host.office
    tests = [mails.test(office, RESIDENT, now + timedelta(seconds=n))[0].dedupe_key for n in range(2)]
    assert tests[0] != tests[1]


@pytest.mark.parametrize(
    ("ahead", "patience"),
    [
        (timedelta(hours=1), timedelta(hours=4)),
        (timedelta(hours=20), timedelta(hours=23)),
        (timedelta(days=5), timedelta(hours=48)),
        (timedelta(hours=-2), timedelta(hours=3)),
    ],
)
def test_a_mail_is_given_up_when_it_helps_nobody(
    slots: list[Slot], ahead: timedelta, patience: timedelta
) -> None:
    booking = booked(slots[0])
    now = slots[0].start - ahead
    mail = mails.booked(booking, now)[0]
    assert mail.give_up_at == now + patience
    assert mail.next_attempt_at == mail.created_at == now


def test_message_ids_name_the_site(slots: list[Slot], now: datetime, settings: Settings) -> None:
    booking = booked(slots[0])
    settings.SITE_HOST = "quartier.example.org"
    mail = mails.booked(booking, now)[0]
    assert mail.message_id == f"<{mail.id}@quartier.example.org>"
    settings.SITE_HOST = "::1"
    mail = mails.booked(booking, now)[0]
    assert mail.message_id == f"<{mail.id}@[IPv6:::1]>"


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("tr", "ltr")])
def test_a_mail_in_another_language_says_the_same_in_german_below(
    slots: list[Slot], office: Office, now: datetime, language: str, direction: str
) -> None:
    booking = booked(slots[1], language=language)
    for mail in (
        *mails.booked(booking, now)[:1],
        *mails.confirm_request(booking, now),
        *mails.reminder(booking, now),
        *mails.falls_out(booking, None, [slots[3]], now)[:1],
    ):
        own, german = mail.text.split("\nDeutsch\n")
        page = html5lib.parse(mail.html, namespaceHTMLElements=False)
        parts = {
            (e.get("lang"), e.get("dir")): " ".join(e.itertext()) for e in page.iter("td") if e.get("lang")
        }
        with translation.override(language):
            subject_day = spoken_day(slots[1].start.date())
            own_hour = spoken_hour(slots[1].start, office.zone)
        assert subject_day in mail.subject
        assert "Dienstag" not in mail.subject + own
        assert own_hour in own
        assert "Dienstag, 24. November 2026, 14:20 Uhr" in german
        assert list(parts) == [(language, direction), ("de", "ltr")]
        assert [e.tag for e in page.iter() if e.tag in {"h1", "h2"}] == ["h1", "h2"]
        assert booking.code in own
        assert booking.code in german
        assert mail.language == language
        assert len(mail.html) < 20_000


@pytest.mark.parametrize("language", ["de", "de-simple"])
def test_german_mails_say_everything_once(slots: list[Slot], now: datetime, language: str) -> None:
    mail = mails.booked(booked(slots[1], language=language), now)[0]
    assert mail.text.count(mail.text.splitlines()[0]) == 1
    assert (mail.html.count("<h1"), mail.html.count("<h2")) == (1, 0)


def test_a_phone_number_keeps_its_order_in_an_arabic_mail(slots: list[Slot], now: datetime) -> None:
    mail = mails.booked(booked(slots[1], language="ar"), now)[0]
    own, german = mail.text.split("\nDeutsch\n")
    assert "\u200e0123 456-700\u200e" in own
    assert "\u200e" not in german
    assert '<bdi dir="ltr">0123 456-700</bdi>' in mail.html
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", mail.subject + mail.text + mail.html + mail.ics)


def test_an_unknown_language_falls_back_to_german(slots: list[Slot], now: datetime) -> None:
    booking = booked(slots[0])
    booking.language = "xx"
    mail = mails.booked(booking, now)[0]
    assert mail.language == "de"


def test_hostile_texts_stay_on_their_line_and_escaped(slots: list[Slot], now: datetime) -> None:
    booking = booked(slots[0])
    hours = booking.slot.office_hours
    office, service = hours.host.office, hours.availability.service
    for number, hostile in enumerate(LINE_BREAKERS):
        booking.name = office.name = hours.host.name = office.street = hostile
        service.title = service.bring_along = office.access_note = hours.host.role = {"de": hostile}
        told = mails.booked(booking, now)
        # The office's word is the one text that only a cancellation carries.
        told += mails.cancelled(booking, Actor.OFFICE, hostile, now)[:1] if number % 4 == 0 else []
        for mail in told:
            assert mail.subject.isprintable()
            assert len(mail.subject) <= 250
            page = Page(mail.html)
            assert not {"script", "img"} & set(page.tags)
            assert not CONTROL.search(mail.text + mail.html)


def test_the_office_reads_the_inquiry_and_answers_the_writer(office: Office, now: datetime) -> None:
    mail = mails.inquiry(written(office, now), now)[0]
    assert (mail.recipient, mail.language, mail.reply_to) == (office.email, "de", "rosa@example.org")
    assert "4829173" in mail.subject
    for said in (mail.text, Page(mail.html).text):
        for fact in (
            "Wann ist das Fest?",
            "Und wo?",
            "Rosa Quitte",
            "0171 999",
            "rosa@example.org",
            "Türkisch",
        ):
            assert fact in said
    message = mails.email(mail).message()
    assert message["Reply-To"] == "rosa@example.org"
    assert message["To"] == office.email


def test_who_writes_gets_number_and_day_and_nothing_that_was_typed(office: Office, now: datetime) -> None:
    mail = mails.inquiry_received(written(office, now), now)[0]
    assert (mail.recipient, mail.language, mail.reply_to) == ("rosa@example.org", "tr", "")
    assert "Reply-To" not in mails.email(mail).message()
    with translation.override("tr"):
        day = spoken_day_of_year(factories.TUESDAY)
    for said in (mail.text, Page(mail.html).text):
        assert "4829173" in said
        assert day in said
        assert "Fest" not in said
        assert "Rosa" not in said


def test_without_an_address_an_inquiry_is_not_confirmed_by_mail(office: Office, now: datetime) -> None:
    by_phone = written(office, now)
    by_phone.email = ""
    assert mails.inquiry_received(by_phone, now) == []
    assert mails.inquiry(by_phone, now)[0].reply_to == ""
