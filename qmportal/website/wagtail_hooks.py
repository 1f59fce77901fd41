"""Where the website hangs in Wagtail's admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin.ui.components import Component

from qmportal.website.staff import compare, editor, menu
from qmportal.website.staff.listings import EventListing, NewsListing, pages_of_the_website
from qmportal.website.staff.reminders import WebsitePanel

hooks.register("register_admin_viewset", NewsListing)
hooks.register("register_admin_viewset", EventListing)
hooks.register("register_admin_menu_item", menu.group)
hooks.register("staff_menu_links", menu.links)
hooks.register("construct_main_menu", menu.without_wagtails_own)
hooks.register("construct_page_action_menu", editor.publish_first)
hooks.register("insert_editor_js", editor.scripts)
hooks.register("before_edit_page", editor.keep_first_version)
compare.register()


@hooks.register("construct_homepage_panels")
def website_panel(request: HttpRequest, panels: list[Component]) -> None:
    """Put the website below the office."""
    panels.append(WebsitePanel())


@hooks.register("register_admin_urls")
def website_urls() -> list[URLPattern]:
    """Open our own address below Wagtail's."""
    return [path("seiten/", pages_of_the_website, name="website_pages")]
