"""People who come without an appointment: counted, never named."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from booking.enums import Channel
from booking.models.office import Office, Service


class Visit(models.Model):
    """One consultation without an appointment. It names nobody, neither the resident nor who talked to her."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="visits")
    came_at = models.DateTimeField(_("when"))
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("service")
    )
    channel = models.CharField(_("how"), max_length=10, choices=Channel.choices, default=Channel.OFFICE)
    topic = models.CharField(_("topic"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    request_id = models.UUIDField(unique=True, default=uuid.uuid4, help_text="The same tap is one visit.")

    class Meta:
        verbose_name = _("visit without appointment")
        verbose_name_plural = _("visits without appointment")
        ordering: ClassVar = ["-came_at", "-pk"]
        indexes = [models.Index(fields=["office", "came_at"], name="visits_by_day")]

    def __str__(self) -> str:
        return f"{self.came_at:%Y-%m-%d %H:%M}"
