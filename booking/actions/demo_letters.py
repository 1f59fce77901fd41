"""What invented residents have written to the demo office: open, overdue and passed on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from booking.actions import inquiries
from booking.actions.inquiries import Writing
from booking.enums import InquiryKind
from booking.models import Office

# Days ago, and what was written then.
LETTERS: tuple[tuple[int, dict[str, Any]], ...] = (
    (
        1,
        {
            "kind": InquiryKind.QUESTION,
            "language": "de",
            "name": "Jonas Weber",
            "email": "jonas.weber@quartier.example",
            "text": "Guten Tag,\nwann trifft sich die Garten-Gruppe wieder?\nUnd darf ich meine Tochter mitbringen?",
        },
    ),
    (
        3,
        {
            "kind": InquiryKind.IDEA,
            "language": "tr",
            "name": "Amira Yılmaz",
            "phone": "0171 0042137",
            "may_be_forwarded": True,
            "text": "Nordring’deki otobüs durağına bir bank konabilir mi? Annem orada uzun süre ayakta bekliyor.",
        },
    ),
    (
        2,
        {
            "kind": InquiryKind.BARRIER,
            "language": "de",
            "page": "/veranstaltungen/",
            "text": "Mit meinem Screenreader höre ich bei den Veranstaltungen nicht, ob der Eingang stufenlos ist.",
        },
    ),
    (
        16,
        {
            "kind": InquiryKind.QUESTION,
            "language": "en",
            "name": "Grace",
            "email": "grace@quartier.example",
            "text": "Hello, is there a language café in the evening? I work during the day.",
        },
    ),
)
PASSED_ON = {
    "kind": InquiryKind.QUESTION,
    "language": "de",
    "name": "Herr Brandt",
    "phone": "0171 0077259",
    "may_be_forwarded": True,
    "text": "Meine Stromrechnung ist viel zu hoch. Wer kann mir helfen?",
}


def write(office: Office, now: datetime) -> None:
    """Write all of it into a new office, and pass one on."""
    for days, fields in LETTERS:
        _written(office, fields, now - timedelta(days=days))
    passed_on = _written(office, PASSED_ON, now - timedelta(days=2))
    inquiries.forward(passed_on, "Verbraucherzentrale", None, now - timedelta(days=1))


def _written(office: Office, fields: dict[str, Any], at: datetime) -> int:
    request_id = uuid5(NAMESPACE_URL, f"demo:{fields['text']}")
    return inquiries.receive(office, Writing(request_id=request_id, **fields), at).pk
