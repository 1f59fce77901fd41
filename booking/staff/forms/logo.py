"""A logo in a form: shown, exchanged, taken away."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from booking import logos, pictures

KEEP, REMOVE = None, b""


class LogoInput(forms.FileInput):
    """Takes a file; a good one comes back with a form that has errors, since browsers keep no files.

    It travels in the form itself, as the finished logo: nothing is left on the server by those who never come back.
    """

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the file that was chosen, else the one that came back."""
        chosen = super().value_from_datadict(data, files, name)
        kept = data.get(_kept(name))
        return chosen or (_unpacked(kept) if kept else None)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether there is neither."""
        return super().value_omitted_from_data(data, files, name) and not data.get(_kept(name))

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Show the logo that is taken once the rest is right."""
        field = super().render(name, None, attrs, renderer)
        logo = _finished(value)
        if not logo:
            return field
        packed = b64encode(logo).decode()
        return format_html(
            '<img class="st-logo" src="data:image/webp;base64,{}" width="240" height="120" alt="">'
            '<p>{}</p><input type="hidden" name="{}" value="{}">{}',
            packed,
            say("This is your new logo. You need not choose it again."),
            _kept(name),
            packed,
            field,
        )


def _kept(name: str) -> str:
    return f"{name}-kept"


def _unpacked(packed: str) -> SimpleUploadedFile:
    """Return what came back; what is no picture any more fails as any other file would."""
    try:
        content = b64decode(packed, validate=True)
    except ValueError:
        content = b""
    return SimpleUploadedFile("logo.webp", content or b"?", "image/webp")


def _finished(value: Any) -> bytes:
    """Return the logo of the file, nothing where there is none or it is not a picture."""
    if not isinstance(value, UploadedFile):
        return b""
    value.seek(0)
    try:
        return logos.logo(value.file, value.size or 0)  # type: ignore[arg-type]
    except pictures.NotAPicture:
        return b""


class LogoField(forms.FileField):
    """Takes a picture; its clean value is the finished logo, KEEP without a new one."""

    widget = LogoInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Logo"))
        kwargs.setdefault(
            "help_text",
            _("A PNG, JPEG or WebP file. It is made smaller; no more than 600 × 300 pixels are kept."),
        )
        super().__init__(required=False, **kwargs)
        self.widget.attrs["accept"] = "image/png,image/jpeg,image/webp"

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Give the widget what was chosen; Django gives it nothing."""
        return data

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        """Draw the logo."""
        upload: UploadedFile[Any] | None = super().clean(data)
        if not upload:
            return KEEP
        try:
            return logos.logo(upload.file, upload.size or 0)  # type: ignore[arg-type]
        except pictures.NotAPicture as error:
            raise ValidationError(str(error)) from error


class RemoveLogoField(forms.BooleanField):
    """Says that there is to be no logo any more."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Remove this logo"), required=False, **kwargs)


def wanted(data: dict[str, Any]) -> bytes | None:
    """Return what is to become of the logo: the new one, KEEP or REMOVE."""
    new: bytes | None = data.get("new_logo")
    return REMOVE if new is KEEP and data.get("removes_logo") else new
