from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qmportal.supervisor import LONGEST_WAIT, Child, Supervisor

pytestmark = pytest.mark.once

# A parent with a child of its own, as a worker with its beat: each writes its process id down.
FAMILY = """
import os, subprocess, sys, time
if len(sys.argv) == 2:
    subprocess.Popen([sys.executable, __file__, sys.argv[1], "child"])
open(sys.argv[1] + ("/child" if len(sys.argv) == 3 else "/parent"), "a").write(f"{os.getpid()}\\n")
time.sleep(60)
"""


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def pids(folder: Path, name: str) -> list[int]:
    path = folder / name
    return [int(line) for line in path.read_text().split()] if path.exists() else []


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Child]:
    script = tmp_path / "family.py"
    script.write_text(FAMILY)
    child = Child("The family", [sys.executable, str(script), str(tmp_path)], os.environ)
    yield child
    child.kill()


def test_a_child_that_died_is_started_again_and_its_own_children_are_gone(
    family: Child, tmp_path: Path
) -> None:
    news: list[str] = []
    family.look_after(0)
    wait_for(lambda: len(pids(tmp_path, "child")) == 1)
    os.kill(pids(tmp_path, "parent")[0], signal.SIGKILL)
    wait_for(lambda: bool(news.append(line) if (line := family.look_after(1)) else news))
    assert news == ["The family ended with code -9, starting it again in 1 s"]
    wait_for(lambda: not is_alive(pids(tmp_path, "child")[0]))
    family.look_after(1.5)
    assert family.process is None
    family.look_after(2.1)
    wait_for(lambda: len(pids(tmp_path, "child")) == 2)


def test_a_command_that_falls_again_and_again_is_tried_ever_more_rarely() -> None:
    child = Child("Nothing", [sys.executable, "-c", "raise SystemExit(3)"], os.environ)
    waits = []
    now = 0.0
    for _ in range(7):
        child.look_after(now)
        assert child.process is not None
        child.process.wait()
        assert child.look_after(now).startswith("Nothing ended with code 3")
        waits.append(child.start_at - now)
        now = child.start_at
    assert waits == [1, 2, 4, 8, 16, LONGEST_WAIT, LONGEST_WAIT]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_that_was_started(
    family: Child, tmp_path: Path, number: signal.Signals
) -> None:
    def send_when_running() -> None:
        wait_for(lambda: len(pids(tmp_path, "child")) == 1)
        os.kill(os.getpid(), number)

    threading.Thread(target=send_when_running).start()
    announced: list[str] = []
    Supervisor([family], announced.append).run(lambda: True, lambda: announced.append("ready"))
    assert announced == ["ready"]
    assert [is_alive(pid) for pid in pids(tmp_path, "parent") + pids(tmp_path, "child")] == [False, False]


@pytest.mark.skipif(
    sys.platform != "linux", reason="other systems cannot bind a child's life to its parent's"
)
def test_a_killed_supervisor_leaves_no_child_behind(tmp_path: Path) -> None:
    script = tmp_path / "sleep.py"
    script.write_text(
        f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    )
    program = f"""
import os, sys
from qmportal.supervisor import Child, Supervisor
child = Child("Sleeper", [sys.executable, {str(script)!r}], os.environ)
Supervisor([child], print).run(lambda: False, lambda: None)
"""
    with subprocess.Popen([sys.executable, "-c", program]) as supervisor:
        wait_for(lambda: len(pids(tmp_path, "pid")) == 1)
        supervisor.kill()
    wait_for(lambda: not is_alive(pids(tmp_path, "pid")[0]))
