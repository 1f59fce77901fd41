"""`python -m tests.crawl`: every page of a demo of its own in every look; the findings go into docs/crawl.md."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.sink import free_port


def asked() -> argparse.Namespace:
    """Read what is wanted from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.crawl", description=__doc__)
    parser.add_argument("--languages", help="only these, as in de,ar; the report is printed and not kept")
    parser.add_argument("--minutes", type=float, default=60, help="look at no further page after this time")
    return parser.parse_args()


if __name__ == "__main__":
    wanted = asked()
    # Whoever is told to end cleans up as after Ctrl-C.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with TemporaryDirectory(prefix="crawl-") as folder:
        port = free_port()
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "qmportal.settings",
            "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
            "VAR_DIR": folder,
            "SITE_URL": f"http://127.0.0.1:{port}",
            "DEBUG": "0",
            "DEMO": "1",
            "REDIS_URL": "",
            "LOG_LEVEL": "WARNING",
            # The browser's driver has a loop of its own.
            "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
        }

        import django

        django.setup()

        from tests.crawl.full import crawl

        sys.exit(crawl(Path(folder), wanted.languages, wanted.minutes * 60))
