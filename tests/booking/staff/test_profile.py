"""What a host keeps for herself, beside the form that test_settings knows."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.models import ModelLogEntry

from booking import links
from booking.actions import profiles
from booking.actions.errors import AlreadyTested, NoAddress, NoTest, OwnMailbox
from booking.enums import Occasion
from booking.models import Host, Office, OutboxMessage, Service, Slot
from qmportal.accounts.models import User
from tests import factories, itip
from tests.booking.staff.pages import queries, words
from tests.booking.staff.test_settings import errors_of, filled
from tests.booking.test_portraits import HOSTILE, photo
from tests.factories import NOW

PROFILE, PHOTO, FEED = (reverse(f"staff:{name}") for name in ("profile", "profile_photo", "profile_feed"))
REMOVE, REVOKE = reverse("staff:profile_photo_remove"), reverse("staff:profile_feed_revoke")
TRY, CALL_OFF = reverse("staff:test_invitation"), reverse("staff:test_call_off")
OFFICE = reverse("staff:office")


def stored(host: Host) -> Host:
    return Host.objects.get(pk=host.pk)


def logged() -> list[str]:
    return [entry.action for entry in ModelLogEntry.objects.order_by("pk")]


# --- The form ---


def test_she_says_what_she_speaks_and_residents_read_it(
    desk: Client, client: Client, host: Host, slots: list[Slot]
) -> None:
    page = reverse("booking:slot", args=[slots[0].pk])
    assert "Speaks" not in words(client.get("/en" + page))
    desk.post(PROFILE, filled(desk.get(PROFILE), languages=["tr", "de"], wants_day_plan="on"))
    assert (stored(host).languages, stored(host).wants_day_plan) == (["tr", "de"], True)
    assert "Speaks German, Turkish" in words(client.get("/en" + page))
    before = queries(lambda: client.get(page))
    Host.objects.update(languages=[])
    assert queries(lambda: client.get(page)) == before


def test_a_language_that_nobody_knows_is_refused_and_never_shown(desk: Client, host: Host) -> None:
    assert errors_of(desk.post(PROFILE, filled(desk.get(PROFILE), languages=["<b>"]))) == ["languages"]
    host.languages = ["<b>", "de", 7]
    assert len(host.spoken) == 1


def test_saving_notes_when_and_changes_nothing_that_the_form_does_not_ask_for(
    desk: Client, host: Host, now: datetime
) -> None:
    data = filled(desk.get(PROFILE))
    profiles.open_feed(host, now)
    stale = stored(host)
    profiles.revoke_feed(host)
    profiles.save_profile(stale, ["name"], now)
    assert (stored(host).feed_version, stored(host).feed_created_at) == (1, None)
    desk.post(PROFILE, data)
    assert stored(host).profile_saved_at == now


def test_rooms_can_be_chosen_where_the_office_has_a_server(desk: Client, host: Host, office: Office) -> None:
    assert "uses_rooms" not in desk.get(PROFILE).context["form"].fields
    Office.objects.update(video_server="https://meet.musterstadt.example")
    desk.post(PROFILE, filled(desk.get(PROFILE), uses_rooms="on", video_url=""))
    assert (stored(host).uses_rooms, stored(host).video_url, stored(host).has_video) == (True, "", True)


def test_rooms_stand_in_for_the_link_of_office_hours_by_video(
    desk: Client, host: Host, office: Office, slots: list[Slot]
) -> None:
    Office.objects.update(video_server="https://meet.musterstadt.example")
    data = filled(desk.get(PROFILE), video_url="")
    assert errors_of(desk.post(PROFILE, data)) == ["video_url"]
    assert desk.post(PROFILE, data | {"uses_rooms": "on"}).status_code == HTTPStatus.FOUND
    without = {name: value for name, value in data.items() if name != "uses_rooms"}
    assert errors_of(desk.post(PROFILE, without)) == ["video_url"]


def test_the_server_stays_while_somebody_may_come_to_a_room_on_it(
    admin_desk: Client, host: Host, office: Office, service: Service
) -> None:
    Office.objects.update(video_server="https://meet.musterstadt.example")
    Host.objects.update(uses_rooms=True, video_url="")
    data = filled(admin_desk.get(OFFICE), video_server="")
    factories.make_slots(stored(host), service)
    assert errors_of(admin_desk.post(OFFICE, data)) == ["video_server"]
    Host.objects.update(video_url="https://video.musterstadt.example/nord")
    assert admin_desk.post(OFFICE, data).status_code == HTTPStatus.FOUND


@pytest.mark.parametrize(
    "server", ["http://meet.example", "https://meet.example/?a=b", "https://meet.example/#x", "javascript:x"]
)
def test_a_server_that_rooms_cannot_stand_below_is_refused(
    admin_desk: Client, office: Office, server: str
) -> None:
    assert errors_of(admin_desk.post(OFFICE, filled(admin_desk.get(OFFICE), video_server=server))) == [
        "video_server"
    ]


def test_the_plan_of_the_day_needs_an_address(desk: Client, host: Host) -> None:
    data = filled(desk.get(PROFILE), email="", wants_day_plan="on")
    assert errors_of(desk.post(PROFILE, data | {"wants_notices": ""})) == ["email"]


# --- The photo ---


def upload(data: bytes, name: str = "ich.jpg") -> dict[str, SimpleUploadedFile]:
    return {"photo": SimpleUploadedFile(name, data, "image/jpeg")}


def portraits() -> list[str]:
    return sorted(path.name for path in (Path(settings.MEDIA_ROOT) / "hosts").glob("*"))


@pytest.fixture(autouse=True)
def no_photos() -> Any:
    yield
    for name in portraits():
        (Path(settings.MEDIA_ROOT) / "hosts" / name).unlink()


def test_a_photo_is_shown_where_people_book(
    desk: Client, client: Client, host: Host, slots: list[Slot]
) -> None:
    assert desk.post(PHOTO, upload(photo())).headers["Location"] == PHOTO
    url = stored(host).photo.url
    assert [url.startswith("/media/hosts/"), url.endswith(".webp"), "ich" in url] == [True, True, False]
    page = " ".join(client.get(reverse("booking:slot", args=[slots[0].pk])).content.decode().split())
    assert f'src="{url}" width="72" height="72" alt="' in page
    answer = client.get(url)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert logged() == ["booking.set_photo"]
    answer.close()


def test_another_photo_has_another_name_and_the_old_one_is_gone(
    desk: Client, host: Host, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    names = []
    for _number in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            desk.post(PHOTO, upload(photo()))
        names.append(Path(stored(host).photo.name).name)
    assert names[0] != names[1]
    assert portraits() == [names[1]]


def test_removing_the_photo_asks_first_and_deletes_it(
    desk: Client, host: Host, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    desk.post(PHOTO, upload(photo()))
    assert desk.get(REMOVE).status_code == HTTPStatus.OK
    assert len(portraits()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post(REMOVE).headers["Location"] == PHOTO
    assert (portraits(), stored(host).photo.name) == ([], "")
    assert desk.post(REMOVE).headers["Location"] == PHOTO
    assert logged() == ["booking.set_photo", "booking.remove_photo"]


def test_administrators_see_to_the_photo_of_who_cannot_log_in(
    admin_desk: Client, office: Office, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    guest = factories.make_host(office, "Gisela Gast")
    page, removal = (reverse(f"staff:host_{name}", args=[guest.pk]) for name in ("photo", "photo_remove"))
    assert page in admin_desk.get(reverse("staff:host", args=[guest.pk])).content.decode()
    assert errors_of(admin_desk.post(page, upload(HOSTILE["svg"]))) == ["photo"]
    assert admin_desk.post(page, upload(photo())).headers["Location"] == page
    assert [f'"{stored(guest).photo.url}"' in admin_desk.get(page).content.decode(), len(portraits())] == [
        True,
        1,
    ]
    assert f'"{page}"' in admin_desk.get(removal).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert admin_desk.post(removal).headers["Location"] == page
    assert (portraits(), stored(guest).photo.name) == ([], "")
    assert logged() == ["booking.set_photo", "booking.remove_photo"]
    elsewhere = factories.make_office(name="Süd", slug="sued", is_default=False)
    theirs = factories.make_host(elsewhere, "Sude Süd")
    for name in ("photo", "photo_remove"):
        address = reverse(f"staff:host_{name}", args=[theirs.pk])
        assert [admin_desk.get(address).status_code, admin_desk.post(address).status_code] == [404, 404]


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_photo_changes_nothing(desk: Client, host: Host, name: str) -> None:
    answer = desk.post(PHOTO, upload(HOSTILE[name], "../../<script>.svg"))
    assert errors_of(answer) == ["photo"]
    assert (portraits(), stored(host).photo.name, logged()) == ([], "", [])


def test_a_form_without_a_file_is_asked_again(desk: Client, host: Host) -> None:
    assert errors_of(desk.post(PHOTO, {})) == ["photo"]
    assert errors_of(desk.post(PHOTO, {"photo": "text instead of a file"})) == ["photo"]


def test_when_the_row_cannot_be_written_no_file_is_left(host: Host) -> None:
    host.pk = 0
    with pytest.raises(IndexError):
        profiles.set_photo(host, photo("WEBP"))
    assert portraits() == []


# --- The private calendar ---


def test_the_private_calendar_is_opened_shown_and_closed(desk: Client, client: Client, host: Host) -> None:
    assert _("Create the private calendar") in words(desk.get(FEED))
    assert desk.post(FEED).headers["Location"] == FEED
    address = links.private_feed_url(stored(host))
    page = desk.get(FEED)
    assert f'value="{address}" readonly' in " ".join(page.content.decode().split())
    assert address.replace("http://", "webcal://") in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert client.get(address.removeprefix(links.absolute(""))).status_code == HTTPStatus.OK
    assert desk.get(REVOKE).status_code == HTTPStatus.OK
    assert stored(host).feed_created_at is not None
    assert desk.post(REVOKE).headers["Location"] == FEED
    assert client.get(address.removeprefix(links.absolute(""))).status_code == HTTPStatus.NOT_FOUND
    desk.post(REVOKE)
    assert logged() == ["booking.open_feed", "booking.revoke_feed"]
    assert [address in str(entry.data) for entry in ModelLogEntry.objects.all()] == [False, False]


def test_a_second_click_keeps_the_calendar(desk: Client, host: Host) -> None:
    desk.post(FEED)
    before = links.private_feed_url(stored(host))
    desk.post(FEED)
    assert (links.private_feed_url(stored(host)), logged()) == (before, ["booking.open_feed"])


def test_the_page_says_when_a_program_last_came_and_warns_of_double_entries(
    desk: Client, host: Host, now: datetime
) -> None:
    desk.post(FEED)
    twice = _("You also get invitations by mail. Then each appointment stands in your calendar twice.")
    assert (_("No program has fetched it yet.") in words(desk.get(FEED)), twice in words(desk.get(FEED))) == (
        True,
        False,
    )
    Host.objects.update(feed_fetched_at=now, wants_invitations=True)
    shown = words(desk.get(FEED))
    assert ("23.11.2026" in shown or "Nov 2026" in shown, twice in shown) == (True, True)


# --- Trying an invitation ---


def mails_of(host: Host) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(occasion=Occasion.TEST_INVITATION).order_by("number"))


def test_an_invitation_comes_as_residents_get_it_and_goes_again(
    desk: Client, host: Host, manager: User, clock: time_machine.Traveller
) -> None:
    page = words(desk.get(PROFILE))
    assert _("Send a test appointment to %(address)s") % {"address": host.email} in page
    assert desk.post(TRY).headers["Location"] == f"{PROFILE}#probe"
    clock.move_to(NOW + timedelta(minutes=3))
    desk.force_login(manager)
    assert TRY + '"' not in desk.get(PROFILE).content.decode()
    desk.post(CALL_OFF)
    asked, off = mails_of(host)
    assert {asked.recipient, off.recipient} == {host.email}
    request = itip.message(asked.ics, "REQUEST", host.email)
    cancel = itip.message(off.ics, "CANCEL", host.email)
    assert request.one("UID").value == cancel.one("UID").value
    itip.follows(cancel, request)
    assert request.one("DTSTART").value == "20261124T100000"
    assert (asked.ics_method, off.ics_method, asked.language) == ("REQUEST", "CANCEL", "de")
    assert stored(host).test_sent_at == NOW
    assert logged() == ["booking.send_test", "booking.call_off_test"]


def test_neither_goes_out_twice(desk: Client, host: Host, now: datetime) -> None:
    desk.post(TRY)
    assert str(AlreadyTested.message) in words(desk.post(TRY, follow=True))
    desk.post(CALL_OFF)
    assert str(NoTest.message) in words(desk.post(CALL_OFF, follow=True))
    assert [mail.ics_method for mail in mails_of(host)] == ["REQUEST", "CANCEL"]


def test_a_new_test_is_a_new_appointment(desk: Client, host: Host, clock: time_machine.Traveller) -> None:
    desk.post(TRY)
    desk.post(CALL_OFF)
    clock.move_to(NOW + timedelta(minutes=1))
    desk.post(TRY)
    first, _off, second = (itip.read(mail.ics).parts("VEVENT")[0] for mail in mails_of(host))
    assert first.one("UID").value != second.one("UID").value
    assert profiles.test_runs(Host.objects.select_related("office").get(), NOW + timedelta(minutes=2)) is True


def test_an_appointment_that_is_over_needs_no_calling_off(desk: Client, host: Host) -> None:
    desk.post(TRY)
    tomorrow = NOW + timedelta(hours=26)
    host = Host.objects.select_related("office").get(pk=host.pk)
    assert profiles.test_runs(host, tomorrow) is False
    with pytest.raises(NoTest):
        profiles.call_off_test(host, tomorrow)


@pytest.mark.parametrize(("address", "error"), [("", NoAddress), ("Nord@Musterstadt.example", OwnMailbox)])
def test_without_an_address_of_her_own_nothing_is_sent(
    desk: Client, host: Host, address: str, error: type[Exception]
) -> None:
    Host.objects.update(email=address)
    assert str(error.message) in words(desk.post(TRY, follow=True))  # type: ignore[attr-defined]
    assert (mails_of(host), stored(host).test_sent_at, logged()) == ([], None, [])


def test_the_mail_is_in_german_and_names_no_resident(desk: Client, slots: list[Slot]) -> None:
    factories.make_booking(slots[0])
    desk.post(TRY)
    mail = OutboxMessage.objects.get(occasion=Occasion.TEST_INVITATION)
    assert [name in mail.text + mail.html + mail.ics for name in ("Amira", "/buchung/")] == [False, False]
    assert reverse("staff:profile") in mail.text


def test_who_gives_no_consultations_can_try_nothing(admin_desk: Client, office: Office, host: Host) -> None:
    for page in (PHOTO, REMOVE, FEED, REVOKE, TRY, CALL_OFF):
        assert admin_desk.post(page).headers["Location"] == PROFILE
    assert (OutboxMessage.objects.count(), logged()) == (0, [])
    assert stored(host).feed_created_at is None
