"""The private calendar of a host: for her alone, of nobody's name, and gone when she says so."""

from __future__ import annotations

import gzip
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings
from time_machine import Traveller

from booking import links
from booking.actions import bookings, closing, profiles
from booking.enums import Actor, Channel, Rhythm
from booking.ical.contents import Selection, version
from booking.models import Booking, Host, Office, OutboxMessage, Service, Slot
from qmportal.accounts.models import User
from tests import factories, itip
from tests.factories import NOW, make_booking
from tests.readers import instants

pytestmark = [pytest.mark.django_db, pytest.mark.shared]


@pytest.fixture(autouse=True)
def owner(host: Host, clock: Traveller) -> User:
    """The host, who logs in and has opened her private calendar."""
    user = User.objects.create_user("hannah@musterstadt.example")
    Host.objects.filter(pk=host.pk).update(user=user)
    assert profiles.open_feed(host, NOW) is True
    return user


def address(host: Host) -> str:
    return links.private_feed_url(Host.objects.get(pk=host.pk)).removeprefix(links.absolute(""))


def get(client: Client, host: Host, **headers: str) -> HttpResponse:
    return client.get(address(host), headers=headers)  # type: ignore[return-value]


def events(client: Client, host: Host) -> list[itip.Component]:
    return itip.private_feed(get(client, host).content)


def texts(event: itip.Component) -> tuple[str, str, str]:
    location = event.one("LOCATION").text if event.has("LOCATION") else ""
    return event.one("SUMMARY").text, location, event.one("TRANSP").value


def test_it_holds_her_appointments_her_office_hours_and_closures(
    client: Client, host: Host, office: Office, slots: list[Slot]
) -> None:
    here, video, phone = (
        make_booking(slots[n], channel=channel, email=f"{n}@example.org")
        for n, channel in enumerate((Channel.OFFICE, Channel.VIDEO, Channel.PHONE))
    )
    closing.close(office, None, NOW + timedelta(days=9), NOW + timedelta(days=10), "Umzug", None, NOW)
    closing.close(office, host, NOW + timedelta(days=19), NOW + timedelta(days=20), "", None, NOW)
    place = "Quartiersmanagement Musterstadt Nord, Nordring 12, 12345 Musterstadt"
    assert [texts(event) for event in events(client, host)] == [
        (f"Sprechstunde · {here.code}", place, "OPAQUE"),
        (f"Sprechstunde · {video.code}", str(Channel.VIDEO.label), "OPAQUE"),
        (f"Sprechstunde · {phone.code}", str(Channel.PHONE.label), "OPAQUE"),
        *[texts(event) for event in events(client, host)[3:]],
    ]
    assert [event.one("DTSTART").value for event in events(client, host)] == [
        "20261124T140000",
        "20261124T142000",
        "20261124T144000",
        "20261124T140000",
        "20261202T090000",
        "20261212T090000",
    ]
    assert [event.one("TRANSP").value for event in events(client, host)[3:]] == ["TRANSPARENT"] * 3
    assert links.back_end_url(here) in events(client, host)[0].one("DESCRIPTION").text


def test_it_names_nobody_and_tells_no_way_in(client: Client, host: Host, slots: list[Slot]) -> None:
    make_booking(
        slots[0], name="Amira Yılmaz", topic="wohnen", message="Die Heizung ist kalt", channel=Channel.VIDEO
    )
    text = get(client, host).content.decode().replace("\r\n ", "")
    secrets = (
        "Amira",
        "Yılmaz",
        "amira@",
        "0171",
        "wohnen",
        "Wohnen",
        "Heizung",
        "video.musterstadt",
        "/privat/",
    )
    assert [secret for secret in secrets if secret in text] == []
    assert links.token(Booking.objects.get()) not in text


