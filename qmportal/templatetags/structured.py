"""What programs read about the page."""

from __future__ import annotations

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from booking.models import Office
from qmportal.website.structured import office_data, script

register = template.Library()


@register.simple_tag
def office_json_ld(office: Office | None) -> SafeString | str:
    """Describe the office to search engines, in the head of the home page."""
    return script(office_data(office, timezone.now())) if office else ""
