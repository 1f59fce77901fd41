from __future__ import annotations

from urllib.robotparser import RobotFileParser

import pytest
from django.test import Client


@pytest.mark.django_db
def test_robots_may_fetch_pages_and_calendars_and_leave_bookings_and_logins_alone() -> None:
    answer = Client().get("/robots.txt")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    rules = RobotFileParser()
    rules.parse(answer.content.decode().splitlines())
    paths = ["/", "/termine/", "/termine/41/", "/kalender/termine.ics", "/kalender/privat/AbC123.ics", "/en/"]
    assert [path for path in paths if not rules.can_fetch("Google-Calendar-Importer", path)] == []
    closed = ["/buchung/AbC123/", "/verwaltung/", "/konto/login/"]
    assert [path for path in closed if rules.can_fetch("Google-Calendar-Importer", path)] == []
    assert b"\nDisallow: /*/buchung/\n" in answer.content
