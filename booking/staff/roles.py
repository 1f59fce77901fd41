"""Who may do what in the back end. Each permission is one that Django makes for a model."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Site

from booking.actions.logins import GROUP_NAMES
from booking.enums import Role

SEE_BOOKINGS = "booking.view_booking"
CHANGE_BOOKINGS = "booking.change_booking"
PUBLISH = "booking.add_availability"
CLOSE = "booking.add_closure"
SEE_REPORT = "booking.view_visit"
SEE_MAIL = "booking.view_outboxmessage"
RESEND_MAIL = "booking.change_outboxmessage"
EDIT_PROFILE = "booking.change_host"
EDIT_SERVICES = "booking.change_service"
# Not Django's own for users: with those, Wagtail's pages would let a manager change an administrator.
MANAGE_LOGINS = "mfa.change_authenticator"
SEE_HISTORY = "wagtailcore.view_modellogentry"
# For administrators alone.
EDIT_OFFICE = "booking.change_office"
MANAGE_HOSTS = "booking.add_host"
RELEASE_MAIL = "booking.change_deliverystate"

ENTER = "wagtailadmin.access_admin"
MANAGER = (
    SEE_BOOKINGS,
    CHANGE_BOOKINGS,
    PUBLISH,
    CLOSE,
    SEE_REPORT,
    SEE_MAIL,
    RESEND_MAIL,
    EDIT_PROFILE,
    EDIT_SERVICES,
    MANAGE_LOGINS,
    SEE_HISTORY,
)
PERMISSIONS = {Role.EDITOR: (ENTER,), Role.MANAGER: (ENTER, *MANAGER)}
ADMINISTRATOR = (EDIT_OFFICE, MANAGE_HOSTS, RELEASE_MAIL)
# Managers write the website too: on its pages from the home pages down, and with pictures and documents.
PAGES = ("wagtailcore.add_page", "wagtailcore.change_page", "wagtailcore.publish_page")
FILES = (
    *(f"wagtailimages.{verb}_image" for verb in ("add", "change", "choose")),
    *(f"wagtaildocs.{verb}_document" for verb in ("add", "change", "choose")),
)
TRANSLATE = ("simple_translation.submit_translation",)

GROUP = GROUP_NAMES[Role.MANAGER]


def managers_group() -> Group:
    """Return the group of those who run the office, with all its permissions; make it where it is missing.

    Its permissions on pages hang on the home pages there are: ask again when a website was built.
    """
    return _group(Role.MANAGER)


def editors_group() -> Group:
    """Return the group of those who write the website and see nothing of the bookings, like `managers_group`."""
    return _group(Role.EDITOR)


def groups() -> dict[Role, Group]:
    """Return the groups of all roles that have one; administrators may do everything without."""
    return {Role.EDITOR: editors_group(), Role.MANAGER: managers_group()}


def complete() -> None:
    """Give the groups there are what their roles have by now, as after an update; make none."""
    for role in PERMISSIONS:
        if Group.objects.filter(name=GROUP_NAMES[role]).exists():
            _group(role)


def _group(role: Role) -> Group:
    group, _ = Group.objects.get_or_create(name=GROUP_NAMES[role])
    group.permissions.add(*permissions(*PERMISSIONS[role], *TRANSLATE, *settings.WEBSITE_PERMISSIONS))
    _let_write_the_website(group)
    return group


def _let_write_the_website(group: Group) -> None:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    homes = site.root_page.get_translations(inclusive=True) if site else []
    for home in homes:
        for permission in permissions(*PAGES):
            GroupPagePermission.objects.get_or_create(group=group, page=home, permission=permission)
    collection = Collection.get_first_root_node()
    if collection is not None:
        for permission in permissions(*FILES):
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=collection, permission=permission
            )


def permissions(*names: str) -> QuerySet[Permission]:
    """Return the rows of permissions by their names, as in "booking.view_booking"."""
    wanted = Q(pk=None)
    for name in names:
        app, codename = name.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return Permission.objects.filter(wanted).select_related("content_type")
