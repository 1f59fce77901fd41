"""Who pays for the office, in their order."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from booking.actions.office_profile import FunderEntry
from booking.models import Funder, Office
from booking.staff.forms.fields import WebAddressField, refuse_control_characters
from booking.staff.forms.logo import LogoField, RemoveLogoField, wanted

PREFIX = "funders"
# Empty places to add somebody: as many as make five, and always some.
PLACES, LEAST_EMPTY, MOST = 5, 2, 20


class FunderForm(forms.Form):
    """One of them."""

    id = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name"), max_length=160, validators=[refuse_control_characters])
    url = WebAddressField(
        label=_("Website"), required=False, max_length=200, validators=[URLValidator(schemes=["https"])]
    )
    new_logo = LogoField()
    removes_logo = RemoveLogoField()

    @property
    def funder(self) -> Funder | None:
        """The funder that it is about, None for a new one."""
        return self.initial.get("funder")


class FunderForms(forms.BaseFormSet[FunderForm]):
    """All of them, and empty places; each has its position and can be taken out."""

    def __init__(self, data: Any = None, files: Any = None, *, office: Office) -> None:
        initial = [
            {"id": each.pk, "name": each.name, "url": each.url, "funder": each}
            for each in office.funders.all()
        ]
        self.extra = max(PLACES - len(initial), LEAST_EMPTY)
        super().__init__(data, files, initial=initial, prefix=PREFIX)

    def add_fields(self, form: Any, index: int | None) -> None:
        """Name what Django adds in our words."""
        super().add_fields(form, index)
        form.fields["ORDER"].label = _("Position")
        form.fields["DELETE"].label = _("Remove this funder")
        if form.funder is None or not form.funder.logo:
            del form.fields["removes_logo"]
        if form.funder is None:
            del form.fields["DELETE"]

    def entries(self) -> list[FunderEntry]:
        """Return those that are to stay, the first one first."""
        return [
            FunderEntry(
                pk=form.cleaned_data.get("id"),
                name=form.cleaned_data["name"],
                url=form.cleaned_data["url"],
                logo=wanted(form.cleaned_data),
            )
            for form in self.ordered_forms
        ]


FunderFormSet = cast(
    "type[FunderForms]",
    forms.formset_factory(
        FunderForm, formset=FunderForms, can_order=True, can_delete=True, max_num=MOST, absolute_max=MOST
    ),
)
