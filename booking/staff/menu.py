"""The menu of the two people who run the office: their work on top, nothing that they do not need."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem as LinkMenuItemComponent

from booking.staff import frame, roles

Entry = tuple[str | Promise, str, str, str, int]
# Only administrators work with this menu of Wagtail's.
FOR_ADMINISTRATORS = {"reports"}
# Nobody here does with these: their pages are in English and speak of other things.
FOR_NOBODY = {"help"}


class StaffMenuItem(MenuItem):
    """An entry that those with the permission see."""

    def __init__(self, label: str | Promise, page: str, permission: str, icon: str, order: int) -> None:
        super().__init__(label, reverse(f"staff:{page}"), name=f"staff-{page}", icon_name=icon, order=order)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the user may open it."""
        return request.user.has_perm(self.permission)


class CountingMenuItem(StaffMenuItem):
    """The entry of a list, with how much in it still waits."""

    def render_component(self, request: HttpRequest) -> LinkMenuItemComponent:
        """Count it for the office of the user."""
        number = getattr(frame.of(request), self.name.removeprefix("staff-"))
        label = f"{self.label} ({number})" if number else self.label
        return LinkMenuItemComponent(self.name, label, self.url, icon_name=self.icon_name)


# What is needed while somebody calls or stands at the desk is one tap away, the rest two.
WAITING = (
    (_("Calls"), "calls", roles.SEE_BOOKINGS, "mobile-alt", 20),
    (_("Inquiries"), "inquiries", roles.SEE_BOOKINGS, "comment", 22),
)
MAIN = (
    (_("My week"), "week", roles.SEE_BOOKINGS, "date", 5),
    (_("Book for somebody"), "book", roles.CHANGE_BOOKINGS, "calendar-check", 10),
    (_("Find an appointment"), "find_booking", roles.SEE_BOOKINGS, "search", 15),
    (_("Falls out today"), "illness", roles.CLOSE, "warning", 25),
)
HOURS = (
    (_("All office hours"), "hours_list", roles.SEE_BOOKINGS, "calendar-alt", 10),
    (_("Publish office hours"), "publish", roles.PUBLISH, "plus", 20),
    (_("Series"), "series_list", roles.SEE_BOOKINGS, "rotate", 30),
    (_("Closures"), "closures", roles.SEE_BOOKINGS, "no-view", 40),
    (_("Poster for the window"), "poster", roles.SEE_BOOKINGS, "print", 50),
    (_("Free times on other websites"), "embed", roles.SEE_BOOKINGS, "code", 60),
)
RECORDS = (
    (_("Visits without appointment"), "visits", roles.CHANGE_BOOKINGS, "group", 10),
    (_("Report in numbers"), "report", roles.SEE_REPORT, "table", 20),
    (_("Outbox"), "outbox", roles.SEE_MAIL, "mail", 30),
)
GROUPS = (
    (_("Office hours"), "hours", "calendar-alt", 30, HOURS),
    (_("Visits, report, mail"), "records", "table", 40, RECORDS),
)
SETTINGS = (
    (_("My profile"), "profile", roles.EDIT_PROFILE, "user", 10),
    (_("Services"), "services", roles.EDIT_SERVICES, "list-ul", 20),
    (_("Hosts"), "hosts", roles.MANAGE_HOSTS, "group", 30),
    (_("Logins"), "logins", roles.MANAGE_LOGINS, "key", 35),
    (_("Changes"), "changes", roles.SEE_HISTORY, "history", 37),
    (_("Office"), "office", roles.EDIT_OFFICE, "home", 40),
)


# docs/handbuch as `make handbook` prints it. Its address is known when the files of the site are collected.
HANDBOOK_LABEL, HANDBOOK_FILE = _("Handbook"), "staff/handbuch.pdf"


def handbook() -> MenuItem:
    """Return the last entry of the main menu."""
    address = lazy(static, str)(HANDBOOK_FILE)
    return MenuItem(HANDBOOK_LABEL, address, name="staff-handbook", icon_name="help", order=20_000)


def group(label: str | Promise, name: str, icon: str, order: int, entries: Iterable[Entry]) -> MenuItem:
    """Return an entry of the main menu that opens others."""
    menu = Menu(items=[StaffMenuItem(*entry) for entry in entries])
    return SubmenuMenuItem(label, menu, name=f"staff-{name}", icon_name=icon, order=order)


# Beside what Wagtail lets people change about themselves: the pages about their own login.
LOGIN = (
    (_("Change the password"), "account_change_password"),
    (_("Second factor"), "mfa_index"),
    (_("Sessions"), "usersessions_list"),
)


def login_item(label: str | Promise, page: str, request: HttpRequest) -> dict[str, str | Promise]:
    """Return an entry of Wagtail's page about the user's own account."""
    return {"label": label, "url": reverse(page), "help_text": ""}


# Wagtail's pages about users know neither invitations nor second factors: ours stand in for them.
OF_WAGTAIL = {"users", "groups"}


def without_wagtails_users(request: HttpRequest, items: list[MenuItem]) -> None:
    """Take out of the settings what our page of logins does."""
    items[:] = [item for item in items if item.name not in OF_WAGTAIL]


def only_what_is_needed(request: HttpRequest, items: list[MenuItem]) -> None:
    """Take out of the main menu what is not for this user."""
    unwanted = FOR_NOBODY if request.user.is_superuser else FOR_NOBODY | FOR_ADMINISTRATORS
    items[:] = [item for item in items if item.name not in unwanted]


def links(request: HttpRequest) -> list[tuple[str | Promise, str]]:
    """Return all entries that the user may open, flat: the menu of Wagtail needs JavaScript."""
    entries = (*MAIN, *WAITING, *HOURS, *RECORDS, *SETTINGS)
    pages: list[tuple[str | Promise, str]] = [
        (label, reverse(f"staff:{page}"))
        for label, page, permission, *rest in entries
        if request.user.has_perm(permission)
    ]
    # The portal around the product adds its own.
    pages += [link for more in hooks.get_hooks("staff_menu_links") for link in more(request)]
    return [*pages, (HANDBOOK_LABEL, static(HANDBOOK_FILE))]
