"""Bring .venv to the locked packages: `python3 requirements/install.py base|dev`. Standard library only."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST_PYTHON = (3, 11)
# The larger lock contains the smaller one, so either satisfies a wish for the smaller.
CONTAINED_IN = {"base": ("base", "dev"), "dev": ("dev",)}


def main(name: str) -> None:
    """Install the lock of that name, unless it or a larger one is what was installed last."""
    stamps = [f"{lock}:{digest(lock)}" for lock in CONTAINED_IN[name]]
    if PYTHON.exists() and stamp().exists() and stamp().read_text() in stamps:
        return
    started = time.monotonic()
    if not PYTHON.exists():
        make_environment()
    stamp().unlink(missing_ok=True)
    install(ROOT / "requirements" / f"{name}.txt")
    stamp().write_text(stamps[0])
    say(f"Packages ready after {time.monotonic() - started:.0f} s\n")


def digest(lock: str) -> str:
    """Name the lock's content and the Python it was installed for."""
    content = (ROOT / "requirements" / f"{lock}.txt").read_bytes()
    return sha256(content + sysconfig.get_python_version().encode()).hexdigest()


def stamp() -> Path:
    """Say where the last finished installation left its mark."""
    return VENV / "installed"


def make_environment() -> None:
    """Make .venv, or stop with the one command that makes this possible."""
    if sys.version_info < OLDEST_PYTHON:
        stop(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: make PYTHON=python3.11 …")
    say("Making the virtual environment .venv\n")
    try:
        venv.create(VENV, with_pip=True, clear=True, symlinks=True)
    except subprocess.CalledProcessError:
        shutil.rmtree(VENV, ignore_errors=True)
        stop("Python's venv module is incomplete. On Debian: apt install python3-venv")


def install(lock: Path) -> None:
    """Install exactly the lock's packages, each with its hash checked."""
    total = len(re.findall(r"^[\w.-]+(\[.*\])?==", lock.read_text(), re.MULTILINE))
    uv = shutil.which("uv")
    if uv:
        say(f"Installing {total} packages with uv\n")
        environment = os.environ | {"VIRTUAL_ENV": str(VENV)}
        run([uv, "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)], environment)
        return
    pip = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--disable-pip-version-check"]
    follow([*pip, "--progress-bar", "off", "-r", str(lock)], total)


def run(command: list[str], environment: dict[str, str]) -> None:
    """Run a quiet command; a failure has already been printed by it."""
    if subprocess.run(command, env=environment, check=False).returncode:  # noqa: S603 - our own command line
        stop("The packages could not be installed.")


def follow(command: list[str], total: int) -> None:
    """Run pip and show how far it is; its full output appears only when it fails."""
    lines: list[str] = []
    seen = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:  # noqa: S603
        for line in pip.stdout or ():
            lines.append(line)
            if line.startswith("Collecting "):
                seen += 1
                if seen % 10 == 0 or seen == total:
                    say(f"Fetched {seen} of {total} packages\n")
            elif line.startswith("Installing collected"):
                say(f"Unpacking {total} packages, about half a minute\n")
    if pip.returncode:
        stop("".join(lines[-20:]) + "The packages could not be installed.")


def say(text: str) -> None:
    """Show progress at once, also in a log file."""
    sys.stdout.write(text)
    sys.stdout.flush()


def stop(message: str) -> None:
    """End the set-up with a message for a person."""
    sys.exit(message)


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in CONTAINED_IN:
        stop("usage: python3 requirements/install.py base|dev")
    main(sys.argv[1])
