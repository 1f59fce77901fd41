"""What a series leaves out: breaks, school holidays, times kept for the desk, and all of it while it is a draft."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.actions import drafts, publishing
from booking.actions.diary import Skip
from booking.actions.errors import NoVideoLink
from booking.enums import Channel, Rhythm, SkipReason, SlotOffer, Weekday
from booking.models import Availability, Host, Office, OfficeHours, Service, Slot
from booking.public_holidays import school_holidays_known_until
from booking.staff import agenda
from tests import itip
from tests.factories import NOW, TUESDAY, make_pattern, make_series, make_slots

COFFEE = (time(15), time(15, 15))
WEEKLY = make_pattern(Rhythm.WEEKLY)


@pytest.fixture(autouse=True)
def clock(now: datetime) -> Iterator[time_machine.Traveller]:
    """Stand still on Monday at 9, as the factories do."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


def clocks(slots: list[Slot], host: Host) -> list[str]:
    return [slot.start.astimezone(host.office.zone).strftime("%H:%M") for slot in slots]


def test_after_a_break_the_times_are_cut_anew(host: Host, service: Service) -> None:
    slots = make_slots(host, service, breaks=(COFFEE,))
    assert clocks(slots, host) == ["14:00", "14:20", "14:40", "15:15", "15:35", "15:55", "16:15", "16:35"]


def test_a_time_that_would_reach_into_a_break_is_left_out(host: Host, service: Service) -> None:
    slots = make_slots(host, service, slot_minutes=25, breaks=((time(16), time(16, 30)), COFFEE))
    assert clocks(slots, host) == ["14:00", "14:25", "15:15", "16:30"]


def test_breaks_that_touch_are_one(host: Host, service: Service) -> None:
    slots = make_slots(host, service, slot_minutes=60, breaks=(COFFEE, (time(15, 15), time(16))))
    assert clocks(slots, host) == ["14:00", "16:00"]


@pytest.mark.parametrize("sunday", [date(2026, 10, 25), date(2027, 3, 28)])
def test_breaks_keep_their_local_hour_across_a_clock_change(
    host: Host, service: Service, sunday: date
) -> None:
    first = sunday - timedelta(days=2)
    now = datetime.combine(first, time(4), host.office.zone)
    weekdays = (Weekday.FRIDAY, Weekday.SUNDAY, Weekday.MONDAY)
    pattern = make_pattern(Rhythm.WEEKLY, weekdays, first_on=first, last_on=sunday + timedelta(days=1))
    slots = make_slots(host, service, pattern, now, breaks=(COFFEE,), skip_holidays=False)
    days: dict[date, list[Slot]] = {slot.start.date(): [] for slot in slots}
    for slot in slots:
        days[slot.start.date()].append(slot)
    assert len(days) == 3
    for of_a_day in days.values():
        assert clocks(of_a_day, host)[2:4] == ["14:40", "15:15"]


@pytest.mark.parametrize(
    ("sunday", "wanted"),
    [
        # At three the clock goes back to two: the hour before the break is two hours long.
        (date(2026, 10, 25), ["01:00", "01:30", "02:00", "02:30", "02:00", "02:30", "03:30"]),
        # At two it goes on to three, where the break begins.
        (date(2027, 3, 28), ["01:00", "01:30", "03:30"]),
    ],
)
def test_the_night_of_a_clock_change_is_cut_by_real_minutes(
    host: Host, service: Service, sunday: date, wanted: list[str]
) -> None:
    now = datetime.combine(sunday, time(0), host.office.zone)
    pattern = make_pattern(starts_at=time(1), ends_at=time(4), first_on=sunday)
    slots = make_slots(
        host, service, pattern, now, slot_minutes=30, breaks=((time(3), time(3, 30)),), skip_holidays=False
    )
    assert clocks(slots, host) == wanted
    assert {slot.end - slot.start for slot in slots} == {timedelta(minutes=30)}


def test_school_holidays_of_the_state_are_left_out_with_their_name(host: Host, service: Service) -> None:
    pattern = make_pattern(Rhythm.WEEKLY, last_on=date(2027, 1, 12))
    published = publishing.open_series(make_series(host, service, pattern, skip_school_holidays=True), NOW)
    assert published.skipped == [
        Skip(date(2026, 12, 29), SkipReason.SCHOOL_HOLIDAY, "Weihnachtsferien"),
        Skip(date(2027, 1, 5), SkipReason.SCHOOL_HOLIDAY, "Weihnachtsferien"),
    ]
    assert len(published.created) == 6


def test_school_holidays_are_those_of_the_office_s_state(host: Host, service: Service) -> None:
    carnival = make_pattern(first_on=date(2027, 2, 9))
    series = make_series(host, service, carnival, skip_school_holidays=True)
    assert [skip.detail for skip in publishing.plan(series, NOW).skipped] == ["Oster-/Frühjahrsferien"]
    Office.objects.update(state="NW")
    host.refresh_from_db()
    assert publishing.plan(series, NOW).skipped == []


