"""Fields that several forms of the back end share."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from booking.enums import Channel

Text = str | Promise
# The languages that the office writes itself; translations into the others are often added later.
SHOWN_LANGUAGES = (settings.LANGUAGE_CODE, "en")
_CODES = sorted(dict(settings.LANGUAGES), key=lambda code: code not in SHOWN_LANGUAGES)


def refuse_control_characters(text: str) -> None:
    """Refuse what nobody types: it would end up in mails and calendars."""
    if any(unicodedata.category(sign) in {"Cc", "Zl", "Zp"} and sign not in "\r\n\t" for sign in text):
        raise ValidationError(_("Please remove the control characters from this text."))


class DayField(forms.DateField):
    """A day, by the browser's own picker or typed as 24.11.2026."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"], **kwargs)

    def clean(self, value: Any) -> date | None:
        """Refuse years that are a slip of the finger."""
        day: date | None = super().clean(value)
        if day and not 2000 <= day.year <= 2200:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class HourField(forms.TimeField):
    """A time of day, by the browser's own picker or typed as 14:00 or 14.00."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
        super().__init__(input_formats=["%H:%M", "%H:%M:%S", "%H.%M", "%H"], **kwargs)


class WebAddressField(forms.URLField):
    """An address of the web; without a scheme it is meant to be https."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)


class ChannelsField(forms.TypedMultipleChoiceField):
    """The ways of a consultation, as check boxes."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("How?"))
        kwargs.setdefault("error_messages", {"required": _("Please choose at least one way.")})
        super().__init__(
            choices=Channel.choices, coerce=Channel, widget=forms.CheckboxSelectMultiple, **kwargs
        )


class OtherLanguage(forms.CharField):
    """A text in one of the languages that are shown on demand."""


@dataclass(frozen=True)
class Part:
    """Fields that stand together; those in other languages are folded as long as none has an error."""

    fields: list[BoundField]
    folds: bool

    @property
    def is_open(self) -> bool:
        """Whether there is something to mend inside."""
        return any(field.errors for field in self.fields)

    @property
    def filled(self) -> int:
        """The number of texts that are there."""
        return sum(1 for field in self.fields if field.value())


class Sections(forms.BaseForm):
    """A form whose fields stand in groups, each under a heading."""

    SECTIONS: ClassVar[Sequence[tuple[Text, Sequence[str]]]] = ()

    def sections(self) -> Iterator[tuple[Text, list[Part]]]:
        """Return each heading with its fields, in parts that are folded or not."""
        for heading, names in self.SECTIONS:
            fields = [self[name] for name in names if name in self.fields]
            parts = groupby(fields, key=lambda field: isinstance(field.field, OtherLanguage))
            yield heading, [Part(list(group), folds) for folds, group in parts]


class LocalTexts(forms.ModelForm[Any]):
    """A form for a model with texts by language: it has one field a language for each of `TEXTS`.

    `TEXTS` gives the number of lines and characters; texts in languages that have no field are kept.
    """

    TEXTS: ClassVar[Mapping[str, tuple[int, int]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = dict(settings.LANGUAGES)
        for name, (rows, length) in self.TEXTS.items():
            for code in _CODES:
                language = languages[code]
                self.fields[f"{name}_{code}"] = self._field(name, code, gettext(language), rows, length)
        self.order_fields(self.field_order)

    def _field(self, name: str, code: str, language: str, rows: int, length: int) -> forms.CharField:
        model_field = self._meta.model._meta.get_field(name)
        is_default = code == settings.LANGUAGE_CODE
        widget = forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput()
        widget.attrs["lang"] = code
        # What stands in another script begins on its own side.
        widget.attrs["dir"] = "auto"
        return (forms.CharField if code in SHOWN_LANGUAGES else OtherLanguage)(
            label=_("%(field)s (%(language)s)")
            % {"field": capfirst(str(model_field.verbose_name)), "language": language},
            required=is_default and not model_field.blank,
            initial=getattr(self.instance, name).get(code, ""),
            max_length=length,
            widget=widget,
            validators=[refuse_control_characters],
        )

    def clean(self) -> dict[str, Any] | None:
        """Put the languages of each text together."""
        data = super().clean() or self.cleaned_data
        for name in self.TEXTS:
            text = dict(getattr(self.instance, name))
            for code in _CODES:
                text[code] = data.get(f"{name}_{code}", "")
            setattr(self.instance, name, {code: value for code, value in text.items() if value})
        return data


def text_names(*names: str) -> list[str]:
    """Return the names of the fields by language of texts."""
    return [f"{name}_{code}" for name in names for code in _CODES]
