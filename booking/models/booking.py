"""A resident's claim on one seat."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, Value
from django.utils.translation import gettext_lazy as _

from booking.enums import Actor, Attendance, Channel, Status
from booking.models.office import Office


class BookingQuerySet(models.QuerySet["Booking"]):
    """Bookings by what is to be done with them."""

    def live(self, now: datetime) -> Self:
        """Those that keep a seat: confirmed, or held and not yet expired."""
        return self.exclude(status=Status.CANCELLED).exclude(status=Status.PENDING, held_until__lte=now)

    def expired(self, now: datetime) -> Self:
        """Holds that nobody confirmed in time."""
        return self.filter(status=Status.PENDING, held_until__lte=now)

    def due_for_reminder(self, office: Office, now: datetime) -> Self:
        """Return confirmed ones within the reminder time, unless made or moved inside it."""
        reminder = timedelta(hours=office.reminder_hours)
        reminder_at = ExpressionWrapper(F("slot__start") - Value(reminder), DateTimeField())
        return self.filter(
            slot__office_hours__host__office=office,
            status=Status.CONFIRMED,
            slot__start__gt=now,
            slot__start__lte=now + reminder,
            erased_at=None,
        ).exclude(scheduled_at__gt=reminder_at)

    def past_retention(self, office: Office, now: datetime) -> Self:
        """Those whose contact data the office has no reason to keep: over, or cancelled, for long enough."""
        limit = now - timedelta(days=office.retention_days)
        return self.filter(
            Q(slot__end__lte=limit) | Q(cancelled_at__lte=limit),
            slot__office_hours__host__office=office,
            erased_at=None,
        )

    def with_parts(self) -> Self:
        """With slot, office hours, host, office and service at hand."""
        return self.select_related(
            "slot__office_hours__host__office", "slot__office_hours__availability__service"
        )


class Booking(models.Model):
    """One seat of one slot, claimed by a resident. Its id is the UID of its invitations, for life."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slot = models.ForeignKey("booking.Slot", models.PROTECT, related_name="bookings")
    seat = models.PositiveSmallIntegerField(help_text="1 to the slot's capacity.")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.CONFIRMED)
    channel = models.CharField(_("how"), max_length=10, choices=Channel.choices)
    name = models.CharField(_("name"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    topic = models.CharField(_("topic"), max_length=40, blank=True)
    message = models.CharField(_("message"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=12, default="de")
    code = models.CharField(_("code"), max_length=40, unique=True)
    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    sequence = models.PositiveIntegerField(default=0, help_text="SEQUENCE of its invitations.")
    link_version = models.PositiveIntegerField(default=0, help_text="Raised to revoke the links to it.")
    invite_stamp = models.DateTimeField(null=True, blank=True, help_text="DTSTAMP of its last invitation.")
    held_until = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.CharField(max_length=10, choices=Actor.choices, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    attendance = models.CharField(max_length=10, choices=Attendance.choices, blank=True)
    booked_by = models.CharField(max_length=10, choices=Actor.choices, default=Actor.RESIDENT)
    absence = models.ForeignKey(
        "booking.Absence",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="bookings",
        help_text="The absence that cancelled it.",
    )
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replacement",
        help_text="The cancelled booking for which this time is held or was taken.",
    )
    created_at = models.DateTimeField()
    scheduled_at = models.DateTimeField(help_text="When it was made or last moved.")
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering: ClassVar = ["slot__start", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "seat"],
                condition=~Q(status=Status.CANCELLED),
                name="one_live_booking_per_seat",
            ),
            models.CheckConstraint(condition=Q(seat__gte=1), name="seats_count_from_1"),
            models.CheckConstraint(
                condition=Q(status=Status.PENDING, held_until__isnull=False) | ~Q(status=Status.PENDING),
                name="a_hold_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(name="", email="", phone="", message=""),
                name="erased_means_empty",
            ),
        ]
        indexes = [models.Index(fields=["status", "held_until"], name="bookings_by_hold")]

    def __str__(self) -> str:
        return self.code

    @property
    def is_live(self) -> bool:
        """Whether it still claims its seat, an expired hold included until it is swept."""
        return self.status != Status.CANCELLED
