"""The list of inquiries, and what the office does about one."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from http import HTTPStatus

from django.test import Client
from django.urls import reverse
from time_machine import Traveller
from wagtail.models import ModelLogEntry

from booking.actions import inquiries
from booking.enums import InquiryStatus
from booking.models import Inquiry, Office
from qmportal.accounts.models import User
from tests.booking.staff.pages import queries, words
from tests.factories import make_inquiry, make_office

LIST = "/verwaltung/anfragen/"
DAY = timedelta(days=1)


def url(name: str, inquiry: Inquiry) -> str:
    return reverse(f"staff:{name}", args=[inquiry.pk])


def numbers(page: str, *all_of_them: Inquiry) -> list[Inquiry]:
    """Return which of them the page names, in its order."""
    named = [each for each in all_of_them if each.number in page]
    return sorted(named, key=lambda each: page.index(each.number))


def test_open_ones_come_first_by_the_day_of_the_answer(desk: Client, office: Office, now: datetime) -> None:
    later, sooner, done = (make_inquiry(office, now - n * DAY) for n in (0, 9, 3))
    inquiries.answer(done.pk, User.objects.get().pk, now)
    assert numbers(words(desk.get(LIST)), later, sooner, done) == [sooner, later]
    assert numbers(words(desk.get(f"{LIST}?zustand=closed")), later, sooner, done) == [done]
    assert numbers(words(desk.get(f"{LIST}?zustand=alle")), later, sooner, done) == [later, done, sooner]
    assert numbers(words(desk.get(f"{LIST}?nummer={done.number[:5]}")), later, sooner, done) == [done]
    assert len(re.findall("st-badge--critical", desk.get(LIST).content.decode())) == 1


def test_the_menu_says_how_many_wait(desk: Client, office: Office) -> None:
    make_inquiry(office)
    make_inquiry(office)
    page = desk.get(reverse("wagtailadmin_home")).content.decode()
    assert " (2)" in page


def test_the_list_asks_as_often_for_one_as_for_thirty(desk: Client, office: Office) -> None:
    make_inquiry(office)
    one = queries(lambda: desk.get(LIST))
    for _n in range(29):
        make_inquiry(office)
    assert queries(lambda: desk.get(LIST)) == one


def test_names_can_be_hidden_in_the_list(desk: Client, office: Office) -> None:
    make_inquiry(office)
    assert "Quittenbaum" in words(desk.get(LIST))
    desk.post(reverse("staff:names"), {"hide": "1"})
    assert "Quittenbaum" not in words(desk.get(LIST))


def test_one_inquiry_says_how_to_answer(desk: Client, office: Office) -> None:
    inquiry = make_inquiry(office, phone="0171 4711", text="Zeile eins\nZeile <zwei>")
    page = desk.get(url("inquiry", inquiry)).content.decode()
    assert "mailto:rosa@example.org?subject=" in page
    assert 'href="tel:01714711"' in page
    assert "Zeile &lt;zwei&gt;" in page


def test_answering_forwarding_and_opening_again_are_noted(desk: Client, office: Office) -> None:
    inquiry = make_inquiry(office)
    desk.post(url("inquiry_answered", inquiry))
    desk.post(url("inquiry_reopened", inquiry))
    desk.post(url("inquiry_forwarded", inquiry), {"other": "Stadtteilbibliothek"})
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.forwarded_to) == (InquiryStatus.FORWARDED, "Stadtteilbibliothek")
    noted = ModelLogEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(noted) == [f"booking.inquiry_{done}" for done in ("answered", "reopened", "forwarded")]


def test_forwarding_to_nobody_is_asked_again(desk: Client, office: Office) -> None:
    inquiry = make_inquiry(office)
    answer = desk.post(url("inquiry_forwarded", inquiry), {"other": "  "})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    inquiry.refresh_from_db()
    assert inquiry.status == InquiryStatus.OPEN


def test_a_colleague_who_was_faster_is_told(desk: Client, office: Office, now: datetime) -> None:
    inquiry = make_inquiry(office)
    inquiries.forward(inquiry.pk, "Bibliothek", User.objects.get().pk, now)
    answer = desk.post(url("inquiry_answered", inquiry), follow=True)
    inquiry.refresh_from_db()
    assert inquiry.status == InquiryStatus.FORWARDED
    assert not ModelLogEntry.objects.exists()
    assert answer.status_code == HTTPStatus.OK


def test_an_erased_inquiry_offers_nothing_to_do(desk: Client, office: Office, clock: Traveller) -> None:
    inquiry = make_inquiry(office)
    Inquiry.objects.filter(pk=inquiry.pk).update(erased_at=inquiry.created_at, text="", email="", name="")
    page = desk.get(url("inquiry", inquiry)).content.decode()
    assert url("inquiry_answered", inquiry) not in page
    assert url("inquiry_reopened", inquiry) not in page


def test_erasing_asks_first_and_says_what_stays(desk: Client, office: Office, now: datetime) -> None:
    inquiry = make_inquiry(office)
    inquiries.forward(inquiry.pk, "Stadtteilbibliothek", User.objects.get().pk, now)
    assert url("inquiry_erase", inquiry) in desk.get(url("inquiry", inquiry)).content.decode()

    asked = words(desk.get(url("inquiry_erase", inquiry)))

    assert "Stadtteilbibliothek" in asked
    assert "2 mails" in asked.lower()
    inquiry.refresh_from_db()
    assert inquiry.erased_at is None


def test_erasing_leaves_the_number_and_is_noted_without_a_person(desk: Client, office: Office) -> None:
    inquiry = make_inquiry(office)
    answer = desk.post(url("inquiry_erase", inquiry), follow=True)
    page = words(answer)
    assert inquiry.number in page
    assert [word for word in ("Quittenbaum", "rosa@example.org", inquiry.text) if word in page] == []
    [noted] = ModelLogEntry.objects.all()
    assert (noted.action, noted.label, noted.data) == ("booking.inquiry_erased", inquiry.number, {})
    assert url("inquiry_erase", inquiry) not in answer.content.decode()
    assert desk.get(url("inquiry_erase", inquiry)).status_code == HTTPStatus.FOUND


def test_an_inquiry_that_was_erased_meanwhile_stays_as_it_is(desk: Client, office: Office) -> None:
    inquiry = make_inquiry(office)
    desk.post(url("inquiry_erase", inquiry))
    desk.post(url("inquiry_erase", inquiry))
    assert ModelLogEntry.objects.count() == 1


def test_an_inquiry_of_another_office_cannot_be_erased(desk: Client) -> None:
    inquiry = make_inquiry(make_office(slug="nebenan", is_default=False))
    answer = desk.post(url("inquiry_erase", inquiry))
    inquiry.refresh_from_db()
    assert (answer.status_code, inquiry.erased_at) == (HTTPStatus.NOT_FOUND, None)
