"""The talk with the relay, up to the final dot and after it."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.encoding import punycode

from booking.enums import Fault
from booking.relay.outcome import Outcome, RelayError

DEFAULT_PORTS: Final = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
STEP_SECONDS: Final = 10
BODY_SECONDS: Final = 60
FAREWELL_SECONDS: Final = 2
# Relays name faults of ours (no login, unknown sender, relaying denied) while they answer for the recipient.
OUR_CODES: Final = {530, 534, 535, 538}
OUR_TEXTS: Final = re.compile(
    rb"relay|sender|client host|helo command|authenti|\b5\.1\.[78]\b", re.IGNORECASE
)
# Codes of RFC 3463 and RFC 7505 that speak of the recipient's address alone, whatever words stand beside them.
ITS_ADDRESS: Final = re.compile(rb"5\.1\.([1-69]|10)\b")
# A reply repeats the address, which may be anybody's: relay@, sender@.
REPEATED: Final = re.compile(rb"<[^>]*>|\S+@\S+")


@dataclass(frozen=True)
class Relay:
    """Where mail is handed over; `scheme` is smtp, smtp+tls (STARTTLS) or smtps (TLS from the first byte)."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str) -> Relay:
        """Read an EMAIL_URL; user and password are percent-encoded. Raises ImproperlyConfigured."""
        try:
            parts = urlsplit(url)
            port = parts.port or DEFAULT_PORTS[parts.scheme]
        except (KeyError, ValueError):
            raise ImproperlyConfigured(
                "EMAIL_URL must look like smtp://host:25, smtp+tls://user:password@host:587 or smtps://host."
            ) from None
        if not parts.hostname:
            raise ImproperlyConfigured("EMAIL_URL names no host.")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.scheme, parts.hostname, port, user, password)


def deliver(relay: Relay, sender: str, recipients: Sequence[str], data: bytes) -> None:
    """Hand the mail's bytes over for all recipients in one go. Raises RelayError with what went wrong."""
    try:
        sender = _address(sender)
    except ValueError as error:
        raise RelayError(Outcome.OUR_FAULT, Fault.SENDER) from error
    try:
        recipients = [_address(recipient) for recipient in recipients]
    except ValueError as error:
        raise RelayError(Outcome.REFUSED, Fault.NO_ADDRESS) from error
    with _outcomes(), _connection(relay) as client:
        _greet(client, relay)
        wide = ["BODY=8BITMIME"] if client.has_extn("8bitmime") and not data.isascii() else []
        _expect(client.mail(sender, wide), Fault.SENDER, Outcome.OUR_FAULT)
        for recipient in recipients:
            _expect(client.rcpt(recipient), Fault.RECIPIENT, Outcome.REFUSED)
        _hand_over_data(client, data)


@contextlib.contextmanager
def _connection(relay: Relay) -> Iterator[smtplib.SMTP]:
    """Connect, and say good-bye whatever happened; that part of the talk decides nothing any more."""
    client: smtplib.SMTP
    if relay.scheme == "smtps":
        client = smtplib.SMTP_SSL(
            relay.host,
            relay.port,
            _own_name(),
            timeout=STEP_SECONDS,
            context=ssl.create_default_context(),
        )
    else:
        client = smtplib.SMTP(relay.host, relay.port, _own_name(), timeout=STEP_SECONDS)
    try:
        yield client
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            _be_patient(client, FAREWELL_SECONDS)
            client.quit()
        client.close()


def _greet(client: smtplib.SMTP, relay: Relay) -> None:
    client.ehlo_or_helo_if_needed()
    if relay.scheme == "smtp+tls":
        client.starttls(context=ssl.create_default_context())
        client.ehlo_or_helo_if_needed()
    if relay.user:
        client.login(relay.user, relay.password)


