"""Judge a page as it stands, not on its way there."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# In the middle of a transition a button has colours that nobody has chosen.
COME_TO_REST = """
for (const each of document.getAnimations()) {
  try { each.finish() } catch { each.cancel() }
}
"""
# What is right need not be described, and pages load nothing from elsewhere that would have to be fetched first.
ONLY_FAULTS = {"resultTypes": ["violations"], "preload": False}


def violations(page: Page, rules: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what axe finds on the page once nothing moves any more."""
    page.evaluate(f"() => {{ {COME_TO_REST} }}")
    found: list[dict[str, Any]] = Axe().run(page, options=rules | ONLY_FAULTS).response["violations"]
    return found
