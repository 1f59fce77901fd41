"""A change of office hours in words: its dates, its bookings, and what is remembered for the page that follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.actions.diary import Skip
from booking.actions.recutting import Affected
from booking.actions.revising import Revision
from booking.enums import BookedTimes
from booking.models import OfficeHours
from booking.staff.forms.revising import DECISION

KEY = "revised"
# What the buttons of a choice say, and what it has come to.
CHOICES = {BookedTimes.KEEP: _("keep it"), BookedTimes.MOVE: _("move it"), BookedTimes.CANCEL: _("cancel it")}
OUTCOMES = {
    BookedTimes.KEEP: _("stays"),
    BookedTimes.MOVE: _("is moved"),
    BookedTimes.CANCEL: _("is cancelled"),
}
NEW, CHANGED, GONE, UNTOUCHED = _("new"), _("changed"), _("no longer offered"), _("stays as it is")


@dataclass(frozen=True)
class Line:
    """One date of the preview, and what happens to it."""

    start: datetime | None
    end: datetime | None
    day: date
    what: Any
    is_gone: bool = False
    skip: Skip | None = None


@dataclass(frozen=True)
class Choice:
    """One affected booking with its radio buttons: value, label, and whether it is chosen."""

    affected: Affected
    name: str
    options: list[tuple[str, Any, bool]]


def lines(plan: Revision) -> list[Line]:
    """Return the dates that are not simply as before, in their order."""
    found = [
        *_lines(plan.made, NEW),
        *_lines(plan.changed, CHANGED),
        *_lines(plan.untouched, UNTOUCHED),
        *_lines(plan.removed, GONE, is_gone=True),
        *(Line(None, None, skip.day, "", skip=skip) for skip in plan.skipped),
    ]
    return sorted(found, key=lambda line: (line.day, not line.is_gone))


def _lines(hours: Iterable[OfficeHours], what: Any, *, is_gone: bool = False) -> list[Line]:
    return [Line(each.start, each.end, timezone.localdate(each.start), what, is_gone) for each in hours]


def choices(plan: Revision, decided: Mapping[UUID, BookedTimes]) -> list[Choice]:
    """Return each affected booking with what can be decided about it, next first."""
    found = []
    for each in sorted(plan.affected, key=lambda affected: affected.former.start):
        chosen = decided.get(each.booking.pk)
        options = [
            (choice.value, label, choice == chosen)
            for choice, label in CHOICES.items()
            if each.can_move or choice != BookedTimes.MOVE
        ]
        found.append(Choice(each, f"{DECISION}{each.booking.pk}", options))
    return found


def words(revision: Revision) -> dict[str, Any]:
    """Return what a page says about a change: dates, bookings, and who is told how."""
    affected = sorted(revision.affected, key=lambda each: each.former.start)
    return {
        "dates": lines(revision),
        "affected": [(each, f"{DECISION}{each.booking.pk}", OUTCOMES[each.outcome]) for each in affected],
        "by_mail": sum(1 for each in affected if each.is_told and each.booking.email),
        "calls": [each for each in affected if each.must_be_called],
    }


def remember(request: HttpRequest, revision: Revision, about: str, url: str) -> None:
    """Keep what a change did for the page that follows: numbers and ids, nobody's name."""
    said = words(revision)
    request.session[KEY] = {
        "about": about,
        "url": url,
        "made": len(revision.made),
        "changed": len(revision.changed),
        "kept": len(revision.kept),
        "removed": len(revision.removed),
        "by_mail": said["by_mail"],
        "calls": [str(each.booking.pk) for each in said["calls"]],
    }


def recall(request: HttpRequest) -> dict[str, Any] | None:
    """Return what the last change of this session did."""
    done: dict[str, Any] | None = request.session.get(KEY)
    return done
