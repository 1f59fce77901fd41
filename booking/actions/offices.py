"""A new office opens its doors."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import slugify

from booking import recurrence
from booking.models import Host, Office, Service
from booking.models.office import local

_SPELT_OUT = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}


def open_office(office: Office) -> Office:
    """Save the new office under a free short name; the first one becomes the office of the site."""
    with transaction.atomic():
        taken = set(Office.objects.values_list("slug", flat=True))
        office.slug = _free_slug(office.name, taken)
        office.is_default = not taken
        office.full_clean()
        office.save()
    return office


def add_host(office: Office, name: str, email: str, user_id: int | None = None) -> Host:
    """Add somebody who gives consultations, with the calendar that her series are kept in."""
    with transaction.atomic():
        slug = _free_slug(name, set(Host.objects.values_list("slug", flat=True)))
        host = Host(office=office, name=name, email=email, slug=slug, user_id=user_id)
        host.full_clean(exclude=["calendar"])
        host.calendar = recurrence.calendar_for(name, slug)
        host.save()
    return host


def add_service(service: Service) -> Service:
    """Save a new service of an office under a free short name, made from its German title."""
    with transaction.atomic():
        taken = set(Service.objects.values_list("slug", flat=True))
        service.slug = _free_slug(local(service.title, "de"), taken)
        service.full_clean()
        service.save()
    return service


def _free_slug(name: str, taken: set[str]) -> str:
    """Make a short name for addresses: "quartier-nord", or "quartier-nord-2" where that is taken."""
    base = slugify(name.lower().translate(_SPELT_OUT))[:40] or "buero"
    return next(s for n in range(1, len(taken) + 2) if (s := base if n == 1 else f"{base}-{n}") not in taken)
