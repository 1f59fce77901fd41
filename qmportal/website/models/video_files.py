"""Whether a file is what its name says: a video, or subtitles."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext as _

# The "ftyp" box of ISO/IEC 14496-12 comes after four bytes of length; WebM begins as every EBML file.
MP4, WEBM = b"ftyp", b"\x1a\x45\xdf\xa3"
# Hours of subtitles; more is something else.
MOST_BYTES_OF_SUBTITLES = 1024 * 1024


def validate_film(file: File[Any]) -> None:
    """Refuse a file that is neither MP4 nor WebM, whatever it is called."""
    if _is_kept(file):
        return
    start = _read(file, 12)
    if start[4:8] != MP4 and start[:4] != WEBM:
        raise ValidationError(_("This file is no video. Please choose an MP4 file."))


def validate_subtitles(file: File[Any]) -> None:
    """Refuse what a browser would not show as subtitles (WebVTT, section 4.1)."""
    if _is_kept(file):
        return
    if file.size > MOST_BYTES_OF_SUBTITLES:
        raise ValidationError(_("This file is too large for subtitles."))
    try:
        text = _read(file, MOST_BYTES_OF_SUBTITLES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(_("Please save the subtitles as UTF-8.")) from error
    if text[:6] != "WEBVTT" or text[6:7] not in ("", " ", "\t", "\r", "\n"):
        raise ValidationError(_("The first line of the subtitles has to be: WEBVTT"))
    if "-->" not in text:
        raise ValidationError(_("These subtitles have no line with a time, such as 00:01.000 --> 00:04.000"))


def _is_kept(file: File[Any]) -> bool:
    """Whether it lies on our disk already, and was looked into when it came."""
    return bool(getattr(file, "_committed", False))


def _read(file: File[Any], most: int) -> bytes:
    file.seek(0)
    start: bytes = file.read(most)
    file.seek(0)
    return start
