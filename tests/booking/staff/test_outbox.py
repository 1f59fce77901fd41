from __future__ import annotations

import re
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import ModelLogEntry

from booking.actions import delivery
from booking.actions.errors import NotOnHold, NotSendable
from booking.enums import Occasion, OutboxStatus
from booking.models import DeliveryState, Office, OutboxMessage, Slot
from booking.staff import mailbox
from tests import factories
from tests.booking.staff.pages import queries, words

LIST = reverse("staff:outbox")
# Ours and Wagtail's own.
PAGES = (reverse("wagtailadmin_home"), LIST, reverse("staff:profile"), reverse("wagtailadmin_account"))


def write(office: Office, now: datetime, number: int = 1, **fields: Any) -> OutboxMessage:
    """Put a mail into the outbox that has no booking."""
    defaults: dict[str, Any] = {
        "dedupe_key": f"key {number} {fields.get('status')}",
        "office": office,
        "occasion": Occasion.TEST,
        "language": "de",
        "message_id": f"<{number}@musterstadt.example>",
        "sender": office.email,
        "recipient": f"person{number}@example.org",
        "subject": "Probe",
        "text": "Guten Tag",
        "html": "<p>Guten Tag</p>",
        "created_at": now,
        "next_attempt_at": now,
        "give_up_at": now + timedelta(days=2),
    }
    return OutboxMessage.objects.create(**defaults | fields)


def page_of(mail: OutboxMessage, name: str = "message") -> str:
    return reverse(f"staff:{name}", args=[mail.id])


def listed(answer: Any) -> list[OutboxMessage]:
    return [row["mail"] for row in answer.context["rows"]]


