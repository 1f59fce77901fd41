"""Who changed what in the office, from the log that Wagtail keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry

from booking.models import Host, Office
from booking.staff import roles
from booking.staff.views import StaffView

PER_PAGE = 50
# What can be opened from the log, and with which permission. Mails are found by their booking.
PAGES = {
    ("booking", "booking"): ("booking", roles.SEE_BOOKINGS),
    ("booking", "officehours"): ("hours", roles.SEE_BOOKINGS),
    ("booking", "availability"): ("series", roles.SEE_BOOKINGS),
    ("booking", "inquiry"): ("inquiry", roles.SEE_BOOKINGS),
    ("booking", "host"): ("host", roles.MANAGE_HOSTS),
    ("booking", "service"): ("service", roles.EDIT_SERVICES),
    ("accounts", "user"): ("login", roles.MANAGE_LOGINS),
}


@dataclass(frozen=True)
class Change:
    """One line: who did what to which thing, and where that is."""

    at: datetime
    who: str
    what: str
    kind: str
    name: str
    url: str


class ChangesView(StaffView):
    """What the people of the office did, newest first."""

    permission = roles.SEE_HISTORY
    template_name = "staff/changes.html"
    page_title = _("Changes")
    header_icon = "history"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """List 50 a page."""
        page = Paginator(changes_in(self.office), PER_PAGE).get_page(request.GET.get("p"))
        return self.page(rows=[in_words(entry, request.user.has_perm) for entry in page], page_obj=page)


def changes_in(office: Office) -> QuerySet[ModelLogEntry]:
    """Return what people of the office did to its bookings and logins.

    Who has no profile works for the first, and so did whose login is deleted.
    """
    ours = Q(content_type__app_label="booking") | Q(action__startswith="booking.")
    with_profile = Host.objects.filter(user__isnull=False)
    if office.is_default:
        elsewhere = with_profile.exclude(office=office).values("user")
        people = Q(user__isnull=False) & ~Q(user__in=elsewhere)
    else:
        people = Q(user__in=with_profile.filter(office=office).values("user"))
    entries: QuerySet[ModelLogEntry] = ModelLogEntry.objects.filter(ours & people)
    return entries.select_related("content_type").prefetch_related("user").order_by("-timestamp", "-pk")


def in_words(entry: ModelLogEntry, may: Callable[[str], bool]) -> Change:
    """Return an entry as it is shown to somebody with these permissions."""
    kind = entry.content_type
    page, permission = PAGES.get((kind.app_label, kind.model), ("", ""))
    return Change(
        at=entry.timestamp,
        who=(entry.user.get_full_name() or entry.user.email) if entry.user else gettext("deleted login"),
        what=entry.message,
        kind=kind.name,
        name=entry.label,
        url=reverse(f"staff:{page}", args=[entry.object_id]) if page and may(permission) else "",
    )
