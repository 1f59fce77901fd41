"""A new office opens its doors; who gives consultations there, and who logs in."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, Group
from django.db import transaction
from django.utils.text import slugify

from booking import recurrence
from booking.actions.errors import LoginClosed, LoginTaken
from booking.actions.publishing import Published, publish
from booking.actions.seats import lock_hosts
from booking.models import Availability, Host, Office, Service
from booking.models.office import local

_SPELT_OUT = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}


def open_office(office: Office) -> Office:
    """Save the new office under a free short name; the first one becomes the office of the site."""
    with transaction.atomic():
        taken = set(Office.objects.values_list("slug", flat=True))
        office.slug = _free_slug(office.name, taken, "buero")
        office.is_default = not taken
        office.full_clean()
        office.save()
    return office


def add_host(host: Host) -> Host:
    """Save somebody new who gives consultations, under a free short name and with a calendar for her series."""
    with transaction.atomic():
        taken = set(Host.objects.values_list("slug", flat=True))
        host.slug = _free_slug(host.name, taken, "person")
        host.full_clean(exclude=["calendar"])
        host.calendar = recurrence.calendar_for(host.name, host.slug)
        host.save()
    return host


@transaction.atomic
def deactivate_host(host: Host) -> None:
    """Offer nothing of the host any more; her office hours stay for what is booked in them."""
    _activate(host, is_active=False)


@transaction.atomic
def reactivate_host(host: Host, now: datetime) -> list[Published]:
    """Offer the host's times again, and publish the dates of her running series that were left out meanwhile."""
    _activate(host, is_active=True)
    today = now.astimezone(host.office.zone).date()
    running = Availability.objects.running(today).filter(host=host)
    return [publish(each, now) for each in running.select_related("host__office", "service", "event__rule")]


def _activate(host: Host, *, is_active: bool) -> None:
    locked = lock_hosts([host.pk])[0]
    locked.is_active = is_active
    locked.save(update_fields=["is_active", "updated_at"])


@transaction.atomic
def give_login(host: Host, email: str, group: Group) -> AbstractUser:
    """Let the host log in with the address, with the rights of the group.

    A login that exists is linked, else one without a password is made. Asking again gives the same login, with the
    rights that it has by now. Raises
    LoginTaken when it belongs to another host or the host has another one, LoginClosed when it is switched off.
    """
    locked = lock_hosts([host.pk])[0]
    users = get_user_model().objects
    user = users.filter(email__iexact=email).first()
    if user is None and locked.user_id is None:
        first_name, _space, last_name = host.name.partition(" ")
        user = users.create_user(email, None, first_name=first_name, last_name=last_name)
    if user is None or Host.objects.filter(user=user).exclude(pk=host.pk).exists():
        raise LoginTaken
    if locked.user_id not in (None, user.pk):
        raise LoginTaken
    if not user.is_active:
        raise LoginClosed
    if locked.user_id is None:
        user.groups.add(group)
        locked.user = user
        locked.save(update_fields=["user", "updated_at"])
    return user


def add_service(service: Service) -> Service:
    """Save a new service of an office under a free short name, made from its German title."""
    with transaction.atomic():
        taken = set(Service.objects.values_list("slug", flat=True))
        service.slug = _free_slug(local(service.title, "de"), taken, "angebot")
        service.full_clean()
        service.save()
    return service


def _free_slug(name: str, taken: set[str], otherwise: str) -> str:
    """Make a short name for addresses: "quartier-nord", or "quartier-nord-2" where that is taken.

    `otherwise` stands in for a name without a single Latin letter.
    """
    base = slugify(name.lower().translate(_SPELT_OUT))[:40] or otherwise
    return next(s for n in range(1, len(taken) + 2) if (s := base if n == 1 else f"{base}-{n}") not in taken)
