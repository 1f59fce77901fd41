"""Where the back end hangs in Wagtail's admin."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry

from booking.staff import history, menu
from booking.staff.home import OfficePanel


@hooks.register("register_admin_urls")
def staff_urls() -> list[URLPattern | URLResolver]:
    """Open our pages below Wagtail's."""
    return [path("", include("booking.staff.urls", namespace="staff"))]


for entry in menu.MAIN:
    hooks.register("register_admin_menu_item", partial(menu.StaffMenuItem, *entry))
for entry in menu.WAITING:
    hooks.register("register_admin_menu_item", partial(menu.CountingMenuItem, *entry))
for group in menu.GROUPS:
    hooks.register("register_admin_menu_item", partial(menu.group, *group))
for entry in menu.SETTINGS:
    hooks.register("register_settings_menu_item", partial(menu.StaffMenuItem, *entry))
for label, page in menu.LOGIN:
    hooks.register("register_account_menu_item", partial(menu.login_item, label, page))

hooks.register("register_admin_menu_item", menu.handbook)


@hooks.register("construct_main_menu")
def tidy_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave what the user needs."""
    menu.only_what_is_needed(request, items)


@hooks.register("construct_settings_menu")
def tidy_settings(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave one way to the logins."""
    menu.without_wagtails_users(request, items)


@hooks.register("construct_homepage_panels")
def office_panel(request: HttpRequest, panels: list[Component]) -> None:
    """Put the office first on the start page."""
    panels.insert(0, OfficePanel())


@hooks.register("insert_global_admin_css")
def staff_css() -> SafeString:
    """Bring our style sheet along."""
    return format_html('<link rel="stylesheet" href="{}">', static("staff/staff.css"))


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    """Give our entries in the log their words."""
    history.register(actions)