def _hand_over_data(client: smtplib.SMTP, data: bytes) -> None:
    """Send the mail itself: what goes wrong before the final dot is certain, what goes wrong after it is not."""
    code, text = client.docmd("DATA")
    if code != 354:
        raise _refusal(code, text, Fault.REFUSED, Outcome.REFUSED)
    _be_patient(client, BODY_SECONDS)
    if client.sock is not None:  # else the dot waits 40 ms for the acknowledgement of what is before it
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.send(re.sub(rb"(?m)^\.", b"..", data if data.endswith(b"\r\n") else data + b"\r\n"))
    _be_patient(client, settings.EMAIL_ANSWER_SECONDS)
    try:
        client.send(b".\r\n")
        reply = client.getreply()
    except (smtplib.SMTPException, OSError) as error:
        silent = _is_timeout(error)
        raise RelayError(Outcome.UNCERTAIN, Fault.NO_ANSWER if silent else Fault.CUT_OFF, silent) from error
    if reply[0] < 200:
        raise RelayError(Outcome.UNCERTAIN, Fault.CUT_OFF)
    _expect(reply, Fault.REFUSED, Outcome.REFUSED)


def _be_patient(client: smtplib.SMTP, seconds: float) -> None:
    if client.sock is not None:
        client.sock.settimeout(seconds)


def _expect(reply: tuple[int, bytes], kind: Fault, verdict: Outcome) -> None:
    """Pass over a 2xx, raise every other reply as what it means."""
    if not 200 <= reply[0] < 300:
        raise _refusal(*reply, kind, verdict)


def _refusal(code: int, text: bytes, kind: Fault, verdict: Outcome) -> RelayError:
    """Return what a reply means: a 5xx the verdict of its step, unless it speaks of us, all else AGAIN."""
    if not 500 <= code < 600:
        return RelayError(Outcome.AGAIN, f"{Fault.BUSY} {code}")
    if verdict is Outcome.REFUSED and _speaks_of_us(code, text):
        return RelayError(Outcome.OUR_FAULT, f"{Fault.RELAYING} {code}")
    return RelayError(verdict, f"{kind} {code}")


def _speaks_of_us(code: int, text: bytes) -> bool:
    if code in OUR_CODES:
        return True
    return not ITS_ADDRESS.match(text) and OUR_TEXTS.search(REPEATED.sub(b"", text)) is not None


def _is_timeout(error: Exception) -> bool:
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


@contextlib.contextmanager
def _outcomes() -> Iterator[None]:
    """Turn what smtplib, ssl and the network raise on the way to the final dot into an outcome."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        is_login = isinstance(error, smtplib.SMTPAuthenticationError)
        kind = Fault.LOGIN if is_login else Fault.CONNECTION
        raise _refusal(error.smtp_code, b"", kind, Outcome.OUR_FAULT) from error
    except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
        raise RelayError(Outcome.OUR_FAULT, Fault.MISCONFIGURED) from error
    except ssl.SSLCertVerificationError as error:
        raise RelayError(Outcome.OUR_FAULT, Fault.CERTIFICATE) from error
    except (smtplib.SMTPException, OSError) as error:
        raise RelayError(Outcome.AGAIN, Fault.TIMEOUT if _is_timeout(error) else Fault.UNREACHABLE) from error


def is_address(text: str) -> bool:
    """Tell whether mail can go there, or come from there: letters that DNS and every relay know."""
    try:
        return bool(_address(text))
    except ValueError:
        return False


def _address(text: str) -> str:
    """Return the bare address for the envelope, its domain in letters that DNS knows. Raises ValueError."""
    local, at, domain = parseaddr(text)[1].rpartition("@")
    address = f"{local}@{punycode(domain)}"
    if not (local and at and domain) or not address.isascii() or not text.isprintable():
        raise ValueError("no address")
    return address


def _own_name() -> str:
    """Return what EHLO says: the host of SITE_URL, an IP address in brackets (RFC 5321, 4.1.3)."""
    try:
        address = ip_address(settings.SITE_HOST)
    except ValueError:
        return settings.SITE_HOST
    return f"[{address}]" if address.version == 4 else f"[IPv6:{address}]"
