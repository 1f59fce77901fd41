"""The broker carries a doorbell and nothing else, and nobody waits for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from celery import signals

from qmportal.celery import IMPATIENT, PATIENT, app, broker, schedule

ROOT = Path(__file__).resolve().parents[2]


def test_a_page_waits_half_a_second_for_redis_and_never_asks_twice(tmp_path: Path) -> None:
    config = broker("redis://127.0.0.1:6379/0", tmp_path, testing=False)
    assert config["broker_url"] == "redis://127.0.0.1:6379/0"
    assert config["broker_transport_options"] == {
        "socket_timeout": 0.5,
        "socket_connect_timeout": 0.5,
        "max_retries": 0,
    }


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("redis://127.0.0.1/0", PATIENT),
        ("rediss://127.0.0.1/0", PATIENT),
        ("filesystem://", IMPATIENT),
    ],
)
def test_a_worker_waits_longer_for_redis(url: str, options: dict[str, object]) -> None:
    class Conf:
        broker_url = url
        broker_transport_options = IMPATIENT

    conf = Conf()
    signals.celeryd_init.send(sender="worker", instance=None, conf=conf, options={})
    assert conf.broker_transport_options == options


def test_without_redis_messages_are_files_whose_folders_are_there(tmp_path: Path) -> None:
    config = broker("", tmp_path, testing=False)
    options = config["broker_transport_options"]
    assert config["broker_url"] == "filesystem://"
    assert options["data_folder_in"] == options["data_folder_out"]
    assert [Path(options[name]).is_dir() for name in ("data_folder_in", "control_folder")] == [True, True]
    assert options["store_processed"] is False


def test_beat_rings_for_tasks_that_exist_and_are_forgotten_before_the_next_ring() -> None:
    app.loader.import_default_modules()
    entries = schedule()
    assert {entry["task"] for entry in entries.values()} <= set(app.tasks)
    regular = [entry for entry in entries.values() if isinstance(entry["schedule"], int)]
    assert [entry["options"]["expires"] < entry["schedule"] for entry in regular] == [True] * 8
    assert sorted(entry["schedule"] for entry in regular) == [10, 20, 60, 60, 60, 300, 300, 3600]


def test_only_json_goes_through_the_broker_and_no_result_comes_back() -> None:
    conf = app.conf
    assert (conf.accept_content, conf.task_serializer, conf.task_ignore_result) == (["json"], "json", True)
    assert conf.result_backend is None


def test_celery_leaves_the_logging_alone() -> None:
    """Its own would print the words of errors, which name people."""
    program = (
        "import logging, django; django.setup();"
        "from qmportal.celery import app;"
        "before = list(logging.root.handlers);"
        "app.log.setup(loglevel='INFO');"
        "assert logging.root.handlers == before, logging.root.handlers"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "qmportal.settings", "PATH": "/usr/bin"}
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stderr == ""
    assert result.returncode == 0
