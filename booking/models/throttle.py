"""How often somebody tried something, without saying who."""

from __future__ import annotations

from django.db import models


class Throttle(models.Model):
    """A counter of tries in a window of time; `key` is an HMAC, so nobody can be read from it."""

    key = models.CharField(max_length=64, primary_key=True)
    tries = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "throttle"

    def __str__(self) -> str:
        return f"{self.tries} until {self.ends_at:%H:%M:%S}"