def test_it_shows_only_what_is_hers_and_confirmed(
    client: Client, host: Host, office: Office, service: Service, slots: list[Slot]
) -> None:
    derya = factories.make_host(office, "Derya Aksoy")
    make_booking(factories.make_slots(derya, service)[0])
    project = factories.make_service(office, "projekt", needs_confirmation=True)
    later = factories.make_pattern(first_on=factories.TUESDAY + timedelta(days=1))
    make_booking(factories.make_slots(host, project, later)[0], email="p@example.org")
    gone = make_booking(slots[0], email="g@example.org")
    bookings.cancel(gone.pk, Actor.RESIDENT, NOW)
    assert [event.one("TRANSP").value for event in events(client, host)] == ["TRANSPARENT"] * 2


def test_a_move_is_the_same_entry_at_another_time(
    client: Client, host: Host, slots: list[Slot], clock: Traveller
) -> None:
    booking = make_booking(slots[0])
    before = events(client, host)[0]
    clock.move_to(NOW + timedelta(minutes=5))
    bookings.reschedule(booking.pk, slots[1].pk, Actor.RESIDENT, NOW + timedelta(minutes=5))
    after = events(client, host)[0]
    assert after.one("UID").value == before.one("UID").value
    assert after.one("DTSTAMP").moment > before.one("DTSTAMP").moment
    assert (after.one("DTSTART").value, after.one("SEQUENCE").value) == ("20261124T142000", "1")


def test_it_never_meets_the_invitations_or_the_public_calendar(
    client: Client, host: Host, slots: list[Slot]
) -> None:
    Host.objects.update(wants_invitations=True)
    make_booking(slots[0])
    private = {event.one("UID").value for event in events(client, host)}
    public = {event.one("UID").value for event in itip.feed(client.get("/kalender/termine.ics").content)}
    invited = {
        itip.message(mail.ics, "REQUEST", mail.recipient).one("UID").value
        for mail in OutboxMessage.objects.exclude(ics="")
    }
    assert (len(private), len(public), len(invited)) == (2, 1, 1)
    assert private.isdisjoint(public | invited)


def test_other_programs_read_the_same_times(client: Client, host: Host, slots: list[Slot]) -> None:
    make_booking(slots[0])
    body = get(client, host).content
    appointment = (slots[0].start, slots[0].end)
    hours = (slots[0].start, slots[-1].end)
    assert [read == {appointment, hours} for read in instants(body)] == [True] * len(instants(body))


