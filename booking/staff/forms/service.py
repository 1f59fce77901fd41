"""What is offered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from booking.enums import Channel
from booking.models import Service
from booking.staff.forms.fields import (
    ChannelsField,
    LocalTexts,
    Sections,
    refuse_control_characters,
    text_names,
)

SEPARATOR, MARK = "|", ":"
# Whatever has no code in front, in this order.
UNNAMED = (settings.LANGUAGE_CODE, "en")
TOPIC_LENGTH, TOPIC_COUNT = 80, 40


class TopicsField(forms.CharField):
    """Topics as lines, "Wohnen | Housing | tr: Konut": German, English, then others with their code in front.

    A topic that stays keeps its key, by which earlier bookings name it.
    """

    widget = forms.Textarea(attrs={"rows": 6})

    def __init__(self, *, topics: list[dict[str, Any]], **kwargs: Any) -> None:
        self.topics = topics
        kwargs["initial"] = "\n".join(_line(topic["title"]) for topic in topics)
        super().__init__(validators=[refuse_control_characters], **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the topics as the model keeps them."""
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > TOPIC_COUNT:
            raise ValidationError(_("Please enter at most %(max)d topics."), params={"max": TOPIC_COUNT})
        keys = {topic["title"].get(settings.LANGUAGE_CODE): topic["key"] for topic in self.topics}
        found: list[dict[str, Any]] = []
        for line in lines:
            title = _title(line)
            german = title.get(settings.LANGUAGE_CODE, "")
            if not german or any(len(text) > TOPIC_LENGTH for text in title.values()):
                raise ValidationError(_("Please shorten this line: “%(line)s”."), params={"line": line[:40]})
            key = keys.get(german) or _free_key(german, {*keys.values(), *(t["key"] for t in found)})
            found.append({"key": key, "title": title})
        if len({topic["title"][settings.LANGUAGE_CODE].casefold() for topic in found}) < len(found):
            raise ValidationError(_("Two topics have the same name."))
        return found


def _line(title: dict[str, str]) -> str:
    unnamed = [title.get(code, "") for code in UNNAMED]
    named = [f"{code}{MARK} {text}" for code, text in title.items() if code not in UNNAMED]
    if not named:
        return f" {SEPARATOR} ".join(unnamed).rstrip(f" {SEPARATOR}")
    return f" {SEPARATOR} ".join([*unnamed, *named])


def _title(line: str) -> dict[str, str]:
    """Return the texts by language; what has no code in front is German, then English. Raises ValidationError."""
    title: dict[str, str] = {}
    unnamed = iter(UNNAMED)
    codes = dict(settings.LANGUAGES)
    for part in line.split(SEPARATOR):
        code, mark, text = part.partition(MARK)
        if mark and code.strip().casefold() in codes:
            title[code.strip().casefold()] = text.strip()
        elif language := next(unnamed, ""):
            title[language] = part.strip()
        else:
            message = _("Which language is “%(text)s”? Please write its code in front, as in “tr: Konut”.")
            raise ValidationError(message, params={"text": part.strip()[:40]})
    return {code: text for code, text in title.items() if text}


def _free_key(name: str, taken: set[str]) -> str:
    base = slugify(name)[:30] or "thema"
    return next(k for n in range(1, len(taken) + 2) if (k := base if n == 1 else f"{base}-{n}") not in taken)


class ServiceForm(Sections, LocalTexts):
    """Title, length and ways of a service; its series begin with these values."""

    TEXTS = {"title": (1, 80), "description": (3, 500), "bring_along": (2, 300)}
    SECTIONS = (
        (_("What it is"), text_names("title", "description", "bring_along")),
        (_("Starting values of its series"), ("minutes", "buffer_minutes", "channels")),
        (_("When residents can book"), ("notice_hours", "horizon_weeks")),
        (_("What residents are asked"), ("topics", "asks_message", "needs_confirmation")),
        (_("Shown to residents"), ("is_active",)),
    )

    class Meta:
        model = Service
        fields = (
            "minutes",
            "buffer_minutes",
            "notice_hours",
            "horizon_weeks",
            "asks_message",
            "needs_confirmation",
            "is_active",
        )
        labels = {
            "minutes": _("How many minutes does an appointment take?"),
            "buffer_minutes": _("How many minutes of break in between?"),
            "notice_hours": _("Until how many hours before can it be booked?"),
            "horizon_weeks": _("How many weeks ahead can it be booked?"),
            "asks_message": _("Offer a field for a short message"),
            "needs_confirmation": _("A booking has to be confirmed by a link in a mail"),
            "is_active": _("This service is offered"),
        }
        help_texts = {
            "minutes": _("Series that are published already keep their length."),
            "notice_hours": _("0 means until it begins."),
            "horizon_weeks": _("Times that are further away are published, but can be booked later."),
            "asks_message": _("Without it, nobody can write about the matter. That protects the residents."),
            "needs_confirmation": _(
                "The time is held for 15 minutes until then. Without e-mail it is booked at once."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channels"] = ChannelsField(initial=self.instance.channels)
        self.fields["topics"] = TopicsField(
            topics=self.instance.topics,
            label=_("Topics"),
            required=False,
            help_text=_(
                "One topic a line, then English, then others with their code: “Wohnen | Housing | tr: Konut”."
            ),
        )

    def clean(self) -> dict[str, Any] | None:
        """Put ways and topics where the model keeps them."""
        data = super().clean() or self.cleaned_data
        for channel in Channel:
            setattr(self.instance, f"offers_{channel.value}", channel in data.get("channels", []))
        if "topics" in data:
            self.instance.topics = data["topics"]
        return data
