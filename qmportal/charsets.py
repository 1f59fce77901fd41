"""One character set for everything that comes in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

CHARSET = re.compile(r";\s*charset\s*=[^;]*", re.IGNORECASE)


def utf8_only(application: WSGIApplication) -> WSGIApplication:
    """Let the application read every request as UTF-8, whatever charset its Content-Type claims.

    Django takes any codec that Python has: "rot13" and "idna" then fail before any middleware is asked, and
    "unicode_escape" makes halves of surrogate pairs, which neither an answer nor a database can hold.
    """

    def read_as_utf8(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if content_type := environ.get("CONTENT_TYPE"):
            environ["CONTENT_TYPE"] = CHARSET.sub("", content_type)
        return application(environ, start_response)

    return read_as_utf8
