"""A manager's day in a real browser, on a phone and at a desk: no dead end, nothing for axe to find."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from booking.actions import closing, delivery, drafts, illness, visits
from booking.enums import CallReason, Occasion, Status
from booking.models import Availability, Booking, Call, Closure, Host, Office, OutboxMessage, Service, Slot
from booking.staff.roles import ADMINISTRATOR, editors_group, managers_group, permissions
from booking.staff.urls import urlpatterns
from qmportal.accounts.models import User
from tests.factories import make_booking, make_inquiry, make_pattern, make_series
from tests.journeys.still import violations

pytestmark = pytest.mark.browser
# Rules about landmarks and headings would judge Wagtail's frame; ours are the pages in it.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 844}
HOURS = ("hours", "hours_revise", "hours_drop", "hours_handover")
OF_A_HOST = ("host", "host_deactivate", "host_login", "host_photo", "host_photo_remove")
SUBMIT = "main .st-actions button"


@pytest.fixture(params=[390, 1280], ids=["phone", "desk"])
def desk(
    request: pytest.FixtureRequest,
    browser: Browser,
    browser_context_args: dict[str, object],
    live_server: LiveServer,
    host: Host,
) -> Iterator[Page]:
    """The browser of the host, who may do everything, logged in; faults of a page fail the test."""
    user = User.objects.create_user("hannah@musterstadt.example", first_name="Hannah")
    user.groups.add(managers_group())
    user.user_permissions.add(*permissions(*ADMINISTRATOR))
    Host.objects.filter(pk=host.pk).update(user=user)
    client = Client()
    client.force_login(user)
    look = {"viewport": {"width": request.param, "height": 844}, "base_url": live_server.url}
    context = browser.new_context(**{**browser_context_args, **look})  # type: ignore[arg-type]
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
    yield page
    context.close()
    assert faults == []


def test_publish_look_cancel_and_close(
    desk: Page, service: Service, today: datetime, live_server: LiveServer
) -> None:
    monday = (today + timedelta(days=7 - today.weekday())).date()
    desk.goto(reverse("staff:publish"))
    desk.get_by_label("Montag").check()
    desk.locator("[name=starts_at]").fill("09:00")
    desk.locator("[name=ends_at]").fill("08:00")
    desk.locator(SUBMIT).first.click()
    assert desk.title().startswith("Fehler:")
    desk.locator("#fehler:focus").wait_for()
    desk.locator("[name=ends_at]").fill("11:00")
    desk.locator("[name=ends_at]").press("Enter")
    desk.locator(".st-dates").wait_for()
    assert Availability.objects.count() == 0
    assert desk.locator(".st-dates li").count() > 8
    desk.locator(SUBMIT).first.click()
    desk.locator(".st-note--success").wait_for()
    slot = Slot.objects.filter(start__date__gte=monday).earliest("start")
    booking = make_booking(slot, today)
    desk.goto(reverse("staff:hours_list"))
    desk.get_by_role("link", name="Amira Yılmaz").click()
    desk.locator(".st-actions .serious").click()
    desk.locator("[name=word]").fill("Wir melden uns wieder.")
    desk.locator(SUBMIT).click()
    desk.locator(".messages .success").wait_for()
    booking.refresh_from_db()
    assert booking.status == Status.CANCELLED
    assert OutboxMessage.objects.filter(occasion=Occasion.CANCELLED_BY_OFFICE).count() == 1
    desk.goto(reverse("staff:closure_new"))
    desk.locator("[name=last_on]").fill((today + timedelta(days=400)).date().isoformat())
    desk.locator(SUBMIT).click()
    desk.locator(SUBMIT).first.click()
    desk.locator(".messages .success").wait_for()
    assert Slot.objects.filter(closure=None).count() == 0


@pytest.mark.once
@pytest.mark.parametrize("desk", [390], ids=["both"], indirect=True)
def test_axe_finds_nothing_and_nothing_is_cut_off(
    desk: Page, office: Office, service: Service, booked: Booking, today: datetime
) -> None:
    delivery.hold("Nach dem Zurückspielen", today)
    away = today + timedelta(days=300), today + timedelta(days=301)
    closure: Closure = closing.close(office, None, *away, "Urlaub", None, today)
    absence = illness.report(
        booked.slot.office_hours.host, *(day + timedelta(days=20) for day in away), today
    )
    call = Call.objects.create(booking=booked, reason=CallReason.MAIL_FAILED, created_at=today)
    mail = OutboxMessage.objects.filter(booking=booked).first()
    assert mail is not None
    series = booked.slot.office_hours.availability_id
    evening = make_pattern(starts_at=time(18), ends_at=time(19), first_on=today.date())
    plan = make_series(booked.slot.office_hours.host, service, evening)
    draft = drafts.save_draft(plan, today)
    colleague = User.objects.create_user("redaktion@musterstadt.example", first_name="Nele")
    colleague.groups.add(editors_group())
    Authenticator.objects.create(user=colleague, type=Authenticator.Type.TOTP, data={})
    keys: dict[str, object] = {
        **dict.fromkeys(HOURS, booked.slot.office_hours_id),
        "booking": booked.pk,
        "booking_cancel": booked.pk,
        "booking_made": booked.pk,
        "booking_move": booked.pk,
        "visit": visits.count(office, uuid4(), today).pk,
        **dict.fromkeys(("series", "series_revise"), series),
        "series_draft": draft.pk,
        "series_discard": draft.pk,
        "series_end": series,
        "closure_lift": closure.pk,
        "message": mail.id,
        "service": service.pk,
        **dict.fromkeys(("login", "login_off", "login_factor"), colleague.pk),
        "absence": absence.pk,
        "call_other_time": call.pk,
        **dict.fromkeys(("inquiry", "inquiry_erase"), make_inquiry(office, today).pk),
        **dict.fromkeys(OF_A_HOST, booked.slot.office_hours.host_id),
    }
    only_posted = {"message_html", "message_resend", "host_reactivate"}
    only_posted |= {"login_invite_again", "login_on", "attendance", "visit_count", "visit_take_back", "names"}
    only_posted |= {"absence_undo", "absence_send", "call_tick", "call_answer"}
    only_posted |= {"test_invitation", "test_call_off"}
    only_posted |= {"inquiry_answered", "inquiry_forwarded", "inquiry_reopened"}
    # Pages without the frame: the slip is looked at in test_desk.py, the others below.
    on_paper = {"booking_slip", "day_sheet", "week_sheet", "door_sign", "absence_sign"}
    names = {str(route.name) for route in urlpatterns} - only_posted - on_paper
    pages = [reverse(f"staff:{n}", args=[keys[n]] if n in keys else []) for n in sorted(names)]
    found = {}
    for path in (reverse("wagtailadmin_home"), *pages):
        desk.goto(path)
        desk.locator("#wagtail-sidebar nav").first.wait_for(state="attached")
        # The page is the same at both widths; only how it is laid out differs.
        axe = [fault["id"] for fault in violations(desk, RULES)]
        found[path] = (axe, [is_cut_off(desk, look) for look in (DESK, PHONE)])
    assert found == {path: ([], [False, False]) for path in found}


def is_cut_off(page: Page, look: ViewportSize) -> bool:
    page.set_viewport_size(look)
    return bool(page.evaluate("document.querySelector('main').scrollWidth > innerWidth"))


@pytest.mark.once
def test_axe_finds_nothing_on_paper_either(desk: Page, booked: Booking) -> None:
    day = booked.slot.start.date().isoformat()
    found = {}
    for name, field in (("day_sheet", "tag"), ("week_sheet", "ab"), ("door_sign", "tag")):
        desk.goto(f"{reverse(f'staff:{name}')}?{field}={day}")
        axe = violations(desk, RULES)
        found[name] = [fault["id"] for fault in axe], desk.evaluate("document.body.scrollWidth > innerWidth")
    assert found == dict.fromkeys(found, ([], False))


@pytest.mark.once
def test_the_week_is_drawn_true_to_the_clock_and_the_phone_shows_the_day(
    desk: Page, booked: Booking, today: datetime
) -> None:
    desk.goto(f"{reverse('staff:week')}?ab={booked.slot.start.date().isoformat()}")
    desk.locator(".st-week").wait_for()
    on_phone = desk.viewport_size == PHONE
    hours = desk.locator(".st-week__hour", has_text="14:00")
    block = desk.locator(".st-block").first
    assert hours.is_visible() is not on_phone
    if not on_phone:
        line, box = hours.bounding_box(), block.bounding_box()
        assert line is not None
        assert box is not None
        assert abs(line["y"] - box["y"]) <= 1
    desk.goto(reverse("wagtailadmin_home"))
    shown = [desk.locator(part).last.is_visible() for part in (".st-narrow", ".st-wide")]
    assert shown == [on_phone, not on_phone]
