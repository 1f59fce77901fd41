"""Whether words are in the language that they are said to be in, as far as a program can tell."""

from __future__ import annotations

import re

# Words that a sentence of the language can hardly do without, and that the others do not have.
GERMAN = "der das und ist nicht Sie für mit wir auf den dem einen eine einer Ihre Ihren bitte oder werden"
ENGLISH = "the and you is not with for your this of to please are we our can"
OFTEN = {"de": {*GERMAN.split(" ")}, "en": {*ENGLISH.split(" ")}}
# Two of them may stand in a name: "Haus der Jugend und Kultur".
ENOUGH = 3
WORD = re.compile(r"[^\W\d_]+")


def foreign(text: str, language: str) -> str:
    """Return the language that the text is in, if it is another than the one it is said to be in; else nothing."""
    said = set(WORD.findall(text))
    own = language.partition("-")[0]
    return next((other for other, words in OFTEN.items() if other != own and len(said & words) >= ENOUGH), "")
