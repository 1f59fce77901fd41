"""The part of the menu for those who write the website: what they do every week comes first."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

# Label, name of the address, icon.
ENTRIES: tuple[tuple[str | Promise, str, str], ...] = (
    (_("Write news"), "news:choose_parent", "plus"),
    (_("News"), "news:index", "doc-full"),
    (_("New event"), "events:choose_parent", "plus"),
    (_("Events"), "events:index", "date"),
    (_("Pages"), "website_pages", "folder-open-inverse"),
    (_("Pictures"), "wagtailimages:index", "image"),
    (_("Documents"), "wagtaildocs:index", "doc-full-inverse"),
    (_("Videos"), "wagtailsnippets_website_video:list", "media"),
)
# Wagtail's own entries for the same, which would stand beside the group.
OF_WAGTAIL = {"explorer", "images", "documents", "snippets"}


class WritersMenuItem(MenuItem):
    """An entry that those see who may change a page."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the user writes the website."""
        return bool(user_has_any_page_permission(request.user))


def group() -> MenuItem:
    """Return the entry of the main menu that opens the others."""
    items = [
        WritersMenuItem(
            label, reverse(page), name=f"website-{page.replace(':', '-')}", icon_name=icon, order=order
        )
        for order, (label, page, icon) in enumerate(ENTRIES)
    ]
    return SubmenuMenuItem(_("Website"), Menu(items=items), name="website", icon_name="site", order=35)


def links(request: HttpRequest) -> list[tuple[str | Promise, str]]:
    """Return the same entries flat, for the menu that needs no JavaScript."""
    if not user_has_any_page_permission(request.user):
        return []
    return [(label, reverse(page)) for label, page, _icon in ENTRIES]


def without_wagtails_own(request: HttpRequest, items: list[MenuItem]) -> None:
    """Take out of the main menu what stands in the group."""
    items[:] = [item for item in items if item.name not in OF_WAGTAIL]
