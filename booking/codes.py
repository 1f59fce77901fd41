"""Codes that can be said on the phone: two German words and a number, "Apfel-Laterne-47"; and plain numbers."""

from __future__ import annotations

import re
import secrets
from difflib import get_close_matches

# Short, everyday, told apart by ear, written without umlaut, ß, y or q, and without I beside l.
FIRST = tuple(  # read by people, so kept as running text
    """
    Abend Adler Ampel Anker Apfel Balkon Banane Berg Birne Blatt Blume Boot Brot Buch Dach Dorf Drachen
    Eimer Ente Erde Esel Fahrrad Farbe Feder Feld Fenster Feuer Fisch Flagge Fluss Fuchs Garten Gabel
    Glas Gras Hafen Hase Haus Herbst Hof Honig Hund Hut Jacke Kaffee Karte Kater Kette Kirsche Kissen
    Koffer Kran Kuchen Lampe Laub Leiter Mai Mantel Markt Meer Milch Mond Morgen Nacht Nadel Nest Nuss
    Ofen Orange Paket Papier Park Pinsel Rad Rakete Regen Ring Rose Sand Schaf Schiff Schnee Segel
    Sommer Sonne Stern Strand Tafel Tasse Teller Tiger Tisch Tomate Torte Traube Turm Ufer Wald Wasser
    Weg Wiese Winter Wolke Wolle Zaun Zebra Zelt Zucker
    """.split()  # noqa: SIM905
)
SECOND = tuple(  # read by people, so kept as running text
    """
    Ast Bach Bahn Baum Becher Besen Biene Brief Bruder Bus Decke Dose Eule Faden Fass Ferien Flasche
    Foto Frosch Gans Gast Geige Gitarre Hammer Hand Hecke Heft Helm Herz Hose Igel Insel Jahr Kamel
    Kanne Kasten Kelle Kerze Kind Klee Kleid Knopf Korb Krone Kugel Kuh Laden Laterne Laub Leine Licht
    Linde Luft Maler Maus Melone Messer Mohn Motor Muschel Musik Nagel Nase Nebel Ohr Onkel Pferd Pfote
    Pilz Platz Post Puppe Rasen Reise Reiter Ruder Saft Salat Salz Schal Schirm Schule Seil Sessel Socke
    Spatz Spiel Stein Stiefel Stuhl Suppe Tal Tante Tanne Taube Tuch Uhr Vogel Waage Wagen Wand Wecker
    Welle Wind Wort Wurzel Zahn Zange Ziege Zimmer Zug Zwiebel
    """.split()  # noqa: SIM905
)


def new_code() -> str:
    """Return a random code, one of about 1.2 million; whether it is unused only the database knows."""
    return f"{secrets.choice(FIRST)}-{secrets.choice(SECOND)}-{secrets.randbelow(90) + 10}"


def new_number() -> str:
    """Return seven random digits that name an inquiry: figures are the same in every language."""
    return str(secrets.randbelow(9_000_000) + 1_000_000)


def normal_form(typed: str) -> str:
    """Return the code as it is stored, whatever case, spaces or hyphens were typed; empty if it is none."""
    letters = re.sub(r"[^a-z]", "", typed.casefold())
    digits = re.sub(r"[^0-9]", "", typed)
    for first in FIRST:
        rest = letters.removeprefix(first.casefold())
        if rest != letters:
            for second in SECOND:
                if rest == second.casefold() and len(digits) == len("47"):
                    return f"{first}-{second}-{digits}"
    return ""


# What people write for a letter when they copy a code, and the other way round.
_LETTERS_FOR_DIGITS = str.maketrans("01", "ol")
_DIGITS_FOR_LETTERS = str.maketrans("oil", "011")
_ALIKE = 0.75


def similar(typed: str) -> list[str]:
    """Return how codes begin that somebody may have meant, the likeliest first; empty when it is none.

    For the desk, where people spell on the phone: one word is enough, wrong letters are forgiven.
    """
    parts = [part for part in re.split(r"[\W_]+", typed.casefold()) if part]
    if parts and (last := parts[-1].translate(_DIGITS_FOR_LETTERS)).isdigit():
        parts, number = parts[:-1], last
    else:
        number = ""
    words = [part.translate(_LETTERS_FOR_DIGITS) for part in parts]
    if not 1 <= len(words) <= len(("first", "second")):
        return []
    return _beginnings(words, number)


def _beginnings(words: list[str], number: str) -> list[str]:
    firsts = _nearest(words[0], FIRST)
    if len(words) == 1:
        return [f"{first}-" for first in firsts]
    pairs = [f"{first}-{second}-" for first in firsts for second in _nearest(words[1], SECOND)]
    return [f"{pair}{number}" for pair in pairs]


def _nearest(word: str, words: tuple[str, ...]) -> list[str]:
    spelt = {each.casefold(): each for each in words}
    if word in spelt:
        return [spelt[word]]
    return [spelt[each] for each in get_close_matches(word, spelt, n=3, cutoff=_ALIKE)]
