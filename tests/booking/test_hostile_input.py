from __future__ import annotations

import re
import uuid
from datetime import timedelta
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from urllib.parse import quote
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.test.client import ClientHandler

from booking import links
from booking.enums import Channel
from booking.forms import BookingForm, FindForm, MoveForm, search
from booking.forms.guarded import stamp
from booking.models import Booking, Host, Office, OutboxMessage, Service, Slot
from qmportal.charsets import utf8_only
from qmportal.wsgi import application
from tests.booking.hostile import BARE, STRINGS
from tests.booking.visitor import Visitor
from tests.factories import NOW, make_booking, make_slots

# PostgreSQL takes less than SQLite does: no zero byte, no number past its column.
pytestmark = pytest.mark.shared
MINUTE = timedelta(minutes=1)
FIELDS = [
    "name",
    "email",
    "phone",
    "channel",
    "topic",
    "message",
    "language",
    "request_id",
    "started",
    "website",
]
FINE = {"name": "Amira", "email": "amira@example.org", "phone": "0171 2345678", "channel": "office"}
MULTIPART = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n\\ud800+2AA-\xff\r\n--x--\r\n'
DANGEROUS = re.compile(r"\s*(javascript|data|vbscript):", re.IGNORECASE)


class Injected(HTMLParser):
    """Collects what our pages never have: it can only come from what was typed."""

    def __init__(self, styled: bool) -> None:
        super().__init__()
        self.foreign = {"script", "iframe", "base", "object", "math"} | (set() if styled else {"style"})
        self.styled = styled
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.foreign:
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or (name == "style" and not self.styled):
                self.found.append(name)
            if name in {"href", "src", "action", "formaction"} and DANGEROUS.match(value or ""):
                self.found.append(f"{name}={value}")


def injected(html: str, *, styled: bool = False) -> list[str]:
    """Return the markup in a page that is not ours; mails are `styled`, for want of style sheets."""
    parser = Injected(styled)
    parser.feed(html)
    return parser.found


def check(response: Any, allowed: set[int], typed: str) -> None:
    """Fail on an answer that is not one of ours, or that holds what was typed as markup."""
    assert response.status_code in allowed, (response.status_code, typed)
    html = response.content.decode()
    assert injected(html) == [], typed
    if re.search(r"<\w", typed):
        assert typed not in html


def test_there_are_five_hundred_strings() -> None:
    assert len(STRINGS) == len(set(STRINGS)) == 500
    assert len(BARE) > 180


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_of_the_booking_form_takes_every_string(service: Service, field: str) -> None:
    service.asks_message = True
    usual = FINE | {"language": "de", "request_id": str(uuid.uuid4()), "started": stamp(NOW - MINUTE)}
    for text in STRINGS:
        typed = QueryDict(mutable=True)
        typed.update(usual | {field: text})
        form = BookingForm(typed, service, list(Channel), NOW)
        if not form.is_valid():
            assert form.errors, text
            continue
        for name in ("name", "email", "phone", "topic", "language"):
            assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", form.cleaned_data[name]), (
                text
            )
        assert form.cleaned_data["email"].count("@") == (1 if form.cleaned_data["email"] else 0)


def test_finding_and_moving_take_every_string() -> None:
    for text in STRINGS:
        FindForm({"code": text, "proof": text}).is_valid()
        form = MoveForm({"slot": text})
        assert not form.is_valid() or 0 < form.cleaned_data["slot"] < 2**63


@pytest.fixture
def many_seats(host: Host, service: Service) -> list[Slot]:
    service.asks_message = True
    service.save()
    return make_slots(host, service, capacity=200)


