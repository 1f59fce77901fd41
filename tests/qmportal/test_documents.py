from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(str(path.relative_to(ROOT)) for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")))
ROOMS = ("booking/", "qmportal/", "templates/", "locale/", "tests/", "docs/", "requirements/", "bench/")
# Set by the surroundings rather than by whoever runs the portal.
NOT_FOR_OPERATORS = {"DEMO", "QM_TEST_DB"}


def text_of(document: str) -> str:
    return (ROOT / document).read_text()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_a_document_names_exists(document: str) -> None:
    named = {word for word in re.findall(r"`([\w./*-]+)`", text_of(document)) if word.startswith(ROOMS)}
    assert [name for name in sorted(named) if not list(ROOT.glob(name.rstrip("/")))] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_of_a_document_leads_somewhere(document: str) -> None:
    folder = (ROOT / document).parent
    targets = re.findall(r"\]\((?!http|#)([^)]+)\)", text_of(document))
    assert [target for target in targets if not (folder / target.partition("#")[0]).exists()] == []


def headings_of(path: Path) -> set[str]:
    """Return the anchors that GitHub and GitLab give to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_into_a_page_leads_to_one_of_its_headings(document: str) -> None:
    here = ROOT / document
    links = re.findall(r"\]\((?!http)([^)#]*)#([^)]+)\)", text_of(document))
    assert [
        anchor for page, anchor in links if anchor not in headings_of(here.parent / page if page else here)
    ] == []


def test_the_house_in_the_readme_is_the_house() -> None:
    listing = text_of("README.md").split("```text\n")[1].split("```")[0]
    paths, room = [], ""
    for line in listing.splitlines():
        names = line[:22].split()
        paths += names if line[0] != " " else [room + name for name in names]
        room = room if line[0] == " " else names[0]
    assert len(paths) > 15
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_operators_find_every_variable_in_their_handbook() -> None:
    settings = re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", text_of("qmportal/settings.py"))
    server = re.findall(r"environ\.get\(\"([A-Z_]+)\"", text_of("qmportal/gunicorn.py"))
    table = text_of("docs/betrieb.md").split("## Alle Variablen")[1]
    handbook = {
        name for row in table.splitlines() for name in re.findall(r"`([A-Z_]+)`", row[1:].split("|")[0])
    }
    assert {*settings, *server} - NOT_FOR_OPERATORS == handbook


def test_every_test_that_proves_what_is_said_of_privacy_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", text_of("docs/datenschutz.md")))
    written = "".join(path.read_text() for path in ROOT.glob("tests/**/test_*.py"))
    assert [name for name in sorted(named) if f"def {name}(" not in written] == []
