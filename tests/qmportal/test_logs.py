from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from celery import Celery

from qmportal.logs import Line, hide_secrets
from tests.faults.processes import Process, wait_for
from tests.sink import free_port

# No line of it depends on the database.
pytestmark = pytest.mark.once

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


@pytest.fixture
def failing_server(tmp_path: Path) -> Iterator[tuple[Process, int]]:
    """The web server with its own configuration, in front of an application that always fails, and its port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "qmportal/gunicorn.py"]
    process = Process(
        [*command, "tests.qmportal.failing_site:application"],
        os.environ | {"BIND": f"127.0.0.1:{port}", "WEB_PROCESSES": "1", "LOG_FORMAT": "json"},
        tmp_path / "web.log",
    )
    process.start()
    yield process, port
    process.stop()


def send(port: int, raw: bytes) -> bool:
    """Send a request as it is and tell whether it was answered."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(raw)
            return connection.recv(100).startswith(b"HTTP/1.1 ")
    except OSError:
        return False


def test_the_web_server_logs_no_key_no_address_and_no_words_of_an_error(
    failing_server: tuple[Process, int],
) -> None:
    process, port = failing_server
    events = {
        b"GET /buchung/AbC123/absagen/ HTTP/1.1": "Error handling request GET /buchung/…/absagen/",
        b"GET /buchung/AbC123/ HTTP/9.9": "Invalid request: Invalid HTTP Version",
        b"GET /buchung/AbC123/": "Invalid request: Invalid HTTP request line",
    }
    for request_line, event in events.items():
        before = len(process.log.read_text())
        wait_for(partial(send, port, request_line + b"\r\nHost: localhost\r\n\r\n"), 30, "answer")
        wait_for(lambda: process.log.read_text()[before:].endswith("\n"), 30, "line in the log")  # noqa: B023
        written = process.log.read_text()[before:]
        assert {json.loads(line)["event"].strip() for line in written.splitlines()} == {event}
        assert [secret for secret in ("AbC123", "127.0.0.1", "Amira") if secret in written] == []
        assert ("ValueError" in written) == event.startswith("Error")


def test_a_failed_task_is_logged_with_its_name_and_the_kind_of_its_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.handler.setFormatter(Line(processors=[lambda logger, method, event: event["event"]]))
    app = Celery("somewhere", set_as_current=False, broker="memory://")

    @app.task(name="booking.tasks.erase")
    def erase() -> None:
        raise ValueError("Failing row contains (1, Amira Yılmaz (at home), amira@example.org)")

    with caplog.at_level(logging.ERROR, logger="celery.app.trace"):
        task_id = erase.apply().id
    assert caplog.text.splitlines() == [f"Task booking.tasks.erase[{task_id}] raised unexpected: ValueError"]


def test_an_error_among_the_words_of_a_line_is_told_by_its_kind(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(Line(processors=[lambda logger, method, event: event["event"]]))
    logging.getLogger("kombu").error("%s after %d s", ValueError("Amira"), 3)
    assert caplog.text == "ValueError after 3 s\n"