def test_whatever_is_typed_into_the_form_is_answered_and_never_echoed_as_markup(
    many_seats: list[Slot], visitor: Visitor
) -> None:
    url = f"/termine/{many_seats[0].pk}/"
    form = visitor.open(url).fields()
    visitor.clock.shift(60)
    for number, text in enumerate(BARE):
        everywhere = form | dict.fromkeys(FIELDS, text)
        check(visitor.client.post(url, everywhere), {422}, text)
        named = form | FINE | {"name": text, "message": text, "request_id": str(uuid.uuid4()), "phone": ""}
        named["email"] = f"amira{number}@example.org"
        answer = visitor.client.post(f"/termine/{many_seats[number // 100].pk}/", named)
        check(answer, {303, 422}, text)
        if answer.status_code == 303:
            check(visitor.client.get(answer["Location"]), {200}, text)
    assert Booking.objects.count() > 80


def test_no_mail_and_no_invitation_is_broken_by_a_name(many_seats: list[Slot]) -> None:
    names = [text for text in BARE if text.isprintable() and 0 < len(text.strip()) <= 80]
    assert len(names) > 100
    for number, text in enumerate(names):
        make_booking(many_seats[number // 100], name=text, message=text, email=f"amira{number}@example.org")
    for mail in OutboxMessage.objects.all():
        assert injected(mail.html, styled=True) == []
        assert len(mail.subject.splitlines()) == 1
        assert mail.ics.count("BEGIN:VEVENT") == (1 if mail.ics else 0)
        assert not re.search(r"[^\r]\n|\r[^\n]", mail.ics)


def test_addresses_take_every_string(many_seats: list[Slot], visitor: Visitor) -> None:
    own = f"/buchung/{links.token(make_booking(many_seats[0]))}/"
    below = [own + "bestaetigen/?nachweis=", own + "verschieben/?slot=", own + "verschieben/?ab="]
    for number, text in enumerate(BARE):
        assert links.booking_for(text) is None
        written = quote(text[:300], safe="", errors="surrogatepass")
        path = ("/termine/{}/", "/buchung/{}/", "/buchung/{}/absagen/")[number % 3]
        check(visitor.client.get(path.format(written)), {200, 301, 302, 404, 409}, text)
        check(visitor.client.get(below[number % 3] + written), {200, 303}, text)


def test_filters_take_every_string(office: Office, host: Host, service: Service, visitor: Visitor) -> None:
    names = ("ansicht", "angebot", "person", "kanal", "zeit", "ab")
    for text in BARE:
        for name in names:
            typed = QueryDict(mutable=True)
            typed[name] = text
            found = search(typed, [service], [host], NOW.date())
            assert (found.is_narrow, found.since) == (False, NOW.date())
        value = quote(text[:2000], safe="", errors="surrogatepass")
        query = "&".join(f"{name}={value}" for name in names)
        check(visitor.client.get(f"/termine/?{query}"), {200}, text)


def test_own_pages_take_every_string(many_seats: list[Slot], visitor: Visitor) -> None:
    own = f"/buchung/{links.token(make_booking(many_seats[0]))}/"
    for text in BARE:
        check(visitor.client.post(own + "bestaetigen/", {"nachweis": text}), {303}, text)
        if not MoveForm({"slot": text}).is_valid():
            check(visitor.client.post(own + "verschieben/", {"slot": text}), {422}, text)
    assert Booking.objects.get().sequence == 0


def test_searching_takes_every_string(many_seats: list[Slot], visitor: Visitor) -> None:
    for number, text in enumerate(BARE):
        address = f"10.{number // 50}.0.1"
        fields = {"code": text, "proof": text}
        check(visitor.client.post("/buchung/", fields, REMOTE_ADDR=address), {422}, text)


@pytest.mark.parametrize(
    "raw",
    [
        b"name=%ff%fe",
        b"name=%ed%a0%80",
        b"name=%00",
        b"name",
        b"&&&=",
        b"\xff\xfe",
        b"name=" + b"a" * 100_000,
    ],
)
def test_broken_bodies_are_answered(many_seats: list[Slot], client: Client, raw: bytes) -> None:
    url = f"/termine/{many_seats[0].pk}/"
    answer = client.post(url, raw, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "charset", ["utf-7", "rot13", "hex", "unicode_escape", "idna", "utf-16", "nonsense", '"latin1"', "\xff"]
)
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/html"]
)
def test_whatever_charset_a_request_claims_it_is_read_as_utf8(charset: str, kind: str) -> None:
    body = b"name=\\ud800+2AA-\xff" if "urlencoded" in kind else MULTIPART
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "QUERY_STRING": "ab=%5Cud800&zeit=%ff",
        "CONTENT_TYPE": f"{kind}; Charset ={charset}",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    setup_testing_defaults(environ)
    read: list[str] = []

    def reading(environ: dict[str, Any], start_response: object) -> list[bytes]:
        request = WSGIRequest(environ)
        read.extend([request.GET["ab"], request.GET["zeit"], request.POST.get("name", "")])
        return []

    utf8_only(reading)(environ, print)
    name = {"a": "\\ud800 2AA-ÿ", "m": "\\ud800+2AA-\ufffd", "t": ""}[kind[0]]
    assert read == ["\\ud800", "\ufffd", name]
    assert application.__qualname__.startswith("utf8_only")


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain; x*=bogus''%41",
        "text/plain; x*=idna''%41%ff.%ff",
        "text/plain; charset*=UTF-8''rot13",
        "text/plain; charset*0=ro; charset*1=t13",
        "multipart/form-data; boundary=x; x*=bogus''%41",
        "multipart/form-data; boundary*=bogus''%41",
        "text/plain; charset*=",
        "=?utf-8?q?text?=; x*=1",
        ";;;",
        "\xff\xfe",
    ],
)
@pytest.mark.parametrize("path", ["/termine/", "/termine.json"])
def test_a_page_is_answered_whatever_its_request_says_of_its_content(
    office: Office, content_type: str, path: str
) -> None:
    environ = RequestFactory().get(path, {"kanal": "nonsense"}).environ | {"CONTENT_TYPE": content_type}
    answers: list[int] = []

    def answering(environ: dict[str, Any], start_response: object) -> list[bytes]:
        answers.append(ClientHandler()(environ).status_code)
        return []

    utf8_only(answering)(environ, print)
    assert answers == [{"/termine/": 200, "/termine.json": 400}[path]]


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (
            "multipart/form-data; boundary=----WebKitFormBoundaryA1'()+_,./:=?",
            "----WebKitFormBoundaryA1'()+_,./:=?",
        ),
        ('Multipart/Form-Data; charset="a;b"; Boundary="--x"; charset=utf-7', "--x"),
    ],
)
def test_the_boundary_of_a_form_with_files_is_kept(sent: str, read: str) -> None:
    environ: dict[str, Any] = {"CONTENT_TYPE": sent, "REQUEST_METHOD": "POST", "wsgi.input": BytesIO()}
    requests: list[WSGIRequest] = []

    def reading(environ: dict[str, Any], start_response: object) -> list[bytes]:
        requests.append(WSGIRequest(environ))
        return []

    utf8_only(reading)(environ, print)
    assert requests[0].content_type == "multipart/form-data"
    assert requests[0].content_params == {"boundary": read}


def test_a_thousand_fields_too_many_are_refused(many_seats: list[Slot], client: Client) -> None:
    url = f"/termine/{many_seats[0].pk}/"
    answer = client.post(url, {f"x{n}": "1" for n in range(1100)})
    assert answer.status_code == 400


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace"])
def test_other_methods_are_not_allowed(many_seats: list[Slot], client: Client, method: str) -> None:
    own = f"/buchung/{links.token(make_booking(many_seats[0]))}/"
    for url in ("/termine/", f"/termine/{many_seats[0].pk}/", "/buchung/", own, own + "absagen/"):
        assert getattr(client, method)(url).status_code == 405
