"""How mail leaves the house: by SMTP, or into a folder, as EMAIL_URL says."""

from __future__ import annotations

from collections.abc import Sequence
from email.generator import BytesGenerator
from email.message import Message
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from booking.enums import Fault
from booking.relay.outcome import Answer, Outcome, RelayError
from booking.relay.smtp import Relay, deliver, is_address

__all__ = ["Answer", "Outcome", "Relay", "RelayBackend", "RelayError", "hand_over"]


def hand_over(mail: EmailMessage) -> Answer:
    """Try once to get a mail out of the house, and say what came of it; a failure is an answer, too.

    Takes at most about 200 s, of which `settings.EMAIL_ANSWER_SECONDS` are the wait for the answer after the
    final dot: giving up there too early is what makes duplicates (RFC 5321, 4.5.3.2.6).
    """
    try:
        if settings.EMAIL_URL:
            relay = Relay.parse(settings.EMAIL_URL)
            deliver(relay, mail.from_email, mail.recipients(), _data(_message(mail)))
        else:
            _write(Path(settings.EMAIL_FILE_PATH), _message(mail))
    except RelayError as error:
        return error.answer
    except ImproperlyConfigured:
        return Answer(Outcome.OUR_FAULT, Fault.MISCONFIGURED)
    return Answer(Outcome.SENT)


class RelayBackend(BaseEmailBackend):
    """The same way out for mail that Django and allauth send themselves."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send each and count those sent; raises RelayError for the first that fails, unless told not to."""
        sent = 0
        for mail in email_messages:
            answer = hand_over(mail)
            if answer.outcome is Outcome.SENT:
                sent += 1
            elif not self.fail_silently:
                raise RelayError(answer.outcome, answer.error)
        return sent


def _message(mail: EmailMessage) -> Message:
    """Return the mail in its MIME form. Raises RelayError for an address that no header can hold."""
    try:
        return mail.message()
    except ValueError as error:
        if not is_address(mail.from_email):
            raise RelayError(Outcome.OUR_FAULT, Fault.SENDER) from error
        if all(map(is_address, mail.recipients())):
            raise  # what cannot be built lies in the mail, not in its addresses
        raise RelayError(Outcome.REFUSED, Fault.NO_ADDRESS) from error


def _write(folder: Path, message: Message) -> None:
    """Write the mail as <uuid>.eml; a repeat overwrites it, a reader never sees half of it."""
    try:
        name = str(UUID(message["Message-ID"].strip("<>").partition("@")[0]))
    except ValueError:
        name = str(uuid4())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{name}-{uuid4().hex}"
        draft.write_bytes(_data(message))
        draft.replace(folder / f"{name}.eml")
    except OSError as error:
        raise RelayError(Outcome.OUR_FAULT, Fault.FOLDER) from error


def _data(message: Message) -> bytes:
    """Return the mail as it goes over the wire, with CRLF."""
    data = BytesIO()
    BytesGenerator(data, mangle_from_=False).flatten(message, linesep="\r\n")
    return data.getvalue()
