from __future__ import annotations

import json
from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command

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
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a source folder with one text, for the command to read in place of the real one."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "module.py").write_text('gettext("Hello %(name)s")\nngettext("%(n)d day", "%(n)d days", n)\n')
    monkeypatch.setattr(translations, "SOURCES", (source,))
    return tmp_path


def german(house: Path) -> Path:
    return house / "locale" / "de" / "LC_MESSAGES" / "django.po"


def write(house: Path, fragments: dict[str, str | list[str]]) -> None:
    folder = house / "fragments"
    folder.mkdir(exist_ok=True)
    (folder / "one.json").write_text(json.dumps(fragments))
    call_command("translations", write=True, merge=folder, locale=house / "locale", verbosity=0)


def check(house: Path) -> None:
    call_command("translations", locale=house / "locale")


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


def test_a_complete_catalogue_passes(house: Path) -> None:
    write(house, {"Hello %(name)s": "Hallo %(name)s", "%(n)d day|||%(n)d days": ["ein Tag", "%(n)d Tage"]})
    check(house)


def test_a_missing_translation_fails_the_check(house: Path) -> None:
    write(house, {"%(n)d day|||%(n)d days": ["ein Tag", "%(n)d Tage"]})
    with pytest.raises(CommandError, match=r"de: not translated: 'Hello %\(name\)s'\n1 problems"):
        check(house)


def test_a_missing_plural_form_fails_the_check(house: Path) -> None:
    write(house, {"Hello %(name)s": "Hallo %(name)s", "%(n)d day|||%(n)d days": ["ein Tag", ""]})
    with pytest.raises(CommandError, match=r"not translated: '%\(n\)d day'"):
        check(house)


@pytest.mark.parametrize("text", ["Hallo", "Hallo %(nam)s", "Hallo %(name)s %(name2)s", "100 % %(name)s"])
def test_other_placeholders_fail_the_check(house: Path, text: str) -> None:
    write(house, {"Hello %(name)s": text, "%(n)d day|||%(n)d days": ["ein Tag", "%(n)d Tage"]})
    with pytest.raises(CommandError, match=r"1 problems"):
        check(house)


def test_a_text_that_is_no_longer_used_fails_the_check_until_written(house: Path) -> None:
    test_a_complete_catalogue_passes(house)
    (house / "source" / "module.py").write_text('gettext("Hello %(name)s")\n')
    with pytest.raises(CommandError, match=r"no longer used: '%\(n\)d day'"):
        check(house)
    call_command("translations", write=True, locale=house / "locale", verbosity=0)
    check(house)


def test_writing_keeps_translations_and_never_overwrites_one(house: Path) -> None:
    test_a_complete_catalogue_passes(house)
    write(house, {"Hello %(name)s": "Anders %(name)s"})
    entry = polib.pofile(str(german(house))).find("Hello %(name)s")
    assert entry is not None
    assert entry.msgstr == "Hallo %(name)s"


def test_english_gets_no_catalogue(house: Path) -> None:
    write(house, {})
    assert not (house / "locale" / "en").exists()


def test_only_a_changed_catalogue_is_compiled_again(house: Path) -> None:
    test_a_complete_catalogue_passes(house)
    target = german(house).with_suffix(".mo")
    assert catalogues.compile_below(house / "locale") == [target]
    assert catalogues.compile_below(house / "locale") == []
    assert polib.mofile(str(target)).find("Hello %(name)s").msgstr == "Hallo %(name)s"
