"""Calendars out of the house: the only door to icalendar."""

from __future__ import annotations
