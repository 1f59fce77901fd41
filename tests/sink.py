"""A mail relay for tests: it keeps what it takes, and misbehaves in the ways that relays do."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

LONG = 3600.0
logging.getLogger("mail.log").setLevel(logging.ERROR)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Taken:
    """A mail that the sink accepted, and when (monotonic seconds)."""

    sender: str
    recipient: str
    content: bytes
    at: float

    @property
    def mail(self) -> EmailMessage:
        """The mail, parsed."""
        return message_from_bytes(self.content, policy=policy.default)  # type: ignore[return-value]

    @property
    def message_id(self) -> str:
        """Its Message-ID, which every copy of a mail shares."""
        return str(self.mail["Message-ID"])


@dataclass
class Sink:
    """An SMTP server on 127.0.0.1. Set `replies` to refuse a command, `hangs` or `cuts` to fail at one.

    Commands are MAIL, RCPT and DATA; DATA stands for the moment after the final dot, when the mail is taken.
    """

    port: int = field(default_factory=free_port)
    taken: list[Taken] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)
    hangs: set[str] = field(default_factory=set)
    cuts: set[str] = field(default_factory=set)
    users: dict[bytes, bytes] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    implicit_tls: bool = False
    on_taken: Callable[[], None] | None = None
    controller: Controller | None = None

    @property
    def url(self) -> str:
        """The EMAIL_URL of this relay, without TLS and password."""
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen; a second start after `stop` listens on the same port."""
        over_tls = self.tls is not None
        options: dict[str, Any] = {"auth_require_tls": over_tls, "data_size_limit": 2**22}
        if self.users:
            options |= {"authenticator": self._authenticate, "auth_required": over_tls}
        if self.tls and not self.implicit_tls:
            options["tls_context"] = self.tls
        implicit = {"ssl_context": self.tls} if self.implicit_tls else {}
        self.controller = Controller(
            self, hostname="127.0.0.1", port=self.port, ready_timeout=10, **implicit, **options
        )
        self.controller.start()

    def stop(self) -> None:
        """Stop listening and cut all connections."""
        if self.controller is not None:
            self.controller.stop()
            self.controller = None

    @contextmanager
    def running(self) -> Iterator[Sink]:
        """Run while the block does."""
        self.start()
        try:
            yield self
        finally:
            self.stop()

    def recipients(self) -> list[str]:
        """Return who got a mail, in the order of arrival, once for each copy."""
        return [taken.recipient for taken in self.taken]

    async def handle_MAIL(  # noqa: N802 - the name that aiosmtpd looks for, as below
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the sender."""
        reply = await self._fail(server, "MAIL")
        if reply is None:
            envelope.mail_from = address
        return reply or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient."""
        reply = await self._fail(server, "RCPT")
        if reply is None:
            envelope.rcpt_tos.append(address)
        return reply or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the mail; one that is refused is not taken, one without an answer is."""
        if "DATA" not in self.replies:
            for recipient in envelope.rcpt_tos:
                content = bytes(envelope.original_content or b"")
                self.taken.append(Taken(envelope.mail_from or "", recipient, content, time.monotonic()))
            if self.on_taken is not None:
                self.on_taken()
        return await self._fail(server, "DATA") or "250 OK"

    async def _fail(self, server: SMTP, command: str) -> str | None:
        if command in self.hangs:
            await asyncio.sleep(LONG)
        if command in self.cuts and server.transport is not None:
            server.transport.close()
        return self.replies.get(command)

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        is_right = isinstance(data, LoginPassword) and self.users.get(data.login) == data.password
        return AuthResult(success=is_right, handled=False)
