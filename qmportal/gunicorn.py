"""How gunicorn serves the portal; each value can be set from the environment, see docs/betrieb.md."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from django.conf import settings
from gunicorn.config import Config
from gunicorn.glogging import Logger


class ServerLog(Logger):  # type: ignore[misc]
    """Hands gunicorn's lines to the log of the portal, which keeps addresses and keys out of them."""

    def setup(self, cfg: Config) -> None:
        """Write nothing of its own, now and whenever the configuration is read again."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


logger_class = ServerLog
wsgi_app = "qmportal.wsgi"
bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 30
graceful_timeout = 20
# As long as the usual proxy keeps its side: the one that closes first must be the one in front.
keepalive = 75
# A worker that leaks is replaced before anybody notices, not all of them in the same moment.
max_requests = 20_000
max_requests_jitter = 2_000
# Addresses of bookings carry their key, so no access log is written; a proxy in front that writes one
# has to leave /buchung/ and /kalender/privat/ out.
accesslog = None
loglevel = "warning"
# Nothing may be steered from beside the orchestrator, and the image's file system is read-only.
control_socket_disable = True
# Whom to believe about the client is decided by TRUSTED_PROXIES alone.
forwarded_allow_ips = ""
# The heartbeat file must lie in memory: on a slow disk a busy worker would look dead.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108
# Loaded once and shared by all: a worker starts at once, and memory is spent once.
preload_app = True


def when_ready(server: Any) -> None:
    """Load what Django puts off until the first request, so that no visitor waits for it."""
    import_module(settings.ROOT_URLCONF)
