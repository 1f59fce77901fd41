from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils.translation import to_locale

from qmportal import catalogues
from qmportal.management.commands import translations
from qmportal.msgids import Msgid, UnreadableTemplate, in_python, in_template

pytestmark = pytest.mark.once

PYTHON = """
from django.utils.translation import gettext as _, ngettext_lazy as many, pgettext
_("Book" " now")
many("%(count)d time", "%(count)d times", "count")
pgettext("verb", "Open")
translation.gettext_lazy("Attribute")
_(variable)
print("not for people")
"""

TEMPLATE = """{% extends "base.html" %}{% load i18n %}
{% block content %}
  {% if slots %}{% translate "Free" context "slot" %}{% endif %}
  {% blocktranslate trimmed count n=slots|length %}
    {{ n }} time
    is free
  {% plural %}
    {{ n }} times are free
  {% endblocktranslate %}
  {{ note|default:_("No note") }}
  {% translate "100%" %}{% translate title %}
  {% comment %}{% translate "Gone" %}{% endcomment %}
{% endblock %}"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a source folder with one text, for the command to read in place of the real one."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "module.py").write_text('gettext("Hello %(name)s")\nngettext("%(n)d day", "%(n)d days", n)\n')
    monkeypatch.setattr(translations, "SOURCES", (source,))
    translations._all_texts.cache_clear()
    yield tmp_path
    translations._all_texts.cache_clear()


HELLO, DAYS = "Hello %(name)s", "%(n)d day|||%(n)d days"


def catalogue(house: Path, language: str = "de") -> Path:
    return house / "locale" / to_locale(language) / "LC_MESSAGES" / "django.po"


def forms(language: str) -> int:
    """Count the plural forms that Django itself has in the language."""
    found = re.search(r"nplurals=(\d+)", catalogues.plural_rule(language))
    assert found
    return int(found[1])


def merge(house: Path, fragments: dict[str, catalogues.Fragments]) -> None:
    folder = house / "fragments"
    folder.mkdir(exist_ok=True)
    for language, texts in fragments.items():
        (folder / f"{language}.one.json").write_text(json.dumps(texts))
    call_command("translations", write=True, merge=folder, locale=house / "locale", verbosity=0)


def complete(house: Path, instead: dict[str, catalogues.Fragments] | None = None) -> None:
    """Translate both texts into every language, but those that the test is about as it says."""
    languages = dict(settings.LANGUAGES).keys() - {"en"}
    right: dict[str, catalogues.Fragments] = {
        language: {HELLO: "Hallo %(name)s", DAYS: ["%(n)d"] * forms(language)} for language in languages
    }
    merge(house, right | (instead or {}))


def check(house: Path) -> None:
    call_command("translations", locale=house / "locale")


def edit(house: Path, language: str, old: str, new: str) -> None:
    """Change the catalogue by hand, as a translator may."""
    path = catalogue(house, language)
    path.write_text(path.read_text().replace(old, new))


def test_python_texts_are_found_under_every_name_of_gettext() -> None:
    assert in_python(PYTHON) == {
        Msgid("", "Book now"),
        Msgid("", "%(count)d time", "%(count)d times"),
        Msgid("verb", "Open"),
        Msgid("", "Attribute"),
    }


def test_template_texts_are_found_as_django_looks_them_up() -> None:
    assert in_template(TEMPLATE, "page.html") == {
        Msgid("slot", "Free"),
        Msgid("", "%(n)s time is free", "%(n)s times are free"),
        Msgid("", "No note"),
        Msgid("", "100%%"),
    }


def test_a_template_that_django_cannot_parse_is_named() -> None:
    with pytest.raises(UnreadableTemplate, match=r"page\.html.*endif"):
        in_template("{% if x %}", "page.html")


def test_complete_catalogues_pass(house: Path) -> None:
    complete(house)
    check(house)


@pytest.mark.parametrize("language", ["de", "de-simple", "tr", "ar", "uk", "ru", "pl", "fa"])
def test_a_public_text_that_one_language_lacks_fails_the_check(house: Path, language: str) -> None:
    complete(house, {language: {DAYS: ["%(n)d"] * forms(language)}})
    with pytest.raises(CommandError, match=rf"^{language}: not translated: 'Hello %\(name\)s'\n1 problems"):
        check(house)


def test_a_staff_text_is_demanded_in_german_alone(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    complete(house)
    (house / "source" / "staff.py").write_text('gettext("Plan the week")\n')
    monkeypatch.setattr(translations, "STAFF_ONLY", (str(house / "source" / "staff"),))
    translations._all_texts.cache_clear()
    merge(house, {"de": {}})
    with pytest.raises(CommandError, match=r"^de: not translated: 'Plan the week'\n1 problems"):
        check(house)
    merge(house, {"de": {"Plan the week": "Die Woche planen"}})
    check(house)
    assert polib.pofile(str(catalogue(house, "tr"))).find("Plan the week") is None


def test_a_missing_plural_form_fails_the_check(house: Path) -> None:
    complete(house, {"pl": {HELLO: "Cześć %(name)s", DAYS: ["%(n)d dzień", "%(n)d dni", "", "%(n)d dnia"]}})
    with pytest.raises(CommandError, match=r"pl: not translated: '%\(n\)d day'"):
        check(house)


@pytest.mark.parametrize(("language", "written"), [("ar", 2), ("ru", 3), ("tr", 3)])
def test_another_number_of_plural_forms_fails_the_check(house: Path, language: str, written: int) -> None:
    complete(house, {language: {HELLO: "Hallo %(name)s", DAYS: ["%(n)d"] * written}})
    message = rf"{language}: {written} plural forms instead of {forms(language)}: '%\(n\)d day'"
    with pytest.raises(CommandError, match=message):
        check(house)


def test_a_plural_rule_other_than_djangos_fails_the_check(house: Path) -> None:
    complete(house)
    edit(house, "tr", "plural=(n > 1)", "plural=0")
    with pytest.raises(CommandError, match=r"tr: counts otherwise than Django: '.*plural=0;'\n1 problems"):
        check(house)


@pytest.mark.parametrize(
    ("language", "form", "is_allowed"),
    [("de", 0, True), ("de", 1, False), ("ar", 2, True), ("ar", 3, False), ("ru", 0, False), ("pl", 0, True)],
)
def test_only_a_form_for_a_single_number_may_leave_it_out(
    house: Path, language: str, form: int, is_allowed: bool
) -> None:
    written = ["%(n)d"] * forms(language)
    written[form] = "ein Tag"
    complete(house, {language: {HELLO: "Hallo %(name)s", DAYS: written}})
    if is_allowed:
        check(house)
    else:
        with pytest.raises(CommandError, match=r"other placeholders than '%\(n\)d days': 'ein Tag'\n1 pro"):
            check(house)


@pytest.mark.parametrize(
    "text",
    [
        "Hallo",
        "Hallo %(nam)s",
        "Hallo %(name)s %(name2)s",
        "100 % %(name)s",
        "<b>Hallo</b> %(name)s",
        "Hallo <a href='//example.org'>%(name)s",
        "Hallo %(name)s\x07",
        "Hallo \u202e%(name)s",
        "Hallo \u202a%(name)s\u202c",
        "Hallo \u2068%(name)s",
        "Hallo %(name)s\u2069",
    ],
)
def test_what_could_break_a_page_fails_the_check(house: Path, text: str) -> None:
    complete(house, {"ar": {HELLO: text, DAYS: ["%(n)d"] * forms("ar")}})
    with pytest.raises(CommandError, match=r"^ar: .*\n1 problems"):
        check(house)


@pytest.mark.parametrize("text", ["Hallo \u2068%(name)s\u2069", "Hal\u200clo %(name)s", "\u200e%(name)s"])
def test_signs_that_a_script_needs_pass(house: Path, text: str) -> None:
    complete(house, {"fa": {HELLO: text, DAYS: ["%(n)d"] * forms("fa")}})
    check(house)


def test_a_text_that_is_no_longer_used_fails_the_check_until_written(house: Path) -> None:
    complete(house)
    (house / "source" / "module.py").write_text('gettext("Hello %(name)s")\n')
    translations._all_texts.cache_clear()
    with pytest.raises(CommandError, match=r"de: no longer used: '%\(n\)d day'"):
        check(house)
    call_command("translations", write=True, locale=house / "locale", verbosity=0)
    check(house)


def test_writing_keeps_translations_and_never_overwrites_one(house: Path) -> None:
    complete(house)
    merge(house, {"de": {HELLO: "Anders %(name)s"}})
    entry = polib.pofile(str(catalogue(house))).find("Hello %(name)s")
    assert entry is not None
    assert entry.msgstr == "Hallo %(name)s"


def test_english_gets_no_catalogue_while_it_says_what_the_key_says(house: Path) -> None:
    complete(house)
    assert not (house / "locale" / "en").exists()


def test_the_english_catalogue_holds_only_what_english_says_otherwise(house: Path) -> None:
    complete(house, {"en": {HELLO: "Dear %(name)s"}})
    assert [entry.msgstr for entry in polib.pofile(str(catalogue(house, "en")))] == ["Dear %(name)s"]
    check(house)
    edit(house, "en", "Dear %(name)s", "Dear %(nam)s")
    with pytest.raises(CommandError, match=r"^en: other placeholders than .*\n1 problems"):
        check(house)


def test_what_english_says_otherwise_goes_with_its_key(house: Path) -> None:
    complete(house, {"en": {HELLO: "Dear %(name)s"}})
    (house / "source" / "module.py").write_text('ngettext("%(n)d day", "%(n)d days", n)\n')
    translations._all_texts.cache_clear()
    with pytest.raises(CommandError, match=r"(?m)^en: no longer used: 'Hello %\(name\)s'"):
        check(house)
    call_command("translations", write=True, locale=house / "locale", verbosity=0)
    check(house)
    assert len(polib.pofile(str(catalogue(house, "en")))) == 0


def test_only_a_changed_catalogue_is_compiled_again(house: Path) -> None:
    complete(house)
    assert len(catalogues.compile_below(house / "locale")) == len(settings.LANGUAGES) - 1
    assert catalogues.compile_below(house / "locale") == []
    edit(house, "tr", "Hallo", "Merhaba")
    os.utime(catalogue(house, "tr"), (time.time() + 5, time.time() + 5))
    target = catalogue(house, "tr").with_suffix(".mo")
    assert catalogues.compile_below(house / "locale") == [target]
    assert polib.mofile(str(target)).find("Hello %(name)s").msgstr == "Merhaba %(name)s"
