"""Run the suite on SQLite and, where PostgreSQL answers, once more on that: `python tests/run.py`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time

import psycopg

SQLITE = "sqlite:///var/portal.sqlite3"


def main() -> int:
    """Run every pass even when an earlier one failed; answer 0 only when all of them passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", required=True, help="address of a database on the server to use")
    parser.add_argument("paths", nargs="*", default=["tests"], help="what to run; all of it by default")
    options = parser.parse_args()
    failed = run("SQLite", SQLITE, options.paths)
    reason = why_unreachable(options.postgres)
    if not reason:
        failed |= run("PostgreSQL", options.postgres, options.paths)
    elif os.environ.get("REQUIRE_SERVICES") == "1":
        say(f"FAILED: PostgreSQL is required and not reachable: {reason}")
        failed = True
    else:
        say(f"SKIPPED: the pass on PostgreSQL, since none is reachable: {reason}")
    return int(failed)


def run(name: str, database_url: str, paths: list[str]) -> bool:
    """Run pytest against one database and tell whether it failed."""
    say(f"== The suite on {name}")
    started = time.monotonic()
    environment = os.environ | {"DATABASE_URL": database_url}
    result = subprocess.run([sys.executable, "-m", "pytest", *paths], env=environment, check=False)
    say(f"== {name}: exit code {result.returncode} after {time.monotonic() - started:.0f} s")
    return result.returncode != 0


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
