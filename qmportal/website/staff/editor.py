"""Wagtail's page editor, as people need it who write twice a month."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm
from wagtail.models import Page, PageLogEntry

from qmportal.uploads import MOST_BYTES

PUBLISH: Final = "action-publish"


def publish_first(items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    """Make publishing the button and saving a draft the entry behind the arrow: drafts save themselves."""
    items.sort(key=lambda item: item.name != PUBLISH)


def scripts() -> SafeString:
    """Hold publishing back until the draft that is saving itself has arrived."""
    return format_html('<script type="module" src="{}"></script>', static("website/editor.js"))


def keep_first_version(request: HttpRequest, page: Page) -> None:
    """Keep what a page says that no editor has written, before the first one changes it: it can be brought back."""
    if request.method != "POST" or page.latest_revision_id or page.alias_of_id:
        return
    # Of an instance of its own: Wagtail has looked for the newest version already, and would warn of this one.
    revision = page.specific_class.objects.get(pk=page.pk).save_revision(changed=False, clean=False)
    PageLogEntry.objects.filter(page=page, action="wagtail.create", revision=None).update(revision=revision)


class PictureForm(BaseImageForm):
    """Wagtail's form of a picture, which says what its description is for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "description" in self.fields:
            self.fields["description"].label = _("what the picture shows")
            self.fields["description"].help_text = _("For people who cannot see it.")


class DocumentForm(BaseDocumentForm):
    """Wagtail's form of a document, which says how large it may be."""

    def clean_file(self) -> Any:
        """Refuse one that nobody wants to wait for on a telephone."""
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile) and (file.size or 0) > MOST_BYTES:
            raise ValidationError(_("This file is too large. Please choose one of at most 20 MB."))
        return file
