"""What is published: office hours on one day, and the times in them that residents can book."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.enums import HoursStatus, SlotOffer
from booking.models.availability import Availability, Closure
from booking.models.booking import Booking
from booking.models.office import Host, LocalText, Service


class OfficeHoursQuerySet(models.QuerySet["OfficeHours"]):
    """Office hours by their place in time."""

    def live(self) -> Self:
        """Those that take place."""
        return self.filter(status=HoursStatus.LIVE)

    def overlapping(self, start: datetime, end: datetime) -> Self:
        """Those that share a moment with the half-open interval."""
        return self.filter(start__lt=end, end__gt=start)

    def coming(self, now: datetime) -> Self:
        """Those that are not over yet, next first."""
        return self.filter(end__gt=now).order_by("start", "pk")


class OfficeHours(models.Model):
    """One stretch of consultation on one day; one entry of the public calendar."""

    availability = models.ForeignKey(Availability, models.PROTECT, related_name="office_hours")
    host = models.ForeignKey(Host, models.PROTECT, related_name="office_hours", verbose_name=_("host"))
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    original_start = models.DateTimeField(help_text="The start that the series gave it: its name for life.")
    start = models.DateTimeField(_("from"))
    end = models.DateTimeField(_("until"))
    status = models.CharField(max_length=10, choices=HoursStatus.choices, default=HoursStatus.LIVE)
    closure = models.ForeignKey(
        Closure, models.PROTECT, null=True, blank=True, related_name="office_hours", verbose_name=_("closure")
    )
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, help_text="Since then only what is booked takes place."
    )
    place = LocalText(verbose_name=_("place, if not that of the series"))
    sequence = models.PositiveIntegerField(default=0, help_text="SEQUENCE of its calendar entry.")
    revision = models.PositiveIntegerField(default=0, help_text="Rises with every change that a feed shows.")
    modified_at = models.DateTimeField(default=timezone.now)

    objects = OfficeHoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("office hours")
        verbose_name_plural = _("office hours")
        ordering: ClassVar = ["start", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["availability", "original_start"], name="one_office_hours_per_date"
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="office_hours_end_after_start"),
        ]
        indexes = [models.Index(fields=["host", "start"], name="office_hours_by_host")]

    def __str__(self) -> str:
        return f"{self.availability} · {self.start:%Y-%m-%d %H:%M}"

    @property
    def is_live(self) -> bool:
        """Whether it takes place."""
        return self.status == HoursStatus.LIVE

    @property
    def where(self) -> dict[str, str]:
        """Its place by language: its own, else that of its series; empty is the office."""
        own: dict[str, str] = self.place or self.availability.place
        return own


class SlotQuerySet(models.QuerySet["Slot"]):
    """Slots as residents see them."""

    def upcoming(self, now: datetime) -> Self:
        """Those on the web, of live office hours, after now and not closed, with their parts at hand."""
        return (
            self.filter(
                start__gt=now,
                closure=None,
                offer=SlotOffer.WEB,
                office_hours__status=HoursStatus.LIVE,
                office_hours__withdrawn_at=None,
            )
            .select_related("office_hours__host", "office_hours__availability__service")
            .order_by("start", "pk")
        )

    def with_seats(self, now: datetime) -> Self:
        """Each with `taken`, the number of its live bookings, and `free_seats`."""
        taken = (
            Booking.objects.live(now)
            .filter(slot=OuterRef("pk"))
            .order_by()
            .values("slot")
            .annotate(n=Count("*"))
        )
        return self.annotate(taken=Coalesce(Subquery(taken.values("n")), 0)).annotate(
            free_seats=F("capacity") - F("taken")
        )

    def free(self, now: datetime) -> Self:
        """Those with a seat left."""
        return self.with_seats(now).filter(free_seats__gt=0)

    def bookable(self, now: datetime) -> Self:
        """Those that a resident may book now: offered, with a seat left."""
        return self.offered(now).free(now)

    def at_desk(self, now: datetime) -> Self:
        """Those of active hosts and services that the office may give away: also kept off the web, also at once.

        Neither notice nor horizon of the service counts, and a time that has begun can be given until it ends.
        """
        live = self.filter(office_hours__status=HoursStatus.LIVE, office_hours__withdrawn_at=None)
        given = live.filter(end__gt=now, closure=None).exclude(offer=SlotOffer.NONE)
        active = {
            "office_hours__availability__service__is_active": True,
            "office_hours__host__is_active": True,
        }
        return (
            given.filter(**active)
            .select_related("office_hours__host", "office_hours__availability__service")
            .order_by("start", "pk")
        )

    def offered(self, now: datetime) -> Self:
        """Upcoming ones of active hosts and services, late enough and near enough for their service.

        The bounds come from one small query: computed for each row, they are most of what SQLite has to do.
        """
        service = "office_hours__availability__service__"
        terms = Service.objects.values_list("notice_hours", "horizon_weeks").distinct()
        in_time = Q(pk__in=[])
        for notice, horizon in terms:
            in_time |= Q(
                **{f"{service}notice_hours": notice, f"{service}horizon_weeks": horizon},
                start__gt=now + timedelta(hours=notice),
                start__lte=now + timedelta(weeks=horizon),
            )
        active = Q(**{f"{service}is_active": True}, office_hours__host__is_active=True)
        return self.upcoming(now).filter(in_time, active)


class Slot(models.Model):
    """One time that can be booked, with one or more seats."""

    office_hours = models.ForeignKey(OfficeHours, models.PROTECT, related_name="slots")
    start = models.DateTimeField(_("from"))
    end = models.DateTimeField(_("until"))
    capacity = models.PositiveSmallIntegerField(
        _("seats"), default=1, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    offer = models.CharField(max_length=4, choices=SlotOffer.choices, default=SlotOffer.WEB)
    closure = models.ForeignKey(
        Closure, models.PROTECT, null=True, blank=True, related_name="slots", verbose_name=_("closure")
    )

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        ordering: ClassVar = ["start", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["office_hours", "start"], name="one_slot_per_start"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="slot_ends_after_start"),
            models.CheckConstraint(condition=Q(capacity__range=(1, 200)), name="slot_capacity_1_to_200"),
        ]
        indexes = [models.Index(fields=["start"], name="slots_by_start")]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M}"
