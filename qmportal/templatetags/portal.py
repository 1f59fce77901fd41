"""What the frame of every page needs: its languages, fields in KERN's dress, texts of the office."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BoundField
from django.forms.boundfield import BoundWidget
from django.http import HttpRequest
from django.template import Context
from django.urls import translate_url
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from booking.dates import listed, spoken_date, spoken_day, spoken_day_of_year, spoken_hour
from booking.ical.text import left_to_right
from booking.models.office import local as text_in_language
from qmportal.accounts import devices

register = template.Library()
# What is typed from left to right in every language.
LEFT_TO_RIGHT = {"email", "number", "tel", "url"}
CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b")
SPACE_IN_A_PART = re.compile("(?<![,\N{ARABIC COMMA}]) ")
# A weekday in letters, then at least two more words.
LONG_WITHOUT_COMMA = re.compile("[^\\W\\d][^ ,\N{ARABIC COMMA}]*( [^ ,\N{ARABIC COMMA}]+){2,}")


class LanguageLink(NamedTuple):
    """The way to this page in a language, by the language's own name."""

    code: str
    name: str
    url: str
    is_current: bool


@register.simple_tag(takes_context=True)
def page_languages(context: Context) -> list[LanguageLink]:
    """List the languages in which this page exists, its own too; none where there is no page."""
    request: HttpRequest | None = context.get("request")
    if request is None or request.resolver_match is None:
        return []
    here = request.get_full_path()
    current = get_language()
    links = [
        LanguageLink(code, name, here if code == current else translate_url(here, code), code == current)
        for code, name in settings.LANGUAGES
    ]
    return [link for link in links if link.is_current or link.url != here]


@register.simple_tag
def is_reviewed() -> bool:
    """Tell whether somebody who grew up with the active language has read our texts in it."""
    return (get_language() or settings.LANGUAGE_CODE) in settings.REVIEWED_LANGUAGES


@register.filter
def local(text: dict[str, str]) -> str:
    """Return a short text of the office in the active language, in German where it has none."""
    return text_in_language(text)


@register.filter
def kern(field: BoundField, css_class: str) -> SafeString:
    """Return the field's widget with KERN's class, and with the one for errors where it has some."""
    attrs: dict[str, str | bool] = {"class": f"{css_class} {css_class}--error" if field.errors else css_class}
    if getattr(field.field.widget, "input_type", "") in LEFT_TO_RIGHT:
        attrs["dir"] = "ltr"
    return field.as_widget(attrs=attrs)


@register.filter
def kern_option(option: BoundWidget) -> SafeString:
    """Return one radio button or checkbox of a group with KERN's class, without its label."""
    kind = "radio" if option.data["type"] == "radio" else "checkbox"
    option.data["attrs"]["class"] = f"kern-form-check__{kind}"
    return option.tag()


@register.filter
def out_of_reach(field: BoundField) -> SafeString:
    """Return the field's widget so that neither the tab key nor a browser's memory fills it in."""
    return field.as_widget(attrs={"tabindex": "-1", "autocomplete": "off"})


@register.filter
def dialled(phone: str) -> str:
    """Return a phone number as telephones want it: digits, and a plus sign in front."""
    return "".join(sign for sign in phone if sign.isdigit() or sign == "+")


@register.filter
def bdi(text: object) -> SafeString:
    """Keep a name, a number or a time apart from the writing direction of the sentence around it."""
    return format_html("<bdi>{}</bdi>", text) if text else SafeString()


@register.filter
def clocks_apart(text: str) -> SafeString:
    """Keep each time of day in a sentence apart from the sentence's writing direction."""
    return mark_safe(CLOCK.sub(r"<bdi>\g<0></bdi>", conditional_escape(text)))  # noqa: S308 - escaped


@register.filter
def ltr(text: object) -> SafeString:
    """Write what goes from left to right in every language: phone numbers, addresses of mails and pages, codes."""
    return format_html('<bdi dir="ltr">{}</bdi>', text) if text else SafeString()


@register.filter
def ltr_in_text(text: str) -> str:
    """Do the same where there is no markup: mails as plain text."""
    return left_to_right(text)


@register.filter
def comma(first: object, second: object) -> str:
    """Write two parts in one row, between them the language's comma; a part that is missing leaves none."""
    return listed(part for part in (first, second) if part)


@register.filter
def in_a_row(parts: Iterable[object]) -> str:
    """Write parts in one row, between them the language's comma."""
    return listed(parts)


@register.filter
def unbroken(text: str) -> str:
    """Let a day and an hour in words go to the next line behind a comma only, never between "24." and "November".

    A language that writes no comma goes on behind the weekday.
    """
    if LONG_WITHOUT_COMMA.fullmatch(text):
        weekday, rest = text.split(" ", 1)
        return f"{weekday} {unbroken(rest)}"
    return SPACE_IN_A_PART.sub("\N{NO-BREAK SPACE}", text)


@register.filter
def device(user_agent: str) -> str:
    """Return browser and system in words."""
    return devices.device(user_agent)


@register.filter
def spoken(moment: datetime, zone: ZoneInfo) -> str:
    """Return weekday, day, month and hour in the zone."""
    return listed([spoken_day(moment.astimezone(zone).date()), spoken_hour(moment, zone)])


@register.filter
def spoken_with_year(day: date) -> str:
    """Return weekday, day, month and year."""
    return spoken_day_of_year(day)


@register.filter
def as_date(day: date) -> str:
    """Return day, month and year."""
    return spoken_date(day)


@register.filter
def as_json(value: object) -> str:
    """Write a value as JSON, for a data attribute that a script reads."""
    return json.dumps(value, cls=DjangoJSONEncoder)
