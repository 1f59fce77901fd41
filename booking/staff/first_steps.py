"""What somebody does on her first day, until it is done."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from booking.models import Host


@dataclass(frozen=True)
class Step:
    """One thing to do, with the page where it is done."""

    label: str | Promise
    hint: str | Promise
    url: str
    is_done: bool


def first_steps(host: Host | None) -> list[Step]:
    """Return the steps of the host as long as one is left; nothing for who gives no consultations."""
    if host is None:
        return []
    profile = reverse("staff:profile")
    has_published = host.availabilities.filter(is_draft=False, is_extra=False).exists()
    steps = [
        Step(
            _("Look through your profile"),
            _("Your name and how the office reaches you."),
            profile,
            bool(host.profile_saved_at),
        ),
        Step(
            _("Publish your first office hours"),
            _("You see every date before it can be booked."),
            reverse("staff:publish"),
            has_published,
        ),
        Step(
            _("Send yourself a test invitation"),
            _("So you see what residents get. The button is in your profile."),
            profile,
            bool(host.test_sent_at),
        ),
    ]
    return [] if all(step.is_done for step in steps) else steps
