"""The form that books a time."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from booking.enums import Channel
from booking.forms.fields import LineField, OneEmailField, PhoneField, TextField
from booking.models import Service

EARLIEST = timedelta(seconds=2)
LATEST = timedelta(hours=24)
MILLISECOND = timedelta(milliseconds=1)


class BookingForm(forms.Form):
    """What we need to know of a resident: a name to call her by and one way to reach her.

    `is_early` after validation: sent faster than a person can type. Such a form is shown again as it is.
    """

    name = LineField(
        label=_("Name"),
        max_length=80,
        help_text=_("How may we address you? It need not be the name in your passport."),
        error_messages={
            "required": _("Please enter a name."),
            "max_length": _("Please shorten the name to 80 characters."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "name", "enterkeyhint": "next"}),
    )
    email = OneEmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        help_text=_("We send the confirmation to this address."),
        error_messages={
            "invalid": _("Please check the e-mail address. An example: name@example.org."),
            "max_length": _("Please enter a shorter e-mail address."),
        },
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "inputmode": "email", "enterkeyhint": "next"}
        ),
    )
    phone = PhoneField(
        label=_("Phone number"),
        required=False,
        max_length=40,
        help_text=_("So that we can reach you if something changes."),
        error_messages={
            "invalid": _("Please write the phone number in digits. An example: 0171 2345678."),
            "max_length": _("Please write the phone number in digits. An example: 0171 2345678."),
        },
        widget=forms.TelInput(attrs={"autocomplete": "tel", "inputmode": "tel", "enterkeyhint": "next"}),
    )
    channel = forms.ChoiceField(
        label=_("How would you like to talk to us?"),
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
    message = TextField(
        label=_("Message"),
        required=False,
        max_length=200,
        help_text=_("Please write no details that are nobody’s business. 200 characters at most."),
        error_messages={"max_length": _("Please shorten the message to 200 characters.")},
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    language = forms.CharField(required=False, widget=forms.HiddenInput)
    request_id = forms.CharField(required=False, widget=forms.HiddenInput)
    started = forms.CharField(required=False, widget=forms.HiddenInput)
    website = forms.CharField(label=_("Please leave this field empty"), required=False)

    def __init__(
        self, typed: QueryDict | None, service: Service, channels: list[Channel], now: datetime
    ) -> None:
        self.typed = typed.copy() if typed is not None else None
        fresh = {"language": get_language(), "request_id": uuid.uuid4(), "started": stamp(now)}
        super().__init__(self.typed, initial=fresh)
        self.now = now
        self.channels = channels
        self.is_early = False
        self._offer(service)

    def _offer(self, service: Service) -> None:
        """Keep only the questions that this service has reason to ask."""
        if len(self.channels) > 1:
            self.fields["channel"].choices = [(way.value, way.label) for way in self.channels]  # type: ignore[attr-defined]
        else:
            del self.fields["channel"]
        if service.topics:
            choices = [("", _("No topic")), *service.topic_choices]
            self.fields["topic"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["topic"]
        if not service.asks_message:
            del self.fields["message"]
        if self.channels == [Channel.PHONE]:
            self.fields["phone"].required = True
            self.fields["phone"].error_messages["required"] = _("Please enter the number that we shall call.")

    def clean_language(self) -> str:
        """Return the language of the page it came from; what we do not speak becomes the active one."""
        language: str = self.cleaned_data["language"]
        known = {code for code, _name in settings.LANGUAGES}
        return language if language in known else get_language() or settings.LANGUAGE_CODE

    def clean_request_id(self) -> uuid.UUID:
        """Return the id of this form, a new one where it got lost: nobody can mend a hidden field."""
        try:
            return uuid.UUID(self.cleaned_data["request_id"])
        except ValueError:
            return uuid.uuid4()

    def clean(self) -> dict[str, Any]:
        """Check what concerns several fields."""
        data = super().clean() or {}
        if data.get("website"):
            self._again(_("We could not read the form. Please send it once more."), "machine")
        self._check_age(data.get("started", ""))
        self._check_contact(data)
        return data

    def _check_age(self, started: str) -> None:
        age = self.now - began if (began := moment(started, self.now)) else None
        if age is None or age > LATEST:
            self._again(_("The form was open for more than a day. Please send it once more."), "stale")
        elif age < EARLIEST:
            self.is_early = True

    def _check_contact(self, data: dict[str, Any]) -> None:
        is_phone = data.get("channel", *self.channels[:1]) == Channel.PHONE
        if "phone" in data and "email" in data and not (data["phone"] or data["email"]):
            self.add_error(
                "phone" if is_phone else "email",
                _("Please enter the number that we shall call.")
                if is_phone
                else _("Please enter an e-mail address or a phone number."),
            )
        elif "phone" in data and is_phone and not data["phone"]:
            self.add_error("phone", _("Please enter the number that we shall call."))

    def _again(self, message: Any, code: str) -> None:
        """Ask for the form once more, with its hidden fields made anew."""
        self.add_error(None, forms.ValidationError(message, code=code))
        self.renew()

    def renew(self) -> None:
        """Make the hidden fields anew, so that sending the form again is a new request."""
        if self.typed is not None:
            self.typed["started"] = stamp(self.now - EARLIEST)
            self.typed["request_id"] = str(uuid.uuid4())
            self.typed["website"] = ""

    @property
    def chosen_channel(self) -> Channel:
        """The way that was chosen, or the only one there is."""
        return Channel(self.cleaned_data.get("channel") or self.channels[0])


def stamp(now: datetime) -> str:
    """Return the signed moment at which a form was handed out."""
    milliseconds = (now - datetime.fromtimestamp(0, tz=now.tzinfo)) // MILLISECOND
    return Signer(salt="booking.form").sign(str(milliseconds))


def moment(signed: str, now: datetime) -> datetime | None:
    """Return the moment in a stamp of ours, None when it is none."""
    try:
        milliseconds = int(Signer(salt="booking.form").unsign(signed))
    except (BadSignature, ValueError):
        return None
    return datetime.fromtimestamp(0, tz=now.tzinfo) + milliseconds * MILLISECOND
