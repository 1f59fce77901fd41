"""What can be wrong with a translation without knowing its language."""

from __future__ import annotations

import gettext
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

import polib

from qmportal.catalogues import PLACEHOLDER, key, merged, plural_forms, plural_rule
from qmportal.msgids import Msgid

_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_RULE = re.compile(r"plural=([^;]+)")
# Marks that turn the direction of all that follows: the isolates do the same and end with their text.
_EMBEDDINGS = {chr(sign) for sign in range(0x202A, 0x202F)}
_ISOLATES, _END_OF_ISOLATE = {"\u2066", "\u2067", "\u2068"}, "\u2069"
# A rule is tried with these numbers; no language begins anew later than at a hundred.
_NUMBERS = range(300)


def problems(catalogue: polib.POFile, msgids: Iterable[Msgid], language: str) -> Iterator[str]:
    """List what is wrong with a catalogue that should hold exactly these texts."""
    if catalogue.metadata.get("Plural-Forms", "") != plural_rule(language):
        yield f"counts otherwise than Django: {catalogue.metadata.get('Plural-Forms', '')!r}"
        return
    entries = {key(entry): entry for entry in catalogue if not entry.obsolete}
    wanted = {msgid.key: msgid for msgid in merged(msgids)}
    forms, alone = plural_forms(catalogue), _forms_of_one_number(plural_rule(language))
    for its_key, msgid in sorted(wanted.items()):
        entry = entries.get(its_key)
        if entry is None or entry.msgid_plural != msgid.plural:
            yield f"not in the catalogue: {msgid.text!r}"
        elif not entry.translated():
            yield f"not translated: {msgid.text!r}"
        elif entry.msgid_plural and len(entry.msgstr_plural) != forms:
            yield f"{len(entry.msgstr_plural)} plural forms instead of {forms}: {msgid.text!r}"
        else:
            yield from _mismatches(entry, alone)
    for _, text in sorted(entries.keys() - wanted.keys()):
        yield f"no longer used: {text!r}"


def _forms_of_one_number(rule: str) -> set[int]:
    """Return the forms that stand for a single number; Russian's first one also says 21 and 31."""
    found = _RULE.search(rule)
    form_of = gettext.c2py(found[1]) if found else lambda n: int(n != 1)
    uses = Counter(form_of(number) for number in _NUMBERS)
    return {form for form, numbers in uses.items() if numbers == 1}


def _mismatches(entry: polib.POEntry, alone: set[int]) -> Iterator[str]:
    source = entry.msgid + entry.msgid_plural
    for text in entry.msgstr_plural.values() or [entry.msgstr]:
        if _has_stray_percent(text) and not _has_stray_percent(source):
            yield f"a lone percent sign breaks the formatting (write %%): {text!r}"
        if sorted(_TAG.findall(text)) != sorted(_TAG.findall(entry.msgid)):
            yield f"other markup than {entry.msgid!r}: {text!r}"
        if _has_dangerous_signs(text):
            yield f"control characters or an open change of direction: {text!r}"
    yield from _other_placeholders(entry, alone)


def _other_placeholders(entry: polib.POEntry, alone: set[int]) -> Iterator[str]:
    if not entry.msgid_plural:
        if _placeholders(entry.msgstr) != _placeholders(entry.msgid):
            yield f"other placeholders than {entry.msgid!r}: {entry.msgstr!r}"
        return
    wanted = _placeholders(entry.msgid_plural)
    for form, text in sorted(entry.msgstr_plural.items()):
        # Only a form for one number may leave it out: "one day" for "%(n)d days", in Arabic also none and two.
        missing = wanted - _placeholders(text)
        if _placeholders(text) - wanted or len(missing) > int(form in alone):
            yield f"other placeholders than {entry.msgid_plural!r}: {text!r}"


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text.replace("%%", "")))


def _has_stray_percent(text: str) -> bool:
    return "%" in PLACEHOLDER.sub("", text.replace("%%", ""))


def _has_dangerous_signs(text: str) -> bool:
    """Tell whether a text holds what no eye sees and what could turn or cut the line around it."""
    if any(sign in _EMBEDDINGS or (unicodedata.category(sign) == "Cc" and sign != "\n") for sign in text):
        return True
    depth = 0
    for sign in text:
        depth += (sign in _ISOLATES) - (sign == _END_OF_ISOLATE)
        if depth < 0:
            return True
    return depth > 0
