"""Whatever is typed or stored, no page of the back end breaks or runs it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from booking.models import Booking, Host, OfficeHours, OutboxMessage, Service, Slot
from tests import factories

MARK = "<script>alert(4711)</script>"
STRINGS = [
    "",
    " ",
    "0",
    "-1",
    "1e999",
    "NaN",
    "9" * 400,
    "x" * 20_000,
    "\x00",
    "a\x00b",
    "\r\nBcc: alle@example.org",
    "\u2028",
    "\u202egnihcadnis",
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "𝕳𝖆𝖑𝖑𝖔 👩🏽‍🚀",
    "' OR 1=1 --",
    '"><img src=x onerror=alert(4711)>',
    MARK,
    "{{ request }}{% debug %}",
    "%s%n%(name)s",
    "../../etc/passwd",
    "javascript:alert(4711)",
    "=HYPERLINK()",
    "2026-02-30",
    "24:61",
    "٢٠٢٦-١١-٢٤",
    "²",
    "null",
    "[]",
    "true",
]
WORST = ["", "9" * 400, "a\x00b", "\u2028", "NaN", "²", "2026-02-30", MARK]
FORMS = {
    "publish": (
        "service host rhythm weekdays starts_at ends_at first_on last_on slot_minutes buffer_minutes capacity"
        " channels place skip_holidays step"
    ),
    "closure_new": "host first_on starts_at last_on ends_at reason step",
    "series_end": "since step",
    "booking_cancel": "word",
    "booking_move": "slot",
    "book_outside": (
        "day starts_at minutes host service channel name phone email topic language request_id agreed step"
    ),
    "find_booking": "q",
    "visits_enter": "day number service request_id",
    "profile": (
        "name languages role_de role_en email phone video_url uses_rooms wants_notices wants_invitations"
        " wants_day_plan"
    ),
    "host_new": "name languages role_de role_en email phone video_url wants_notices wants_day_plan",
    "host": "name languages role_de role_en email phone video_url wants_notices wants_day_plan",
    "host_login": "email",
    "office": (
        "name district programme carrier answer_days new_logo removes_logo opening_times_0 phone_times_6"
        " funders-TOTAL_FORMS funders-INITIAL_FORMS funders-0-name funders-0-url funders-0-ORDER funders-0-id"
        " street postal_code city state map_url phone email opening_note_de opening_note_en access_note_de"
        " horizon_weeks change_until_hours reminder_hours retention_days sends_reminders"
    ),
    "service_new": (
        "title_de title_en description_de bring_along_de minutes buffer_minutes channels notice_hours"
        " horizon_weeks topics asks_message needs_confirmation is_active"
    ),
}


@pytest.fixture
def everything(client: Client, administrator: Any, host: Host, slots: list[Slot]) -> Client:
    """Log somebody in who may do everything and has a profile."""
    Host.objects.filter(pk=host.pk).update(user=administrator)
    client.force_login(administrator)
    return client


def address(name: str) -> str:
    if name == "series_end":
        return reverse("staff:series_end", args=[OfficeHours.objects.earliest("pk").availability_id])
    if name in ("booking_cancel", "booking_move"):
        return reverse(f"staff:{name}", args=[Booking.objects.earliest("created_at").pk])
    if name in ("host", "host_login"):
        return reverse(f"staff:{name}", args=[Host.objects.earliest("pk").pk])
    return reverse(f"staff:{name}")


@pytest.mark.parametrize("name", FORMS)
def test_no_form_breaks_or_echoes_what_is_typed(everything: Client, slots: list[Slot], name: str) -> None:
    factories.make_booking(slots[0])
    page = address(name)
    for text in STRINGS:
        answer = everything.post(page, dict.fromkeys(FORMS[name].split(), text))
        assert answer.status_code in (200, 302, 422), text
        page_text = answer.content.decode()
        assert (MARK in page_text, "<img src=x" in page_text) == (False, False), text


@pytest.mark.parametrize("name", ["publish", "closure_new"])
def test_no_single_field_breaks_a_form_that_is_right_otherwise(
    everything: Client, host: Host, service: Service, name: str
) -> None:
    right: dict[str, Any] = {
        "service": service.pk,
        "host": host.pk,
        "rhythm": "weekly",
        "weekdays": ["FR"],
        "starts_at": "14:00",
        "ends_at": "17:00",
        "first_on": "2026-11-27",
        "slot_minutes": 20,
        "buffer_minutes": 0,
        "capacity": 1,
        "channels": ["office"],
        "step": "preview",
    }
    for field in FORMS[name].split():
        for text in WORST:
            status = everything.post(address(name), right | {field: text}).status_code
            assert status in (200, 302, 422), (field, text)


@pytest.mark.parametrize(
    "name", ["hours_list", "book", "book_outside", "outbox", "publish", "closures", "series_list", "services"]
)
def test_no_address_breaks_by_what_stands_in_it(everything: Client, name: str) -> None:
    for text in STRINGS:
        query = dict.fromkeys(
            ("ab", "person", "art", "tag", "status", "occasion", "p", "angebot", "ergebnis"), text
        )
        answer = everything.get(reverse(f"staff:{name}"), query)
        assert answer.status_code == 200, text
        assert MARK not in answer.content.decode()


@pytest.mark.parametrize("text", [MARK, '"><img src=x onerror=alert(4711)>', "{{ 7|add:7 }}", "' onclick='x"])
def test_what_is_stored_is_shown_as_text(
    everything: Client, office: Any, host: Host, service: Service, slots: list[Slot], text: str
) -> None:
    booking = factories.make_booking(slots[0], name=text[:80], message=text)
    Host.objects.filter(pk=host.pk).update(name=text)
    Service.objects.filter(pk=service.pk).update(title={"de": text})
    office.closures.create(start=slots[0].start, end=slots[0].end, reason=text)
    mail = OutboxMessage.objects.filter(booking=booking).first()
    assert mail is not None
    OutboxMessage.objects.update(subject=text, text=text, last_error=text[:80], status="failed")
    pages = [
        reverse("wagtailadmin_home"),
        *(reverse(f"staff:{n}") for n in ("hours_list", "series_list", "closures", "outbox", "services")),
        *(reverse(f"staff:{n}") for n in ("publish", "profile", "closure_new", "hosts")),
        *(reverse(f"staff:{n}", args=[host.pk]) for n in ("host", "host_login", "host_deactivate")),
        reverse("staff:hours", args=[slots[0].office_hours_id]),
        reverse("staff:booking", args=[booking.pk]),
        reverse("staff:booking_cancel", args=[booking.pk]),
        reverse("staff:message", args=[mail.id]),
        reverse("staff:series", args=[slots[0].office_hours.availability_id]),
    ]
    for page in pages:
        answer = everything.get(page)
        body = answer.content.decode()
        assert answer.status_code == 200
        assert [evil in body for evil in (MARK, "<img src=x", "' onclick='x")] == [False] * 3, page
