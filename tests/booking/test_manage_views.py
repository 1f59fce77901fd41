from __future__ import annotations

from datetime import time, timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils.translation import gettext
from time_machine import Traveller

from booking import links
from booking.actions import attendance, bookings, retention, throttling
from booking.enums import Actor, Attendance, Channel, Status
from booking.models import Booking, Host, Office, OutboxMessage, Service, Slot
from booking.views.ticket import masked_email, masked_name, masked_phone
from tests.booking.visitor import Page, Visitor, words
from tests.factories import NOW, make_booking, make_pattern, make_service, make_slots

pytestmark = pytest.mark.shared

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
BELOW = ("", "absagen/", "verschieben/", "daten/")


def address(booking: Booking) -> str:
    return reverse("booking:booking", kwargs={"token": links.token(booking)})


def buttons(page: Page) -> list[str]:
    """Return where the actions of the page lead."""
    return [a.get("href", "") for row in page.with_class("qm-actions") for a in row.iter("a")]


def state(booking: Booking) -> tuple[str, int, int]:
    booking.refresh_from_db()
    return booking.status, booking.slot_id, booking.sequence


# --- The page itself ---


def test_the_page_says_all_that_one_shows_at_the_counter(
    office: Office, booking: Booking, own: str, visitor: Visitor
) -> None:
    Office.objects.update(map_url="https://map.example/nord")
    page = visitor.open("/en" + own)
    ticket = words(page.with_class("qm-ticket")[0])
    for told in (
        "Tuesday, 24 November 14:00",
        "Nordring 12, 12345 Musterstadt",
        "Step-free entrance, bell on the left",
        "Hannah Helfrich",
        "Consultation hour",
        "Bring your letters.",
        booking.code,
    ):
        assert told in ticket
    assert "https://map.example/nord" in page.links()
    assert buttons(page) == [f"/en{own}{name}" for name in ("termin.ics", "verschieben/", "absagen/")]


def test_contact_data_is_masked(booking: Booking, own: str, visitor: Visitor) -> None:
    for below in BELOW:
        html = visitor.open(own + below).html
        for secret in ("amira@example.org", "2345678", "Yılmaz"):
            assert secret not in html
    assert "a***@e***.org" in visitor.open(own).text


def test_what_is_not_arabic_keeps_its_full_stop_at_its_end(own: str, visitor: Visitor) -> None:
    pages = [visitor.open(f"/ar{own}{below}") for below in ("", "daten/")]
    apart = [[words(each) for each in page.tree.iter("bdi")] for page in pages]
    assert "Bringen Sie Ihre Briefe mit." in apart[0]
    assert "Amira Y." in apart[1]


@pytest.mark.parametrize(
    ("masked", "expected"),
    [
        (masked_name("Amira Yılmaz"), "Amira Y."),
        (masked_name("Amira"), "Amira"),
        (masked_name(""), ""),
        (masked_email("a@b"), "a***@***b"),
        (masked_email("amira@mail.example.org"), "a***@m***.org"),
        (masked_email(""), ""),
        (masked_phone("0171 2345678"), "0171 ***"),
        (masked_phone(""), ""),
    ],
)
def test_masks_leave_enough_for_the_owner_alone(masked: str, expected: str) -> None:
    assert masked == expected


def test_own_pages_are_for_nobody_else(booking: Booking, own: str, visitor: Visitor) -> None:
    for below in (*BELOW, "termin.ics", "video/", "bestaetigen/"):
        headers = visitor.client.get(own + below).headers
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex"


