"""What the office says about itself: its row, its logo, and who pays for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from booking import logos
from booking.models import Funder, Office


@dataclass(frozen=True)
class FunderEntry:
    """A funder as somebody typed it. `logo` is a finished WebP, empty to take it away, None to keep the one there is.

    Without `pk` it is a new one.
    """

    name: str
    url: str
    logo: bytes | None
    pk: int | None = None


def save_office(
    office: Office, fields: Iterable[str], logo: bytes | None, funders: Sequence[FunderEntry]
) -> None:
    """Write these fields of the office, its logo and its funders in this order; funders that are not among them go.

    Logos that nothing shows any more are deleted.
    """
    new_files: list[str] = []
    try:
        with transaction.atomic():
            stored = Office.objects.select_for_update().get(pk=office.pk)
            office.logo.name = _kept(stored.logo.name, logo, new_files)
            if logo is not None:
                office.logo_width, office.logo_height = logos.measures(logo) if logo else (None, None)
            office.save(update_fields=[*fields, "logo", "logo_width", "logo_height", "updated_at"])
            _save_funders(stored, funders, new_files)
    except BaseException:
        for name in new_files:
            default_storage.delete(name)
        raise


def _save_funders(office: Office, entries: Sequence[FunderEntry], new_files: list[str]) -> None:
    before = {funder.pk: funder for funder in office.funders.all()}
    for position, entry in enumerate(entries):
        # One that a colleague has taken out meanwhile comes back, since here it was kept.
        funder = before.pop(entry.pk or 0, None) or Funder(office=office)
        funder.name, funder.url, funder.position = entry.name, entry.url, position
        funder.logo.name = _kept(funder.logo.name, entry.logo, new_files)
        funder.save()
    for funder in before.values():
        _kept(funder.logo.name, b"", new_files)
        funder.delete()


def _kept(old: str | None, logo: bytes | None, new_files: list[str]) -> str:
    """Return the name of the logo from now on; a file that is replaced goes with the commit.

    It gets a name of its own, since browsers keep the old one for a day.
    """
    if logo is None:
        return old or ""
    if old:
        # Only then: until the commit everybody still sees the page that shows it.
        transaction.on_commit(partial(default_storage.delete, old), robust=True)
    if not logo:
        return ""
    name = default_storage.save(f"office/{uuid4().hex}.webp", ContentFile(logo))
    new_files.append(name)
    return name
