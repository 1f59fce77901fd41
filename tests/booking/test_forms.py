from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.http import QueryDict
from django.utils.translation import gettext

from booking.enums import Channel
from booking.forms import BookingForm, FindForm, MoveForm, View, search
from booking.forms.guarded import EARLIEST, LATEST, stamp
from booking.models import Host, Service
from tests.factories import NOW

pytestmark = pytest.mark.once

SECOND = timedelta(seconds=1)
ALL = list(Channel)
TODAY = date(2026, 11, 23)


def query(**typed: Any) -> QueryDict:
    made = QueryDict(mutable=True)
    made.update(typed)
    return made


def form(service: Service, channels: list[Channel] | None = None, **typed: Any) -> BookingForm:
    """Fill in the form as somebody does who was at it for a minute."""
    fields = {
        "name": "Amira Yılmaz",
        "email": "amira@example.org",
        "channel": "office",
        "language": "de",
        "request_id": str(uuid.uuid4()),
        "started": stamp(NOW - timedelta(minutes=1)),
    }
    return BookingForm(query(**fields | typed), service, channels or ALL, NOW)


def errors(filled: BookingForm) -> dict[str, list[str]]:
    assert not filled.is_valid()
    return {name: list(messages) for name, messages in filled.errors.items()}


def test_it_asks_for_no_more_than_the_office_needs(service: Service) -> None:
    assert list(BookingForm(None, service, ALL, NOW).fields) == [
        "name",
        "email",
        "phone",
        "channel",
        "topic",
        "language",
        "request_id",
        "started",
        "website",
    ]


def test_message_and_topic_are_asked_only_where_the_service_wants_them(service: Service) -> None:
    service.asks_message, service.topics = True, []
    fields = BookingForm(None, service, ALL, NOW).fields
    assert ("message" in fields, "topic" in fields) == (True, False)


def test_one_channel_needs_no_choosing(service: Service) -> None:
    filled = form(service, [Channel.VIDEO])
    assert "channel" not in filled.fields
    assert filled.is_valid()
    assert filled.chosen_channel == Channel.VIDEO


@pytest.mark.parametrize(
    "name",
    ["Amira", "李小龙", "محمد‌رضا", "Jean-Luc d’Arc", "O'Brien <3", "🌻", "Dr. phil. Ümit Œ", "X" * 80],
)
def test_any_name_is_a_name(service: Service, name: str) -> None:
    filled = form(service, name=name)
    assert filled.is_valid(), filled.errors
    assert filled.cleaned_data["name"] == name


@pytest.mark.parametrize("name", ["", "   ", "\u200b\u200d", "\u2060"])
def test_an_invisible_name_is_none(service: Service, name: str) -> None:
    assert errors(form(service, name=name)) == {"name": [gettext("Please enter a name.")]}


@pytest.mark.parametrize(
    "name",
    [
        "A\x00B",
        "A\r\nBcc: b@example.org",
        "A\nB",
        "A\x0bB",
        "A\x85B",
        "A\u2028B",
        "A\u2029B",
        "A\x1bB",
        "A\ud800B",
    ],
)
def test_what_nobody_can_type_is_refused(service: Service, name: str) -> None:
    message = gettext("Please leave out line breaks and control characters.")
    assert errors(form(service, name=name)) == {"name": [message]}


def test_a_long_name_is_to_be_shortened(service: Service) -> None:
    assert errors(form(service, name="X" * 81)) == {
        "name": [gettext("Please shorten the name to 80 characters.")]
    }


def test_names_are_composed(service: Service) -> None:
    filled = form(service, name="Zoe\u0308")
    assert filled.is_valid()
    assert filled.cleaned_data["name"] == "Zoë"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0171 2345678", "0171 2345678"),
        ("+49 (0)171 / 234-56-78", "+49 (0)171 / 234-56-78"),
        ("0171.234.5678", "0171.234.5678"),
        (" 0171 – 2345678 ", "0171 - 2345678"),
        ("٠١٧١٢٣٤٥٦٧٨", "01712345678"),
        ("0171\u00a02345678", "0171 2345678"),
        ("12345", "12345"),
    ],
)
def test_a_phone_number_may_be_written_as_people_do(service: Service, typed: str, stored: str) -> None:
    filled = form(service, email="", phone=typed)
    assert filled.is_valid(), filled.errors
    assert filled.cleaned_data["phone"] == stored


