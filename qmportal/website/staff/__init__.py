"""The website in the back end: its menu, its lists, and what is left to do on it."""

from __future__ import annotations
