"""Read pages as people do."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def words(answer: Any) -> str:
    """Return the text of the page's main part, without tags, in one line."""
    page = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    page = page or answer.content.decode()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def queries(call: Callable[[], Any]) -> int:
    """Count the queries of a call, after one that fills the caches."""
    call()
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)
