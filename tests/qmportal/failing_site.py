"""A site whose application fails before Django is asked, as a bug in a server or a filter would."""

from __future__ import annotations

from wsgiref.types import StartResponse, WSGIEnvironment

from qmportal.wsgi import application as portal

__all__ = ["application", "portal"]


def application(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    """Fail with words that name somebody."""
    message = "the row of Amira Yılmaz"
    raise ValueError(message)
