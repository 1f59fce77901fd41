"""One character set for everything that comes in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

# RFC 9110 section 8.3.1 and RFC 2046 section 5.1.1; a name such as "boundary*" is another parameter.
MEDIA_TYPE = re.compile(r"\s*([\w!#$&^.+-]+/[\w!#$&^.+-]+)\s*(?:;|$)", re.ASCII)
BOUNDARY = re.compile(r";\s*boundary=\"?([\w'()+,./:=?-]{1,70})\"?\s*(?:;|$)", re.ASCII | re.IGNORECASE)


def utf8_only(application: WSGIApplication) -> WSGIApplication:
    """Let the application read every request as UTF-8, whatever charset its Content-Type claims.

    Django takes any codec that Python has, also for the parameters themselves (RFC 2231): "rot13" and "idna" then
    fail before any middleware is asked, and "unicode_escape" makes halves of surrogate pairs, which neither an
    answer nor a database can hold. So only what is needed to read a body is handed on.
    """

    def read_as_utf8(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if content_type := environ.get("CONTENT_TYPE"):
            environ["CONTENT_TYPE"] = _bare(content_type)
        return application(environ, start_response)

    return read_as_utf8


def _bare(content_type: str) -> str:
    """Return the media type with its boundary, or nothing where there is no media type."""
    media_type = MEDIA_TYPE.match(content_type)
    if media_type is None:
        return ""
    boundary = BOUNDARY.search(content_type)
    return media_type[1] + (f'; boundary="{boundary[1]}"' if boundary else "")
