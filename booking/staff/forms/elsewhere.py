"""What somebody else's website shows of ours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from booking.models import Service


class EmbedForm(forms.Form):
    """Language and service; nonsense shows everything in German."""

    sprache = forms.ChoiceField(label=_("Language"), required=False, choices=settings.LANGUAGES)
    angebot = forms.ChoiceField(label=_("Service"), required=False)

    def __init__(self, *args: Any, services: QuerySet[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(service.slug, str(service)) for service in services]
        self.fields["angebot"].choices = [("", _("all")), *named]  # type: ignore[attr-defined]
