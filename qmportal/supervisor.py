"""Keep child processes running until somebody asks to stop: for the demo, which has no orchestrator."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from types import FrameType

LONGEST_WAIT = 30.0
STEADY_AFTER = 60.0
STOP_WITHIN = 15.0
PR_SET_PDEATHSIG = 1


class Child:
    """One command in a process group of its own, so that its own children can be stopped with it."""

    def __init__(self, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self.command = command
        self.environment = dict(environment)
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.start_at = 0.0
        self.falls = 0

    def start(self, now: float) -> None:
        """Start the command; `now` is a monotonic time in seconds, as everywhere here."""
        self.process = subprocess.Popen(  # noqa: S603 - our own command line
            self.command, env=self.environment, start_new_session=True, preexec_fn=_die_with_parent
        )
        self.started = now

    def look_after(self, now: float) -> str:
        """Start the command when it is time to, and say what happened, if anything did."""
        if self.process is None:
            if now >= self.start_at:
                self.start(now)
            return ""
        code = self.process.poll()
        if code is None:
            return ""
        self.kill()  # whatever the dead parent left behind
        self.falls = 1 if now - self.started > STEADY_AFTER else self.falls + 1
        wait = min(2.0 ** (self.falls - 1), LONGEST_WAIT)
        self.start_at = now + wait
        return f"{self.name} ended with code {code}, starting it again in {wait:.0f} s"

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the command and to everything that it started."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return

    def kill(self) -> None:
        """End the command and everything that it started at once."""
        self.signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()
            self.process = None

    def ended(self) -> bool:
        """Tell whether nothing of its group is left."""
        if self.process is None:
            return True
        self.process.poll()
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return True
        return False


class Supervisor:
    """Runs children until SIGINT, SIGTERM or `stop()`, then ends every process that they started."""

    def __init__(self, children: list[Child], say: Callable[[str], None]) -> None:
        self.children = children
        self.say = say
        self._stopping = threading.Event()

    def run(self, ready: Callable[[], bool], on_ready: Callable[[], None]) -> None:
        """Keep the children running; call `on_ready` once, when `ready` first answers yes."""
        before = {
            number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            announced = False
            while not self._stopping.is_set():
                for child in self.children:
                    news = child.look_after(time.monotonic())
                    if news:
                        self.say(news)
                if not announced and ready():
                    announced = True
                    on_ready()
                self._stopping.wait(0.2)
        finally:
            self._end_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """Make `run` return."""
        self._stopping.set()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stop()

    def _end_all(self) -> None:
        for child in self.children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN
        while time.monotonic() < deadline and not all(child.ended() for child in self.children):
            time.sleep(0.05)
        for child in self.children:
            child.kill()


def _die_with_parent() -> None:
    # Even a supervisor killed with -9 leaves nobody behind who keeps the port; other systems lack the call.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
