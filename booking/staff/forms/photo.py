"""The photo of a host."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from booking import pictures, portraits


class PhotoForm(forms.Form):
    """Takes a picture; its clean value is the finished portrait."""

    photo = forms.FileField(
        label=_("Choose a photo"),
        help_text=_("A JPEG, PNG or WebP file of at most 15 MB. The middle is cut out as a square."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def clean_photo(self) -> bytes:
        """Draw the portrait."""
        upload = self.cleaned_data["photo"]
        try:
            return portraits.portrait(upload.file, upload.size)
        except pictures.NotAPicture as error:
            raise ValidationError(str(error)) from error
