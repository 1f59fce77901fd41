"""What the browser of an editor sends."""

from __future__ import annotations

from typing import Any

from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield


def form_of_news(**fields: Any) -> dict[str, Any]:
    """Return the form of a piece of news with a text."""
    body = [("text", rich_text("<p>Alle sind eingeladen.</p>"))]
    empty = {
        "title": "",
        "slug": "",
        "lead": "",
        "picture": "",
        "picture_text": "",
        "tags": "",
        "day": "2026-11-23",
    }
    comments = {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    data = {**empty, "body": streamfield(body), **fields}
    return {**nested_form_data(data), **comments}


def form_of_event(**fields: Any) -> dict[str, Any]:
    """Return the form of an event."""
    empty = {
        "title": "",
        "slug": "",
        "lead": "",
        "place": "",
        "ends_at": "",
        "outcome": "null",
        "outcome_on": "",
    }
    comments = {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    return {**nested_form_data({**empty, "body": streamfield([]), **fields}), **comments}