def test_a_wrong_token_is_not_found_and_always_in_the_same_words(
    booking: Booking, own: str, visitor: Visitor
) -> None:
    token = own.split("/")[-2]
    Booking.objects.update(link_version=1)
    pages = [
        visitor.open(f"/buchung/{wrong}/") for wrong in (token, token[:-1] + "A", "x", "A" * 64, "ä" * 64)
    ]
    assert {page.status for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    assert {page.response["Referrer-Policy"] for page in pages} == {"no-referrer"}


def test_looking_changes_nothing(booking: Booking, own: str, visitor: Visitor) -> None:
    before, mails = state(booking), OutboxMessage.objects.count()
    for below in (*BELOW, "termin.ics", "video/", "bestaetigen/"):
        visitor.client.get(own + below)
        visitor.client.head(own + below)
    assert (state(booking), OutboxMessage.objects.count()) == (before, mails)


def test_the_file_for_the_calendar_invites_nobody(booking: Booking, own: str, visitor: Visitor) -> None:
    response = visitor.client.get(own + "termin.ics")
    calendar = icalendar.Calendar.from_ical(response.content)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="termin.ics"'
    assert (calendar["METHOD"], str(calendar.walk("VEVENT")[0]["UID"])) == ("PUBLISH", str(booking.pk))


def test_without_an_address_the_page_asks_to_keep_the_code(slots: list[Slot], visitor: Visitor) -> None:
    page = visitor.open(address(make_booking(slots[0], email="")))
    message = "Please write down the code. With it and your phone number you find this page again."
    assert gettext(message) in page.text


def test_by_phone_the_page_names_no_place(slots: list[Slot], visitor: Visitor) -> None:
    page = visitor.open("/en" + address(make_booking(slots[0], channel=Channel.PHONE)))
    assert "We call you: 0171 ***" in page.text
    assert "Nordring" not in words(page.with_class("qm-ticket")[0])


def test_after_the_appointment_only_a_new_one_is_offered(
    booking: Booking, own: str, visitor: Visitor, clock: Traveller
) -> None:
    clock.move_to(booking.slot.end)
    page = visitor.open(own)
    assert (page.status, buttons(page)) == (200, ["/termine/"])


# --- Cancelling ---


def test_cancelling_asks_first_and_then_frees_the_time(
    booking: Booking, own: str, slots: list[Slot], visitor: Visitor
) -> None:
    form = visitor.open(own + "absagen/").fields()
    page = visitor.send(own + "absagen/", form)
    assert (page.status, page.response["Location"]) == (303, own)
    assert state(booking) == (Status.CANCELLED, slots[0].pk, 1)
    assert visitor.open(f"/termine/{slots[0].pk}/").status == 200
    after = visitor.open(own)
    assert (after.status, buttons(after)) == (200, ["/termine/"])


def test_cancelling_twice_is_cancelling_once(booking: Booking, own: str, visitor: Visitor) -> None:
    answers = [visitor.send(own + "absagen/", {}).status for _ in range(2)]
    assert (answers, state(booking)[2]) == ([303, 303], 1)


def test_the_office_s_cancellation_is_told_apart(booking: Booking, own: str, visitor: Visitor) -> None:
    bookings.cancel(booking.pk, Actor.OFFICE, NOW)
    assert words(visitor.open(own).find("body//h1")) == gettext("We had to cancel your appointment")


@pytest.mark.parametrize("below", ["absagen/", "verschieben/"])
def test_shortly_before_only_the_phone_helps(
    booking: Booking, own: str, slots: list[Slot], visitor: Visitor, clock: Traveller, below: str
) -> None:
    clock.move_to(booking.slot.start - 2 * HOUR)
    for page in (visitor.open(own + below), visitor.send(own + below, {"slot": str(slots[1].pk)})):
        assert page.status == 409
        assert page.title.startswith(gettext("Error:"))
        assert "0123 456-700" in words(page.find("body//main"))
    assert state(booking) == (Status.CONFIRMED, slots[0].pk, 0)
    page = visitor.open(own)
    assert buttons(page) == [own + "termin.ics"]
    assert "0123 456-700" in words(page.with_class("qm-ticket")[0])


@pytest.mark.parametrize("below", ["absagen/", "verschieben/"])
def test_what_has_begun_cannot_be_changed(
    booking: Booking, own: str, slots: list[Slot], visitor: Visitor, clock: Traveller, below: str
) -> None:
    clock.move_to(booking.slot.start)
    assert visitor.send(own + below, {"slot": str(slots[5].pk)}).status == 409
    assert state(booking) == (Status.CONFIRMED, slots[0].pk, 0)


# --- Moving ---


def test_moving_offers_free_times_and_takes_one(
    booking: Booking, own: str, slots: list[Slot], visitor: Visitor
) -> None:
    make_booking(slots[1])
    page = visitor.open(own + "verschieben/")
    assert page.choices("slot") == [str(slot.pk) for slot in slots[2:]]
    assert page.chosen("slot") == []
    answer = visitor.send(own + "verschieben/", page.fields() | {"slot": str(slots[4].pk)})
    assert (answer.status, answer.response["Location"]) == (303, own)
    assert state(booking) == (Status.CONFIRMED, slots[4].pk, 1)
    assert visitor.open(f"/termine/{slots[0].pk}/").status == 200


def test_a_link_may_choose_the_new_time_already(
    booking: Booking, own: str, slots: list[Slot], visitor: Visitor
) -> None:
    page = visitor.open(f"{own}verschieben/?slot={slots[3].pk}")
    assert page.chosen("slot") == [str(slots[3].pk)]


@pytest.mark.parametrize("wish", ["0", "-1", "abc", str(2**63), "9" * 500, "%00", ""])
def test_a_wrong_wish_chooses_nothing(booking: Booking, own: str, visitor: Visitor, wish: str) -> None:
    page = visitor.open(f"{own}verschieben/?slot={wish}")
    assert (page.status, page.chosen("slot")) == (200, [])


def test_only_times_of_the_same_service_and_way_are_offered(
    booking: Booking, own: str, office: Office, host: Host, service: Service, visitor: Visitor
) -> None:
    later = make_pattern(starts_at=time(18), ends_at=time(19))
    by_video = make_slots(host, service, later, channels=(Channel.VIDEO,))
    page = visitor.open(own + "verschieben/")
    assert not {str(slot.pk) for slot in by_video} & set(page.choices("slot"))


def test_a_time_that_is_gone_leaves_the_old_one(
    booking: Booking, own: str, slots: list[Slot], visitor: Visitor
) -> None:
    make_booking(slots[4])
    page = visitor.send(own + "verschieben/", {"slot": str(slots[4].pk)})
    assert page.status == 409
    assert page.choices("slot") == [str(slot.pk) for slot in (*slots[1:4], *slots[5:])]
    assert state(booking) == (Status.CONFIRMED, slots[0].pk, 0)


@pytest.mark.parametrize(("wish", "status"), [("", 422), ("abc", 422), (str(2**63), 422), ("999999", 409)])
def test_a_time_that_is_none_is_refused(
    booking: Booking, own: str, slots: list[Slot], visitor: Visitor, wish: str, status: int
) -> None:
    page = visitor.send(own + "verschieben/", {"slot": wish})
    assert page.status == status
    assert page.title.startswith(gettext("Error:"))
    assert state(booking) == (Status.CONFIRMED, slots[0].pk, 0)


def test_moving_to_and_fro_ends(
    booking: Booking, own: str, slots: list[Slot], visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttling, "MOVES_BY_BOOKING", throttling.Limit("move by booking", 2, HOUR))
    wishes = [slots[1], slots[2], slots[3]]
    answers = [visitor.send(own + "verschieben/", {"slot": str(slot.pk)}).status for slot in wishes]
    assert (answers, state(booking)[1]) == ([303, 303, 429], slots[2].pk)


def test_without_another_time_the_page_names_the_phone(
    booking: Booking, own: str, slots: list[Slot], visitor: Visitor
) -> None:
    for slot in slots[1:]:
        make_booking(slot)
    page = visitor.open(own + "verschieben/")
    assert (page.status, page.choices("slot")) == (200, [])
    assert "0123 456-700" in words(page.with_class("qm-empty")[0])


# --- Video ---


def test_the_video_link_is_shown_in_time_and_nowhere_else(
    slots: list[Slot], visitor: Visitor, clock: Traveller
) -> None:
    booking = make_booking(slots[0], channel=Channel.VIDEO)
    own, secret = address(booking), "https://video.musterstadt.example/nord"
    start, end = slots[0].start, slots[0].end
    shown = {}
    for moment in (NOW, start - 11 * MINUTE, start - 10 * MINUTE, start, end - MINUTE, end):
        clock.move_to(moment)
        page = visitor.open(own + "video/")
        assert page.status == 200
        shown[moment - start] = secret in page.links()
        assert secret not in visitor.open(own).html
    assert list(shown.values()) == [False, False, True, True, True, False]


def test_before_the_meeting_the_page_says_when_to_come_back(slots: list[Slot], visitor: Visitor) -> None:
    booking = make_booking(slots[0], channel=Channel.VIDEO)
    page = visitor.open("/en" + address(booking) + "video/")
    assert "The link appears here on Tuesday, 24 November at 13:50." in page.text


def test_only_a_live_video_appointment_has_a_meeting(
    booking: Booking, own: str, slots: list[Slot], visitor: Visitor
) -> None:
    assert visitor.open(own + "video/").response["Location"] == own
    by_video = make_booking(slots[1], channel=Channel.VIDEO)
    bookings.cancel(by_video.pk, Actor.OFFICE, NOW)
    assert visitor.open(address(by_video) + "video/").status == 303


# --- Holds ---


@pytest.fixture
def held(office: Office, host: Host) -> Booking:
    """A time held until its mail is answered."""
    slot = make_slots(host, make_service(office, "projekt", needs_confirmation=True))[0]
    return make_booking(slot)


def confirm_path(booking: Booking) -> str:
    return links.confirm_url(booking).removeprefix(links.absolute(""))


def test_the_link_of_the_mail_confirms_a_hold(held: Booking, visitor: Visitor) -> None:
    page = visitor.open(confirm_path(held))
    assert (page.status, state(held)[0]) == (200, Status.PENDING)
    action = address(held) + "bestaetigen/"
    assert visitor.send(action, page.fields()).response["Location"] == address(held)
    assert state(held)[0] == Status.CONFIRMED
    assert visitor.open(confirm_path(held)).status == 303


def test_whoever_only_booked_cannot_confirm(held: Booking, visitor: Visitor) -> None:
    own = address(held)
    page = visitor.open(own)
    assert "a***@e***.org" in page.text
    assert buttons(page) == [own + "absagen/"]
    for proof in ({}, {"nachweis": "x"}, {"nachweis": links.token(held)}, {"nachweis": "ä"}):
        assert visitor.send(own + "bestaetigen/", proof).response["Location"] == own
    assert state(held)[0] == Status.PENDING


def test_a_hold_that_ran_out_cannot_be_confirmed(held: Booking, visitor: Visitor, clock: Traveller) -> None:
    proof = {"nachweis": links.mail_proof(held)}
    clock.shift(15 * 60)
    assert visitor.open(confirm_path(held)).response["Location"] == address(held)
    assert visitor.send(address(held) + "bestaetigen/", proof).response["Location"] == address(held)
    assert state(held)[0] == Status.PENDING
    page = visitor.open(address(held))
    assert words(page.find("body//h1")) == gettext("Your appointment was not confirmed in time")
    assert buttons(page) == ["/termine/"]


def test_a_hold_cannot_be_moved_or_put_into_a_calendar(held: Booking, visitor: Visitor) -> None:
    for below in ("verschieben/", "termin.ics"):
        page = visitor.open(address(held) + below)
        assert page.status == 409
        assert "Wir haben nichts geändert." in page.text


# --- Own data ---


def test_who_looks_after_the_appointment_reads_that_it_was_noted_whether_she_came(
    booking: Booking, own: str, visitor: Visitor, clock: Traveller
) -> None:
    page = f"/en{own}daten/"
    clock.move_to(booking.slot.end)
    seen = ["Whether you came" in visitor.open(page).text]
    attendance.note(booking.pk, Attendance.ABSENT, booking.slot.end)
    assert [*seen, "Whether you came" in visitor.open(page).text] == [False, True]


def test_who_takes_her_data_back_gives_the_time_back(
    booking: Booking, own: str, slots: list[Slot], visitor: Visitor
) -> None:
    form = visitor.open(own + "daten/").fields()
    page = visitor.send(own + "daten/", form)
    assert (page.status, page.response["Location"]) == (303, own + "daten/")
    booking.refresh_from_db()
    assert (booking.status, booking.name, booking.email, booking.phone) == (Status.CANCELLED, "", "", "")
    assert (booking.topic, booking.message, booking.erased_at) == ("", "", NOW)
    assert OutboxMessage.objects.filter(recipient="amira@example.org", status="queued").exists()
    assert [visitor.open(own + below).status for below in ("", "daten/")] == [200, 200]
    assert visitor.send(own + "daten/", {}).status == 303


def test_after_the_appointment_erasing_changes_nothing_else(
    booking: Booking, own: str, slots: list[Slot], visitor: Visitor, clock: Traveller
) -> None:
    clock.move_to(booking.slot.end)
    assert visitor.send(own + "daten/", {}).status == 303
    assert state(booking) == (Status.CONFIRMED, slots[0].pk, 0)
    assert booking.name == ""


def test_too_late_to_cancel_is_too_late_to_erase(
    booking: Booking, own: str, visitor: Visitor, clock: Traveller
) -> None:
    clock.move_to(booking.slot.start - HOUR)
    assert [e.get("method") for e in visitor.open(own + "daten/").tree.iter("form")] == []
    assert visitor.send(own + "daten/", {}).status == 409
    assert state(booking)[0] == Status.CONFIRMED
    assert booking.name == "Amira Yılmaz"


def test_an_erased_booking_still_has_its_page(
    booking: Booking, own: str, visitor: Visitor, clock: Traveller
) -> None:
    clock.move_to(booking.slot.end + timedelta(days=2))
    retention.erase(booking.slot.end + timedelta(days=2))
    assert [visitor.open(own + below).status for below in ("", "daten/")] == [200, 200]


# --- Protection ---


def test_forms_of_own_pages_are_protected_and_let_the_browser_say_where_they_come_from(
    booking: Booking, own: str, visitor: Visitor
) -> None:
    visitor.client.handler.enforce_csrf_checks = True
    assert visitor.send(own + "absagen/", {}).status == 403
    for below in ("absagen/", "verschieben/", "daten/"):
        page = visitor.open(own + below)
        policies = [m.get("content") for m in page.tree.iter("meta") if m.get("name") == "referrer"]
        assert (policies, "csrfmiddlewaretoken" in page.fields()) == (["same-origin"], True)
    assert visitor.send(own + "absagen/", visitor.open(own + "absagen/").fields()).status == 303
