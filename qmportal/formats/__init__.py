"""How dates are typed, where Django's own way is not enough."""

from __future__ import annotations