@pytest.mark.parametrize(
    "typed", ["1234", "keine", "0171 2345678 Müller", "1" * 21, "²³⁴⁵⁶", "0171\t2345678"]
)
def test_what_cannot_be_called_is_no_phone_number(service: Service, typed: str) -> None:
    assert list(errors(form(service, email="", phone=typed))) == ["phone"]


@pytest.mark.parametrize("typed", ["amira@example.org", " amira@example.org ", "a.b+c@bücher.example"])
def test_an_email_address_is_taken_as_it_is(service: Service, typed: str) -> None:
    filled = form(service, email=typed)
    assert filled.is_valid(), filled.errors
    assert filled.cleaned_data["email"] == typed.strip()
    assert EmailMessage(to=[typed.strip()]).message()["To"]


@pytest.mark.parametrize(
    "typed",
    [
        "amira",
        "a@b@example.org",
        "a@example.org, b@example.org",
        "a@example.org\nBcc: b@example.org",
        '"a,b"@example.org',
        '"\x01"@example.org',
        "<a@example.org>",
        "a@exa\x00mple.org",
        "a@" + "ä" * 60 + ".de",
        "a@" + "ä" * 30 + "." + "ö.ä." * 30 + "de",
        "\u212aarim@example.org",
        "ä@example.org",
    ],
)
def test_more_or_less_than_one_address_is_refused(service: Service, typed: str) -> None:
    message = gettext("Please check the e-mail address. An example: name@example.org.")
    assert errors(form(service, email=typed)) == {"email": [message]}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"email": "", "phone": "0171 2345678"}, []),
        ({"email": "amira@example.org", "phone": ""}, []),
        ({"email": "", "phone": ""}, ["email"]),
        ({"email": "", "phone": "", "channel": "phone"}, ["phone"]),
        ({"email": "amira@example.org", "phone": "", "channel": "phone"}, ["phone"]),
        ({"email": "", "phone": "0171 2345678", "channel": "phone"}, []),
    ],
)
def test_one_way_to_reach_somebody_is_enough(
    service: Service, typed: dict[str, str], expected: list[str]
) -> None:
    filled = form(service, **typed)
    filled.is_valid()
    assert list(filled.errors) == expected


def test_by_phone_alone_needs_the_phone(service: Service) -> None:
    assert errors(form(service, [Channel.PHONE])) == {
        "phone": [gettext("Please enter the number that we shall call.")]
    }


def test_a_channel_that_is_not_offered_is_refused(service: Service) -> None:
    assert list(errors(form(service, [Channel.OFFICE, Channel.PHONE], channel="video"))) == ["channel"]


def test_a_topic_is_one_of_the_list_or_none(service: Service) -> None:
    assert form(service, topic="").is_valid()
    assert form(service, topic="wohnen").is_valid()
    assert list(errors(form(service, topic="<script>"))) == ["topic"]


def test_a_message_may_have_lines(service: Service) -> None:
    service.asks_message = True
    filled = form(service, message="Guten Tag,\r\nich komme zu zweit. ")
    assert filled.is_valid(), filled.errors
    assert filled.cleaned_data["message"] == "Guten Tag,\nich komme zu zweit."
    assert list(errors(form(service, message="x" * 201))) == ["message"]
    assert form(service, message="x\r\n" * 66).is_valid()


def test_a_language_we_do_not_speak_becomes_the_page_s(service: Service) -> None:
    filled = form(service, language="tlh")
    assert filled.is_valid()
    assert filled.cleaned_data["language"] == "de"


@pytest.mark.parametrize("typed", ["", "no-uuid", "\x00", "1" * 5000])
def test_a_lost_request_id_is_made_anew(service: Service, typed: str) -> None:
    filled = form(service, request_id=typed)
    if "\x00" in typed:
        assert list(errors(filled)) == ["request_id"]
    else:
        assert filled.is_valid()
        assert filled.cleaned_data["request_id"].version == 4


