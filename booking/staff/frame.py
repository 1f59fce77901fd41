"""What every page of the back end asks of the office before it shows anything of its own, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone

from booking.context import default_office
from booking.models import Call, Host, Inquiry, Office
from booking.staff import mailbox

MEMO = "_staff_frame"


@dataclass(frozen=True)
class Frame:
    """The office of the user, everybody in it, and what waits: as it was when the request came in."""

    office: Office | None
    hosts: list[Host]
    calls: int
    inquiries: int
    mail_may_be_stuck: bool


def of(request: HttpRequest) -> Frame:
    """Return it, read once a request."""
    if not hasattr(request, MEMO):
        setattr(request, MEMO, _read(request))
    frame: Frame = getattr(request, MEMO)
    return frame


def _read(request: HttpRequest) -> Frame:
    mine = Host.objects.filter(user=request.user.pk).values("office")
    hosts = _with_what_waits(Host.objects.filter(office__in=mine))
    office = hosts[0].office if hosts else default_office()
    if not hosts and office:
        hosts = _with_what_waits(Host.objects.filter(office=office))
    if not hosts:
        return Frame(office, [], 0, 0, mail_may_be_stuck=True)
    first = hosts[0]
    return Frame(
        office,
        hosts,
        first.calls_to_make,  # type: ignore[attr-defined]
        first.open_inquiries,  # type: ignore[attr-defined]
        first.mail_may_be_stuck,  # type: ignore[attr-defined]
    )


def _with_what_waits(hosts: QuerySet[Host]) -> list[Host]:
    calls = _number_of(Call.objects.open(OuterRef("office")))
    inquiries = _number_of(Inquiry.objects.filter(office=OuterRef("office")).open())
    stuck, held = mailbox.stuck(timezone.now()), mailbox.held()
    return list(
        hosts.select_related("office")
        .annotate(
            calls_to_make=calls, open_inquiries=inquiries, mail_may_be_stuck=Exists(stuck) | Exists(held)
        )
        .order_by("name", "pk")
    )


def _number_of(rows: QuerySet[Any]) -> Coalesce:
    """Count them within another query."""
    alike = rows.order_by().annotate(one=Value(1)).values("one")
    return Coalesce(Subquery(alike.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)
