"""Why nothing takes place, in the words of the reader.

The office sees and keeps the German names of public holidays; they are words of everybody, so everybody reads them in
her own language. What the office wrote itself stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.translation import pgettext_lazy

from booking.languages import OF_THE_OFFICE

# Every name that `public_holidays` gives in one of the Länder.
HOLIDAYS = {
    "Neujahr": pgettext_lazy("holiday", "New Year’s Day"),
    "Heilige Drei Könige": pgettext_lazy("holiday", "Epiphany"),
    "Frauentag": pgettext_lazy("holiday", "International Women’s Day"),
    "Karfreitag": pgettext_lazy("holiday", "Good Friday"),
    "Ostersonntag": pgettext_lazy("holiday", "Easter Sunday"),
    "Ostermontag": pgettext_lazy("holiday", "Easter Monday"),
    "Erster Mai": pgettext_lazy("holiday", "Labour Day"),
    "Christi Himmelfahrt": pgettext_lazy("holiday", "Ascension Day"),
    "Pfingstsonntag": pgettext_lazy("holiday", "Whit Sunday"),
    "Pfingstmontag": pgettext_lazy("holiday", "Whit Monday"),
    "Fronleichnam": pgettext_lazy("holiday", "Corpus Christi"),
    "75. Jahrestag des Aufstandes vom 17. Juni 1953": pgettext_lazy(
        "holiday", "75th anniversary of the uprising of 17 June 1953"
    ),
    "Mariä Himmelfahrt": pgettext_lazy("holiday", "Assumption Day"),
    "Weltkindertag": pgettext_lazy("holiday", "World Children’s Day"),
    "Tag der Deutschen Einheit": pgettext_lazy("holiday", "Day of German Unity"),
    "Reformationstag": pgettext_lazy("holiday", "Reformation Day"),
    "Allerheiligen": pgettext_lazy("holiday", "All Saints’ Day"),
    "Buß- und Bettag": pgettext_lazy("holiday", "Day of Repentance and Prayer"),
    "Erster Weihnachtstag": pgettext_lazy("holiday", "Christmas Day"),
    "Zweiter Weihnachtstag": pgettext_lazy("holiday", "Second Day of Christmas"),
}


@dataclass(frozen=True)
class Reason:
    """A reason as a text; `language` is that of the office's own words, empty where it is the reader's."""

    text: str = ""
    language: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        return self.text

    @property
    def html(self) -> str:
        """The text, marked and kept apart from its surroundings where it is in the office's language."""
        if self.language:
            return format_html('<bdi lang="{}">{}</bdi>', self.language, self.text)
        return format_html("{}", self.text)


def spoken(reason: str) -> Reason:
    """Return what the office keeps as its reason, for everybody; the name of a holiday in the active language."""
    name = HOLIDAYS.get(reason)
    return Reason(str(name)) if name else Reason(reason, OF_THE_OFFICE)
