"""The hours of the office on its pages."""

from __future__ import annotations

from django import template
from django.utils import timezone

from booking import opening
from booking.models import Office
from booking.today import Today, today

register = template.Library()


@register.simple_tag
def opening_hours(office: Office | None) -> opening.Hours | None:
    """Say when the door is open; false where nobody wrote it down."""
    return opening.opening_hours(office) if office else None


@register.simple_tag
def phone_hours(office: Office | None) -> opening.Hours | None:
    """Say when somebody answers the phone; false where nobody wrote it down."""
    return opening.phone_hours(office) if office else None


@register.simple_tag
def office_today(office: Office | None) -> Today | None:
    """Say what the office is doing at this moment, in its own zone; nothing where it says no opening hours."""
    return today(office, timezone.now()) if office else None
