"""A hand that clicks and types as people do, and knows how long that takes."""

from __future__ import annotations

from playwright.sync_api import Page

# What people take at a desk (Card, Moran and Newell 1980): to think, to point and click, to press a key.
THINK, CLICK, KEY = 1.35, 1.3, 0.28


class Hand:
    """Counts what a person does, and how long she takes for it."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.fields, self.keys = page, 0, 0, 0

    def click(self, what: str) -> None:
        """Click on the first that fits."""
        self.clicks += 1
        self.page.locator(what).first.click()

    def type_in(self, text: str) -> None:
        """Type into the field that has the focus, then go on to the next one."""
        self.fields, self.keys = self.fields + 1, self.keys + len(text) + 1
        self.page.keyboard.type(text)
        self.page.keyboard.press("Tab")

    def fill(self, what: str, text: str) -> None:
        """Type into a field, of a day or an hour too, which the browser takes in parts."""
        self.fields, self.keys = self.fields + 1, self.keys + len(text) + 1
        self.page.locator(what).fill(text)

    @property
    def seconds(self) -> float:
        """How long she took."""
        return (self.clicks + self.fields) * THINK + self.clicks * CLICK + self.keys * KEY
