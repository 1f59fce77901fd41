"""The address of a page, where it may not be one of the portal's own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import resolve
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm


class AddressForm(WagtailAdminPageForm):
    """The form of a page that nobody would ever see under an address such as "termine"."""

    def clean(self) -> dict[str, Any]:
        """Refuse such an address."""
        cleaned: dict[str, Any] = super().clean()
        slug, parent = cleaned.get("slug"), self.parent_page
        # The root has no address, and translations have that of their original.
        if slug and parent.depth > 1 and parent.locale.language_code == settings.LANGUAGE_CODE:
            below_home = parent.url_path.split("/", 2)[2]
            if is_taken(f"{below_home}{slug}/"):
                text = _("The portal itself uses this address. Please choose another one.")
                self.add_error("slug", ValidationError(text))
        return cleaned


def is_taken(path: str) -> bool:
    """Whether the path below the site leads to the portal's own pages, or to the home page in a language."""
    with translation.override(settings.LANGUAGE_CODE):
        is_page = resolve(f"/{path}").url_name == "wagtail_serve"
    return not is_page or path.split("/", 1)[0] in dict(settings.LANGUAGES)
