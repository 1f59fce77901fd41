"""Who may do what in the back end. Each permission is one that Django makes for a model."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet

SEE_BOOKINGS = "booking.view_booking"
CHANGE_BOOKINGS = "booking.change_booking"
PUBLISH = "booking.add_availability"
CLOSE = "booking.add_closure"
SEE_MAIL = "booking.view_outboxmessage"
RESEND_MAIL = "booking.change_outboxmessage"
EDIT_PROFILE = "booking.change_host"
EDIT_SERVICES = "booking.change_service"
# For administrators alone.
EDIT_OFFICE = "booking.change_office"
RELEASE_MAIL = "booking.change_deliverystate"

ENTER = "wagtailadmin.access_admin"
MANAGER = (
    SEE_BOOKINGS,
    CHANGE_BOOKINGS,
    PUBLISH,
    CLOSE,
    SEE_MAIL,
    RESEND_MAIL,
    EDIT_PROFILE,
    EDIT_SERVICES,
)
ADMINISTRATOR = (EDIT_OFFICE, RELEASE_MAIL)
GROUP = "Quartiersmanagement"


def managers_group() -> Group:
    """Return the group of those who run the office, with all its permissions; make it where it is missing."""
    group, _ = Group.objects.get_or_create(name=GROUP)
    group.permissions.add(*permissions(ENTER, *MANAGER))
    return group


def permissions(*names: str) -> QuerySet[Permission]:
    """Return the rows of permissions by their names, as in "booking.view_booking"."""
    wanted = Q(pk=None)
    for name in names:
        app, codename = name.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return Permission.objects.filter(wanted).select_related("content_type")
