"""What the site says about the office to programs: schema.org's GovernmentOffice, as JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from booking.links import absolute
from booking.models import Funder, Office
from booking.opening import Week
from booking.today import Stretch, open_on, stretches, whole_office

SCHEMA = "https://schema.org"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# How far ahead closures and public holidays are told.
SPECIAL_DAYS = 8 * 7
ONE_DAY = timedelta(days=1)
# What breaks out of a script element, in the notation of JSON.
ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}

Data = dict[str, Any]


def script(data: Data) -> SafeString:
    """Return the data as an element of the head; nothing in it can end the element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return SafeString(f'<script type="application/ld+json">{text}</script>')


def office_data(office: Office, now: datetime) -> Data:
    """Return who and where the office is, how it is reached, when it is open, and when it is not all the same."""
    home = absolute(reverse("wagtail_serve", args=("",)))
    said: Data = {
        "@context": SCHEMA,
        "@type": "GovernmentOffice",
        "@id": f"{home}#office",
        "name": office.name,
        "url": home,
        "email": office.email,
        "telephone": office.phone,
        "logo": absolute(office.logo.url) if office.logo else "",
        "hasMap": office.map_url,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": office.street,
            "postalCode": office.postal_code,
            "addressLocality": office.city,
            "addressRegion": office.get_state_display(),
            "addressCountry": "DE",
        },
        "areaServed": {"@type": "AdministrativeArea", "name": office.district or office.city},
        "parentOrganization": _organization(office.carrier) if office.carrier else "",
        "funder": [_funder(each) for each in office.funders.all()],
        "openingHoursSpecification": list(_week(office.opening_times)),
        "specialOpeningHoursSpecification": _special(office, now),
        "contactPoint": _contact(office),
    }
    return {name: value for name, value in said.items() if value}


def _organization(name: str) -> Data:
    return {"@type": "Organization", "name": name}


def _funder(funder: Funder) -> Data:
    said = _organization(funder.name)
    if funder.url:
        said["url"] = funder.url
    if funder.logo:
        said["logo"] = absolute(funder.logo.url)
    return said


def _contact(office: Office) -> Data:
    hours = list(_week(office.phone_times))
    if not hours:
        return {}
    return {"@type": "ContactPoint", "telephone": office.phone, "hoursAvailable": hours}


def _week(week: Week) -> Iterator[Data]:
    for number, day in enumerate(week):
        for start, end in day:
            yield _hours(start, end) | {"dayOfWeek": f"{SCHEMA}/{DAYS[number]}"}


def _hours(opens: str, closes: str) -> Data:
    # The end of a day is not an hour of it; a closed day opens and closes at the same one.
    closes = "23:59" if closes == "24:00" else closes
    return {"@type": "OpeningHoursSpecification", "opens": opens, "closes": closes}


def _special(office: Office, now: datetime) -> list[Data]:
    """Return the days of the next weeks that are not as their weekday; closed days that follow each other are one."""
    first = now.astimezone(office.zone).date()
    closures = list(whole_office(office, now - ONE_DAY, now + SPECIAL_DAYS * ONE_DAY))
    found: list[Data] = []
    for day in (first + n * ONE_DAY for n in range(SPECIAL_DAYS)):
        usual, left = stretches(office, day), open_on(office, day, closures)
        if left == usual:
            continue
        if not left and found and _goes_on(found[-1], day):
            found[-1]["validThrough"] = day.isoformat()
        else:
            found += _on(office, day, left)
    return found


def _on(office: Office, day: date, left: list[Stretch]) -> list[Data]:
    valid = {"validFrom": day.isoformat(), "validThrough": day.isoformat()}
    clocks = [tuple(f"{end.astimezone(office.zone):%H:%M}" for end in stretch) for stretch in left]
    return [_hours(opens, closes) | valid for opens, closes in clocks or [("00:00", "00:00")]]


def _goes_on(before: Data, day: date) -> bool:
    is_closed = before["opens"] == before["closes"]
    return bool(is_closed and date.fromisoformat(before["validThrough"]) == day - ONE_DAY)
