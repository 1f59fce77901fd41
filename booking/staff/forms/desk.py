"""The forms by which the office books for somebody who calls or comes by."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from booking.actions.bookings import Claim
from booking.actions.desk import Wish
from booking.enums import Channel
from booking.forms.fields import LineField, OneEmailField, PhoneField
from booking.models import Host, Office, Service
from booking.staff.forms.fields import DayField, HourField, Sections

OF_SOMEBODY_ELSE = {"autocomplete": "off"}


class PersonForm(forms.Form):
    """For whom: all of it may be left out. Subclasses say which ways and topics there are."""

    name = LineField(
        label=_("Name"),
        required=False,
        max_length=80,
        error_messages={"max_length": _("Please shorten the name to 80 characters.")},
        widget=forms.TextInput(attrs={**OF_SOMEBODY_ELSE, "autofocus": True}),
    )
    phone = PhoneField(
        label=_("Phone number"),
        required=False,
        max_length=40,
        error_messages={
            "invalid": _("Please write the phone number in digits. An example: 0171 2345678."),
            "max_length": _("Please write the phone number in digits. An example: 0171 2345678."),
        },
        widget=forms.TelInput(attrs={**OF_SOMEBODY_ELSE, "inputmode": "tel"}),
    )
    email = OneEmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        help_text=_(
            "With an address the person gets the usual mails. Without both nobody can be told of changes."
        ),
        error_messages={
            "invalid": _("Please check the e-mail address. An example: name@example.org."),
            "max_length": _("Please enter a shorter e-mail address."),
        },
        widget=forms.EmailInput(attrs={**OF_SOMEBODY_ELSE, "inputmode": "email"}),
    )
    channel = forms.TypedChoiceField(
        label=_("How?"),
        coerce=Channel,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose one of the ways."),
            "invalid_choice": _("This way is not offered. Please choose one of the others."),
        },
    )
    topic = forms.ChoiceField(
        label=_("What is it about?"),
        required=False,
        error_messages={"invalid_choice": _("Please choose a topic from the list, or none.")},
    )
    language = forms.ChoiceField(
        label=_("Language of the mails and of the slip"),
        error_messages={"invalid_choice": _("Please choose a language from the list.")},
    )
    request_id = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, typed: QueryDict | None, initial: dict[str, Any] | None = None) -> None:
        self.typed = typed.copy() if typed is not None else None
        fresh = {"request_id": uuid.uuid4(), "language": settings.LANGUAGE_CODE}
        super().__init__(self.typed, initial=fresh | (initial or {}))
        languages = [(code, gettext(name)) for code, name in settings.LANGUAGES]
        self.fields["language"].choices = languages  # type: ignore[attr-defined]

    def clean_request_id(self) -> uuid.UUID:
        """Return the id of this form, a new one where it got lost: nobody can mend a hidden field."""
        try:
            return uuid.UUID(self.cleaned_data["request_id"])
        except ValueError:
            return uuid.uuid4()

    def clean(self) -> dict[str, Any]:
        """Ask for the number where somebody is to be called."""
        data = super().clean() or self.cleaned_data
        if data.get("channel") == Channel.PHONE and "phone" in data and not data["phone"]:
            self.add_error("phone", _("Please enter the number that we shall call."))
        return data

    def renew(self) -> None:
        """Make sending the form again a new request."""
        if self.typed is not None:
            self.typed["request_id"] = str(uuid.uuid4())

    def claim(self) -> Claim:
        """Return what a valid form asks for."""
        data = self.cleaned_data
        return Claim(
            name=data["name"],
            email=data["email"],
            phone=data["phone"],
            channel=data["channel"],
            language=data["language"],
            request_id=data["request_id"],
            topic=data.get("topic", ""),
        )


class DeskForm(PersonForm):
    """Book a published time for somebody."""

    def __init__(self, typed: QueryDict | None, service: Service, channels: list[Channel]) -> None:
        super().__init__(typed, {"channel": channels[0]})
        self.fields["channel"].choices = [(way.value, way.label) for way in channels]  # type: ignore[attr-defined]
        if len(channels) == 1:
            self.fields["channel"].widget = forms.HiddenInput()
        if service.topics:
            choices = [("", _("No topic")), *service.topic_choices]
            self.fields["topic"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["topic"]


class OutsideForm(Sections, PersonForm):
    """Book a time that was never published: with whom, what and when stand first."""

    service = forms.ModelChoiceField(
        label=_("What is it?"), queryset=Service.objects.none(), empty_label=None
    )
    host = forms.ModelChoiceField(label=_("With whom?"), queryset=Host.objects.none(), empty_label=None)
    day = DayField(label=_("Day"))
    starts_at = HourField(label=_("From what time?"))
    minutes = forms.IntegerField(label=_("How many minutes?"), min_value=5, max_value=480)

    SECTIONS = (
        (_("When and with whom"), ("day", "starts_at", "minutes", "host", "service", "channel")),
        (_("For whom"), ("name", "phone", "email", "topic", "language")),
    )

    def __init__(
        self, typed: QueryDict | None, office: Office, now: datetime, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(typed, {"channel": Channel.OFFICE} | (initial or {}))
        self.office, self.now = office, now
        services = office.services.filter(is_active=True)
        hosts = office.hosts.filter(is_active=True).select_related("office")
        self.fields["service"].queryset = services  # type: ignore[attr-defined]
        self.fields["host"].queryset = hosts  # type: ignore[attr-defined]
        self.fields["channel"].choices = Channel.choices  # type: ignore[attr-defined]
        self.fields["name"].widget.attrs.pop("autofocus")
        topics = [(str(each), each.topic_choices) for each in services if each.topics]
        self.fields["topic"].choices = [("", _("No topic")), *topics]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Check what fits together, and say beside the field what to do."""
        data = super().clean()
        self._check_time(data)
        host, service = data.get("host"), data.get("service")
        if host and data.get("channel") == Channel.VIDEO and not host.has_video:
            message = _("%(host)s has no video link. Please choose another way.")
            self.add_error("channel", ValidationError(message, params={"host": host.name}))
        if service and data.get("topic") and data["topic"] not in dict(service.topic_choices):
            self.add_error("topic", _("This topic belongs to another service. Please choose another one."))
        return data

    def _check_time(self, data: dict[str, Any]) -> None:
        day, at, minutes = data.get("day"), data.get("starts_at"), data.get("minutes")
        if day is None or at is None or minutes is None:
            return
        start = datetime.combine(day, at, self.office.zone).astimezone(UTC)
        end = start + timedelta(minutes=minutes)
        if start.astimezone(self.office.zone).time() != at:
            self.add_error("starts_at", _("This hour does not exist on that day: the clocks change."))
        elif (
            end.astimezone(self.office.zone).date() != day
            or end.astimezone(self.office.zone).time() == time.min
        ):
            self.add_error("minutes", _("The appointment must end on the same day."))
        elif end <= self.now:
            self.add_error("starts_at", _("This time is already over."))
        elif start > self.now + timedelta(days=366):
            self.add_error("day", _("This day is more than a year ahead. Please check it."))

    def wish(self) -> Wish:
        """Return the time that a valid form wishes for."""
        data = self.cleaned_data
        return Wish(data["host"], data["service"], data["day"], data["starts_at"], data["minutes"])
