"""The form that books a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from booking.enums import Channel
from booking.forms.fields import LineField, TextField, email_field, phone_field
from booking.forms.guarded import GuardedForm
from booking.models import Service


class BookingForm(GuardedForm):
    """What we need to know of a resident: a name to call her by and one way to reach her."""

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
    email = email_field(_("We send the confirmation to this address."))
    phone = phone_field(_("So that we can reach you if something changes."))
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

    def __init__(
        self, typed: QueryDict | None, service: Service, channels: list[Channel], now: datetime
    ) -> None:
        super().__init__(typed, now)
        self.channels = channels
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

    def clean(self) -> dict[str, Any]:
        """Check what concerns several fields."""
        data = super().clean()
        self._check_contact(data)
        return data

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

    @property
    def chosen_channel(self) -> Channel:
        """The way that was chosen, or the only one there is."""
        return Channel(self.cleaned_data.get("channel") or self.channels[0])
