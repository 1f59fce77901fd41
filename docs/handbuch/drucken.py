"""Print the handbook for the menu of the back end: `python docs/handbuch/drucken.py`. Needs Chromium, no demo.

The chapters in the order of the contents, as a PDF with an outline and the fingerprint of what it was made from.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
TARGET = HERE.parents[1] / "booking/staff/static/staff/handbuch.pdf"
CONTENTS = "README.md"
FOOT = '<div style="width:100%;font-size:7px;text-align:center"><span class="pageNumber"></span></div>'


def main() -> None:
    """Write the PDF anew."""
    with tempfile.NamedTemporaryFile("w", dir=HERE, suffix=".html", encoding="utf-8") as page:
        page.write(book())
        page.flush()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            sheet = browser.new_page()
            sheet.goto(f"file://{page.name}")
            sheet.pdf(
                path=TARGET,
                prefer_css_page_size=True,
                print_background=True,
                display_header_footer=True,
                header_template="<span></span>",
                footer_template=FOOT,
                tagged=True,
                outline=True,
            )
            browser.close()


def book() -> str:
    """Return all chapters as one page of HTML."""
    chapters = "".join(f"<section>{chapter(name)}</section>" for name in names())
    return (
        f'<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>Handbuch {fingerprint()}</title>'
        f'<link rel="stylesheet" href="druck.css"></head><body>{chapters}</body></html>'
    )


def names() -> list[str]:
    """Return the files of the chapters in the order in which the contents name them."""
    linked = re.findall(r"\]\(([\w-]+\.md)", (HERE / CONTENTS).read_text(encoding="utf-8"))
    return list(dict.fromkeys([CONTENTS, *linked]))


def chapter(name: str) -> str:
    """Render a chapter; its links lead within the book, those out of it become mere words."""
    text = (HERE / name).read_text(encoding="utf-8")
    text = re.sub(r"\[([^]]+)\]\(\.\./[^)]*\)", r"\1", text)
    text = re.sub(r"\]\(#([^)]+)\)", rf"](#{name}-\1)", text)
    text = re.sub(r"\]\(([\w-]+\.md)\)", r"](#\1)", text)
    text = re.sub(r"\]\(([\w-]+\.md)#([^)]+)\)", r"](#\1-\2)", text)
    markdown = MarkdownIt("commonmark").enable("table")
    tokens = markdown.parse(text)
    for heading, words in pairwise(tokens):
        if heading.type == "heading_open":
            heading.attrs["id"] = name if heading.tag == "h1" else f"{name}-{anchor(words.content)}"
    return str(markdown.renderer.render(tokens, markdown.options, {}))


def anchor(heading: str) -> str:
    """Return what a heading is called in links, as GitHub and GitLab make it."""
    return re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")


def fingerprint() -> str:
    """Return eight signs that change with any text or picture of the handbook."""
    parts = [HERE / name for name in names()] + sorted((HERE / "bilder").iterdir())
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()[:8]


if __name__ == "__main__":
    main()
