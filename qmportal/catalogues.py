from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib

from qmportal.msgids import Msgid

_HEADER = {
    "Project-Id-Version": "qmportal",
    "Language": "",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
_PLACEHOLDER = re.compile(r"%\(\w[^)]*\)[sd]|%[sd]|\{\w*\}")
_CONTEXT_MARK, _PLURAL_MARK = "|~|", "|||"

Fragments = dict[str, str | list[str]]


def opened(path: Path, language: str) -> polib.POFile:
    """Read a catalogue, or begin one in the language with two plural forms where there is none yet."""
    if path.exists():
        return polib.pofile(str(path), wrapwidth=110)
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = _HEADER | {"Language": language}
    return catalogue


def update(catalogue: polib.POFile, msgids: Iterable[Msgid]) -> None:
    """Give the catalogue exactly the texts of the source, sorted, each with the translation it had."""
    known = {_key(entry): entry for entry in catalogue if not entry.obsolete}
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
    entries = {_key(entry): entry for entry in catalogue}
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


def fragments_in(folder: Path) -> Fragments:
    """Read the folder's JSON files: {"English": "Deutsch", "context|~|one|||many": ["eins", "viele"]}."""
    found: Fragments = {}
    for path in sorted(folder.glob("*.json")):
        found |= json.loads(path.read_text(encoding="utf-8"))
    return found


def problems(catalogue: polib.POFile, msgids: Iterable[Msgid], *, complete: bool) -> Iterator[str]:
    """List what is wrong with a catalogue, missing translations only where it has to be complete."""
    entries = {_key(entry): entry for entry in catalogue if not entry.obsolete}
    wanted = {msgid.key: msgid for msgid in merged(msgids)}
    for key, msgid in sorted(wanted.items()):
        entry = entries.get(key)
        if entry is None or entry.msgid_plural != msgid.plural:
            yield f"not in the catalogue: {msgid.text!r}"
        elif not entry.translated():
            if complete:
                yield f"not translated: {msgid.text!r}"
        else:
            yield from _mismatches(entry)
    for _, text in sorted(entries.keys() - wanted.keys()):
        yield f"no longer used: {text!r}"


def compile_below(locale: Path) -> list[Path]:
    """Write each .mo that is missing or older than its .po; answer the files written."""
    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))
            written.append(target)
    return written


def _key(entry: polib.POEntry) -> tuple[str, str]:
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
    if _PLACEHOLDER.search(msgid.text + msgid.plural):
        entry.flags.append("python-brace-format" if "{" in msgid.text else "python-format")
    return entry


def _mismatches(entry: polib.POEntry) -> Iterator[str]:
    for text in entry.msgstr_plural.values() or [entry.msgstr]:
        if _has_stray_percent(text) and not _has_stray_percent(entry.msgid):
            yield f"a lone percent sign breaks the formatting (write %%): {text!r}"
    if not entry.msgid_plural:
        if _placeholders(entry.msgstr) != _placeholders(entry.msgid):
            yield f"other placeholders than {entry.msgid!r}: {entry.msgstr!r}"
        return
    wanted = _placeholders(entry.msgid_plural)
    for form, text in sorted(entry.msgstr_plural.items()):
        # Only the first form may leave one out, the number: "one day" for "%(n)d days".
        missing = wanted - _placeholders(text)
        if _placeholders(text) - wanted or len(missing) > (1 if form == 0 else 0):
            yield f"other placeholders than {entry.msgid_plural!r}: {text!r}"


def _placeholders(text: str) -> set[str]:
    return set(_PLACEHOLDER.findall(text.replace("%%", "")))


def _has_stray_percent(text: str) -> bool:
    return "%" in _PLACEHOLDER.sub("", text.replace("%%", ""))


if __name__ == "__main__":
    for path in compile_below(Path(__file__).resolve().parent.parent / "locale"):
        sys.stdout.write(f"{path.parent.parent.name}: texts compiled\n")
