"""Make the demo's video from its drawings: `python qmportal/website/pictures/film.py`. Needs Chromium.

The browser plays the scenes on a canvas and records them itself, as H.264, which old iPhones play too. There is
nothing to hear; the subtitles beside it say the sentences, and keep to the length of a scene.
"""

from __future__ import annotations

import re
import shutil
from base64 import b64decode, b64encode
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
FONT = HERE.parents[2] / "static" / "build" / "fonts" / "fira-sans-600.woff2"
SECONDS = 4
SCENES = [
    ("film", "Was macht das Quartiersmanagement?"),
    ("breakfast", "Wir hören zu"),
    ("walk", "Wir bringen zusammen"),
    ("beds", "Wir fördern Ideen"),
    ("door", "Wir sind für Sie da"),
]
WORDS = [
    "Das Quartiersmanagement ist Ihr Büro in der Nachbarschaft.",
    "Was braucht unser Viertel? Das fragen wir die Menschen, die hier leben.",
    "Nachbarschaft, Vereine und Stadt planen gemeinsam.",
    "Haben Sie eine Idee? Wir helfen dabei, auch mit Geld.",
    "Kommen Sie vorbei. Oder buchen Sie einen Termin.",
]


def main() -> None:
    """Write the video and its subtitles."""
    scenes = [
        {"picture": data(HERE / f"{name}.webp", "image/webp"), "title": title} for name, title in SCENES
    ]
    script = re.sub(r"\A//.*\n", "", (HERE / "film.js").read_text(encoding="utf-8"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        given = {"scenes": scenes, "font": data(FONT, "font/woff2"), "seconds": SECONDS}
        recorded = browser.new_page().evaluate(script, given)
        browser.close()
    (HERE / "film.mp4").write_bytes(b64decode(recorded))
    (HERE / "film.vtt").write_text(subtitles(), encoding="utf-8")


def data(path: Path, kind: str) -> str:
    """Return the file as an address: a canvas that showed another origin's file cannot be recorded."""
    return f"data:{kind};base64,{b64encode(path.read_bytes()).decode()}"


def subtitles() -> str:
    """Return the sentences as WebVTT, one a scene."""
    cues = [
        f"00:{at:02}.500 --> 00:{at + SECONDS - 1:02}.900\n{words}"
        for at, words in zip(range(0, len(WORDS) * SECONDS, SECONDS), WORDS, strict=True)
    ]
    return "\n\n".join(["WEBVTT", *cues]) + "\n"


if __name__ == "__main__":
    main()
