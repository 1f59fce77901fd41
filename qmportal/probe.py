"""Ask one process of the portal whether it lives: `python qmportal/probe.py web|beat`, for health checks.

Images have no curl, and starting Django for a question that comes twice a minute would cost more than the answer.
"""

from __future__ import annotations

import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

# Beat rings every 20 seconds and touches this file each time.
PULSE = Path(os.environ.get("BEAT_PULSE", "var/beat.pulse"))
SILENT_AFTER = 120.0


def main(part: str) -> int:
    """Answer the exit code for the part: 0 when it lives."""
    if part == "web":
        port = os.environ.get("BIND", "127.0.0.1:8000").rpartition(":")[2]
        return 0 if web_lives(f"http://127.0.0.1:{port}/health/live") else 1
    if part == "beat":
        return 0 if beat_lives(PULSE, time.time()) else 1
    return 2


def web_lives(url: str) -> bool:
    """Tell whether the web server answers within three seconds."""
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:  # noqa: S310 - always http to this machine
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError):
        return False


def beat_lives(pulse: Path, now: float) -> bool:
    """Tell whether beat has rung lately; `now` in seconds since the epoch."""
    return pulse.exists() and now - pulse.stat().st_mtime < SILENT_AFTER


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else ""))
