"""What may be logged of an error: where it happened, never its words, for they may name people."""

from __future__ import annotations

import traceback


def trace(error: BaseException) -> str:
    """Return the kind of an error and the lines of code that led to it."""
    return "".join([type(error).__name__, "\n", *traceback.format_tb(error.__traceback__)])
