from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import ruamel.yaml

from qmportal import probe

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return ruamel.yaml.YAML(typ="safe").load(ROOT / "docker-compose.yml")


def lines_of_env_example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_compose_file_follows_the_specification() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    result = subprocess.run([*command, "docker-compose.yml"], cwd=ROOT, capture_output=True, check=False)
    assert result.returncode == 0, result.stdout.decode()


def test_every_variable_that_compose_reads_stands_in_the_example() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    needed = set(re.findall(r"\$\{(\w+):\?", text))
    assert needed == {
        "SECRET_KEY",
        "LINK_KEYS",
        "POSTGRES_PASSWORD",
        "SITE_URL",
        "ALLOWED_HOSTS",
        "EMAIL_URL",
        "DEFAULT_FROM_EMAIL",
    }
    assert needed <= lines_of_env_example().keys()


def test_compose_passes_on_every_variable_of_the_handbook(compose: dict[str, Any]) -> None:
    table = (ROOT / "docs" / "betrieb.md").read_text().split("## Alle Variablen")[1]
    known = {name for row in table.splitlines() for name in re.findall(r"`([A-Z_]+)`", row[1:].split("|")[0])}
    # The image sets these, and its volumes belong to them.
    assert known - compose["services"]["web"]["environment"].keys() == {
        "BIND",
        "DEBUG",
        "MEDIA_ROOT",
        "VAR_DIR",
    }


def test_no_secret_has_a_default() -> None:
    example = lines_of_env_example()
    assert [example[name] for name in ("SECRET_KEY", "LINK_KEYS", "POSTGRES_PASSWORD")] == ["", "", ""]


def test_there_is_one_beat_and_the_web_does_not_start_before_the_migrations(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["beat"]["deploy"]["replicas"] == 1
    assert "-B" not in services["worker"]["command"]
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_only_the_web_is_reached_from_outside_and_only_from_this_host(compose: dict[str, Any]) -> None:
    ports = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert list(ports) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in ports["web"])


def test_the_image_runs_without_root_and_from_plain_bases() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER portal"]
    bases = [line for line in lines if line.startswith("FROM ")]
    assert bases == ["FROM python:3.11-slim-bookworm AS build", "FROM python:3.11-slim-bookworm"]


def test_beat_is_alive_while_it_rings(tmp_path: Path) -> None:
    environment = os.environ | {
        "BEAT_PULSE": str(tmp_path / "pulse"),
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'none.sqlite3'}",
        "REDIS_URL": "",
    }
    (tmp_path / "broker" / "messages").mkdir(parents=True)
    command = [
        sys.executable,
        "-m",
        "celery",
        "--quiet",
        "-A",
        "qmportal",
        "beat",
        "-s",
        str(tmp_path / "schedule"),
    ]
    assert not probe.beat_lives(tmp_path / "pulse", time.time())
    with subprocess.Popen(command, cwd=ROOT, env=environment) as beat:
        deadline = time.monotonic() + 60
        while not probe.beat_lives(tmp_path / "pulse", time.time()) and time.monotonic() < deadline:
            time.sleep(0.1)
        beat.terminate()
    assert probe.beat_lives(tmp_path / "pulse", time.time())
    assert not probe.beat_lives(tmp_path / "pulse", time.time() + 130)


def test_a_web_server_that_does_not_answer_is_not_alive() -> None:
    assert not probe.web_lives("http://127.0.0.1:9/health/live")


def test_a_web_server_that_answers_is_alive(live_server: Any) -> None:
    assert probe.web_lives(f"{live_server.url}/health/live")
