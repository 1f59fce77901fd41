"""docs/crawl.md: when, on what, how much, and what was found."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tests.crawl.eyes import ALL_LOOKS
from tests.crawl.speed import BUDGET, FILES, LARGEST_AIM, SLOW, Visit
from tests.crawl.spider import Finding, Seen, Site

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "docs" / "crawl.md"
SHOWN = 200
# Of pages that differ only in a number.
AT_MOST = 3


@dataclass
class Report:
    """What a crawl found."""

    site: Site
    findings: list[Finding]
    visits: list[Visit]
    commit: str
    looked: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def note(self, seen: Seen, findings: Iterable[Finding]) -> list[Finding]:
        """Keep and return what was found by looking at a page."""
        found = [*findings]
        self.findings += found
        self.looked[seen.language] += 1
        return found

    @property
    def faults(self) -> list[Finding]:
        """Everything that is wrong, each once."""
        slow = [Finding(visit.path, fault) for visit in self.visits for fault in visit.faults()]
        return sorted({*self.findings, *slow})

    @property
    def combinations(self) -> int:
        """How many pairs of a page in a language and a look were seen."""
        return self.looked.total() * len(ALL_LOOKS)

    @property
    def summary(self) -> str:
        """The result in one line."""
        return (
            f"{len(self.site.pages)} pages read, {self.looked.total()} looked at, "
            f"{self.combinations} combinations, {len(self.faults)} findings, {self.seconds:.0f} s"
        )

    @property
    def text(self) -> str:
        """The document."""
        return "\n".join(self._lines()) + "\n"

    def write(self) -> None:
        """Write the document."""
        PLACE.write_text(self.text, encoding="utf-8")

    def _lines(self) -> Iterator[str]:
        yield from (
            "# The crawl",
            "",
            "Written by `make crawl`. It follows every link of a demo of its own in every language and sends its",
            "forms with mistakes. It reads each page as HTML: status, valid markup, headings, title, language, words",
            "in another language, dead links and fragments, Content-Security-Policy, nothing from elsewhere. It",
            "looks at each page in a browser (axe, sideways scrolling, refusals of the policy, size of what is",
            f"tapped): {', '.join(map(str, ALL_LOOKS))}.",
            "Of pages that differ only in a number or in what is chosen, such as free times, it takes at most",
            f"{AT_MOST} of a kind in each language.",
            "",
            "| | |",
            "|---|---|",
            f"| date | {date.today().isoformat()} |",  # noqa: DTZ011 - of whoever ran it
            f"| commit | {self.commit} |",
            f"| pages read | {len(self.site.pages)}, of {len(self.site.names())} kinds |",
            f"| other addresses asked for | {len(self.site.answers)} |",
            f"| pages looked at | {self.looked.total()} |",
            f"| combinations of page, language and look | {self.combinations} |",
            f"| findings | {len(self.faults)} |",
            f"| seconds | {self.seconds:.0f} |",
            "",
            "| language | pages read | pages looked at |",
            "|---|---|---|",
        )
        read = Counter(seen.language for seen in self.site.pages)
        yield from (f"| {language} | {count} | {self.looked[language]} |" for language, count in read.items())
        yield from (
            "",
            "## A first visit",
            "",
            f"At home and in the list of times at most {BUDGET // 1000} kB as they are sent, on every page at most",
            f"{FILES} style sheets and scripts, and nothing shifts. On a processor {SLOW} times as slow the",
            f"largest part should stand within {LARGEST_AIM:.0f} s, which is told and no limit.",
            "",
            "| page | kB | style sheets | scripts | fonts | largest part, s | shift |",
            "|---|---|---|---|---|---|---|",
            *(str(visit) for visit in self.visits),
        )
        if self.faults:
            yield from ("", "## Findings", "", "| pages | what | first seen on |", "|---|---|---|")
            yield from self._table()

    def _table(self) -> Iterator[str]:
        counted = Counter(found.fault for found in self.faults)
        first = {found.fault: found.path for found in reversed(self.faults)}
        for fault, count in counted.most_common(SHOWN):
            shown = " ".join(fault.split()).replace("|", "\\|").replace("`", "'")[:200]
            yield f"| {count} | `{shown}` | `{first[fault][:80]}` |"


def commit() -> str:
    """Return the commit that is looked at."""
    command = ["git", "describe", "--always", "--dirty"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout.strip()