def banner(answer: Any) -> str:
    """Return what stands above the page."""
    above = answer.content.decode().partition('<section class="st-banner')[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", above).split())


@pytest.fixture
def all_states(office: Office, now: datetime) -> dict[str, OutboxMessage]:
    return {status: write(office, now, status=status) for status in OutboxStatus.values}


def test_the_newest_mail_comes_first_with_its_state(
    desk: Client, all_states: dict[str, OutboxMessage]
) -> None:
    answer = desk.get(LIST)
    assert listed(answer) == list(reversed(all_states.values()))
    shown = words(answer)
    assert [str(label) in shown for label in OutboxStatus.labels] == [True] * len(OutboxStatus)


@pytest.mark.parametrize("status", OutboxStatus.values)
def test_mails_of_one_state_can_be_listed(
    desk: Client, all_states: dict[str, OutboxMessage], status: str
) -> None:
    assert listed(desk.get(LIST, {"status": status})) == [all_states[status]]


def test_mails_of_one_occasion_can_be_listed(
    desk: Client, slots: list[Slot], office: Office, now: datetime
) -> None:
    factories.make_booking(slots[0])
    write(office, now)
    mails = listed(desk.get(LIST, {"occasion": Occasion.BOOKED, "status": ""}))
    assert [mail.occasion for mail in mails] == [Occasion.BOOKED]


@pytest.mark.parametrize("nonsense", ["'; DROP", "<script>", "x" * 500, "\x00"])
def test_filters_that_make_no_sense_list_everything(
    desk: Client, all_states: dict[str, OutboxMessage], nonsense: str
) -> None:
    answer = desk.get(LIST, {"status": nonsense, "occasion": nonsense, "p": nonsense})
    assert (answer.status_code, len(listed(answer))) == (HTTPStatus.OK, len(all_states))


def test_a_long_list_has_pages_that_keep_the_filter(desk: Client, office: Office, now: datetime) -> None:
    for number in range(51):
        write(office, now, number, status=OutboxStatus.SENT)
    first = desk.get(LIST, {"status": "sent"})
    assert len(listed(first)) == 50
    assert 'href="?status=sent&amp;p=2"' in first.content.decode()
    assert len(listed(desk.get(LIST, {"status": "sent", "p": "2"}))) == 1


def test_the_list_takes_the_same_queries_for_one_and_for_thirty(
    desk: Client, office: Office, slots: list[Slot], now: datetime
) -> None:
    write(office, now)
    one = queries(lambda: desk.get(LIST))
    for slot in slots:
        factories.make_booking(slot, email=f"{slot.pk}@example.org")
    for number in range(2, 30):
        write(office, now, number)
    assert queries(lambda: desk.get(LIST)) == one


def test_the_page_shows_the_mail_as_it_was_sent(desk: Client, slots: list[Slot]) -> None:
    booking = factories.make_booking(slots[0])
    mail = OutboxMessage.objects.get(occasion=Occasion.BOOKED)
    answer = desk.get(page_of(mail))
    assert " ".join(mail.text.split()) in words(answer)
    assert "BEGIN:VCALENDAR" in words(answer)
    assert f'src="{page_of(mail, "message_html")}" sandbox' in " ".join(answer.content.decode().split())
    assert reverse("staff:booking", args=[booking.pk]) in answer.content.decode()


def test_the_html_part_is_shut_in_a_sandbox(desk: Client, office: Office, now: datetime) -> None:
    mail = write(office, now, html="<p>Hallo</p><script>alert(1)</script>")
    answer = desk.get(page_of(mail, "message_html"))
    assert answer.content.decode() == mail.html
    policy = {
        rule.split()[0]: rule.split()[1:] for rule in answer.headers["Content-Security-Policy"].split(";")
    }
    assert policy["default-src"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'self'"]
    assert policy["sandbox"] == []
    assert "script-src" not in policy


def test_markup_in_a_mail_is_shown_not_run(desk: Client, office: Office, now: datetime) -> None:
    mail = write(office, now, subject="<b>x</b>", text="<script>alert(1)</script>", ics="<img src=x>")
    page = desk.get(page_of(mail)).content.decode()
    assert [evil in page for evil in ("<b>x", "<script>alert", "<img src=x")] == [False] * 3


@pytest.mark.parametrize("status", [s for s in OutboxStatus if s not in ("queued", "inflight")])
def test_what_has_ended_can_be_sent_again(desk: Client, office: Office, now: datetime, status: str) -> None:
    mail = write(office, now, status=status, attempts=5, last_error="refused 550")
    assert page_of(mail, "message_resend") in desk.get(page_of(mail)).content.decode()
    assert desk.post(page_of(mail, "message_resend")).headers["Location"] == page_of(mail)
    mail.refresh_from_db()
    assert (mail.status, mail.attempts, mail.last_error) == (OutboxStatus.QUEUED, 0, "")
    assert ModelLogEntry.objects.get().action == "booking.resend"


@pytest.mark.parametrize("fields", [{"status": "queued"}, {"status": "inflight"}, {"text": "", "html": ""}])
def test_what_is_on_its_way_or_erased_cannot(
    desk: Client, office: Office, now: datetime, fields: dict[str, Any]
) -> None:
    erased = {"erased_at": now, "status": "sent", "recipient": ""} if "text" in fields else {}
    mail = write(office, now, **fields | erased)
    assert page_of(mail, "message_resend") not in desk.get(page_of(mail)).content.decode()
    answer = desk.post(page_of(mail, "message_resend"), follow=True)
    assert str(NotSendable.message) in words(answer)
    assert ModelLogEntry.objects.count() == 0


@pytest.mark.parametrize("status", OutboxStatus.values)
def test_only_failed_and_uncertain_mails_are_missing(
    desk: Client, all_states: dict[str, OutboxMessage], status: str
) -> None:
    is_missing = all_states[status] in listed(desk.get(LIST, {"status": "missing"}))
    assert is_missing is (status in ("failed", "uncertain"))
    assert listed(desk.get(LIST, {"status": "missing", "occasion": Occasion.BOOKED})) == []


def test_a_missing_mail_is_forgotten_when_the_appointment_is_over(
    slots: list[Slot], office: Office, now: datetime
) -> None:
    factories.make_booking(slots[0])
    OutboxMessage.objects.update(status=OutboxStatus.FAILED)
    end, moment = slots[0].end, timedelta(seconds=1)
    assert mailbox.missing(office, end - moment).count() == 2
    assert mailbox.missing(office, end).count() == 0


def test_a_missing_mail_without_an_appointment_is_forgotten_after_a_week(
    office: Office, now: datetime
) -> None:
    write(office, now, status=OutboxStatus.UNCERTAIN)
    week, moment = timedelta(days=7), timedelta(seconds=1)
    assert mailbox.missing(office, now + week - moment).count() == 1
    assert mailbox.missing(office, now + week).count() == 0


def test_what_is_erased_or_sent_again_is_missing_no_more(
    desk: Client, slots: list[Slot], office: Office, now: datetime
) -> None:
    factories.make_booking(slots[0])
    OutboxMessage.objects.update(status=OutboxStatus.FAILED)
    first, second = OutboxMessage.objects.all()
    desk.post(page_of(first, "message_resend"))
    assert list(mailbox.missing(office, now)) == [second]
    OutboxMessage.objects.filter(number=second.number).update(erased_at=now)
    assert mailbox.missing(office, now).count() == 0


def test_missing_mails_of_another_office_are_not_counted(office: Office, now: datetime) -> None:
    elsewhere = factories.make_office(name="Süd", slug="sued", is_default=False)
    write(elsewhere, now, status=OutboxStatus.FAILED)
    assert mailbox.missing(office, now).count() == 0


@pytest.mark.parametrize("error", ["refused-recipient 550", "unreachable", "expired", "something new"])
def test_a_failure_has_its_reason_in_plain_words(
    desk: Client, office: Office, now: datetime, error: str
) -> None:
    mail = write(office, now, status=OutboxStatus.FAILED, last_error=error)
    reason = mailbox.explain(mail)
    assert error not in reason
    assert [reason in words(desk.get(page)) for page in (LIST, page_of(mail))] == [True, True]


@pytest.mark.parametrize(("status", "is_shown"), [("failed", True), ("uncertain", True), ("sent", False)])
def test_who_was_perhaps_not_reached_can_be_called_from_the_mails_page(
    desk: Client, slots: list[Slot], status: str, is_shown: bool
) -> None:
    factories.make_booking(slots[0])
    OutboxMessage.objects.update(status=status)
    for occasion, shown in ((Occasion.BOOKED, is_shown), (Occasion.HOST_BOOKED, False)):
        page = desk.get(page_of(OutboxMessage.objects.get(occasion=occasion))).content.decode()
        assert ('href="tel:01712345678"' in page) is shown


@pytest.mark.parametrize(
    ("age", "status", "is_told"),
    [
        (9, "queued", False),
        (11, "queued", True),
        (11, "inflight", True),
        (11, "sent", False),
        (11, "failed", False),
    ],
)
def test_ten_minutes_without_success_are_told(
    desk: Client, office: Office, now: datetime, age: int, status: str, is_told: bool
) -> None:
    write(office, now - timedelta(minutes=age), status=status)
    for page in PAGES:
        assert (_("Mail does not leave the house") in banner(desk.get(page))) is is_told


def test_one_mail_that_waits_while_later_ones_leave_is_no_trouble(office: Office, now: datetime) -> None:
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    write(office, now - hour, 1)
    write(office, now - hour - minute, 2, status=OutboxStatus.SENT)
    assert mailbox.trouble(now) is not None
    write(office, now - 5 * minute, 3, status=OutboxStatus.SENT)
    assert mailbox.trouble(now) is None
    write(office, now - 4 * minute, 4)
    assert mailbox.trouble(now + 6 * minute) == mailbox.Trouble(False, "", 2, now - hour)


def test_calm_costs_no_page_a_query_whatever_lies_in_the_outbox(
    desk: Client, office: Office, now: datetime
) -> None:
    page = reverse("staff:closures")
    counts = {queries(lambda: desk.get(page))}
    for number in range(3):
        write(office, now, number)
        write(office, now - timedelta(days=1), number, status=OutboxStatus.SENT)
        counts.add(queries(lambda: desk.get(page)))
        assert mailbox.trouble(now) is None
    assert len(counts) == 1


def test_who_does_not_see_the_outbox_is_not_told_of_it(
    client: Client, editor: Any, office: Office, now: datetime
) -> None:
    write(office, now - timedelta(hours=1))
    client.force_login(editor)
    page = client.get(reverse("wagtailadmin_home"))
    assert (page.status_code, banner(page)) == (HTTPStatus.OK, "")


def test_mail_on_hold_is_told_to_all_and_released_by_administrators(
    client: Client, desk: Client, administrator: Any, office: Office, now: datetime
) -> None:
    write(office, now)
    delivery.hold("Nach dem Zurückspielen", now)
    home = desk.get(reverse("wagtailadmin_home"))
    said = banner(home)
    assert (_("Mail is on hold") in said, "Nach dem Zurückspielen" in said) == (True, True)
    assert reverse("staff:mail_release") not in home.content.decode()
    client.force_login(administrator)
    assert reverse("staff:mail_release") in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("name", "status"), [("mail_release", OutboxStatus.QUEUED), ("mail_discard", OutboxStatus.DISCARDED)]
)
def test_administrators_release_or_discard_after_a_question(
    admin_desk: Client, office: Office, now: datetime, name: str, status: str
) -> None:
    mail = write(office, now - timedelta(minutes=1))
    delivery.hold("", now)
    asked = admin_desk.get(reverse(f"staff:{name}"))
    assert asked.context["waiting"] == 1
    assert DeliveryState.objects.get().on_hold is True
    assert urlsplit(admin_desk.post(reverse(f"staff:{name}")).headers["Location"]).path == LIST
    mail.refresh_from_db()
    assert (mail.status, DeliveryState.objects.get().on_hold) == (status, False)
    assert ModelLogEntry.objects.get().data == {"mails": 1}


def test_discarding_counts_only_what_waited_when_the_hold_began(
    admin_desk: Client, office: Office, now: datetime
) -> None:
    write(office, now - timedelta(minutes=1), 1)
    delivery.hold("", now)
    write(office, now + timedelta(seconds=1), 2)
    assert admin_desk.get(reverse("staff:mail_discard")).context["waiting"] == 1
    assert admin_desk.get(reverse("staff:mail_release")).context["waiting"] == 2
    answer = admin_desk.post(reverse("staff:mail_discard"), follow=True)
    text = ngettext("%(count)d mail was discarded.", "%(count)d mails were discarded.", 1)
    assert text % {"count": 1} in words(answer)


@pytest.mark.parametrize("name", ["mail_release", "mail_discard"])
def test_what_is_not_on_hold_cannot_be_released(admin_desk: Client, office: Office, name: str) -> None:
    page = reverse(f"staff:{name}")
    assert _("Mail is not on hold.") in words(admin_desk.get(page))
    assert str(NotOnHold.message) in words(admin_desk.post(page, follow=True))
    assert ModelLogEntry.objects.count() == 0
