"""The first pages of an office's website: the same skeleton for every office, and the quarter of the demo."""

from __future__ import annotations

from qmportal.website.demo.quarter import furnish_quarter
from qmportal.website.demo.site import build_site, follow_site_url, open_site

__all__ = ["build_site", "follow_site_url", "furnish_quarter", "open_site"]
