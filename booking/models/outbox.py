"""Mails that must leave the house."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from booking.enums import Occasion, OutboxStatus
from booking.models.booking import Booking
from booking.models.inquiry import Inquiry
from booking.models.office import Office

UNSENT = (OutboxStatus.QUEUED, OutboxStatus.INFLIGHT)


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    """Mails by what is to be done with them."""

    def unsent(self) -> Self:
        """Those that still have to leave."""
        return self.filter(status__in=UNSENT)

    def due(self, now: datetime) -> Self:
        """Return those that may be claimed now, oldest first.

        Queued and due, or in flight with a lease that ran out; and only when no earlier mail about the same
        booking to the same person is still unsent: some calendars apply an older update that comes late.
        """
        earlier = OutboxMessage.objects.unsent().filter(
            booking=OuterRef("booking"), recipient=OuterRef("recipient"), number__lt=OuterRef("number")
        )
        return (
            self.filter(next_attempt_at__lte=now)
            .filter(Q(status=OutboxStatus.QUEUED) | Q(status=OutboxStatus.INFLIGHT, lease_until__lt=now))
            .filter(Q(booking=None) | ~Exists(earlier))
            .order_by("number")
        )


class OutboxMessage(models.Model):
    """One mail, rendered when the fact happened: every try sends the same bytes."""

    number = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dedupe_key = models.CharField(max_length=64, unique=True)
    office = models.ForeignKey(Office, models.PROTECT, related_name="messages")
    booking = models.ForeignKey(Booking, models.PROTECT, null=True, blank=True, related_name="messages")
    inquiry = models.ForeignKey(
        Inquiry, models.PROTECT, null=True, blank=True, related_name="messages", verbose_name=_("inquiry")
    )
    occasion = models.CharField(_("occasion"), max_length=30, choices=Occasion.choices)
    language = models.CharField(max_length=12)
    message_id = models.CharField(max_length=200)
    sender = models.CharField(max_length=320)
    recipient = models.EmailField(_("to"), blank=True, help_text="Empty once it is erased.")
    reply_to = models.EmailField(blank=True, help_text="Who gets the answer, if not the office's mailbox.")
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    ics = models.TextField(blank=True)
    ics_method = models.CharField(max_length=10, blank=True)
    status = models.CharField(max_length=10, choices=OutboxStatus.choices, default=OutboxStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    uncertain_attempts = models.PositiveSmallIntegerField(
        default=0, help_text="Tries that ended without an answer after the mail was handed over."
    )
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    give_up_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    claim_token = models.UUIDField(null=True, blank=True)
    last_error = models.CharField(
        max_length=80, blank=True, help_text="Kind of the last failure, never its text."
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering: ClassVar = ["-number"]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(status__in=UNSENT), name="outbox_due"),
            models.Index(fields=["status", "created_at"], name="outbox_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.get_occasion_display()} · {self.get_status_display()}"


class DeliveryState(models.Model):
    """The one switch of the outbox: after a restore, mail waits until an administrator has looked at it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    on_hold = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_delivery_state")]

    def __str__(self) -> str:
        return "on hold" if self.on_hold else "open"
