from __future__ import annotations

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation


def drawn(source: str, **context: object) -> str:
    return Template("{% load portal %}" + source).render(Context(context))


def test_a_number_keeps_apart_from_the_sentence_around_it() -> None:
    assert drawn("{{ hour|bdi }}", hour="14:20") == "<bdi>14:20</bdi>"
    assert drawn("{{ phone|ltr }}", phone="0821 123") == '<bdi dir="ltr">0821 123</bdi>'


def test_times_keep_apart_from_the_sentence_that_names_them() -> None:
    sentence = drawn("{{ text|clocks_apart }}", text="<b> von 9:00 bis 12:30, 2026")
    assert sentence == "&lt;b&gt; von <bdi>9:00</bdi> bis <bdi>12:30</bdi>, 2026"


@pytest.mark.parametrize("name", ["bdi", "ltr"])
def test_what_strangers_typed_stays_text(name: str) -> None:
    assert "<script>" not in drawn("{{ text|" + name + " }}", text="<script>")
    assert drawn("{{ text|" + name + " }}", text="") == ""


@pytest.mark.parametrize(("language", "row"), [("de", "Montag, 9 Uhr"), ("ar", "Montag، 9 Uhr")])
def test_parts_stand_in_a_row_with_the_languages_comma(language: str, row: str) -> None:
    with translation.override(language):
        assert drawn("{{ day|comma:hour }}", day="Montag", hour="9 Uhr") == row
        assert drawn("{{ parts|in_a_row }}", parts=["Montag", "9 Uhr"]) == row
        assert drawn("{{ day|comma:hour }}", day="Montag", hour="") == "Montag"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Montag, 9. November, 14:20 Uhr", "Montag, 9.~November, 14:20~Uhr"),
        ("چهارشنبه 9 دسامبر", "چهارشنبه 9~دسامبر"),
        ("14:20 Uhr", "14:20~Uhr"),
    ],
)
def test_a_date_comes_apart_behind_its_weekday_only(text: str, shown: str) -> None:
    assert drawn("{{ text|unbroken }}", text=text) == shown.replace("~", "\N{NO-BREAK SPACE}")


class Contact(forms.Form):
    """One field of each direction."""

    name = forms.CharField()
    email = forms.EmailField()
    phone = forms.CharField(widget=forms.TelInput)


def test_addresses_and_numbers_are_typed_from_left_to_right_in_every_language() -> None:
    form = Contact()
    said = {name: 'dir="ltr"' in drawn('{{ field|kern:"x" }}', field=form[name]) for name in form.fields}
    assert said == {"name": False, "email": True, "phone": True}
