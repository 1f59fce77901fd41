"""A part of a file, as players ask for it: iPhones play no video from a server that cannot answer so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

CHUNK = 64 * 1024
ONE_RANGE = re.compile(r"bytes=(?:(?P<first>\d{1,18})-(?P<last>\d{1,18})?|-(?P<suffix>\d{1,18}))")


def answer_in_parts(request: HttpRequest, path: Path, content_type: str, etag: str) -> HttpResponseBase:
    """Answer the file, or the one part that is asked for (RFC 9110, section 14).

    Several parts at once, a part of another version or an unreadable wish get the whole file, as the RFC allows;
    a part beyond the end gets 416.
    """
    size = path.stat().st_size
    span = _span(request, size, etag)
    if span is None:
        answer: HttpResponseBase = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        answer["Content-Range"] = f"bytes */{size}"
    else:
        answer = StreamingHttpResponse(_read(path, span), content_type=content_type)
        answer["Content-Length"] = str(len(span))
        if len(span) < size:
            answer.status_code = HTTPStatus.PARTIAL_CONTENT
            answer["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{size}"
    answer["Accept-Ranges"] = "bytes"
    return answer


def _span(request: HttpRequest, size: int, etag: str) -> range | None:
    """Return which bytes are asked for, None where there are none such."""
    asked = ONE_RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked is None or request.headers.get("If-Range", etag) != etag:
        return range(size)
    if asked["suffix"] is not None:
        span = range(max(size - int(asked["suffix"]), 0), size)
    else:
        last = int(asked["last"]) if asked["last"] else size - 1
        if last < int(asked["first"]) and asked["last"]:
            return range(size)
        span = range(int(asked["first"]), min(last + 1, size))
    return span if span else None


def _read(path: Path, span: range) -> Iterator[bytes]:
    left = len(span)
    with path.open("rb") as file:
        file.seek(span.start)
        while left and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
