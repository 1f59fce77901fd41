"""A logo in a form: shown, exchanged, taken away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from booking import logos, pictures

KEEP, REMOVE = None, b""


class LogoField(forms.FileField):
    """Takes a picture; its clean value is the finished logo, KEEP without a new one."""

    widget = forms.FileInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Logo"))
        kwargs.setdefault(
            "help_text",
            _("A PNG, JPEG or WebP file. It is made smaller; no more than 600 × 300 pixels are kept."),
        )
        super().__init__(required=False, **kwargs)
        self.widget.attrs["accept"] = "image/png,image/jpeg,image/webp"

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
