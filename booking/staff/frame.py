"""What every page of the back end asks of the office before it shows anything of its own, read when it is shown."""

from __future__ import annotations

from functools import cached_property

from django.http import HttpRequest
from django.utils import timezone

from booking.context import default_office
from booking.models import Call, Host, Inquiry, Office
from booking.staff import mailbox

MEMO = "_staff_frame"


class Frame:
    """The office of the user, everybody in it, and what waits: each read once, by whoever asks first."""

    def __init__(self, user_id: int | None) -> None:
        self.user_id = user_id

    @cached_property
    def hosts(self) -> list[Host]:
        """The hosts of the user's office by name; of the default office for whoever is no host."""
        hosts = Host.objects.select_related("office").order_by("name", "pk")
        mine = hosts.filter(office__in=Host.objects.filter(user=self.user_id).values("office"))
        return list(mine) or list(hosts.filter(office=default_office()))

    @cached_property
    def office(self) -> Office | None:
        """The office whose people and bookings the user works with; None before one was opened."""
        return self.hosts[0].office if self.hosts else default_office()

    @cached_property
    def calls(self) -> int:
        """How many people wait for a call."""
        return Call.objects.open(self.office).count() if self.office else 0

    @cached_property
    def inquiries(self) -> int:
        """How many inquiries wait for an answer."""
        return Inquiry.objects.filter(office=self.office).open().count() if self.office else 0

    @cached_property
    def trouble(self) -> mailbox.Trouble | None:
        """Why mail does not leave the house, None if all is well."""
        return mailbox.trouble(timezone.now())


def of(request: HttpRequest) -> Frame:
    """Return it, the same for the whole request."""
    if not hasattr(request, MEMO):
        setattr(request, MEMO, Frame(request.user.pk))
    frame: Frame = getattr(request, MEMO)
    return frame
