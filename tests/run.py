"""Run the suite on SQLite, in Chromium and, where it answers, on PostgreSQL: `python tests/run.py`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryFile

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[1]
SQLITE = "sqlite:///var/portal.sqlite3"
# A pass of its own: browsers see pages, not databases. Three passes at the same time share two cores evenly, as long
# as none of them is more than half of all, and each uses what the others leave while they wait.
IN_A_BROWSER = "browser or walk"
NOTHING_TO_DO = pytest.ExitCode.NO_TESTS_COLLECTED


def main() -> int:
    """Run the passes side by side; answer 0 only when all of them passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", required=True, help="address of a database on the server to use")
    parser.add_argument("paths", nargs="*", default=["tests"], help="what to run; all of it by default")
    options = parser.parse_args()
    reason = why_unreachable(options.postgres)
    required = os.environ.get("REQUIRE_SERVICES") == "1"
    failed = bool(reason) and required
    others = f"not ({IN_A_BROWSER})"
    plan = [("SQLite", SQLITE, others), ("Chromium", SQLITE, IN_A_BROWSER)]
    if not reason:
        plan.append(("PostgreSQL", options.postgres, others))
    # What does not depend on the database is tried in one of the passes.
    passes = [Pass(*each, options.paths, has_postgres=not reason) for each in plan]
    codes = [each.exit_code() for each in passes]
    # A part of the suite may have nothing for one of the passes, but not for all of them.
    failed |= {*codes} == {NOTHING_TO_DO} or not {*codes} <= {0, NOTHING_TO_DO}
    if reason:
        verb = "FAILED" if required else "SKIPPED"
        say(f"{verb}: the pass on PostgreSQL, since none is reachable: {reason}")
    return int(failed)


class Pass:
    """The tests of one kind against one database; what it says is shown when its turn has come."""

    def __init__(
        self, name: str, database_url: str, marked: str, paths: list[str], *, has_postgres: bool
    ) -> None:
        self.name, self.started = name, time.monotonic()
        # Neither may find the other's uploads and mails among its own.
        folder = ROOT / "var" / f"test-{name.lower()}"
        folder.mkdir(parents=True, exist_ok=True)
        self.output = TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-m", marked, *paths],
            env=os.environ
            | {
                "DATABASE_URL": database_url,
                "VAR_DIR": str(folder),
                "TESTS_OTHER_PASS": str(int(has_postgres)),
            },
            stdout=self.output,
            stderr=subprocess.STDOUT,
        )

    def exit_code(self) -> int:
        """Wait for its end, show what it said and give its exit code."""
        say(f"== The suite on {self.name}")
        shown = 0
        while self.process.poll() is None:
            shown = self._show(shown)
            time.sleep(1)
        self._show(shown)
        seconds = time.monotonic() - self.started
        say(f"== {self.name}: exit code {self.process.returncode} after {seconds:.0f} s")
        return self.process.returncode

    def _show(self, shown: int) -> int:
        size = os.fstat(self.output.fileno()).st_size
        sys.stdout.buffer.write(os.pread(self.output.fileno(), size - shown, shown))
        sys.stdout.flush()
        return size


def why_unreachable(url: str) -> str:
    """Say in one line why no connection can be made, or nothing when it can."""
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        return str(error).strip().splitlines()[0]
    return ""


def say(text: str) -> None:
    """Print in step with pytest's own output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
