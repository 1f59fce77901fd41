"""When a host gives consultations, and when not."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from booking.models.office import Host, LocalText, OffersChannels, Office, Service


class AvailabilityQuerySet(models.QuerySet["Availability"]):
    """Series by what is still to come of them."""

    def running(self, today: date) -> Self:
        """Those that may still have new dates: not ended by that day, of active hosts and services."""
        going_on = Q(withdrawn_on=None) | Q(withdrawn_on__gt=today)
        published = Q(is_draft=False, host__is_active=True, service__is_active=True)
        return self.filter(going_on, published).order_by("pk")


class Availability(OffersChannels):
    """A series of office hours of one host for one service.

    What repeats, from which day until which, stands in its schedule.Event and is read and written by
    `booking.recurrence` alone. Start and end stand here too, as local times: they are what must never shift.
    """

    event = models.OneToOneField(
        "schedule.Event", models.PROTECT, editable=False, related_name="availability"
    )
    host = models.ForeignKey(Host, models.PROTECT, related_name="availabilities", verbose_name=_("host"))
    service = models.ForeignKey(
        Service, models.PROTECT, related_name="availabilities", verbose_name=_("service")
    )
    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("until"))
    slot_minutes = models.PositiveSmallIntegerField(
        _("length of an appointment, in minutes"), validators=[MinValueValidator(5), MaxValueValidator(480)]
    )
    buffer_minutes = models.PositiveSmallIntegerField(
        _("break between appointments, in minutes"), default=0, validators=[MaxValueValidator(120)]
    )
    capacity = models.PositiveSmallIntegerField(
        _("seats in each appointment"), default=1, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    place = LocalText(verbose_name=_("place, if not the office"))
    skip_holidays = models.BooleanField(_("not on public holidays"), default=True)
    skip_school_holidays = models.BooleanField(_("not in the school holidays"), default=False)
    breaks = models.JSONField(
        _("breaks"), default=list, blank=True, help_text='Local times within a date: [["12:00", "12:30"]].'
    )
    desk_every = models.PositiveSmallIntegerField(
        _("times kept off the web"),
        default=0,
        validators=[MaxValueValidator(10)],
        help_text="Every nth time of a date is for people who call or come by; 0 is none.",
    )
    is_draft = models.BooleanField(_("draft"), default=False, help_text="Nothing of it is published yet.")
    is_extra = models.BooleanField(
        default=False, help_text="Made for one appointment outside of what is published; in no public list."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_on = models.DateField(_("ended on"), null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    objects = AvailabilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("series of office hours")
        verbose_name_plural = _("series of office hours")
        ordering: ClassVar = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="availability_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(slot_minutes__range=(5, 480)), name="availability_slot_minutes"
            ),
            models.CheckConstraint(
                condition=Q(capacity__range=(1, 200)), name="availability_capacity_1_to_200"
            ),
            models.CheckConstraint(
                condition=Q(offers_office=True) | Q(offers_phone=True) | Q(offers_video=True),
                name="availability_offers_a_channel",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} · {self.host}"

    @property
    def pauses(self) -> list[tuple[time, time]]:
        """The breaks as local times, first one first."""
        return sorted((time.fromisoformat(start), time.fromisoformat(end)) for start, end in self.breaks)


class ClosureQuerySet(models.QuerySet["Closure"]):
    """Closures by whom they concern."""

    def in_force(self, host: Host, start: datetime, end: datetime) -> Self:
        """Those that share a moment with the half-open interval, of the host or of her whole office."""
        concerned = Q(host=host) | Q(host=None, office=host.office_id)
        return self.filter(concerned, start__lt=end, end__gt=start).order_by("start", "pk")


class Closure(models.Model):
    """A time without office hours, of one host or, without a host, of the whole office."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="closures", verbose_name=_("office"))
    host = models.ForeignKey(
        Host, models.PROTECT, null=True, blank=True, related_name="closures", verbose_name=_("host")
    )
    start = models.DateTimeField(_("from"))
    end = models.DateTimeField(_("until"))
    reason = models.CharField(
        _("reason"), max_length=120, blank=True, help_text=_("Everybody can read it on the website.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering: ClassVar = ["start"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="closure_ends_after_start")
        ]

    def __str__(self) -> str:
        return self.reason or str(_("closed"))
