from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from booking.actions import closing, handover
from booking.actions.errors import HostAway, HostBusy, HoursOver, NotFound, NoVideoLink, WrongState
from booking.enums import BookedTimes, CallReason, Channel, Occasion, Status
from booking.models import Booking, Call, Host, Office, OfficeHours, OutboxMessage, Service, Slot
from tests.factories import NOW, TUESDAY, make_booking, make_host, make_pattern, make_slots
from tests.itip import follows, message


@pytest.fixture
def colleague(office: Office) -> Host:
    return make_host(office, "Derya Aksoy")


def give(slots: list[Slot], host: Host, now: datetime = NOW) -> handover.Handover:
    return handover.take_over(slots[0].office_hours_id, host.pk, now)


def closed(office: Office, host: Host | None, *hours: int) -> None:
    start, end = (datetime.combine(TUESDAY, time(hour), office.zone) for hour in hours)
    closing.close(office, host, start, end, "", BookedTimes.KEEP, NOW)


def offered() -> list[int]:
    return sorted(slot.pk for slot in Slot.objects.offered(NOW))


def test_the_resident_is_told_the_new_person_under_the_same_uid(slots: list[Slot], colleague: Host) -> None:
    booking = make_booking(slots[0])
    done = give(slots, colleague)
    booking.refresh_from_db()
    mail = OutboxMessage.objects.get(occasion=Occasion.HOST_CHANGED)
    before = OutboxMessage.objects.get(occasion=Occasion.BOOKED)
    entry = message(mail.ics, "REQUEST", mail.recipient)
    follows(entry, message(before.ics, "REQUEST", before.recipient))
    assert entry.one("SUMMARY").value == "Sprechstunde mit Derya Aksoy"
    assert (mail.recipient, booking.sequence, done.told) == ("amira@example.org", 1, [booking])
    assert "Hannah Helfrich" in mail.text


def test_both_hosts_are_told(slots: list[Slot], host: Host, colleague: Host) -> None:
    Host.objects.update(wants_invitations=True)
    make_booking(slots[0])
    OutboxMessage.objects.all().delete()
    give(slots, colleague)
    told = OutboxMessage.objects.filter(occasion__startswith="host_").exclude(occasion=Occasion.HOST_CHANGED)
    assert {(mail.recipient, mail.occasion, mail.ics_method) for mail in told} == {
        (host.email, Occasion.HOST_CANCELLED, "CANCEL"),
        (colleague.email, Occasion.HOST_BOOKED, "REQUEST"),
    }


def test_who_has_no_address_or_comes_soon_is_to_be_called(slots: list[Slot], colleague: Host) -> None:
    soon, unreachable = make_booking(slots[0]), make_booking(slots[8], email="")
    done = give(slots, colleague, slots[0].start - timedelta(hours=1))
    assert done.to_call == [soon, unreachable]
    assert set(Call.objects.values_list("booking", "reason")) == {
        (soon.pk, CallReason.SOON),
        (unreachable.pk, CallReason.NO_EMAIL),
    }


def test_a_call_that_was_made_has_to_be_made_again(slots: list[Slot], host: Host, colleague: Host) -> None:
    booking = make_booking(slots[0], email="")
    give(slots, colleague)
    Call.objects.update(done_at=NOW)
    give(slots, host)
    assert list(Call.objects.values_list("booking", "done_at")) == [(booking.pk, None)]


def test_free_times_are_offered_with_the_new_host(slots: list[Slot], colleague: Host) -> None:
    before = offered()
    give(slots, colleague)
    hours = OfficeHours.objects.get()
    assert (offered(), hours.host, hours.sequence) == (before, colleague, 1)
    assert hours.availability.host != colleague


def test_times_closed_by_the_absence_of_the_former_host_are_offered_again(
    office: Office, slots: list[Slot], host: Host, colleague: Host
) -> None:
    before = offered()
    make_booking(slots[0])
    closed(office, host, 0, 23)
    assert offered() == []
    give(slots, colleague)
    assert offered() == before


def test_times_closed_for_the_whole_office_stay_closed(
    office: Office, slots: list[Slot], host: Host, colleague: Host
) -> None:
    make_booking(slots[0])
    closed(office, host, 0, 23)
    closed(office, None, 15, 16)
    give(slots, colleague)
    assert len(offered()) == 6


