"""Texts that break out of their line elsewhere: in calendars, mail headers, questions. 500, the same in every run."""

from __future__ import annotations

from random import Random

BREAKS = [
    "\r\n",
    "\n",
    "\r",
    "\u2028",
    "\u2029",
    "\x85",
    "\x0b",
    "\x0c",
    "\x00",
    "\x1c",
    "\x1e",
    "\\n",
    "\r\n ",
]
PAYLOADS = [
    "X-EVIL:1",
    "ATTENDEE:mailto:evil@example.org",
    "ATTACH:https://evil.example/x.exe",
    "END:VEVENT",
    "BEGIN:VALARM",
    "Bcc: evil@example.org",
    "Content-Type: text/html",
    "<script>alert(1)</script>",
    '<img src="https://evil.example/x.png" onerror="alert(1)">',
    "{{ settings.SECRET_KEY }}",
    "{% include 'x' %}",
    "%(service)s %s %n",
]
ALONE = [
    '"', '""', '";X-EVIL=1', "'", "^", "^n^'", "\\", "\\\\", "\\N", ";", ",", ":", '";:,\\', "😀" * 20, "ä" * 80,
    "a" * 80, "\u202eknab", "\u2066x", "\u200f\u200e", "زهرا رضایی", "Ольга", "שלום", "\ud83d", "=?utf-8?q?evil?=",
    "\t", " ", "'; DROP TABLE booking_booking; --", "../../etc/passwd", "=1+1", "-1", "\x7f", "\x1b[31m", "\ufeff",
]  # fmt: skip


def _made() -> list[str]:
    random = Random(5545)  # noqa: S311
    letters = [*BREAKS, *'";:,\\^=<>&%{}', *"aäżя😀", *PAYLOADS]
    sure = [f"Ali{stop}{payload}" for stop in BREAKS for payload in PAYLOADS]
    drawn = ["".join(random.choices(letters, k=random.randint(1, 12))) for _number in range(500)]
    return [*ALONE, *sure, *drawn][:500]


LINE_BREAKERS = _made()
