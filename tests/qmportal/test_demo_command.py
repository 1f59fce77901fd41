from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from qmportal.management.commands.demo import PICTURED, look_at_pictures

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def children_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def family_of(pid: int) -> list[int]:
    return [member for child in children_of(pid) for member in (child, *family_of(child))]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


class Demo:
    """A demo in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.log = folder / "log"
        clean = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}
        }
        self.environment = clean | {
            "DEBUG": "0",
            "DEMO": "1",
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "VAR_DIR": str(folder / "var"),
        }

    def start(self) -> subprocess.Popen[bytes]:
        with self.log.open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "manage.py", "demo"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def said(self, words: str) -> bool:
        return words in self.log.read_text()

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5):
                return True
        except urllib.error.HTTPError:
            return False


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    (tmp_path / "var").mkdir()
    return Demo(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the family of a process from /proc")
def test_the_demo_opens_revives_its_worker_and_leaves_nothing_behind(demo: Demo) -> None:
    process = demo.start()
    try:
        wait_for(lambda: demo.said("Ctrl-C stops it.") or process.poll() is not None, 120)
        assert process.poll() is None, demo.log.read_text()
        # The demo's bookings were made on earlier days, so their mails count as late until the worker sent them.
        wait_for(demo.is_ready, 60)
        assert not demo.said("Traceback")
        second = subprocess.run(
            [sys.executable, "manage.py", "demo"],
            cwd=ROOT,
            env=demo.environment,
            capture_output=True,
            check=False,
        )
        assert (second.returncode, f"Port {demo.port} is taken" in second.stderr.decode()) == (1, True)
        worker = next(pid for pid in children_of(process.pid) if "celery" in command_of(pid))
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda: demo.said("The worker ended with code -9"), 60)
        wait_for(lambda: any("celery" in command_of(pid) for pid in children_of(process.pid)), 60)
        family = family_of(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
    assert [command_of(pid) for pid in family if command_of(pid)] == []


def test_pages_with_pictures_are_looked_at_before_anybody_waits_and_a_broken_one_stops_nothing() -> None:
    asked: list[str] = []

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(500)

        def log_message(self, *_args: Any, **_words: Any) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Door) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        look_at_pictures(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert asked == list(PICTURED)


def test_a_known_password_needs_the_demo_setting(demo: Demo) -> None:
    environment = demo.environment | {"DEMO": "0", "DEBUG": "1"}
    command = [sys.executable, "manage.py", "demo"]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert (result.returncode, "make demo" in result.stderr.decode()) == (1, True)
