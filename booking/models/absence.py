"""Somebody falls ill: what was reported, and who has to be called."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from booking.enums import CallReason
from booking.models.availability import Closure
from booking.models.booking import Booking
from booking.models.office import Host, Office


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Absences by what is to be done with them."""

    def due(self, now: datetime) -> Self:
        """Those whose time to be taken back has run out and that are not carried out yet, oldest first."""
        return self.filter(acts_at__lte=now, finished_at=None).order_by("reported_at", "pk")

    def in_force(self, now: datetime) -> Self:
        """Those that are not over and were not lifted, next first."""
        return self.filter(end__gt=now, closure__isnull=False).order_by("start", "pk")


class Absence(models.Model):
    """A host is ill from-to. Until `acts_at` only its closure exists and it can be undone."""

    host = models.ForeignKey(Host, models.PROTECT, related_name="absences", verbose_name=_("host"))
    closure = models.OneToOneField(
        Closure,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="absence",
        help_text="Empty once the closure was lifted.",
    )
    start = models.DateTimeField(_("from"))
    end = models.DateTimeField(_("until"), help_text="From then on times with her may be offered again.")
    reported_at = models.DateTimeField()
    acts_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering: ClassVar = ["-start"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="absence_ends_after_start")
        ]
        indexes = [
            models.Index(fields=["acts_at"], condition=Q(finished_at=None), name="absences_to_carry_out")
        ]

    def __str__(self) -> str:
        return f"{self.host} · {self.start:%Y-%m-%d}"


class CallQuerySet(models.QuerySet["Call"]):
    """Calls by what is to be done with them."""

    def open(self, office: Office) -> Self:
        """Those of the office that nobody has made yet, the nearest appointment first."""
        mine = self.filter(booking__slot__office_hours__host__office=office, done_at=None)
        return mine.filter(booking__erased_at=None).order_by("booking__slot__start", "pk")


class Call(models.Model):
    """Somebody who has to be called about a booking, since a mail cannot or did not tell her."""

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="calls")
    reason = models.CharField(max_length=12, choices=CallReason.choices)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering: ClassVar = ["created_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["booking", "reason"], name="one_call_per_reason")]
        indexes = [models.Index(fields=["created_at"], condition=Q(done_at=None), name="calls_to_make")]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} · {self.booking}"
