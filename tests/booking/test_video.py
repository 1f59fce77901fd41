"""Rooms for appointments by video: one for each, for both sides the same, and for nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import requests
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext
from pytest_django import Settings
from time_machine import Traveller

from booking import links, video
from booking.actions import bookings, desk, reminders
from booking.enums import Actor, Channel
from booking.models import Booking, Host, Office, OutboxMessage, Service, Slot
from booking.video import Jitsi, Meeting, Room, RoomUnavailable
from tests import factories
from tests.booking import video_contract
from tests.booking.visitor import Visitor
from tests.factories import NOW, make_booking

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MINUTE = timedelta(minutes=1)
SERVER = "https://meet.musterstadt.example"


class Desk(BaseHTTPRequestHandler):
    """A video system that has to be asked for a room, and gives each side an address of its own."""

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"guest": f"/{name}/g", "host": f"/{name}/h"}).encode())

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


class Asking:
    """A provider as a city might write it."""

    def room(self, meeting: Meeting) -> Room:
        try:
            ways = requests.get(f"{meeting.server}/rooms/{meeting.name}", timeout=2).json()
        except requests.RequestException as error:
            raise RoomUnavailable from error
        return Room(meeting.server + ways["guest"], meeting.server + ways["host"])


@contextmanager
def asked_for_rooms() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def rooms(host: Host, office: Office) -> Host:
    """The host has a link of her own, and now rooms on the city's server."""
    Office.objects.filter(pk=office.pk).update(video_server=SERVER + "/")
    Host.objects.filter(pk=host.pk).update(uses_rooms=True)
    return host


def by_video(slot: Slot, **fields: str) -> Booking:
    return loaded(make_booking(slot, channel=Channel.VIDEO, **fields))


def loaded(booking: Booking) -> Booking:
    return Booking.objects.with_parts().get(pk=booking.pk)


def room_of(booking: Booking) -> str:
    room = video.room(loaded(booking))
    assert room is not None
    assert room.guest_url == room.host_url
    return room.guest_url


def page_of(booking: Booking) -> str:
    return reverse("booking:video", args=[links.token(booking)])


def test_jitsi_keeps_the_contract() -> None:
    video_contract.check(Jitsi(), Meeting(SERVER, "0123456789abcdef", NOW, NOW + 20 * MINUTE))


def test_a_provider_of_the_citys_own_keeps_the_contract() -> None:
    with asked_for_rooms() as server:
        video_contract.check(Asking(), Meeting(server, "0123456789abcdef", NOW, NOW + 20 * MINUTE))


def test_the_citys_own_provider_gives_each_side_its_address(
    slots: list[Slot], settings: Settings, visitor: Visitor, clock: Traveller
) -> None:
    settings.VIDEO_PROVIDER = f"{__name__}.Asking"
    booking = by_video(slots[0])
    clock.move_to(slots[0].start)
    with asked_for_rooms() as server:
        Office.objects.update(video_server=server)
        room = video.room(loaded(booking))
        page = visitor.open(page_of(booking))
    assert room is not None
    assert [room.guest_url[-2:], room.host_url[-2:]] == ["/g", "/h"]
    assert (room.guest_url in page.links(), room.host_url in page.html) == (True, False)


