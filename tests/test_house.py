"""The house keeps its own rules: rooms, names, sizes, and nothing of a machine in it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
JUNK_DRAWERS = {"utils", "util", "helpers", "common", "misc", "tools"}
# Written so that this file does not find itself.
MACHINE_PATHS = re.compile(r"(?<![\w.~-])/(ro{2}t|wor[k]|hom[e])/")


def tracked(*patterns: str) -> list[Path]:
    """Return the files of the repository that git tracks and that are there."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", *patterns], cwd=HOUSE, capture_output=True, text=True, check=True
    )
    return [path for name in listing.stdout.split("\0") if name and (path := HOUSE / name).is_file()]


def test_no_room_is_a_junk_drawer() -> None:
    assert [str(path) for path in tracked("*.py") if {*path.parts, path.stem} & JUNK_DRAWERS] == []


def test_no_module_is_longer_than_two_rooms() -> None:
    modules = [path for path in tracked("booking/*.py", "qmportal/*.py") if "migrations" not in path.parts]
    assert {path.name: n for path in modules if (n := len(path.read_text().splitlines())) > 400} == {}
    assert len(modules) > 50


def test_our_style_sheets_stay_under_400_lines() -> None:
    sheets = {
        path.name: len(path.read_text().splitlines()) for path in tracked("qmportal/assets/styles/*.css")
    }
    assert {name for name, lines in sheets.items() if lines >= 400} == set()
    assert "site.css" in sheets


def test_every_block_of_a_style_sheet_is_closed() -> None:
    sheets = {path.name: path.read_text() for path in tracked("*.css")}
    assert {name for name, text in sheets.items() if text.count("{") != text.count("}")} == set()
    assert "staff.css" in sheets


def test_every_style_sheet_closes_what_it_opens_before_its_next_section() -> None:
    open_at_a_heading = []
    for sheet in tracked("*.css"):
        depth = 0
        for number, line in enumerate(sheet.read_text().splitlines(), start=1):
            if depth and line.startswith("/*"):
                open_at_a_heading.append(f"{sheet.name}:{number}")
            depth += line.count("{") - line.count("}")
        assert depth == 0, sheet.name
    assert open_at_a_heading == []


@pytest.mark.parametrize(
    "lock", ["requirements/base.txt", "requirements/dev.txt", "qmportal/assets/package-lock.json"]
)
def test_locks_name_no_host(lock: str) -> None:
    text = (HOUSE / lock).read_text()
    assert '"resolved"' not in text
    assert [
        line for line in text.splitlines() if "://" in line and "funding" not in line and '"url"' not in line
    ] == []


def test_requirements_are_pinned_with_hashes() -> None:
    pins = [line for line in (HOUSE / "requirements/base.txt").read_text().splitlines() if "==" in line]
    assert len(pins) > 40
    assert [line for line in pins if not line.endswith("\\")] == []


def test_no_file_names_a_place_on_a_machine() -> None:
    texts = tracked("*.py", "*.md", "*.html", "*.toml", "*.yml", "*.txt", "Makefile", "Dockerfile", ".ci/*")
    found = {
        str(path.relative_to(HOUSE)): match.group()
        for path in texts
        if (match := MACHINE_PATHS.search(path.read_text()))
    }
    assert found == {}


def test_every_template_of_ours_is_free_of_inline_style_and_script() -> None:
    pages = [path for path in tracked("templates/*.html") if "mails" not in path.parts]
    inline = re.compile(r"<style|\sstyle=|<script(?![^>]*\bsrc=)|\son\w+=", re.IGNORECASE)
    assert [str(path.relative_to(HOUSE)) for path in pages if inline.search(path.read_text())] == []
    assert pages


def test_every_python_file_starts_with_the_future_of_annotations() -> None:
    files = [p for p in tracked("booking/*.py", "qmportal/*.py", "tests/*.py") if "migrations" not in p.parts]
    without = [
        str(path.relative_to(HOUSE))
        for path in files
        if path.read_text().strip() and "from __future__ import annotations" not in path.read_text()
    ]
    assert without == []


def test_only_actions_open_transactions_and_take_locks() -> None:
    rooms = [path for path in tracked("booking/*.py") if not {"actions", "migrations"} & {*path.parts}]
    telltale = re.compile(r"\batomic\b|select_for_update|on_commit")
    assert [str(path.relative_to(HOUSE)) for path in rooms if telltale.search(path.read_text())] == []


def test_only_views_tasks_and_commands_read_the_clock() -> None:
    rooms = [
        path
        for path in tracked("booking/*.py")
        if not {"views", "templatetags", "staff", "management", "migrations"} & {*path.parts}
        and path.stem != "tasks"
    ]
    clock = re.compile(r"timezone\.now\(\)|datetime\.now\(|date\.today\(\)|localdate\(\)")
    assert [str(path.relative_to(HOUSE)) for path in rooms if clock.search(path.read_text())] == []