def test_nobody_is_in_two_office_hours_at_once(slots: list[Slot], service: Service, colleague: Host) -> None:
    make_slots(colleague, service, make_pattern(starts_at=time(16), ends_at=time(18)))
    with pytest.raises(HostBusy):
        give(slots, colleague)
    assert OfficeHours.objects.filter(host=colleague).count() == 1


def test_who_is_away_takes_nothing_over(office: Office, slots: list[Slot], colleague: Host) -> None:
    closed(office, colleague, 16, 18)
    with pytest.raises(HostAway):
        give(slots, colleague)


def test_video_needs_a_way_to_meet(slots: list[Slot], colleague: Host) -> None:
    Host.objects.filter(pk=colleague.pk).update(video_url="")
    with pytest.raises(NoVideoLink):
        give(slots, colleague)


def test_what_is_over_or_cancelled_is_not_handed_over(
    office: Office, slots: list[Slot], host: Host, colleague: Host
) -> None:
    with pytest.raises(HoursOver):
        give(slots, colleague, slots[-1].end)
    closed(office, None, 0, 23)
    with pytest.raises(WrongState):
        give(slots, colleague)


@pytest.mark.parametrize("fault", ["same", "inactive", "elsewhere", "unknown"])
def test_only_an_active_colleague_takes_over(
    slots: list[Slot], host: Host, office: Office, fault: str
) -> None:
    other = make_host(office, "Derya Aksoy", is_active=fault != "inactive")
    if fault == "elsewhere":
        other.office = Office.objects.create(**{**_fields(office), "slug": "sued", "is_default": False})
        other.save()
    wanted = {"same": host.pk, "unknown": 10**9}.get(fault, other.pk)
    with pytest.raises(NotFound):
        handover.take_over(slots[0].office_hours_id, wanted, NOW)


def _fields(office: Office) -> dict[str, object]:
    return {f.name: getattr(office, f.name) for f in office._meta.concrete_fields if f.name != "id"}


def test_two_people_swap_office_hours_at_the_same_time(
    slots: list[Slot], service: Service, host: Host, colleague: Host
) -> None:
    theirs = make_slots(colleague, service, make_pattern(starts_at=time(15), ends_at=time(18)))
    mine, hers = make_booking(slots[0]), make_booking(theirs[0], email="jonas@example.org")
    done = handover.swap(slots[0].office_hours_id, theirs[0].office_hours_id, NOW)
    where = {hours.pk: hours.host for hours in OfficeHours.objects.live()}
    assert where == {slots[0].office_hours_id: colleague, theirs[0].office_hours_id: host}
    assert set(done.told) == {mine, hers}
    assert OutboxMessage.objects.filter(occasion=Occasion.HOST_CHANGED).count() == 2


def test_a_swap_that_would_overlap_a_third_date_changes_nothing(
    slots: list[Slot], service: Service, host: Host, colleague: Host
) -> None:
    theirs = make_slots(colleague, service, make_pattern(starts_at=time(9), ends_at=time(11)))
    make_slots(host, service, make_pattern(starts_at=time(10), ends_at=time(12)))
    with pytest.raises(HostBusy):
        handover.swap(slots[0].office_hours_id, theirs[0].office_hours_id, NOW)
    assert OfficeHours.objects.live().filter(host=host).count() == 2


def test_a_hold_goes_along_without_a_mail(slots: list[Slot], service: Service, colleague: Host) -> None:
    Service.objects.update(needs_confirmation=True)
    held = make_booking(slots[0])
    assert held.status == Status.PENDING
    done = give(slots, colleague)
    assert (done.told, done.to_call, Booking.objects.get().sequence) == ([], [], 0)


def test_a_booking_by_phone_names_the_new_person_too(slots: list[Slot], colleague: Host) -> None:
    make_booking(slots[0], channel=Channel.PHONE)
    give(slots, colleague)
    assert "Derya Aksoy" in OutboxMessage.objects.get(occasion=Occasion.HOST_CHANGED).subject


def test_the_feed_learns_of_it_and_a_hold_that_ran_out_ends(slots: list[Slot], colleague: Host) -> None:
    Service.objects.update(needs_confirmation=True)
    make_booking(slots[0])
    before = OfficeHours.objects.get().revision
    give(slots, colleague, NOW + timedelta(minutes=15))
    assert Booking.objects.get().status == Status.CANCELLED
    assert OfficeHours.objects.get().revision == before + 1
