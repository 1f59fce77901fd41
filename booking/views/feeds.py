"""The public calendar to subscribe to, and the page that explains how."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import chain
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking import links
from booking.context import default_office
from booking.ical import events
from booking.ical.contents import Selection, Version, entries, version
from booking.ical.events import Programme
from booking.ical.feed import Frame, assembled, feed, vevent
from booking.models import Host, Service
from booking.models.office import local


@require_safe
def all_hours(request: HttpRequest) -> HttpResponse:
    """Answer the feed of the whole office: its hours, and the events on its website."""
    selection = _everything()
    programme = Programme.of(selection)
    state = programme.added_to(version(selection))
    frame = _frame_of_hours(request, selection, selection.office.name)

    def draw() -> bytes:
        drawn = chain(map(vevent, entries(selection)), map(events.vevent, programme.entries))
        return assembled(frame, drawn, selection.first, programme.last or selection.last)

    return _answer(request, state, draw)


@require_safe
def hours_of_service(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer the feed of one service."""
    service = get_object_or_404(Service.objects.select_related("office"), slug=slug)
    selection = Selection(service.office, timezone.now(), service=service)
    return _hours(request, selection, f"{local(service.title)} – {service.office.name}")


@require_safe
def hours_of_host(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer the feed of one host."""
    host = get_object_or_404(Host.objects.select_related("office"), slug=slug)
    selection = Selection(host.office, timezone.now(), host=host)
    return _hours(request, selection, f"{host.name} – {host.office.name}")


@require_safe
def all_events(request: HttpRequest) -> HttpResponse:
    """Answer the feed of the events alone."""
    selection = _everything()
    programme = Programme.of(selection)
    office = selection.office
    name = _("Events") + f" – {office.name}"
    frame = Frame(
        name=name,
        description=_("Events in the neighbourhood. Phone: %(phone)s") % {"phone": office.phone},
        zone=office.time_zone,
        source=links.absolute(request.path),
        url=links.calendar_url(),
    )
    # What stands around the events is the office's own.
    facts = sha256(repr((frame, selection.today)).encode()).hexdigest()
    state = programme.added_to(Version(facts, max(selection.today, office.updated_at)))
    drawn = map(events.vevent, programme.entries)
    last = programme.last or selection.last
    return _answer(request, state, lambda: assembled(frame, drawn, selection.first, last))


def _everything() -> Selection:
    office = default_office()
    if office is None:
        raise Http404
    return Selection(office, timezone.now())


def _hours(request: HttpRequest, selection: Selection, name: str) -> HttpResponse:
    frame = _frame_of_hours(request, selection, name)
    return _answer(
        request,
        version(selection),
        lambda: feed(frame, entries(selection), selection.first, selection.last),
    )


def _frame_of_hours(request: HttpRequest, selection: Selection, name: str) -> Frame:
    return Frame(
        name=name,
        description=_("Office hours, with the times that are still free. Phone: %(phone)s")
        % {"phone": selection.office.phone},
        zone=selection.office.time_zone,
        source=links.absolute(request.path),
        url=links.slots_url(),
    )


def _answer(request: HttpRequest, state: Version, draw: Callable[[], bytes]) -> HttpResponse:
    """Answer 304 from the version alone; else draw the feed, compressed for whoever takes it.

    A strong ETag names one encoding only, so the compressed feed has a tag of its own (RFC 9110 section 8.8.3).
    """
    is_packed = "gzip" in request.headers.get("Accept-Encoding", "")
    etag = f'"{state.tag}-gzip"' if is_packed else f'"{state.tag}"'
    seconds = int(state.modified_at.timestamp())
    response = get_conditional_response(request, etag, seconds)
    if response is None:
        body = draw()
        response = calendar_response(_packed(body) if is_packed else body, is_packed=is_packed)
    response.headers["ETag"] = etag
    response.headers["Last-Modified"] = http_date(seconds)
    response.headers["Cache-Control"] = "public, max-age=300"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@lru_cache(maxsize=16)
def _packed(body: bytes) -> bytes:
    return pack(body)


def pack(body: bytes) -> bytes:
    """Return the calendar compressed; the same bytes each time, since its ETag is strong."""
    return gzip.compress(body, compresslevel=6, mtime=0)


def calendar_response(body: bytes, *, is_packed: bool) -> HttpResponse:
    """Answer a calendar as bytes."""
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


@require_safe
def how_to_subscribe(request: HttpRequest) -> HttpResponse:
    """Explain the calendar to a neighbour: what it shows, how it gets onto a phone, how fresh it is."""
    office = default_office()
    services = Service.objects.filter(office=office, is_active=True)
    hosts = Host.objects.filter(office=office, is_active=True)
    feeds = {
        "feed": _feed(_("All office hours"), "feed"),
        "events": _feed(_("Events"), "feed_of_events"),
        "services": [_feed(local(service.title), "feed_of_service", service.slug) for service in services],
        "hosts": [_feed(host.introduced, "feed_of_host", host.slug) for host in hosts],
    }
    return render(request, "booking/calendar.html", feeds)


@dataclass(frozen=True)
class Feed:
    """One feed as the page offers it."""

    name: str
    address: str

    @property
    def webcal(self) -> str:
        """The address that opens the calendar program; `webcals:` is refused by iOS."""
        return f"webcal://{self.address.partition('://')[2]}"

    @property
    def google(self) -> str:
        """The address that adds the feed to a Google calendar."""
        return f"https://calendar.google.com/calendar/r?cid={quote(self.webcal, safe='')}"


def _feed(name: str, view: str, *slug: str) -> Feed:
    return Feed(name, links.absolute(reverse(f"booking:{view}", args=slug)))
