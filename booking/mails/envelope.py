"""The MIME form of a mail, as calendar programs read it (RFC 6047, MS-OXCMAIL).

    multipart/mixed
      multipart/alternative: text/plain, text/html, text/calendar; method=…   → "Accept" and "Decline" in the mail
      application/ics, termin.ics                                             → a file for all other programs

Everything in it comes from the row, so every try sends the same bytes. Django 6 changes the two inner methods
that this module overrides.
"""

from __future__ import annotations

from email.charset import QP, Charset
from email.encoders import encode_base64
from email.message import Message
from email.mime.base import MIMEBase
from email.utils import format_datetime

from django.core.mail import EmailMultiAlternatives

from booking.languages import OF_THE_OFFICE, needs_translation
from booking.mails import login_link
from booking.models import OutboxMessage

CALENDAR = "text/calendar"
FILE_NAME = "termin.ics"


def email(message: OutboxMessage) -> EmailMultiAlternatives:
    """Return the message as it goes to the relay."""
    text, html = login_link.shown(message)
    mail = Envelope(
        subject=message.subject,
        body=text,
        from_email=message.sender,
        to=[message.recipient],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers={
            "Message-ID": message.message_id,
            "Date": format_datetime(message.created_at),
            "Content-Language": _languages(message),
            "Auto-Submitted": "auto-generated",
            # Exchange's word for it: no out-of-office replies to the office.
            "X-Auto-Response-Suppress": "OOF, AutoReply",
        },
    )
    mail.boundary = f"=_{message.id.hex}"
    mail.encoding = _quoted_printable()
    mail.attach_alternative(html, "text/html")
    if message.ics:
        mail.attach_alternative(message.ics, f"{CALENDAR}; method={message.ics_method}")
        mail.attach(_part(message.ics, "application", "ics", file_name=FILE_NAME))
    return mail


class Envelope(EmailMultiAlternatives):
    """A mail whose bytes are the same each time it is written out."""

    boundary: str

    def message(self) -> Message:  # type: ignore[override]
        """Return the MIME tree, its boundaries fixed."""
        tree = super().message()
        nested = [part for part in tree.walk() if part.is_multipart()]
        for number, part in enumerate(nested):
            part.set_boundary(f"{self.boundary}_{number}")
        return tree

    def _create_mime_attachment(self, content: str, mimetype: str) -> MIMEBase:
        """Write the invitation in base64, since Django would send it as it is and change its line ends."""
        if not mimetype.startswith(CALENDAR):
            return super()._create_mime_attachment(content, mimetype)  # type: ignore[misc,no-any-return]
        method = mimetype.partition("method=")[2]
        return _part(content, "text", "calendar", method=method, charset="UTF-8")


def _part(content: str, main: str, sub: str, file_name: str = "", **params: str) -> MIMEBase:
    part = MIMEBase(main, sub)
    for name, value in params.items():
        part.set_param(name, value)
    part.set_payload(content.encode())
    encode_base64(part)
    if file_name:
        part.add_header("Content-Disposition", "attachment", filename=file_name)
    return part


def _languages(message: OutboxMessage) -> str:
    """Name all languages that the mail says its words in (RFC 3282)."""
    languages = (
        [message.language, OF_THE_OFFICE] if needs_translation(message.language) else [message.language]
    )
    return ", ".join(languages)


def _quoted_printable() -> Charset:
    """Return UTF-8 in seven bits: no relay on the way has a reason to touch it."""
    charset = Charset("utf-8")
    charset.body_encoding = QP
    return charset
