"""The address of a page: from its title, in letters that every keyboard has, and none of the portal's own."""

from __future__ import annotations

import re
from itertools import count
from typing import Any, Final
from unicodedata import normalize

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import resolve
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page

UMLAUTS: Final = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
IN_LETTERS: Final = {ord(umlaut): letters for umlaut, letters in UMLAUTS.items()}
# The same for Wagtail's script, which writes the address while somebody types the title.
IN_SCRIPT: Final[list[tuple[re.Pattern[str], str]]] = [
    (re.compile(umlaut, re.IGNORECASE), letters) for umlaut, letters in UMLAUTS.items()
]
LONGEST: Final = 100
# For a title without a letter of our alphabet.
NAMELESS: Final = "seite"


class AddressForm(WagtailAdminPageForm):
    """The form of a page that nobody would ever see under an address such as "termine"."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean(self) -> dict[str, Any]:
        """Make the address where nobody has written one, and refuse one that the portal uses."""
        if "slug" in self.fields and "slug" not in self.errors:
            self.cleaned_data["slug"] = self._address()
        cleaned: dict[str, Any] = super().clean()
        slug, parent = cleaned.get("slug"), self.parent_page
        # The root has no address, and translations have that of their original.
        if slug and parent.depth > 1 and parent.locale.language_code == settings.LANGUAGE_CODE:
            below_home = parent.url_path.split("/", 2)[2]
            if is_taken(f"{below_home}{slug}/"):
                text = _("The portal itself uses this address. Please choose another one.")
                self.add_error("slug", ValidationError(text))
        return cleaned

    def get_field_updates_for_resave(self) -> list[tuple[str, Any]]:
        """Show the address in the form that is still open while a draft saves itself."""
        updates: list[tuple[str, Any]] = super().get_field_updates_for_resave()
        return [*updates, (self.add_prefix("slug"), self.cleaned_data.get("slug", ""))]

    def _address(self) -> str:
        """Return what was typed or follows from the title; a number tells two pages of one title apart."""
        typed: str = self.cleaned_data.get("slug") or ""
        if typed and typed == self.instance.slug:
            # It may have umlauts from older days; links to it go on leading here.
            return typed
        return self._free(typed or self.cleaned_data.get("title") or "")

    def _free(self, words: str) -> str:
        if not words:
            return ""
        wanted = in_plain_letters(words)
        others = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
        return next(each for each in others if Page._slug_is_available(each, self.parent_page, self.instance))


def in_plain_letters(words: str) -> str:
    """Return the words as an address says them: "Für Große" is "fuer-grosse"."""
    return slugify(normalize("NFC", words).casefold().translate(IN_LETTERS))[:LONGEST].strip("-") or NAMELESS


def is_taken(path: str) -> bool:
    """Whether the path below the site leads to the portal's own pages, or to the home page in a language."""
    with translation.override(settings.LANGUAGE_CODE):
        is_page = resolve(f"/{path}").url_name == "wagtail_serve"
    return not is_page or path.split("/", 1)[0] in dict(settings.LANGUAGES)
