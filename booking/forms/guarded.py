"""What every form that anybody may send is guarded by: it is neither sent twice nor by a machine."""

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

EARLIEST = timedelta(seconds=2)
LATEST = timedelta(hours=24)
MILLISECOND = timedelta(milliseconds=1)


class GuardedForm(forms.Form):
    """A form with its language, an id of its own, the moment it was handed out, and a field for machines.

    `is_early` after validation: sent faster than a person can type. Such a form is shown again as it is.
    """

    language = forms.CharField(required=False, widget=forms.HiddenInput)
    request_id = forms.CharField(required=False, widget=forms.HiddenInput)
    started = forms.CharField(required=False, widget=forms.HiddenInput)
    website = forms.CharField(label=_("Please leave this field empty"), required=False)

    def __init__(self, typed: QueryDict | None, now: datetime, initial: dict[str, Any] | None = None) -> None:
        self.typed = typed.copy() if typed is not None else None
        fresh = {"language": get_language(), "request_id": uuid.uuid4(), "started": stamp(now)}
        super().__init__(self.typed, initial=fresh | (initial or {}))
        self.order_fields([name for name in self.fields if name not in GuardedForm.base_fields])
        self.now = now
        self.is_early = False

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
        """Refuse what a machine filled in, and what was open for too long."""
        data = super().clean() or {}
        if data.get("website"):
            self._again(_("We could not read the form. Please send it once more."), "machine")
        self._check_age(data.get("started", ""))
        return data

    def _check_age(self, started: str) -> None:
        age = self.now - began if (began := moment(started, self.now)) else None
        if age is None or age > LATEST:
            self._again(_("The form was open for more than a day. Please send it once more."), "stale")
        elif age < EARLIEST:
            self.is_early = True

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