@pytest.mark.parametrize(
    ("age", "is_valid", "is_early"),
    [
        (EARLIEST - timedelta(milliseconds=1), True, True),
        (EARLIEST, True, False),
        (LATEST, True, False),
        (LATEST + SECOND, False, False),
        (-SECOND, True, True),
    ],
)
def test_a_form_is_good_from_two_seconds_to_a_day(
    service: Service, age: timedelta, is_valid: bool, is_early: bool
) -> None:
    filled = form(service, started=stamp(NOW - age))
    assert (filled.is_valid(), filled.is_early) == (is_valid, is_early)


@pytest.mark.parametrize("started", ["", "1", "1:2", stamp(NOW)[:-1] + "x"])
def test_a_stamp_that_is_not_ours_asks_to_send_the_form_again(service: Service, started: str) -> None:
    filled = form(service, started=started)
    assert list(errors(filled)) == ["__all__"]
    again = BookingForm(query(**{**filled.data.dict(), "website": ""}), service, ALL, NOW)
    assert again.is_valid()
    assert not again.is_early


def test_the_honeypot_catches_machines_and_lets_people_try_again(service: Service) -> None:
    filled = form(service, website="https://spam.example")
    assert list(errors(filled)) == ["__all__"]
    assert filled.data["website"] == ""
    assert BookingForm(query(**filled.data.dict()), service, ALL, NOW).is_valid()


@pytest.mark.parametrize("typed", ["", "abc", "-1", "0", "1.5", str(2**63), "9" * 400, "\x00", "１２x"])
def test_a_slot_is_a_number_that_a_database_can_hold(typed: str) -> None:
    assert not MoveForm({"slot": typed}).is_valid()


def test_the_largest_slot_is_a_number_still() -> None:
    assert MoveForm({"slot": str(2**63 - 1)}).is_valid()


def test_finding_needs_both_parts() -> None:
    assert list(FindForm({"code": "", "proof": " "}).errors) == ["code", "proof"]


def find(service: Service, host: Host, text: str) -> Any:
    return search(QueryDict(text), [service], [host], TODAY)


def test_a_search_reads_every_filter(service: Service, host: Host) -> None:
    text = "ansicht=woche&angebot=sprechstunde&person=hannah-helfrich&kanal=phone&zeit=abend&ab=2026-12-01"
    found = find(service, host, text)
    assert (found.view, found.service, found.host) == (View.WEEK, service, host)
    assert (found.channel, list(found.part.hours)) == (Channel.PHONE, [17, 18, 19, 20, 21, 22, 23])
    assert (found.since, found.notices, found.is_narrow) == (date(2026, 12, 1), [], True)
    assert found.query(since=found.since) == f"?{text}"


@pytest.mark.parametrize("name", ["ansicht", "angebot", "person", "kanal", "zeit", "ab"])
def test_what_a_search_cannot_read_is_left_out_and_said(service: Service, host: Host, name: str) -> None:
    found = find(service, host, f"{name}=%00<script>")
    assert (found.view, found.since, found.is_narrow) == (View.LIST, TODAY, False)
    assert len(found.notices) == 1
    assert "script" not in found.notices[0]


@pytest.mark.parametrize(
    ("typed", "since", "notices"),
    [
        ("", TODAY, 0),
        ("2026-11-23", TODAY, 0),
        ("2020-01-01", TODAY, 0),
        ("2026-02-30", TODAY, 1),
        ("9999-12-31", TODAY, 1),
        ("0000-00-00", TODAY, 1),
        ("20261201", TODAY, 1),
        ("2026-W50-1", TODAY, 1),
        ("٢٠٢٦-١٢-٠١", TODAY, 1),
    ],
)
def test_a_search_begins_today_unless_it_says_a_later_day(
    service: Service, host: Host, typed: str, since: date, notices: int
) -> None:
    made = query(ab=typed)
    found = search(made, [service], [host], TODAY)
    assert (found.since, len(found.notices)) == (since, notices)
