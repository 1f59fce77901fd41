from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command


@pytest.fixture
def collected(tmp_path: Path, settings: Any) -> Path:
    """Give the manifest of a site with one style sheet of its own, after the first collection."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "site.css").write_text("p { color: red }")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    manifest = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": manifest}}
    call_command("collect_changed")
    return tmp_path / "collected" / "staticfiles.json"


def test_nothing_is_collected_again_while_nothing_changed(collected: Path) -> None:
    os.utime(collected, (1000, 1000))
    call_command("collect_changed")
    assert collected.stat().st_mtime == 1000


def test_a_changed_file_is_collected_and_the_old_one_is_gone(collected: Path, tmp_path: Path) -> None:
    before = set(collected.parent.glob("site.*.css"))
    (tmp_path / "source" / "site.css").write_text("p { color: green }")
    call_command("collect_changed")
    after = set(collected.parent.glob("site.*.css"))
    assert (len(before), len(after), before & after) == (1, 1, set())
