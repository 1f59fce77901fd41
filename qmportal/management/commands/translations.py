from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import to_locale

from qmportal import catalogues, msgids, proofreading

ROOT = Path(__file__).resolve().parents[3]
SOURCES = (ROOT / "booking", ROOT / "qmportal", ROOT / "templates")
# The source strings are English; their catalogue holds only what English should say otherwise than the key.
# People who work here read German, so only German has the texts of the back end.
SOURCE_LANGUAGE, STAFF_LANGUAGE = "en", "de"
STAFF_ONLY = tuple(
    f"{ROOT / path}" if path.endswith(".py") else f"{ROOT / path}/"
    for path in (
        "booking/figures",
        "booking/logos.py",
        "booking/management",
        "booking/models",
        "booking/pictures.py",
        "booking/portraits.py",
        "booking/staff",
        "qmportal/accounts",
        "qmportal/management",
        "qmportal/website/blocks",
        "qmportal/website/models",
        "qmportal/website/staff",
        "templates/account",
        "templates/allauth",
        "templates/mails/day_plan",
        "templates/mails/host_booked",
        "templates/mails/host_cancelled",
        "templates/mails/host_moved",
        "templates/mails/inquiry",
        "templates/mails/login",
        "templates/mails/test",
        "templates/mfa",
        "templates/staff",
        "templates/usersessions",
        "templates/wagtailadmin",
    )
)


class Command(BaseCommand):
    """Compare the texts of the source with the catalogues under locale/, or bring these up to date."""

    help = (
        "Checks that every text has its translations with the same placeholders, those of the back end in German, "
        "all others in every language, and that no translation is left over. Needs no gettext on the machine."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer the three ways to change something; without one the command only checks."""
        parser.add_argument("--write", action="store_true", help="bring the .po files up to date")
        parser.add_argument(
            "--merge", metavar="DIR", type=Path, help="fill gaps from LANGUAGE.json and LANGUAGE.*.json"
        )
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
        opened = {language: catalogues.opened(path, language) for language, path in _paths(locale)}
        wrong = [
            f"{language}: {problem}"
            for language, catalogue in opened.items()
            for problem in proofreading.problems(catalogue, _demanded(language, catalogue), language)
        ]
        if wrong:
            raise CommandError("\n".join([*wrong, f"{len(wrong)} problems in the translations"]))
        everywhere, german = (len(catalogues.merged(_texts(each))) for each in ("", STAFF_LANGUAGE))
        languages = len(opened) - 1
        self.stdout.write(
            f"{german} texts, all in German; {everywhere} of them, all public, in {languages} languages"
        )

    def _write(self, locale: Path, fragments: Path | None) -> None:
        for language, path in _paths(locale):
            catalogue = catalogues.opened(path, language)
            catalogues.update(catalogue, _texts(language))
            if fragments:
                written = catalogues.fill(catalogue, catalogues.fragments_in(fragments, language))
                self.stdout.write(f"{language}: {written} translations merged")
            if language == SOURCE_LANGUAGE:
                catalogue[:] = catalogue.translated_entries()
                if not catalogue and not path.exists():
                    continue
            path.parent.mkdir(parents=True, exist_ok=True)
            catalogue.save(str(path))
            missing = len(catalogue) - len(catalogue.translated_entries())
            self.stdout.write(f"{language}: {len(catalogue)} texts, {missing} without a translation")


@cache
def _all_texts(*, of_staff: bool) -> set[msgids.Msgid]:
    try:
        return msgids.in_folders(SOURCES, without=() if of_staff else STAFF_ONLY)
    except msgids.UnreadableTemplate as error:
        raise CommandError(str(error)) from error


def _texts(language: str) -> set[msgids.Msgid]:
    return _all_texts(of_staff=language == STAFF_LANGUAGE)


def _demanded(language: str, catalogue: polib.POFile) -> set[msgids.Msgid]:
    """Return the texts that the catalogue must hold: in English none but those that it has."""
    texts = _texts(language)
    if language != SOURCE_LANGUAGE:
        return texts
    said_otherwise = {catalogues.key(entry) for entry in catalogue}
    return {text for text in texts if text.key in said_otherwise}


def _paths(locale: Path) -> list[tuple[str, Path]]:
    """Find each language's catalogue; de-simple lies in the folder de_Simple."""
    return [(code, locale / to_locale(code) / "LC_MESSAGES" / "django.po") for code, _ in settings.LANGUAGES]
