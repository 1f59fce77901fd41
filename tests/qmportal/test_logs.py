from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from qmportal.logs import hide_secrets

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/buchung/AbC_-123/absagen/", "/buchung/…/absagen/"),
        ("/en/buchung/AbC123/", "/en/buchung/…/"),
        ("/kalender/privat/AbC123.ics", "/kalender/privat/…"),
        ("/konto/password/reset/key/1-abc-def/", "/konto/password/reset/key/…/"),
        ("/termine/41/", "/termine/41/"),
    ],
)
def test_a_logged_path_keeps_its_key_to_itself(path: str, logged: str) -> None:
    event = hide_secrets(None, "error", {"event": f"Internal Server Error: {path}"})
    assert event["event"] == f"Internal Server Error: {logged}"


@pytest.mark.parametrize("kind", ["json", "console"])
def test_a_failure_is_one_line_with_its_traceback_and_without_the_key(kind: str) -> None:
    program = (
        f"import logging; from qmportal.logs import configure; configure({{'format': {kind!r}, 'level': 'INFO'}})\n"
        "try:\n    int('Amira')\nexcept ValueError:\n"
        "    logging.getLogger('django.request').exception('Internal Server Error: %s', '/buchung/AbC123/')\n"
    )
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True)
    written = result.stderr.decode()
    assert "AbC123" not in written
    assert "ValueError" in written
    assert "line 3, in <module>" in written
    assert "Amira" not in written
    if kind == "json":
        line = json.loads(written)
        assert (line["level"], line["event"]) == ("error", "Internal Server Error: /buchung/…/")
