"""One mail, rendered and ready to be saved: texts from templates/mails/<occasion>/."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.headerregistry import Address
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import uuid4

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language_bidi

from booking import opening
from booking.enums import Occasion
from booking.ical.text import common_name, one_line
from booking.languages import OF_THE_OFFICE, known, needs_translation
from booking.models import Booking, Inquiry, Office, OutboxMessage

KEEP_TRYING, AFTER_START = timedelta(hours=48), timedelta(hours=3)
SUBJECT_LENGTH, SENDER_LENGTH = 250, 320


class Written(NamedTuple):
    """A mail in one language."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Letter:
    """What is to be said, to whom; `key` tells it from every other mail to the same person.

    `say` gives the words that depend on a language: it is called in the reader's, and once more in German where
    she reads another one. A mail that is of no use later is given up at `too_late_at`.
    """

    office: Office
    occasion: Occasion
    recipient: str
    language: str
    key: str
    booking: Booking | None = None
    ics: str = ""
    ics_method: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    say: Callable[[], Mapping[str, Any]] = dict
    too_late_at: datetime | None = None
    inquiry: Inquiry | None = None
    reply_to: str = ""

    def message(self, now: datetime) -> OutboxMessage:
        """Return the mail, rendered in its language and not saved. Every try will send exactly this.

        In a language that the office cannot read it says the same in German below: so whoever is shown it can help.
        """
        language = known(self.language)
        german = self._written(OF_THE_OFFICE, level=2) if needs_translation(language) else None
        subject, text, html = self._written(language, level=1, below=german)
        identity = uuid4()
        return OutboxMessage(
            id=identity,
            dedupe_key=dedupe_key(self.key, self.occasion, self.recipient),
            office=self.office,
            booking=self.booking,
            inquiry=self.inquiry,
            occasion=self.occasion,
            language=language,
            message_id=f"<{identity}@{_host()}>",
            sender=_sender(self.office),
            recipient=self.recipient,
            reply_to=self.reply_to,
            subject=subject[:SUBJECT_LENGTH],
            text=text,
            html=html,
            ics=self.ics,
            ics_method=self.ics_method,
            created_at=now,
            next_attempt_at=now,
            give_up_at=self._give_up_at(now),
        )

    def _written(self, language: str, level: int, below: Written | None = None) -> Written:
        """Return the mail in one language; its headings begin at the level, `below` is the same in German."""
        with translation.override(language):
            context = {**self.context, **self.say(), **_about(self.office)}
            context |= {"language": language, "level": level, "below": below}
            subject = one_line(self._text("subject.txt", context))
            text = re.sub(r"\n{3,}", "\n\n", self._text("body.txt", context)).strip() + "\n"
            return Written(subject, text, self._text("body.html", {**context, "subject": subject}))

    def _text(self, name: str, context: Mapping[str, Any]) -> str:
        return render_to_string(f"mails/{self.occasion.value}/{name}", dict(context))

    def _give_up_at(self, now: datetime) -> datetime:
        if self.too_late_at:
            return self.too_late_at
        latest = now + KEEP_TRYING
        if self.booking:
            latest = min(latest, self.booking.slot.start + AFTER_START)
        return max(latest, now + AFTER_START)


def dedupe_key(key: str, occasion: Occasion, recipient: str) -> str:
    """Return what tells the mail from every other one; no address can be read out of it."""
    return sha256(f"{key}|{occasion}|{recipient}".encode()).hexdigest()


def _about(office: Office) -> dict[str, Any]:
    return {
        "direction": "rtl" if get_language_bidi() else "ltr",
        "office": one_line(office.name),
        "address": one_line(office.address),
        "phone": one_line(office.phone),
        "programme": one_line(office.programme),
        "phone_hours": list(map(one_line, opening.phone_hours(office).texts)),
    }


def _sender(office: Office) -> str:
    """Return the From of all the office's mails: its mailbox under its name, as ORGANIZER in invitations."""
    name = common_name(office.name)[: SENDER_LENGTH - len(office.email) - len('"" <>')]
    return str(Address(name, addr_spec=office.email))


def _host() -> str:
    """Return the right side of message ids: the host of SITE_URL, an IPv6 address as its literal."""
    return f"[IPv6:{settings.SITE_HOST}]" if ":" in settings.SITE_HOST else settings.SITE_HOST
