"""What the frame of every page needs: other languages, fields in KERN's dress, texts of the office."""

from __future__ import annotations

import json
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
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info
from wagtail.models import Locale, Page

from booking.dates import spoken_day, spoken_day_of_year, spoken_hour
from booking.models.office import local as text_in_language
from qmportal.accounts import devices

register = template.Library()


class LanguageLink(NamedTuple):
    """The way to a page in another language."""

    code: str
    name: str
    url: str


@register.simple_tag(takes_context=True)
def other_languages(context: Context) -> list[LanguageLink]:
    """List the other languages in which this page exists; none where there is no page, as on a 404."""
    request: HttpRequest | None = context.get("request")
    if request is None or request.resolver_match is None:
        return []
    codes = [code for code, _ in settings.LANGUAGES if code != get_language()]
    page = context.get("page")
    if isinstance(page, Page):
        addresses = {code: _page_url(page, code, request) for code in codes}
    else:
        here = request.get_full_path()
        addresses = {code: translate_url(here, code) for code in codes}
        addresses = {code: address for code, address in addresses.items() if address != here}
    return [
        LanguageLink(code, get_language_info(code)["name_local"], addresses[code])
        for code in codes
        if code in addresses
    ]


def _page_url(page: Page, code: str, request: HttpRequest) -> str:
    """Return the address of the page's translation, or of the language's home page where there is none."""
    locale = Locale.objects.filter(language_code=code).first()
    translated = page.get_translation_or_none(locale) if locale else None
    if translated and translated.live:
        return str(translated.get_url(request))
    return translate_url("/", code)


@register.filter
def local(text: dict[str, str]) -> str:
    """Return a short text of the office in the active language, in German where it has none."""
    return text_in_language(text)


@register.filter
def kern(field: BoundField, css_class: str) -> SafeString:
    """Return the field's widget with KERN's class, and with the one for errors where it has some."""
    classes = f"{css_class} {css_class}--error" if field.errors else css_class
    return field.as_widget(attrs={"class": classes})


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
def device(user_agent: str) -> str:
    """Return browser and system in words."""
    return devices.device(user_agent)


@register.filter
def spoken(moment: datetime, zone: ZoneInfo) -> str:
    """Return weekday, day, month and hour in the zone."""
    return f"{spoken_day(moment.astimezone(zone).date())}, {spoken_hour(moment, zone)}"


@register.filter
def spoken_with_year(day: date) -> str:
    """Return weekday, day, month and year."""
    return spoken_day_of_year(day)


@register.filter
def as_json(value: object) -> str:
    """Write a value as JSON, for a data attribute that a script reads."""
    return json.dumps(value, cls=DjangoJSONEncoder)
