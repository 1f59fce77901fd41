"""A strict reader of iCalendar, written from the RFCs and apart from the product: it refuses what readers forgive.

Lines: RFC 5545 section 3.1. Messages: the tables of RFC 5546 section 3.2. Feeds: RFC 5545 and RFC 7986.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

FORBIDDEN = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
NAME = re.compile(r"[A-Z][A-Z0-9-]*")
PARAM = re.compile(r'([A-Z][A-Z0-9-]*)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
ESCAPES = {"\\\\": "\\", "\\;": ";", "\\,": ",", "\\n": "\n"}
TEXTS = {"SUMMARY", "DESCRIPTION", "LOCATION", "NAME", "X-WR-CALNAME", "X-WR-CALDESC"}
ONCE = {
    "DTSTAMP", "UID", "SEQUENCE", "ORGANIZER", "DTSTART", "DTEND", "SUMMARY", "STATUS", "LOCATION", "DESCRIPTION",
    "URL", "CLASS", "CREATED", "LAST-MODIFIED", "TRANSP", "PRIORITY",
}  # fmt: skip


class Refused(AssertionError):
    """What a strict reader would not take."""


def insist(condition: object, complaint: str) -> None:
    """Refuse unless the condition holds."""
    if not condition:
        raise Refused(complaint)


@dataclass(frozen=True)
class Property:
    """One content line."""

    name: str
    params: dict[str, list[str]]
    value: str

    @property
    def text(self) -> str:
        """The value of a TEXT property, its escapes undone."""
        return re.sub(r"\\.", lambda match: ESCAPES[match.group()], self.value)

    @property
    def moment(self) -> datetime:
        """The moment of a DATE-TIME, in the zone it names."""
        if self.value.endswith("Z"):
            return datetime.strptime(self.value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        zone = ZoneInfo(self.params["TZID"][0])
        return datetime.strptime(self.value, "%Y%m%dT%H%M%S").replace(tzinfo=zone)


@dataclass
class Component:
    """One BEGIN to END."""

    name: str
    properties: list[Property] = field(default_factory=list)
    children: list[Component] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        """Return the properties of the name."""
        return [each for each in self.properties if each.name == name]

    def one(self, name: str) -> Property:
        """Return the property that must be there exactly once."""
        found = self.all(name)
        insist(len(found) == 1, f"{self.name} has {len(found)} {name}")
        return found[0]

    def has(self, name: str) -> bool:
        """Tell whether the property is there."""
        return bool(self.all(name))

    def parts(self, name: str) -> list[Component]:
        """Return the components of the name inside."""
        return [each for each in self.children if each.name == name]


def read(data: bytes | str) -> Component:
    """Read one calendar, line by line. Raises Refused."""
    raw = data.encode() if isinstance(data, str) else data
    stack = [Component("")]
    for line in _lines(raw):
        content = _property(line)
        if content.name == "BEGIN":
            stack.append(Component(content.value))
        elif content.name == "END":
            closed = stack.pop()
            insist(stack and closed.name == content.value, f"END:{content.value} closes {closed.name}")
            stack[-1].children.append(closed)
        else:
            insist(len(stack) > 1, f"{content.name} outside of any component")
            stack[-1].properties.append(content)
    insist(len(stack) == 1, "a component is not closed")
    insist([each.name for each in stack[0].children] == ["VCALENDAR"], "not exactly one calendar")
    return stack[0].children[0]


def _lines(raw: bytes) -> Iterator[str]:
    insist(raw.endswith(b"\r\n"), "the last line does not end")
    physical = raw[:-2].split(b"\r\n")
    unfolded: list[str] = []
    for octets in physical:
        insist(len(octets) <= 75, f"a line of {len(octets)} octets")
        try:
            line = octets.decode()
        except UnicodeDecodeError as error:
            raise Refused("a line is folded inside of a letter") from error
        insist(not FORBIDDEN.search(line), f"a control or separator character in {line!r}")
        if line.startswith(" "):
            unfolded[-1] += line[1:]
        else:
            unfolded.append(line)
    yield from unfolded


def _property(line: str) -> Property:
    name = NAME.match(line)
    insist(name, f"no name in {line!r}")
    assert name
    position, params = name.end(), dict[str, list[str]]()
    while line[position : position + 1] == ";":
        param = PARAM.match(line, position + 1)
        insist(param, f"a broken parameter in {line!r}")
        assert param
        insist(param.group(1) not in params, f"{param.group(1)} twice in {line!r}")
        params[param.group(1)] = [value.strip('"') for value in re.findall(r'"[^"]*"|[^,]+', param.group(2))]
        position = param.end()
    insist(line[position : position + 1] == ":", f"no value in {line!r}")
    content = Property(name.group(), params, line[position + 1 :])
    if content.name in TEXTS:
        insist(re.fullmatch(r"(?:[^\\;,]|\\[\\;,n])*", content.value), f"a bare sign in {line!r}")
    return content


def message(data: bytes | str, method: str, reader: str = "") -> Component:
    """Read an iTIP message with one event and hold it to the table of its method; returns the event.

    `reader` is the address of who gets it: REQUEST and CANCEL must name it.
    """
    calendar = _calendar(read(data))
    insist(calendar.one("METHOD").value == method, f"METHOD is not {method}")
    insist(len(calendar.parts("VEVENT")) == 1, "not exactly one event")
    event = _event(calendar.parts("VEVENT")[0], calendar)
    organizer = event.one("ORGANIZER")
    insist(organizer.value.startswith("mailto:"), "ORGANIZER is no mailbox")
    attendees = [each.value for each in event.all("ATTENDEE")]
    insist(
        organizer.value.casefold() not in {each.casefold() for each in attendees}, "the organizer is invited"
    )
    insist(re.fullmatch(r"\d+", event.one("SEQUENCE").value), "SEQUENCE is no number")
    insist(event.one("SUMMARY").text, "SUMMARY is empty")
    insist(not event.has("RECURRENCE-ID") and not event.has("RRULE"), "a booking does not recur")
    status = event.one("STATUS").value
    if method == "PUBLISH":
        insist(attendees == [], "PUBLISH names attendees")
        return event
    insist(attendees == [f"mailto:{reader}"], f"the attendees are {attendees}")
    attendee = event.one("ATTENDEE")
    insist(attendee.params.get("PARTSTAT") == ["ACCEPTED"], "the attendee has not accepted")
    insist(attendee.params.get("RSVP") == ["FALSE"], "the attendee is asked to answer")
    insist((status == "CANCELLED") == (method == "CANCEL"), f"{method} with STATUS {status}")
    insist(method == "REQUEST" or not event.parts("VALARM"), "CANCEL rings")
    return event


def follows(later: Component, earlier: Component) -> None:
    """Hold two messages about one booking to their order."""
    insist(later.one("UID").value == earlier.one("UID").value, "the UID has changed")
    insist(later.one("ORGANIZER").value == earlier.one("ORGANIZER").value, "the organizer has changed")
    insist(int(later.one("SEQUENCE").value) > int(earlier.one("SEQUENCE").value), "SEQUENCE does not rise")
    insist(later.one("DTSTAMP").moment > earlier.one("DTSTAMP").moment, "DTSTAMP does not rise")


def feed(data: bytes | str) -> list[Component]:
    """Read a public feed to subscribe to; returns its events in order."""
    events = _subscribed(calendar := _calendar(read(data)))
    insist(calendar.one("SOURCE").params == {"VALUE": ["URI"]}, "SOURCE lacks its type")
    for event in events:
        insist(event.one("TRANSP").value == "TRANSPARENT", "a feed blocks time")
        insist(event.one("CLASS").value == "PUBLIC", "a feed is not public")
    return events


def private_feed(data: bytes | str) -> list[Component]:
    """Read a feed for one reader: it may block time, and must not carry its own address; returns its events."""
    events = _subscribed(calendar := _calendar(read(data)))
    insist(not calendar.has("SOURCE"), "a private feed tells its address")
    for event in events:
        insist(event.one("CLASS").value == "PRIVATE", "a private feed is not private")
    return events


def _subscribed(calendar: Component) -> list[Component]:
    insist(not calendar.has("METHOD"), "a feed has no METHOD")
    insist(
        calendar.one("REFRESH-INTERVAL").params == {"VALUE": ["DURATION"]}, "REFRESH-INTERVAL lacks its type"
    )
    for name in ("NAME", "X-WR-CALNAME", "X-PUBLISHED-TTL"):
        insist(calendar.one(name).value, f"{name} is empty")
    events = [_event(each, calendar) for each in calendar.parts("VEVENT")]
    for event in events:
        insist(not event.has("ORGANIZER") and not event.has("ATTENDEE"), "a feed names people")
        insist(not event.parts("VALARM"), "a feed rings")
        insist(
            event.one("DTSTAMP").value == event.one("LAST-MODIFIED").value, "DTSTAMP is not the last change"
        )
    uids = [event.one("UID").value for event in events]
    insist(len(set(uids)) == len(uids), "a UID is there twice")
    return events


def _calendar(calendar: Component) -> Component:
    insist(calendar.one("VERSION").value == "2.0", "VERSION is not 2.0")
    insist(calendar.one("PRODID").value, "PRODID is empty")
    insist(calendar.properties[0].name == "VERSION", "VERSION does not come first")
    insist(not calendar.has("UID"), "the calendar itself has a UID")
    for zone in calendar.parts("VTIMEZONE"):
        insist(zone.one("TZID").value, "a zone without a name")
        rules = zone.parts("STANDARD") + zone.parts("DAYLIGHT")
        insist(rules and len(rules) == len(zone.children), "a zone without rules, or with more")
        for rule in rules:
            insist(re.fullmatch(r"\d{8}T\d{6}", rule.one("DTSTART").value), "an onset that is not local")
            for name in ("TZOFFSETFROM", "TZOFFSETTO"):
                insist(re.fullmatch(r"[+-]\d{4}(\d\d)?", rule.one(name).value), f"a broken {name}")
    return calendar


def _event(event: Component, calendar: Component) -> Component:
    for name in ONCE:
        insist(len(event.all(name)) <= 1, f"{name} more than once")
    for name in ("DTSTAMP", "CREATED", "LAST-MODIFIED"):
        for stamp in event.all(name):
            insist(stamp.value.endswith("Z"), f"{name} is not in UTC")
    insist(event.one("UID").value and event.one("DTSTAMP").moment, "no UID")
    zones = {zone.one("TZID").value for zone in calendar.parts("VTIMEZONE")}
    for name in ("DTSTART", "DTEND"):
        used = set(event.one(name).params.get("TZID", []))
        insist(used and used <= zones, f"{name} has no zone, or one that is not explained")
    insist(event.one("DTEND").moment > event.one("DTSTART").moment, "it ends before it begins")
    insist(event.one("STATUS").value in {"TENTATIVE", "CONFIRMED", "CANCELLED"}, "an unknown STATUS")
    return event
