"""Fields that take what people type and refuse what only machines send."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.encoding import punycode
from django.utils.translation import gettext_lazy as _

# Control characters, line and paragraph separators, and halves of surrogate pairs, which no database stores.
UNPRINTABLE = frozenset({"Cc", "Zl", "Zp", "Cs"})
VISIBLE = frozenset("LMNPS")
PHONE_SIGNS = frozenset("+-/(). ")
PHONE_DIGITS = (5, 20)
LONGEST_DOMAIN = 253
LARGEST_ID = 2**63 - 1


def printable(text: str) -> str:
    """Return the text in its composed form, or raise ValidationError when it has characters nobody can type."""
    if any(unicodedata.category(sign) in UNPRINTABLE for sign in text):
        raise ValidationError(_("Please leave out line breaks and control characters."), code="unprintable")
    return unicodedata.normalize("NFC", text)


class LineField(forms.CharField):
    """One line of text. Spaces and invisible characters alone count as nothing."""

    def to_python(self, value: Any) -> str:
        """Return the text trimmed, or raise ValidationError."""
        text = printable(super().to_python(value) or "")
        is_visible = any(unicodedata.category(sign)[0] in VISIBLE for sign in text)
        return text if is_visible else ""


class TextField(forms.CharField):
    """A short text in which lines may be broken."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """Return the text trimmed, its line breaks as "\\n", or raise ValidationError."""
        text = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        return "\n".join(printable(line) for line in text.split("\n")).strip()


class OneEmailField(forms.EmailField):
    """Exactly one e-mail address that mail can be sent to.

    Quoted local parts are legal (RFC 5321, section 4.1.2), but they may hold control characters and commas.
    """

    def to_python(self, value: Any) -> str:
        """Return the address trimmed, or raise ValidationError."""
        text = super().to_python(value) or ""
        if '"' in text or any(unicodedata.category(sign) in UNPRINTABLE for sign in text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return text

    def clean(self, value: Any) -> str:
        """Return the address if relays and DNS know its letters (no SMTPUTF8), or raise ValidationError."""
        text: str = super().clean(value)
        if text and not _is_reachable(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return text


def _is_reachable(address: str) -> bool:
    local, _at, domain = address.rpartition("@")
    try:
        return local.isascii() and len(punycode(domain)) <= LONGEST_DOMAIN
    except UnicodeError:
        return False


class PhoneField(forms.CharField):
    """A phone number the way people write it: "+49 (0)821 / 12 34-5", in any script's digits."""

    def to_python(self, value: Any) -> str:
        """Return the number with plain digits and the separators that were typed, or raise ValidationError."""
        typed = printable(super().to_python(value) or "")
        text = re.sub(r"\s+", " ", "".join(_plain(sign) for sign in typed))
        digits = sum(sign.isdecimal() for sign in text)
        least, most = PHONE_DIGITS
        if text and (not least <= digits <= most or not all(s.isdecimal() or s in PHONE_SIGNS for s in text)):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return text


def _plain(sign: str) -> str:
    """Return the ASCII twin of a digit or a dash, everything else as it is."""
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    return "-" if unicodedata.category(sign) == "Pd" else sign


class SlotField(forms.IntegerField):
    """The id of a slot: whole, positive and small enough for a database."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        too_wild = self.error_messages["invalid"]
        self.validators += [
            MinValueValidator(1, too_wild),
            MaxValueValidator(LARGEST_ID, too_wild),
        ]


def email_field(why: Any) -> OneEmailField:
    """Ask for an e-mail address that may be left out, and say what for."""
    return OneEmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        help_text=why,
        error_messages={
            "invalid": _("Please check the e-mail address. An example: name@example.org."),
            "max_length": _("Please enter a shorter e-mail address."),
        },
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "inputmode": "email", "enterkeyhint": "next"}
        ),
    )


def phone_field(why: Any) -> PhoneField:
    """Ask for a phone number that may be left out, and say what for."""
    return PhoneField(
        label=_("Phone number"),
        required=False,
        max_length=40,
        help_text=why,
        error_messages={
            "invalid": _("Please write the phone number in digits. An example: 0171 2345678."),
            "max_length": _("Please write the phone number in digits. An example: 0171 2345678."),
        },
        widget=forms.TelInput(attrs={"autocomplete": "tel", "inputmode": "tel", "enterkeyhint": "next"}),
    )
