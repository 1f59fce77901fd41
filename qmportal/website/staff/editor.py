"""Wagtail's page editor, as people need it who write twice a month."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext_lazy
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.images.forms import BaseImageForm

PUBLISH: Final = "action-publish"

# Texts of Wagtail that its German catalogue lacks; ours is asked first.
WITHOUT_GERMAN: Final = (
    gettext_noop("%(start_index)s-%(end_index)s of %(items_count)s %(model_name)s"),
    gettext_noop("%(start_index)s-%(end_index)s of %(items_count)s %(model_name)s across entire site."),
    gettext_noop(
        "%(start_index)s-%(end_index)s of %(items_count)s %(model_name)s"
        " in '<span class=\"w-title-ellipsis\">%(title)s</span>'."
    ),
    gettext_noop("Actions (footer)"),
    gettext_noop("Add a concise description for search engines"),
    gettext_noop("Alternatively, you can view the latest version in a new tab."),
    gettext_noop("A network error occurred"),
    gettext_noop("Currently idle"),
    gettext_noop("Meta description is empty"),
    gettext_noop("Proceeding will overwrite the changes made by %(user_name)s."),
    gettext_noop("Proceeding will overwrite the changes you made in that window."),
    gettext_noop(
        "Troubleshoot your connection to the site before proceeding."
        " Open the editor in a separate tab to view the last saved version."
    ),
    gettext_noop("View latest version"),
)
# Texts of Wagtail whose German would have to be explained.
IN_PLAINER_GERMAN: Final = (
    gettext_noop("Locales"),
    gettext_noop("%(locales_count)s locales"),
    ngettext_lazy(
        "A locale is disabled because a parent page is not translated.",
        "Some locales are disabled because some parent pages are not translated.",
    ),
)


def publish_first(items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    """Make publishing the button and saving a draft the entry behind the arrow: drafts save themselves."""
    items.sort(key=lambda item: item.name != PUBLISH)


def scripts() -> SafeString:
    """Hold publishing back until the draft that is saving itself has arrived."""
    return format_html('<script type="module" src="{}"></script>', static("website/editor.js"))


class PictureForm(BaseImageForm):
    """Wagtail's form of a picture, which says what its description is for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "description" in self.fields:
            self.fields["description"].label = _("what the picture shows")
            self.fields["description"].help_text = _("For people who cannot see it.")
