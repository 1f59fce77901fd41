"""The worker of the portal, and the broker that carries its doorbell.

The outbox in the database is the record of what is to be done; a message in the broker only says "look now".
So the broker may lose any of them.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any, Final

from celery import Celery, signals
from celery.schedules import crontab
from django.conf import settings

from qmportal.probe import PULSE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qmportal.settings")

SWEEP_EVERY: Final = 20
CARRY_OUT_EVERY: Final = 10
# A page waits for Redis half a second at most, also when it is frozen or out of reach. Only no retry at all
# does that: with timeouts alone it took 6 to 9 seconds.
IMPATIENT: Final = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "max_retries": 0}
PATIENT: Final = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    "socket_keepalive": True,
}
CHATTER: Final = ("celery.beat", "celery.worker.strategy", "celery.app.trace")

app = Celery("qmportal")
# Threads of the web server have no current app of their own and would fall back to a bare one.
app.set_default()


def configuration() -> dict[str, Any]:
    """Return Celery's settings, as every process has them; a worker changes the broker's in `be_patient`."""
    return {
        **broker(settings.REDIS_URL, settings.VAR_DIR, settings.TESTING),
        "broker_connection_retry_on_startup": True,
        "accept_content": ["json"],
        "task_serializer": "json",
        "result_serializer": "json",
        "task_ignore_result": True,
        "task_publish_retry": False,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_time_limit": settings.EMAIL_ANSWER_SECONDS + 240,
        "worker_concurrency": 4,
        "worker_prefetch_multiplier": 1,
        "worker_soft_shutdown_timeout": 10,
        "worker_enable_soft_shutdown_on_idle": True,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "timezone": settings.TIME_ZONE,
        "beat_schedule": schedule(),
        "beat_schedule_filename": str(settings.VAR_DIR / "celerybeat-schedule"),
    }


def broker(redis_url: str, folder: Path, testing: bool) -> dict[str, Any]:
    """Return where messages go: Redis, else files below `folder`, whose folders must all exist beforehand."""
    if testing:
        return {"broker_url": "memory://"}
    if redis_url:
        return {"broker_url": redis_url, "broker_transport_options": IMPATIENT}
    messages, control = folder / "broker" / "messages", folder / "broker" / "control"
    for path in (messages, control):
        path.mkdir(parents=True, exist_ok=True)
    options = {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
        "store_processed": False,
        "polling_interval": 0.5,
    }
    return {"broker_url": "filesystem://", "broker_transport_options": options}


def schedule() -> dict[str, dict[str, Any]]:
    """Return what beat rings for; what is not taken up before the next ring is forgotten."""
    return {
        "sweep": _every(SWEEP_EVERY, "sweep"),
        "carry out absences": _every(CARRY_OUT_EVERY, "carry_out_absences"),
        "collect calls": _every(60, "collect_calls"),
        "expire holds": _every(60, "expire_holds"),
        "remind": _every(300, "remind"),
        "plan the day": _every(300, "write_day_plans"),
        "erase": _every(3600, "erase"),
        "publish pages": {
            "task": "qmportal.website.tasks.publish_scheduled",
            "schedule": 60,
            "options": {"expires": 55},
        },
        "forget sessions": {
            "task": "qmportal.accounts.tasks.forget_ended_sessions",
            "schedule": crontab(hour="2", minute="40"),
            "options": {"expires": 12 * 3600},
        },
        "forget changes": {
            "task": "booking.staff.tasks.forget_changes",
            "schedule": crontab(hour="2", minute="50"),
            "options": {"expires": 12 * 3600},
        },
        "extend": {
            "task": "booking.tasks.extend",
            "schedule": crontab(hour="3", minute="10"),
            "options": {"expires": 12 * 3600},
        },
    }


def _every(seconds: int, task: str) -> dict[str, Any]:
    expires = {"expires": seconds - min(seconds // 10, 5)}
    return {"task": f"booking.tasks.{task}", "schedule": seconds, "options": expires}


@signals.celeryd_init.connect
def be_patient(conf: Any, **_: Any) -> None:
    """Let a worker wait for Redis longer than a page does: nobody waits for the worker."""
    if str(conf.broker_url).startswith(("redis", "rediss")):
        conf.broker_transport_options = PATIENT


@signals.worker_ready.connect
def sweep_at_once(**_: Any) -> None:
    """Send what was left by a worker that died or by an outage."""
    app.send_task("booking.tasks.sweep", expires=SWEEP_EVERY, retry=False, ignore_result=True)


@signals.beat_init.connect
def show_its_pulse(**_: Any) -> None:
    """Let beat touch a file at every ring: its own schedule file is written only when it ends."""
    signals.before_task_publish.connect(_pulse, weak=False)


def _pulse(**_: Any) -> None:
    PULSE.touch()


@signals.setup_logging.connect
def keep_the_logging(**_: Any) -> None:
    """Leave logging as Django set it up (Celery sets up nothing once somebody answers), less the chatter."""
    for name in CHATTER:
        logging.getLogger(name).setLevel(logging.WARNING)


# Read when first needed: the settings import this package before they are complete.
app.add_defaults(configuration)
app.autodiscover_tasks()
