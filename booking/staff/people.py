"""Who can log in: inviting people, their roles, and what to do when somebody leaves or loses her phone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from booking.actions import logins
from booking.actions.errors import BookingError
from booking.enums import Role
from booking.mails.login_link import waits_for_its_owner
from booking.models import Office
from booking.staff import doors, history, roles
from booking.staff.forms.login import InvitationForm, RoleForm
from booking.staff.views import StaffView

# Emergency codes stay behind for nobody who has no app and no passkey.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def logins_of(office: Office, by: AbstractUser) -> QuerySet[AbstractUser]:
    """Return the logins that somebody sees: those of her office, for an administrator those of the house.

    Who gives no consultations belongs to the office of the site.
    """
    users = get_user_model().objects.select_related("host").prefetch_related("groups")
    with_factor = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    found = users.annotate(has_factor=Exists(with_factor)).order_by(
        "-is_active", "last_name", "first_name", "pk"
    )
    if by.is_superuser:
        return found
    mine = Q(host__office=office)
    return found.filter(mine | Q(host=None) if office.is_default else mine)


def about(user: AbstractUser, by: AbstractUser) -> dict[str, Any]:
    """Return what the pages say about a login."""
    role = logins.role_of(user)
    return {
        "login": user,
        "role": role.label if role else "",
        "is_waiting": waits_for_its_owner(user),
        "is_me": user.pk == by.pk,
        "may_decide": logins.may_decide(by, user),
    }


class PeopleView(StaffView):
    """A page about logins."""

    permission = roles.MANAGE_LOGINS
    asks_who_it_is = True
    header_icon = "key"

    @cached_property
    def me(self) -> AbstractUser:
        """Who asks, with her groups: each row is compared with her role."""
        users = get_user_model().objects.prefetch_related("groups")
        return get_object_or_404(users, pk=self.request.user.pk)


class LoginsView(PeopleView):
    """Everybody who can log in, or could; those who are switched off come last."""

    template_name = "staff/logins.html"
    page_title = _("Logins")

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """List them."""
        return self.page(rows=[about(user, self.me) for user in logins_of(self.office, self.me)])


class InviteView(PeopleView):
    """Makes a login and mails its link, which is shown nowhere."""

    template_name = "staff/login_invite.html"
    page_title = _("Invite somebody")
    parents: ClassVar = [("logins", LoginsView.page_title)]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show an empty form."""
        return self.page(form=InvitationForm(office=self.office, by=self.me))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Invite her, or say what is wrong."""
        form = InvitationForm(request.POST, office=self.office, by=self.me)
        if not form.is_valid():
            return self.page(form=form, status=422)
        try:
            user = logins.invite(self.me, form.invitation(), roles.groups(), self.now)
        except BookingError as error:
            form.add_error("email", error.message)
            return self.page(form=form, status=422)
        history.note_login(user, "booking.invite", role=form.cleaned_data["role"])
        text = gettext("The invitation is on its way to %(address)s.") % {"address": user.email}
        messages.success(request, text)
        return redirect("staff:logins")


class OfLogin(PeopleView):
    """A page about one login of the office."""

    parents: ClassVar = [("logins", LoginsView.page_title)]
    login: AbstractUser

    def load(self, pk: int) -> AbstractUser:
        """Return the login; 404 for one of another office."""
        self.login = get_object_or_404(logins_of(self.office, self.me), pk=pk)
        return self.login

    def get_page_title(self) -> str:
        """Her name."""
        return str(self.login)


class LoginView(OfLogin):
    """One login: its role, and what else can be done with it."""

    template_name = "staff/login.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Show it."""
        user = self.load(pk)
        return self._show(RoleForm(initial={"role": logins.role_of(user)}, by=self.me))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Change the role."""
        user = self.load(pk)
        if not logins.may_decide(self.me, user):
            return doors.denied(request)
        form = RoleForm(request.POST, by=self.me)
        if not form.is_valid():
            return self._show(form, status=422)
        role = Role(form.cleaned_data["role"])
        try:
            logins.change_role(self.me, user.pk, role, roles.groups())
        except BookingError as error:
            messages.error(request, error.message)
        else:
            history.note_login(user, "booking.change_role", role=role.value)
            messages.success(request, _("Saved."))
        return redirect("staff:login", pk=pk)

    def _show(self, form: RoleForm, status: int = 200) -> HttpResponseBase:
        return self.page(form=form, status=status, **about(self.login, self.me))


class ActOnLogin(OfLogin):
    """Does one thing with somebody else's login."""

    http_method_names: Sequence[str] = ("post",)
    action: ClassVar[str]
    done: ClassVar[str | Promise]

    def act(self, user: AbstractUser) -> None:
        """Do what the page is for."""
        raise NotImplementedError

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Do it, and say so."""
        user = self.load(pk)
        if not logins.may_decide(self.me, user):
            return doors.denied(request)
        try:
            self.act(user)
        except BookingError as error:
            messages.error(request, error.message)
        else:
            history.note_login(user, self.action)
            messages.success(request, self.done)
        return redirect("staff:login", pk=pk)


class AskAboutLogin(ActOnLogin):
    """Asks first, since somebody may lose what she is doing."""

    http_method_names = ("get", "post")

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Ask."""
        user = self.load(pk)
        if not logins.may_decide(self.me, user):
            return doors.denied(request)
        return self.page(**about(user, self.me))


class InviteAgainView(ActOnLogin):
    """Mails a new link to somebody who has not used hers."""

    action, done = "booking.invite_again", _("The invitation is on its way again.")

    def act(self, user: AbstractUser) -> None:
        """Send it."""
        logins.invite_again(self.me, user.pk, self.office, self.now)


class SwitchOffView(AskAboutLogin):
    """Closes the door to somebody."""

    template_name = "staff/login_off.html"
    action, done = "booking.switch_login_off", _("The login is switched off.")

    def act(self, user: AbstractUser) -> None:
        """Switch it off."""
        logins.switch_off(self.me, user.pk)


class SwitchOnView(ActOnLogin):
    """Opens the door again."""

    action, done = "booking.switch_login_on", _("The login is switched on again.")

    def act(self, user: AbstractUser) -> None:
        """Switch it on."""
        logins.switch_on(self.me, user.pk)


class ForgetFactorView(AskAboutLogin):
    """Helps somebody whose phone is gone."""

    template_name = "staff/login_factor.html"
    action, done = "booking.forget_factor", _("The second factor is reset.")

    def act(self, user: AbstractUser) -> None:
        """Forget it."""
        logins.forget_second_factor(self.me, user.pk)
