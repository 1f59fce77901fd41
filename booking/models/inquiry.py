"""What residents write to the office on the website."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import ClassVar, Final, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.enums import InquiryKind, InquiryStatus
from booking.models.office import Office

# Also when nobody answers.
LONGEST_KEPT: Final = timedelta(days=90)


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    """Inquiries by what is to be done with them."""

    def open(self) -> Self:
        """Those that nobody has answered or forwarded, the most urgent first."""
        return self.filter(status=InquiryStatus.OPEN, erased_at=None).order_by("answer_by", "pk")

    def overdue(self, today: date) -> Self:
        """Those that should have been answered before that day."""
        return self.open().filter(answer_by__lt=today)

    def past_retention(self, office: Office, now: datetime) -> Self:
        """Those of the office that were closed long enough ago to forget who wrote them, or waited for too long."""
        closed = Q(closed_at__lte=now - timedelta(days=office.retention_days))
        return self.filter(closed | Q(created_at__lte=now - LONGEST_KEPT), office=office, erased_at=None)


class Inquiry(models.Model):
    """A question, an idea or a complaint about a barrier, with the day until which it is answered.

    Name, contact and text are erased some time after it is closed; what it was about and how long it took stay.
    """

    office = models.ForeignKey(Office, models.PROTECT, related_name="inquiries", verbose_name=_("office"))
    kind = models.CharField(_("about"), max_length=10, choices=InquiryKind.choices)
    number = models.CharField(_("number"), max_length=12, unique=True)
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    text = models.TextField(_("text"), max_length=3000, blank=True)
    page = models.CharField(_("page with the barrier"), max_length=300, blank=True)
    may_be_forwarded = models.BooleanField(
        _("may be passed on"), default=False, help_text="She agrees that a partner gets her name and contact."
    )
    language = models.CharField(_("language"), max_length=12)
    status = models.CharField(
        _("state"), max_length=10, choices=InquiryStatus.choices, default=InquiryStatus.OPEN
    )
    forwarded_to = models.CharField(_("forwarded to"), max_length=160, blank=True)
    answer_by = models.DateField(_("answer until"))
    created_at = models.DateTimeField(_("received"))
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=InquiryStatus.OPEN, closed_at=None)
                | (~Q(status=InquiryStatus.OPEN) & Q(closed_at__isnull=False)),
                name="inquiry_is_closed_with_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status=InquiryStatus.FORWARDED) | ~Q(forwarded_to=""),
                name="forwarded_inquiry_says_to_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def wants_answer(self) -> bool:
        """Whether there is a way to answer; who reports a barrier need leave none. Of one that is erased: no."""
        return bool(self.email or self.phone)

    @property
    def erased_on(self) -> date:
        """The local day on which name, contact and text go, as things stand."""
        ends = self.created_at + LONGEST_KEPT
        if self.closed_at:
            ends = min(ends, self.closed_at + timedelta(days=self.office.retention_days))
        return ends.astimezone(self.office.zone).date()
