"""What a visitor wants to see of the free times. Never fails: what cannot be read is left out and said so."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from booking.dates import listed
from booking.enums import Channel
from booking.models import Host, Service

FARTHEST = timedelta(weeks=60)


class View(TextChoices):
    """How free times are drawn."""

    LIST = "liste", _("List")
    WEEK = "woche", _("Week")
    MONTH = "monat", _("Month")


class DayPart(TextChoices):
    """The part of the day in which a time begins."""

    MORNING = "vormittag", _("in the morning (before 12)")
    AFTERNOON = "nachmittag", _("in the afternoon (12 to 17)")
    EVENING = "abend", _("in the evening (from 17)")

    @property
    def hours(self) -> range:
        """The local hours in which it begins."""
        return {"vormittag": range(12), "nachmittag": range(12, 17), "abend": range(17, 24)}[self.value]


@dataclass(frozen=True)
class Search:
    """A visitor's choice, each part valid or None; `notices` say what was left out."""

    view: View
    since: date
    service: Service | None = None
    host: Host | None = None
    channel: Channel | None = None
    part: DayPart | None = None
    notices: list[str] = field(default_factory=list)

    @property
    def is_narrow(self) -> bool:
        """Whether it leaves out some of the times."""
        return any((self.service, self.host, self.channel, self.part))

    @property
    def spoken(self) -> str:
        """The choice in words."""
        parts = [self.service, self.host, self.channel and self.channel.label, self.part and self.part.label]
        return listed(part for part in parts if part)

    def query(self, view: View | None = None, since: date | None = None) -> str:
        """Return the query string of the same choice in another view or from another day on."""
        query = QueryDict(mutable=True)
        wanted = view or self.view
        if wanted != View.LIST:
            query["ansicht"] = wanted.value
        if self.service:
            query["angebot"] = self.service.slug
        if self.host:
            query["person"] = self.host.slug
        if self.channel:
            query["kanal"] = self.channel.value
        if self.part:
            query["zeit"] = self.part.value
        if since:
            query["ab"] = since.isoformat()
        return f"?{query.urlencode()}"

    def without_filters(self) -> Search:
        """Return the same view from the same day on with all times."""
        return replace(self, service=None, host=None, channel=None, part=None, notices=[])


def search(query: QueryDict, services: list[Service], hosts: list[Host], today: date) -> Search:
    """Read a visitor's choice from the query string."""
    notices: list[str] = []

    def one_of(name: str, known: dict[str, Any], notice: Any) -> Any:
        typed = query.get(name, "")
        if typed and typed not in known:
            notices.append(str(notice))
        return known.get(typed)

    view = one_of("ansicht", {v.value: v for v in View}, _("There is no such view. This is the list."))
    return Search(
        view=view or View.LIST,
        since=_since(query.get("ab", ""), today, notices),
        service=one_of(
            "angebot",
            {s.slug: s for s in services},
            _("We do not offer that. These are the times of all offers."),
        ),
        host=one_of(
            "person",
            {h.slug: h for h in hosts},
            _("We do not know this person. These are the times of everybody."),
        ),
        channel=one_of(
            "kanal",
            {c.value: c for c in Channel},
            _("You cannot reach us in this way. These are all times."),
        ),
        part=one_of(
            "zeit", {p.value: p for p in DayPart}, _("There is no such time of day. These are all times.")
        ),
        notices=notices,
    )


def _since(typed: str, today: date, notices: list[str]) -> date:
    """Return the first day to show: today where none, a past or an unreadable one is given."""
    if not typed:
        return today
    try:
        day = date.fromisoformat(typed) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", typed) else None
    except ValueError:
        day = None
    if day is None:
        notices.append(gettext("We could not read the date. These are the times from today on."))
    elif day > today + FARTHEST:
        notices.append(gettext("This date is too far away. These are the times from today on."))
    else:
        return max(day, today)
    return today


class FilterForm(forms.Form):
    """The same choice, to be changed. It is only drawn: `search` reads what it sends."""

    angebot = forms.ChoiceField(label=gettext_lazy("Offer"), required=False)
    person = forms.ChoiceField(label=gettext_lazy("Person"), required=False)
    kanal = forms.ChoiceField(label=gettext_lazy("How"), required=False)
    zeit = forms.ChoiceField(label=gettext_lazy("Time of day"), required=False)
    ab = forms.DateField(
        label=gettext_lazy("From which day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    ansicht = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, wanted: Search, services: list[Service], hosts: list[Host], today: date) -> None:
        super().__init__(
            auto_id="filter-%s",
            initial={
                "angebot": wanted.service.slug if wanted.service else "",
                "person": wanted.host.slug if wanted.host else "",
                "kanal": wanted.channel or "",
                "zeit": wanted.part or "",
                "ab": wanted.since if wanted.since > today else None,
                "ansicht": wanted.view.value,
            },
        )
        self._choose_from("angebot", _("All offers"), [(s.slug, str(s)) for s in services])
        self._choose_from("person", _("Everybody"), [(h.slug, h.introduced) for h in hosts])
        self._choose_from("kanal", _("All ways"), list(Channel.choices))
        self._choose_from("zeit", _("All day"), list(DayPart.choices))

    def _choose_from(self, name: str, everything: Any, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = [("", everything), *choices]  # type: ignore[attr-defined]
