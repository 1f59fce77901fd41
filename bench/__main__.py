"""`python -m bench`: one table. Times are CPU milliseconds (user and system, median), which hardly move with noise.

The database is a scratch one: SQLite below var/, or what BENCH_DATABASE_URL names (a PostgreSQL database of its
own, which is emptied).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

SCRATCH = Path("var/bench.sqlite3")
SCRATCH_MEDIA = Path("var/bench-media")

if __name__ == "__main__":
    SCRATCH.parent.mkdir(exist_ok=True)
    for leftover in SCRATCH.parent.glob(f"{SCRATCH.name}*"):
        leftover.unlink()
    shutil.rmtree(SCRATCH_MEDIA, ignore_errors=True)
    os.environ["MEDIA_ROOT"] = str(SCRATCH_MEDIA.resolve())
    os.environ["DATABASE_URL"] = os.environ.get("BENCH_DATABASE_URL", f"sqlite:///{SCRATCH}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "qmportal.settings"
    os.environ["DEBUG"] = "0"
    os.environ["DEMO"] = "1"
    os.environ["LOG_LEVEL"] = "WARNING"

    import django

    django.setup()

    from bench.table import run

    run()
