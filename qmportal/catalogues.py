from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import django
import polib

from qmportal.msgids import Msgid

_HEADER = {
    "Project-Id-Version": "qmportal",
    "Language": "",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
# Django's English catalogue is empty and names no rule; gettext counts so where none is named.
_ENGLISH_RULE = "nplurals=2; plural=(n != 1);"
PLACEHOLDER = re.compile(r"%\(\w[^)]*\)[sd]|%[sd]|\{\w*\}")
_CONTEXT_MARK, _PLURAL_MARK = "|~|", "|||"

Fragments = dict[str, str | list[str]]


def opened(path: Path, language: str) -> polib.POFile:
    """Read a catalogue, or begin one with the plural forms of Django's own in the language."""
    if path.exists():
        return polib.pofile(str(path), wrapwidth=110)
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = _HEADER | {"Language": language, "Plural-Forms": plural_rule(language)}
    return catalogue


@cache
def plural_rule(language: str) -> str:
    """Read the rule from Django: two catalogues of one language must count alike."""
    general = language.split("-", maxsplit=1)[0]
    file = Path(django.__file__).parent / "conf" / "locale" / general / "LC_MESSAGES" / "django.mo"
    return str(polib.mofile(str(file)).metadata.get("Plural-Forms", _ENGLISH_RULE))


def update(catalogue: polib.POFile, msgids: Iterable[Msgid]) -> None:
    """Give the catalogue exactly the texts of the source, sorted, each with the translation it had."""
    known = {key(entry): entry for entry in catalogue if not entry.obsolete}
    forms = plural_forms(catalogue)
    catalogue.clear()
    for msgid in sorted(merged(msgids)):
        catalogue.append(_entry(msgid, known.get(msgid.key), forms))


def merged(msgids: Iterable[Msgid]) -> list[Msgid]:
    """Join a text used alone with the same text used with a plural: gettext keeps one entry for both."""
    by_key: dict[tuple[str, str], Msgid] = {}
    for msgid in sorted(msgids):
        if msgid.plural or msgid.key not in by_key:
            by_key[msgid.key] = msgid
    return list(by_key.values())


def plural_forms(catalogue: polib.POFile) -> int:
    """Read from the header how many forms a counted text has in the language."""
    found = re.search(r"nplurals=(\d+)", catalogue.metadata.get("Plural-Forms", ""))
    return int(found[1]) if found else 2


def fill(catalogue: polib.POFile, fragments: Fragments) -> int:
    """Write the fragments' translations where the catalogue has none yet; answer how many were written."""
    entries = {key(entry): entry for entry in catalogue}
    written = 0
    for source, translation in fragments.items():
        entry = entries.get(_fragment_key(source))
        if entry is None or entry.translated():
            continue
        if entry.msgid_plural and isinstance(translation, list):
            entry.msgstr_plural = dict(enumerate(translation))
        elif not entry.msgid_plural and isinstance(translation, str):
            entry.msgstr = translation
        else:
            continue
        written += 1
    return written


def fragments_in(folder: Path, language: str) -> Fragments:
    """Read the language's JSON files: {"English": "Deutsch", "context|~|one|||many": ["eins", "viele"]}."""
    found: Fragments = {}
    for path in sorted([*folder.glob(f"{language}.json"), *folder.glob(f"{language}.*.json")]):
        found |= json.loads(path.read_text(encoding="utf-8"))
    return found


def compile_below(locale: Path) -> list[Path]:
    """Write each .mo that is missing or older than its .po; answer the files written."""
    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))
            written.append(target)
    return written


def key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid


def _fragment_key(source: str) -> tuple[str, str]:
    context, _, text = source.rpartition(_CONTEXT_MARK)
    return context, text.partition(_PLURAL_MARK)[0]


def _entry(msgid: Msgid, before: polib.POEntry | None, forms: int) -> polib.POEntry:
    entry = polib.POEntry(msgctxt=msgid.context or None, msgid=msgid.text, msgid_plural=msgid.plural)
    if msgid.plural:
        entry.msgstr_plural = (before and before.msgstr_plural) or dict.fromkeys(range(forms), "")
    elif before:
        entry.msgstr = before.msgstr
    if PLACEHOLDER.search(msgid.text + msgid.plural):
        entry.flags.append("python-brace-format" if "{" in msgid.text else "python-format")
    return entry


if __name__ == "__main__":
    for path in compile_below(Path(__file__).resolve().parent.parent / "locale"):
        sys.stdout.write(f"{path.parent.parent.name}: texts compiled\n")