def test_a_holiday_in_the_school_holidays_is_told_as_the_holiday(host: Host, service: Service) -> None:
    pattern = make_pattern(first_on=date(2026, 12, 25))
    series = make_series(host, service, pattern, skip_school_holidays=True)
    assert [skip.reason for skip in publishing.plan(series, NOW).skipped] == [SkipReason.HOLIDAY]


def test_how_far_school_holidays_are_known_is_told(host: Host) -> None:
    assert school_holidays_known_until("BY", TUESDAY) == date(2029, 9, 10)
    assert school_holidays_known_until("BY", date(2100, 1, 1)) is None


def test_every_third_time_of_a_date_is_kept_for_the_desk(host: Host, service: Service) -> None:
    slots = make_slots(host, service, WEEKLY, desk_every=3, breaks=(COFFEE,))
    kept = [slot for slot in slots[:8] if slot.offer == SlotOffer.DESK]
    assert clocks(kept, host) == ["14:40", "15:55"]
    # Counted anew on each date.
    assert clocks([slot for slot in slots[8:16] if slot.offer == SlotOffer.DESK], host) == ["14:40", "15:55"]


def test_what_is_kept_for_the_desk_is_in_no_public_list(client: Client, host: Host, service: Service) -> None:
    slots = make_slots(host, service, desk_every=3)
    public = [slot for slot in slots if slot.offer == SlotOffer.WEB]
    kept = [slot for slot in slots if slot.offer == SlotOffer.DESK]
    assert clocks(kept, host) == ["14:40", "15:40", "16:40"]
    answer = client.get("/termine.json").json()
    assert [slot["id"] for slot in answer["slots"]] == [slot.pk for slot in public]
    page = client.get("/termine/").content.decode()
    assert [slot.pk for slot in slots if f"/termine/{slot.pk}/" in page] == [slot.pk for slot in public]
    (event,) = itip.feed(client.get("/kalender/termine.ics").content)
    shown = event.one("DESCRIPTION").text
    assert [text for text in clocks(slots, host) if text in shown] == clocks(public, host)


def test_what_is_kept_for_the_desk_cannot_be_opened_by_its_address(
    client: Client, host: Host, service: Service
) -> None:
    kept = make_slots(host, service, desk_every=2)[1]
    page = client.get(reverse("booking:slot", args=[kept.pk]))
    assert "<form" not in page.content.decode().partition("<main")[2].partition("</main>")[0]


def test_staff_sees_what_is_kept_for_the_desk(host: Host, service: Service) -> None:
    slots = make_slots(host, service, desk_every=3)
    assert list(Slot.objects.at_desk(NOW)) == slots
    [stretch] = agenda.stretches(OfficeHours.objects.all(), NOW)
    assert [each.slot for each in stretch.times] == slots


def test_of_a_draft_nothing_is_published_and_nothing_follows_at_night(
    client: Client, host: Host, service: Service
) -> None:
    draft = publishing.open_series(make_series(host, service, WEEKLY), NOW, as_draft=True)
    assert (draft.created, draft.slots, draft.skipped) == ([], [], [])
    assert publishing.extend(NOW + timedelta(weeks=1)) == []
    assert (OfficeHours.objects.count(), Slot.objects.count()) == (0, 0)
    assert client.get("/termine.json").json()["slots"] == []
    assert itip.feed(client.get("/kalender/termine.ics").content) == []


def test_a_draft_keeps_no_time_of_its_host_busy(host: Host, service: Service) -> None:
    publishing.open_series(make_series(host, service), NOW, as_draft=True)
    assert len(make_slots(host, service)) == 9


def test_a_draft_is_published_with_the_words_it_has_then(host: Host, service: Service) -> None:
    draft = publishing.open_series(make_series(host, service, WEEKLY), NOW, as_draft=True).availability
    morning = make_pattern(Rhythm.WEEKLY, starts_at=time(9), ends_at=time(11))
    published = drafts.publish_draft(draft, make_series(host, service, morning, desk_every=2), NOW)
    assert (published.availability.pk, len(published.created)) == (draft.pk, 12)
    again = publishing.publish(Availability.objects.get(), NOW)
    assert (again.created, again.kept) == ([], published.created)
    assert clocks(list(Slot.objects.order_by("start")[:2]), host) == ["09:00", "09:20"]
    assert [len(done.kept) for done in publishing.extend(NOW)] == [12]


def test_a_draft_with_video_needs_a_link_to_be_published(host: Host, service: Service) -> None:
    draft = publishing.open_series(make_series(host, service), NOW, as_draft=True).availability
    host.video_url = ""
    host.save()
    with pytest.raises(NoVideoLink):
        drafts.publish_draft(draft, make_series(host, service), NOW)
    assert Availability.objects.get().is_draft
    drafts.publish_draft(draft, make_series(host, service, channels=(Channel.PHONE,)), NOW)
    assert OfficeHours.objects.count() == 1
