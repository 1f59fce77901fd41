"""What can become of one try to send a mail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What became of one try."""

    SENT = "sent"
    AGAIN = "again"  # the relay is away or busy
    REFUSED = "refused"  # this mail or its recipient, for good
    OUR_FAULT = "our fault"  # login, sender or certificate: every mail would fail alike
    UNCERTAIN = "uncertain"  # handed over, and no answer came


@dataclass(frozen=True)
class Answer:
    """The outcome of one try and the kind of its failure: a `Fault`, and the reply's code where there is one.

    Never the relay's own text, which names people.
    """

    outcome: Outcome
    error: str = ""
    silent: bool = False  # the relay may still be at work on it, so that a copy should wait


class RelayError(Exception):
    """A try that ended otherwise than sent."""

    def __init__(self, outcome: Outcome, error: str, silent: bool = False) -> None:
        super().__init__(error)
        self.answer = Answer(outcome, error, silent)
