"""Ask one process of the portal whether it lives: `python -m qmportal.probe web|beat`, for health checks.

Images have no curl, and starting Django for a question that comes twice a minute would cost more than the answer.
"""

from __future__ import annotations

import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

# Beat writes its schedule down every three minutes.
BEAT_IS_SILENT_AFTER = 400.0
BEAT_SCHEDULE = os.environ.get("BEAT_SCHEDULE", "var/celerybeat-schedule")


def main(part: str) -> int:
    """Answer the exit code for the part: 0 when it lives."""
    if part == "web":
        port = os.environ.get("BIND", "127.0.0.1:8000").rpartition(":")[2]
        return 0 if web_lives(f"http://127.0.0.1:{port}/health/live") else 1
    if part == "beat":
        return 0 if beat_lives(Path(BEAT_SCHEDULE), time.time()) else 1
    return 2


def web_lives(url: str) -> bool:
    """Tell whether the web server answers within three seconds."""
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:  # noqa: S310 - always http to this machine
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError):
        return False


def beat_lives(schedule: Path, now: float) -> bool:
    """Tell whether beat wrote its schedule lately; `now` in seconds since the epoch."""
    # The data base module that Python was built with adds an ending of its own.
    written = [path.stat().st_mtime for path in schedule.parent.glob(f"{schedule.name}*")]
    return bool(written) and now - max(written) < BEAT_IS_SILENT_AFTER


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else ""))