def test_an_unchanged_calendar_is_not_sent_twice(client: Client, host: Host, slots: list[Slot]) -> None:
    first = get(client, host)
    etag = first.headers["ETag"]
    assert (first.status_code, etag.startswith('"'), first.has_header("Last-Modified")) == (200, True, False)
    again = get(client, host, if_none_match=etag)
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    booking = make_booking(slots[0])
    assert get(client, host, if_none_match=etag).status_code == 200
    bookings.cancel(booking.pk, Actor.RESIDENT, NOW)
    packed = get(client, host, accept_encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["ETag"] != get(client, host).headers["ETag"]
    assert gzip.decompress(packed.content) == get(client, host).content
    assert get(client, host, accept_encoding="gzip", if_none_match=packed.headers["ETag"]).status_code == 304


def test_nobody_on_the_way_may_keep_it(client: Client, host: Host) -> None:
    for address_ in (address(host), "/kalender/privat/falsch.ics"):
        answer = client.get(address_)
        assert answer.headers["Cache-Control"] == "private, max-age=0, must-revalidate"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.cookies == {}


def broken_tokens(good: str) -> dict[str, str]:
    return {
        "short": good[:-1],
        "long": good + "A",
        "one sign": ("A" if good[-1] != "A" else "B").join([good[:-1], ""]),
        "another host": "AAAAAQ" + good[6:] if not good.startswith("AAAAAQ") else "AAAAAg" + good[6:],
        "not base64": "!" * 48,
        "not ascii": "ä" * 48,
        "empty": "=" * 48,
    }


def said(answer: Any, asked: str) -> str:
    """Return the page without the address that was asked for, which its link to the other language repeats."""
    return str(answer.content.decode().replace(quote(asked), "").replace(asked, ""))


def test_every_wrong_key_gets_the_same_404(client: Client, host: Host) -> None:
    good = links.feed_token(Host.objects.get(pk=host.pk))
    answers = {
        name: client.get(reverse("booking:private_feed", args=[token]))
        for name, token in broken_tokens(good).items()
    }
    assert {answer.status_code for answer in answers.values()} == {404}
    tokens = broken_tokens(good)
    assert len({said(answers[name], tokens[name]) for name in tokens}) == 1


@pytest.mark.parametrize("reason", ["revoked", "login switched off", "login gone"])
def test_a_revoked_calendar_opens_nothing(client: Client, host: Host, owner: User, reason: str) -> None:
    old = address(host)
    assert client.get(old).status_code == 200
    if reason == "revoked":
        assert profiles.revoke_feed(host) is True
        assert profiles.revoke_feed(host) is False
        wrong = client.get("/kalender/privat/falsch.ics")
        assert said(client.get(old), old.rpartition("/")[2]) == said(wrong, "falsch.ics")
        profiles.open_feed(host, NOW)
        assert client.get(address(host)).status_code == 200
    elif reason == "login gone":
        Host.objects.update(user=None)
    else:
        User.objects.update(is_active=False)
    assert client.get(old).status_code == 404


def test_a_calendar_that_was_never_opened_has_no_address(client: Client, host: Host) -> None:
    Host.objects.update(feed_created_at=None)
    assert client.get(address(host)).status_code == 404


def test_changing_keys_keeps_the_old_address_until_the_key_is_struck_out(
    client: Client, host: Host, settings: Settings
) -> None:
    old, key = address(host), settings.LINK_KEYS[0]
    settings.LINK_KEYS = ["new", key]
    new = address(host)
    assert new != old
    assert [client.get(each).status_code for each in (old, new)] == [200, 200]
    settings.LINK_KEYS = ["new"]
    assert [client.get(each).status_code for each in (old, new)] == [404, 200]


def test_opening_twice_keeps_the_address(host: Host) -> None:
    before = address(host)
    assert profiles.open_feed(host, NOW + timedelta(days=1)) is False
    assert address(host) == before


@pytest.mark.parametrize(("later", "noted"), [(59, 0), (60, 60), (200, 200)])
def test_a_fetch_is_noted_once_an_hour_and_changes_nothing_public(
    client: Client, host: Host, clock: Traveller, later: int, noted: int
) -> None:
    public = version(Selection(Host.objects.get(pk=host.pk).office, NOW, host=host))
    get(client, host)
    moment = NOW + timedelta(minutes=later)
    clock.move_to(moment)
    get(client, host)
    fetched = Host.objects.get(pk=host.pk).feed_fetched_at
    assert fetched == NOW + timedelta(minutes=noted)
    assert version(Selection(Host.objects.get(pk=host.pk).office, NOW, host=host)) == public


def test_a_late_note_does_not_come_back_after_revoking(host: Host) -> None:
    read = Host.objects.get(pk=host.pk)
    profiles.revoke_feed(host)
    profiles.note_fetch(read, NOW)
    assert Host.objects.get(pk=host.pk).feed_fetched_at is None


def queries(call: Any) -> int:
    call()
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


def test_one_and_thirty_appointments_take_the_same_queries(
    client: Client, host: Host, office: Office, service: Service
) -> None:
    slots = factories.make_slots(host, service, factories.make_pattern(Rhythm.WEEKLY), capacity=10)
    make_booking(slots[0])
    closing.close(office, None, NOW + timedelta(days=9), NOW + timedelta(days=9, hours=1), "", None, NOW)
    one = queries(lambda: get(client, host))
    for n in range(29):
        make_booking(slots[n], email=f"{n}@example.org")
        start = NOW + timedelta(days=20, hours=3 * n)
        closing.close(office, host, start, start + timedelta(hours=1), "", None, NOW)
    assert queries(lambda: get(client, host)) == one
    assert len(events(client, host)) > 60


def test_it_is_no_longer_than_the_public_one(
    client: Client, host: Host, slots: list[Slot], clock: Traveller
) -> None:
    make_booking(slots[0])
    shown: dict[datetime, int] = {}
    for days in (15, 16):
        clock.move_to(NOW + timedelta(days=days))
        shown[NOW + timedelta(days=days)] = len(events(client, host))
    assert list(shown.values()) == [2, 0]
