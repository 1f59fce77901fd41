"""Dates as people in English type them."""

from __future__ import annotations
