from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import to_locale

from qmportal import catalogues, msgids

ROOT = Path(__file__).resolve().parents[3]
SOURCES = (ROOT / "booking", ROOT / "qmportal", ROOT / "templates")
# The source strings are English, German is what most visitors read: it may never have a gap.
SOURCE_LANGUAGE, COMPLETE_LANGUAGE = "en", "de"


class Command(BaseCommand):
    """Compare the texts of the source with the catalogues under locale/, or bring these up to date."""

    help = (
        "Checks that every text has its German translation with the same placeholders and that no "
        "translation is left over. Needs no gettext on the machine."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer the three ways to change something; without one the command only checks."""
        parser.add_argument("--write", action="store_true", help="bring the .po files up to date")
        parser.add_argument("--merge", metavar="DIR", type=Path, help="fill gaps in German from JSON files")
        parser.add_argument("--compile", action="store_true", help="write the .mo files")
        parser.add_argument("--locale", type=Path, default=ROOT / "locale", help="the folder of catalogues")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, merge and compile as asked; else check, and fail with the list of what is wrong."""
        locale: Path = options["locale"]
        if not (options["write"] or options["merge"] or options["compile"]):
            self._check(locale)
        if options["write"] or options["merge"]:
            self._write(locale, options["merge"])
        if options["compile"]:
            self.stdout.write(f"{len(catalogues.compile_below(locale))} catalogues compiled")

    def _check(self, locale: Path) -> None:
        texts = _texts()
        wrong = []
        for language, path in _paths(locale):
            catalogue = catalogues.opened(path, language)
            complete = language == COMPLETE_LANGUAGE
            wrong += [
                f"{language}: {problem}"
                for problem in catalogues.problems(catalogue, texts, complete=complete)
            ]
        if wrong:
            raise CommandError("\n".join([*wrong, f"{len(wrong)} problems in the translations"]))
        self.stdout.write(f"{len(catalogues.merged(texts))} texts, all in German")

    def _write(self, locale: Path, fragments: Path | None) -> None:
        texts = _texts()
        for language, path in _paths(locale):
            catalogue = catalogues.opened(path, language)
            catalogues.update(catalogue, texts)
            if fragments and language == COMPLETE_LANGUAGE:
                written = catalogues.fill(catalogue, catalogues.fragments_in(fragments))
                self.stdout.write(f"{language}: {written} translations merged")
            path.parent.mkdir(parents=True, exist_ok=True)
            catalogue.save(str(path))
            missing = len(catalogue) - len(catalogue.translated_entries())
            self.stdout.write(f"{language}: {len(catalogue)} texts, {missing} without a translation")


def _texts() -> set[msgids.Msgid]:
    try:
        return msgids.in_folders(SOURCES)
    except msgids.UnreadableTemplate as error:
        raise CommandError(str(error)) from error


def _paths(locale: Path) -> list[tuple[str, Path]]:
    """Find each language's catalogue but the source's; de-simple lies in the folder de_Simple."""
    languages = [code for code, _ in settings.LANGUAGES if code != SOURCE_LANGUAGE]
    return [(code, locale / to_locale(code) / "LC_MESSAGES" / "django.po") for code in languages]
