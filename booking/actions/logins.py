"""Who may log in, and in which role.

Nobody decides about herself or about a role above her own, and whoever decides is locked and looked at again with
whom it is about. So one administrator always remains: the one who took the role from another still has hers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, Group
from django.db import IntegrityError, transaction

from booking import mails
from booking.actions import delivery
from booking.actions.errors import LoginExists, LoginTaken, LoginUsed, NotInYourRole
from booking.actions.offices import add_host
from booking.actions.seats import lock_hosts
from booking.enums import Role
from booking.mails.login_link import waits_for_its_owner
from booking.models import Host, Office

Groups = Mapping[Role, Group]
GROUP_NAMES = {Role.EDITOR: "Redaktion", Role.MANAGER: "Quartiersmanagement"}
_RANKS = {None: 0, Role.EDITOR: 1, Role.MANAGER: 2, Role.ADMINISTRATOR: 3}


@dataclass(frozen=True)
class Invitation:
    """Somebody who shall log in; `host` is the profile she gets, saved or not, None if she gives no consultations."""

    office: Office
    name: str
    email: str
    role: Role
    host: Host | None = None


def role_of(user: AbstractUser) -> Role | None:
    """Return the highest role of a login, None for one without any."""
    if user.is_superuser:
        return Role.ADMINISTRATOR
    names = {group.name for group in user.groups.all()}
    return next((role for role in (Role.MANAGER, Role.EDITOR) if GROUP_NAMES[role] in names), None)


def roles_below(user: AbstractUser) -> list[Role]:
    """Return the roles that the user may give and take: up to her own."""
    rank = _RANKS[role_of(user)]
    return [role for role in Role if _RANKS[role] <= rank]


def may_decide(by: AbstractUser, user: AbstractUser) -> bool:
    """Tell whether somebody may change the login of somebody else."""
    return by.pk != user.pk and by.is_active and 0 < _RANKS[role_of(by)] >= _RANKS[role_of(user)]


@transaction.atomic
def invite(by: AbstractUser, invitation: Invitation, groups: Groups, now: datetime) -> AbstractUser:
    """Make a login without a password, and mail the link that opens it once, within two days.

    Raises NotInYourRole, LoginExists for an address that somebody logs in with, LoginTaken for a profile that got
    a login meanwhile.
    """
    host = invitation.host
    if host and host.pk:
        host = lock_hosts([host.pk])[0]
        if host.user_id:
            raise LoginTaken
    _require(by, invitation.role)
    user = _new_user(invitation)
    _put_into(user, invitation.role, groups)
    if host:
        _link(host, user)
    delivery.post(mails.login(invitation.office, user.email, now))
    return user


@transaction.atomic
def invite_again(by: AbstractUser, user_id: int, office: Office, now: datetime) -> None:
    """Mail a new link to somebody who has not used hers. Raises NotInYourRole, LoginUsed."""
    user = _lock(by, user_id)
    if not waits_for_its_owner(user):
        raise LoginUsed
    delivery.post(mails.login(office, user.email, now))


@transaction.atomic
def change_role(by: AbstractUser, user_id: int, role: Role, groups: Groups) -> None:
    """Give somebody else another role. Raises NotInYourRole."""
    user = _lock(by, user_id)
    _require(by, role)
    _put_into(user, role, groups)


@transaction.atomic
def switch_off(by: AbstractUser, user_id: int) -> None:
    """Let somebody no longer log in, and end what she has open. Raises NotInYourRole."""
    user = _lock(by, user_id)
    user.is_active = False
    user.save(update_fields=["is_active"])
    _end_sessions(user)


@transaction.atomic
def switch_on(by: AbstractUser, user_id: int) -> None:
    """Let somebody log in again, with what she had. Raises NotInYourRole."""
    user = _lock(by, user_id)
    user.is_active = True
    user.save(update_fields=["is_active"])


@transaction.atomic
def forget_second_factor(by: AbstractUser, user_id: int) -> None:
    """Take app, passkeys and emergency codes from somebody who lost them; she sets up new ones at her next login.

    What she has open ends. Raises NotInYourRole.
    """
    user = _lock(by, user_id)
    Authenticator.objects.filter(user=user).delete()
    _end_sessions(user)


def _lock(by: AbstractUser, user_id: int) -> AbstractUser:
    """Lock who decides and whom it is about, in id order, and answer the latter."""
    users = get_user_model().objects.select_for_update().filter(pk__in={by.pk, user_id}).order_by("pk")
    found = {user.pk: user for user in users}
    if user_id not in found or by.pk not in found or not may_decide(found[by.pk], found[user_id]):
        raise NotInYourRole
    return found[user_id]


def _require(by: AbstractUser, role: Role) -> None:
    """Refuse a role above that of who gives it, as it is now."""
    now = get_user_model().objects.select_for_update().get(pk=by.pk)
    if not now.is_active or role not in roles_below(now):
        raise NotInYourRole


def _new_user(invitation: Invitation) -> AbstractUser:
    first_name, _space, last_name = invitation.name.partition(" ")
    users = get_user_model().objects
    if users.filter(email__iexact=invitation.email).exists():
        raise LoginExists
    try:
        with transaction.atomic():
            return users.create_user(invitation.email, None, first_name=first_name, last_name=last_name)
    except IntegrityError as error:
        raise LoginExists from error


def _link(host: Host, user: AbstractUser) -> None:
    host.user_id = user.pk
    if host.pk:
        host.save(update_fields=["user", "updated_at"])
    else:
        add_host(host)


def _put_into(user: AbstractUser, role: Role, groups: Groups) -> None:
    user.groups.remove(*Group.objects.filter(name__in=GROUP_NAMES.values()))
    if role in groups:
        user.groups.add(groups[role])
    user.is_superuser = user.is_staff = role == Role.ADMINISTRATOR
    user.save(update_fields=["is_superuser", "is_staff"])


def _end_sessions(user: AbstractUser) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()
