"""What programs read about the office: the shape that schema.org gives a GovernmentOffice."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from booking.actions import closing
from booking.models import Funder, Office
from qmportal.website.demo import build_site
from qmportal.website.structured import office_data, script
from tests import factories

pytestmark = pytest.mark.once

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = [*[[["09:00", "12:00"], ["14:00", "17:00"]]] * 4, [["20:00", "24:00"]], [], []]
# Monday, the 21st of December.
NOW = datetime(2026, 12, 21, 8, 0, tzinfo=UTC)
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@pytest.fixture
def opened(office: Office) -> Office:
    """An office with hours, whom somebody pays for."""
    office.opening_times, office.phone_times = WEEK, [[["09:00", "10:00"]], *[[]] * 6]
    office.carrier, office.district = "Stadtbüro gGmbH", "Nord"
    office.save()
    Funder.objects.create(office=office, name="Land", url="https://land.example")
    return office


def of_kind(said: Any, kind: str) -> list[dict[str, Any]]:
    """Return every object of the type, however deep."""
    if isinstance(said, list):
        return [found for each in said for found in of_kind(each, kind)]
    if not isinstance(said, dict):
        return []
    deeper = [found for value in said.values() for found in of_kind(value, kind)]
    return ([said] if said.get("@type") == kind else []) + deeper


def test_the_office_has_the_shape_of_a_government_office(opened: Office) -> None:
    said = office_data(opened, NOW)
    assert (said["@context"], said["@type"], said["name"]) == (
        "https://schema.org",
        "GovernmentOffice",
        opened.name,
    )
    assert said["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "Nordring 12",
        "postalCode": "12345",
        "addressLocality": "Musterstadt",
        "addressRegion": "Bayern",
        "addressCountry": "DE",
    }
    assert (said["telephone"], said["email"], said["url"]) == (
        opened.phone,
        opened.email,
        f"{settings.SITE_URL}/",
    )
    assert said["funder"] == [{"@type": "Organization", "name": "Land", "url": "https://land.example"}]
    assert (said["areaServed"]["name"], said["parentOrganization"]["name"]) == ("Nord", "Stadtbüro gGmbH")


def test_every_hour_is_a_time_on_a_named_day_or_on_a_date(opened: Office) -> None:
    hours = of_kind(office_data(opened, NOW), "OpeningHoursSpecification")
    assert len(hours) > 9
    for each in hours:
        assert CLOCK.fullmatch(each["opens"])
        assert CLOCK.fullmatch(each["closes"])
        if "dayOfWeek" in each:
            assert re.fullmatch(r"https://schema\.org/(Mon|Tues|Wednes|Thurs|Fri)day", each["dayOfWeek"])
        else:
            assert date.fromisoformat(each["validFrom"]) <= date.fromisoformat(each["validThrough"])


def test_closures_and_public_holidays_of_the_next_weeks_are_told(opened: Office) -> None:
    start, end = datetime(2026, 12, 28, 10, tzinfo=BERLIN), datetime(2026, 12, 31, 0, tzinfo=BERLIN)
    closing.close(opened, None, start, end, "", None, factories.NOW)
    told = office_data(opened, NOW)["specialOpeningHoursSpecification"]
    assert [(each["validFrom"], each["validThrough"], each["opens"], each["closes"]) for each in told] == [
        ("2026-12-25", "2026-12-25", "00:00", "00:00"),
        ("2026-12-28", "2026-12-28", "09:00", "10:00"),
        ("2026-12-29", "2026-12-30", "00:00", "00:00"),
        ("2027-01-01", "2027-01-01", "00:00", "00:00"),
        ("2027-01-06", "2027-01-06", "00:00", "00:00"),
    ]


def test_what_is_not_known_is_left_out(office: Office) -> None:
    names = set(office_data(office, NOW))
    assert (
        names
        & {"logo", "hasMap", "funder", "openingHoursSpecification", "contactPoint", "parentOrganization"}
        == set()
    )


def test_nothing_that_somebody_typed_ends_the_element(opened: Office) -> None:
    opened.name = "</script><script>alert(1)</script> & <!--"
    text = script(office_data(opened, NOW))
    assert (text.count("<"), text.count("</script>")) == (2, 1)
    assert json.loads(text.partition(">")[2].removesuffix("</script>"))["name"] == opened.name


@time_machine.travel(NOW)
def test_the_home_page_describes_the_office_in_its_head(client: Client, opened: Office) -> None:
    build_site(opened)
    page = client.get("/").content.decode()
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.partition("</head>")[0])
    assert [json.loads(each)["name"] for each in found] == [opened.name]
