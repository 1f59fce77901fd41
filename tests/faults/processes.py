"""Real processes for the fault tests: a Redis of our own, a Celery worker, and somebody who books."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import redis
import requests

from tests.sink import free_port

ROOT = Path(__file__).resolve().parents[2]
# For what has to happen, on however busy a machine: nobody waits so long unless it never does.
LONG_ENOUGH = 120


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> float:
    """Wait until the condition holds and return how long that took."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.05)
    return time.monotonic() - started


@dataclass
class Process:
    """A command in a process group of its own, so that a kill takes everything it started."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it; what it says is added to its log."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the whole group."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.signal(signal.SIGKILL)
        self.wait()

    def stop(self) -> None:
        """Ask it to end, and see that it does."""
        self.signal(signal.SIGTERM)
        try:
            self.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def wait(self, seconds: float = LONG_ENOUGH) -> None:
        """Wait until it has ended."""
        if self.process is not None:
            self.process.wait(timeout=seconds)


class Redis(Process):
    """A Redis server that forgets everything when it ends, on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/5"
        binary = shutil.which("redis-server") or "redis-server"
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        command = [binary, *options, "--dir", str(folder)]
        super().__init__(command, dict(os.environ), folder / "redis.log")

    def start(self) -> None:
        """Start it and wait until it answers."""
        super().start()
        wait_for(self.answers, LONG_ENOUGH, "Redis")

    def answers(self) -> bool:
        """Tell whether it answers."""
        try:
            with redis.Redis(port=self.port, socket_timeout=0.5) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def freeze(self) -> None:
        """Let it take connections and never answer."""
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.signal(signal.SIGCONT)


class Worker(Process):
    """A Celery worker with beat in it, as the demo runs it."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        command = [sys.executable, "-m", "celery", "-A", "qmportal", "worker", "-B", "-P", "threads"]
        super().__init__([*command, "-c", "4", "-l", "INFO"], environment, folder / "worker.log")

    def starts(self) -> int:
        """Return how often it has come up."""
        return self.log.read_text().count(" ready.")


class Rush(Process):
    """Residents who book, one after the other, in a process that stands for the web server."""

    def __init__(self, environment: dict[str, str], log: Path, count: int, per_second: float) -> None:
        command = [sys.executable, "-m", "tests.faults.rush", str(count), str(per_second)]
        super().__init__(command, environment, log)

    def bookings(self) -> dict[str, tuple[float, float]]:
        """Return for each resident who has booked when (monotonic) she was answered and after how long, in s."""
        lines = [line.split() for line in self.log.read_text().splitlines() if line.startswith("booked ")]
        return {email: (float(at), float(seconds)) for _, email, at, seconds in lines}


class Web(Process):
    """The web server as it runs for real: gunicorn with its own configuration."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        changes = {"BIND": f"127.0.0.1:{self.port}", "SITE_URL": self.url, "DEMO": "1", "DEBUG": "0"}
        command = [sys.executable, "-m", "gunicorn", "-c", "qmportal/gunicorn.py"]
        super().__init__(command, environment | changes, folder / "web.log")

    def start(self) -> None:
        """Start it and wait until it answers."""
        super().start()
        wait_for(self.answers, LONG_ENOUGH, "web server")

    def answers(self) -> bool:
        """Tell whether it is up."""
        try:
            return requests.get(f"{self.url}/health/live", timeout=1).status_code == 200
        except requests.RequestException:
            return False
