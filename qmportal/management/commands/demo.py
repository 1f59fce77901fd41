from __future__ import annotations

import os
import socket
import sys
import threading
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from booking.models import Office
from qmportal.health import is_migrated
from qmportal.supervisor import Child, Supervisor
from qmportal.website.demo import follow_site_url

PAGES = [
    ("Home page", "/"),
    ("Book a time", "/termine/"),
    ("Subscribe", "/kalender/"),
    ("Back end", "/verwaltung/"),
]
# Those with the most pictures, which are cut to size when somebody first looks at them.
PICTURED = ("/", "/aktuelles/", "/veranstaltungen/", "/verfuegungsfonds/")
PATIENCE = 60.0
LOGIN = "hannah.helfrich@musterstadt.example"
PASSWORD = "musterstadt"  # noqa: S105 - of the demo alone, shown on the screen


class Command(BaseCommand):
    """Set up the demo office and run it: web server, Celery worker and beat, until Ctrl-C or SIGTERM."""

    help = "Runs the demo office. Start it with `make demo`, which also does the set-up."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare database and files, then keep the processes running."""
        if not settings.DEMO:
            raise CommandError("The demo has a known password. Start it with `make demo`.")
        port = urlsplit(settings.SITE_URL).port or 8000
        if _answers(port):
            message = f"Port {port} is taken. Choose another: make demo PORT={port + 1}"
            raise CommandError(message)
        self._prepare()
        Supervisor(_children(port), self._say).run(lambda: _answers(port), self._announce)
        self._say("Stopped.")

    def _prepare(self) -> None:
        call_command("collect_changed")
        if not is_migrated():
            self._say("Preparing the database")
            call_command("migrate", verbosity=0)
        if not Office.objects.exists():
            self._say("Filling in the demo office")
            call_command("demo_content", verbosity=0)
        follow_site_url()

    def _announce(self) -> None:
        lines = ["", f"The demo office is open on {settings.SITE_URL}", ""]
        lines += [f"  {title:<14}{settings.SITE_URL}{path}" for title, path in PAGES]
        lines += ["", f"  Login         {LOGIN}", f"  Password      {PASSWORD}"]
        if not settings.EMAIL_URL:
            folder = os.path.relpath(settings.EMAIL_FILE_PATH)
            lines += [f"  Mails         {folder}/*.eml"]
        self._say("\n".join([*lines, "", "Ctrl-C stops it.", ""]))
        # Daemon: whoever stops the demo at once does not wait for it.
        threading.Thread(target=look_at_pictures, args=[settings.SITE_URL], daemon=True).start()

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def look_at_pictures(address: str) -> None:
    """Be the visitor who waits for the pictures of a new demo; what fails is made for the next one."""
    for path in PICTURED:
        with suppress(OSError), urlopen(f"{address}{path}", timeout=PATIENCE) as answer:  # noqa: S310 - our own
            answer.read()


def _answers(port: int) -> bool:
    with socket.socket() as connection:
        connection.settimeout(0.5)
        return connection.connect_ex(("127.0.0.1", port)) == 0


def _children(port: int) -> list[Child]:
    """Make web server and worker: threads in one process each, which is what a laptop has memory for."""
    environment = os.environ | {
        "BIND": f"127.0.0.1:{port}",
        "WEB_PROCESSES": "1",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
    }
    config = str(settings.BASE_DIR / "qmportal" / "gunicorn.py")
    schedule = str(settings.VAR_DIR / "celerybeat-schedule")
    worker = ["--quiet", "-A", "qmportal", "worker", "-B", "-P", "threads", "-c", "4", "-s", schedule]
    # Who tries the demo as root knows it; the warning would bury what the demo has to say.
    celery = [sys.executable, "-W", "ignore:You're running the worker", "-m", "celery"]
    return [
        Child("The web server", [sys.executable, "-m", "gunicorn", "-c", config], environment),
        Child("The worker", [*celery, *worker], environment),
    ]
