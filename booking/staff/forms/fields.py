"""Fields that several forms of the back end share."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
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


class Sections(forms.BaseForm):
    """A form whose fields stand in groups, each under a heading."""

    SECTIONS: ClassVar[Sequence[tuple[Text, Sequence[str]]]] = ()

    def sections(self) -> Iterator[tuple[Text, list[BoundField]]]:
        """Return each heading with its fields."""
        for heading, names in self.SECTIONS:
            yield heading, [self[name] for name in names if name in self.fields]


class LocalTexts(forms.ModelForm[Any]):
    """A form for a model with texts by language: it has one field a language for each of `TEXTS`.

    `TEXTS` gives the number of lines and characters; texts in languages that have no field are kept.
    """

    TEXTS: ClassVar[Mapping[str, tuple[int, int]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (rows, length) in self.TEXTS.items():
            for code, language in settings.LANGUAGES:
                self.fields[f"{name}_{code}"] = self._field(name, code, gettext(language), rows, length)
        self.order_fields(self.field_order)

    def _field(self, name: str, code: str, language: str, rows: int, length: int) -> forms.CharField:
        model_field = self._meta.model._meta.get_field(name)
        is_default = code == settings.LANGUAGE_CODE
        widget = forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput()
        widget.attrs["lang"] = code
        return forms.CharField(
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
            for code, _language in settings.LANGUAGES:
                text[code] = data.get(f"{name}_{code}", "")
            setattr(self.instance, name, {code: value for code, value in text.items() if value})
        return data


def text_names(*names: str) -> list[str]:
    """Return the names of the fields by language of texts."""
    return [f"{name}_{code}" for name in names for code, _language in settings.LANGUAGES]
