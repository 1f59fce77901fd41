"""How mail leaves the house."""

from __future__ import annotations

from django.core.mail.backends.locmem import EmailBackend as RelayBackend

__all__ = ["RelayBackend"]
