"""Mails about what people write on the website: to the office with the text, to the writer without it.

Anybody may type any address: the confirmation carries nothing that was typed, so nobody can write to strangers
in our name.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import translation

from booking import links
from booking.dates import spoken_day_of_year
from booking.enums import Occasion, SpokenLanguage
from booking.ical.text import lines, one_line
from booking.mails.letter import Letter
from booking.models import Inquiry, OutboxMessage


def inquiry(received: Inquiry, now: datetime) -> list[OutboxMessage]:
    """Tell the office; who answers the mail writes to the resident, where she left an address."""
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "inquiry": received,
            "about": str(received.get_kind_display()),
            "name": one_line(received.name),
            "text": lines(received.text),
            "page": one_line(received.page),
            "spoken": _spoken(received.language),
            "answer_by": spoken_day_of_year(received.answer_by),
            "back_end_url": links.inquiry_url(received),
        }
    letter = Letter(
        received.office,
        Occasion.INQUIRY,
        received.office.email,
        settings.LANGUAGE_CODE,
        key=str(received.pk),
        context=context,
        inquiry=received,
        reply_to=received.email,
    )
    return [letter.message(now)]


def inquiry_received(received: Inquiry, now: datetime) -> list[OutboxMessage]:
    """Confirm to the writer, in her language, that it is here and until when she gets an answer."""
    if not received.email:
        return []
    letter = Letter(
        received.office,
        Occasion.INQUIRY_RECEIVED,
        received.email,
        received.language,
        key=str(received.pk),
        context={"number": received.number},
        say=lambda: {"answer_by": spoken_day_of_year(received.answer_by)},
        inquiry=received,
    )
    return [letter.message(now)]


def _spoken(language: str) -> str:
    """Name a language of the website in the active one; Einfache Sprache by its own name."""
    if language in SpokenLanguage.values:
        return str(SpokenLanguage(language).label)
    return dict(settings.LANGUAGES).get(language, language)