def test_a_video_system_that_is_down_costs_the_link_not_the_page(
    slots: list[Slot],
    settings: Settings,
    visitor: Visitor,
    clock: Traveller,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.VIDEO_PROVIDER = f"{__name__}.Asking"
    Office.objects.update(video_server="http://127.0.0.1:9")
    booking = by_video(slots[0])
    clock.move_to(slots[0].start)
    page = visitor.open(page_of(booking))
    assert page.status == 200
    assert gettext(
        "The meeting cannot be opened right now. Please open this page again, or call us."
    ) in " ".join(page.text.split())
    assert "rooms/" not in caplog.text


@pytest.mark.parametrize("name", ["booking.video.Nothing", "nowhere.Provider", ""])
def test_a_provider_that_is_not_there_is_refused_at_the_start(settings: Settings, name: str) -> None:
    settings.VIDEO_PROVIDER = name
    with pytest.raises(ImportError):
        apps.get_app_config("booking").ready()


def test_each_appointment_has_a_room_that_nobody_can_guess(slots: list[Slot], settings: Settings) -> None:
    first, second = room_of(by_video(slots[0])), room_of(by_video(slots[1], email="b@example.org"))
    assert first != second
    name = first.removeprefix(SERVER + "/")
    assert (len(name), int(name, 16) > 0) == (32, True)
    settings.LINK_KEYS = ["another office's key"]
    assert room_of(Booking.objects.earliest("created_at")) not in (first, second)


def test_a_group_meets_in_one_room(host: Host, service: Service) -> None:
    slot, other = factories.make_slots(host, service, capacity=5)[:2]
    group = {room_of(by_video(slot, email=f"{n}@example.org")) for n in range(3)}
    assert len(group) == 1
    assert room_of(by_video(other, email="z@example.org")) not in group


def test_the_room_stays_when_keys_are_changed_and_goes_with_the_key_that_was_lost(
    slots: list[Slot], settings: Settings
) -> None:
    old = settings.LINK_KEYS[0]
    booking = by_video(slots[0])
    before = room_of(booking)
    settings.LINK_KEYS = ["new", old]
    assert room_of(booking) == before
    settings.LINK_KEYS = ["new"]
    assert room_of(booking) != before


def test_who_was_to_be_there_before_has_no_key_after_a_move(slots: list[Slot]) -> None:
    booking = by_video(slots[0])
    before = room_of(booking)
    bookings.reschedule(booking.pk, slots[1].pk, Actor.RESIDENT, NOW)
    after = room_of(booking)
    assert after != before
    bookings.reschedule(booking.pk, slots[0].pk, Actor.RESIDENT, NOW)
    assert room_of(booking) == before
    colleague = factories.make_host(loaded(booking).slot.office_hours.host.office, "Derya", uses_rooms=True)
    slots[0].office_hours.host = colleague
    slots[0].office_hours.save()
    assert room_of(booking) not in (before, after)


def test_without_rooms_the_host_meets_at_her_own_link(slots: list[Slot]) -> None:
    booking = by_video(slots[0])
    Office.objects.update(video_server="")
    assert room_of(booking) == "https://video.musterstadt.example/nord"
    Host.objects.update(video_url="")
    assert video.room(loaded(booking)) is None


@pytest.mark.parametrize(("own_room", "minutes_after"), [(True, 15), (False, 0)])
def test_only_in_a_room_of_ones_own_one_may_come_back_after_the_end(
    slots: list[Slot], visitor: Visitor, clock: Traveller, own_room: bool, minutes_after: int
) -> None:
    booking = by_video(slots[0])
    Host.objects.update(uses_rooms=own_room)
    way_in, start, end = room_of(booking), slots[0].start, slots[0].end
    closing = end + minutes_after * MINUTE
    moments = [start - 11 * MINUTE, start - 10 * MINUTE, closing - MINUTE, closing]
    shown = []
    for moment in moments:
        clock.move_to(moment)
        shown.append(way_in in visitor.open(page_of(booking)).links())
    assert shown == [False, True, True, False]


def test_the_room_stands_nowhere_but_on_the_two_pages(
    slots: list[Slot], client: Client, clock: Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    booking = by_video(slots[0])
    Host.objects.update(wants_invitations=True)
    bookings.reschedule(booking.pk, slots[1].pk, Actor.OFFICE, NOW)
    booking = loaded(booking)
    clock.move_to(slots[1].start - 30 * MINUTE)
    reminders.remind(slots[1].start - 30 * MINUTE)
    told = [
        text
        for mail in OutboxMessage.objects.all()
        for text in (mail.subject, mail.text, mail.html, mail.ics)
    ]
    for address in ("/kalender/termine.ics", "/termine.json", "/termine/"):
        told.append(client.get(address).content.decode())
    for name in ("booking", "move", "cancel", "data", "video", "file"):
        told.append(client.get(reverse(f"booking:{name}", args=[links.token(booking)])).content.decode())
    name = room_of(booking).removeprefix(SERVER)
    unfolded = [text.replace("\r\n ", "") for text in [*told, caplog.text]]
    assert [text for text in unfolded if name in text or "meet.musterstadt" in text] == []


def test_staff_come_in_from_the_back_end_until_it_is_over(
    slots: list[Slot], client: Client, clock: Traveller, django_user_model: type
) -> None:
    booking = by_video(slots[0])
    client.force_login(django_user_model.objects.create_superuser("admin@musterstadt.example"))
    page = reverse("staff:booking", args=[booking.pk])
    assert f'href="{room_of(booking)}"' in client.get(page).content.decode()
    clock.move_to(slots[0].end + 15 * MINUTE)
    client.force_login(django_user_model.objects.get())
    assert room_of(booking) not in client.get(page).content.decode()


def test_two_people_whom_the_office_put_into_one_single_time_do_not_meet_each_other(
    host: Host, service: Service, now: datetime
) -> None:
    slot = factories.make_slots(host, service)[0]
    first = by_video(slot)
    before = room_of(first)
    start = slot.start.astimezone(host.office.zone)
    wish = desk.Wish(host, service, start.date(), start.time(), 20)
    claim = factories.make_claim(email="b@example.org", channel=Channel.VIDEO)
    second = desk.book_outside(wish, claim, desk.obstacles(wish, now).key, now)
    first = Booking.objects.with_parts().get(pk=first.pk)
    assert (first.slot, first.slot.capacity) == (second.slot, 2)
    assert (room_of(first), room_of(second) != before) == (before, True)
