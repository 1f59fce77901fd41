"""Two versions of a page side by side: times, dates and ticks as people write them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import formats, timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from wagtail.admin.compare import FieldComparison, TextDiff, register_comparison_class

EMPTY = "–"


class PlainComparison(FieldComparison):
    """Both values in words, the old one before the new one."""

    def htmldiff(self) -> SafeString:
        """Return the two with a space between, or the one that stayed."""
        old, new = in_words(self.val_a), in_words(self.val_b)
        if not self.has_changed():
            return escape(new)
        html: SafeString = TextDiff([("deletion", old), ("addition", new)], separator=" ").to_html()
        return html


def in_words(value: Any) -> str:
    """Return a tick as yes or no, a time as on the office's clock, nothing as a dash."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value)
    return EMPTY if value in (None, "") else str(value)


def register() -> None:
    """Use it for what Wagtail would show as Python does."""
    for kind in (models.BooleanField, models.DateField):  # a DateTimeField is one, too
        register_comparison_class(kind, comparison_class=PlainComparison)
