"""Words as people type them: with or without umlauts and accents, with one ending or another, or only begun.

Texts are indexed and queries are asked in the same folded words, which makes both databases find the same.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

GERMAN: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
WORD: Final = re.compile(r"\w+")
# What stands at the end of a German word in another case or number; what is left must still say something.
ENDING: Final = re.compile(r"(?<=\w{4})(?:innen|en|er|es|e|n|s)$")
# Letters that have no accent to leave out, but that many keyboards do not have: Turkish, Polish, Arabic and Persian.
ALIKE: Final = str.maketrans("ıłىةکی", "ilيهكي")
# "The", "and the", "with the" and so on, which Arabic writes as one with the word.
ARTICLE: Final = re.compile(r"^(?:[وفبك]?ال|لل)(?=\w{3})")
MOST_WORDS: Final = 8


def indexed(text: str) -> str:
    """Return the words of a text as they are looked for: umlauts as "ae" and as "a"."""
    found = words(text)
    also = [spelled for word, spelled in zip(found, _spelled_out(text), strict=True) if spelled != word]
    return " ".join([*found, *also])


def asked(query: str) -> list[set[str]]:
    """Return for each word of the query the beginnings that answer it; an empty list asks for nothing."""
    both = zip(words(query), _spelled_out(query), strict=True)
    return [{ENDING.sub("", each) for each in pair} for pair in both][:MOST_WORDS]


def answers(text: str, wanted: list[set[str]]) -> bool:
    """Whether each wanted word begins some word of the text."""
    there = indexed(text).split()
    return all(any(word.startswith(tuple(each)) for word in there) for each in wanted)


def words(text: str) -> list[str]:
    """Return the words of a text without accents, umlauts among them, in small letters."""
    return _plain(text.casefold())


def _spelled_out(text: str) -> list[str]:
    return _plain(unicodedata.normalize("NFC", text.casefold()).translate(GERMAN))


def _plain(text: str) -> list[str]:
    letters = (sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return [ARTICLE.sub("", word) for word in WORD.findall("".join(letters).translate(ALIKE))]
