"""How a session becomes a user: with all that every page of the back end asks about her, in two queries."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef

from qmportal.accounts.models import User
from qmportal.accounts.second_factor import FACTORS


class Backend(AuthenticationBackend):
    """allauth's own, less queries."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the user with her settings in Wagtail, and whether she has a second factor of each kind."""
        own = Authenticator.objects.filter(user=OuterRef("pk"))
        kinds = {f"has_{kind.value}": Exists(own.filter(type=kind)) for kind in FACTORS}
        users = User.objects.select_related("wagtail_userprofile").annotate(**kinds)
        user = users.filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return what she may by herself and by her groups; Django asks for both one after the other."""
        if obj is not None or not user_obj.is_active or user_obj.is_anonymous or user_obj.is_superuser:
            found: set[str] = super().get_all_permissions(user_obj, obj)
            return found
        if not hasattr(user_obj, "_perm_cache"):
            own = Permission.objects.filter(user=user_obj).order_by()
            names = ("content_type__app_label", "codename")
            of_groups = Permission.objects.filter(group__user=user_obj).order_by()
            both = own.values_list(*names).union(of_groups.values_list(*names))
            user_obj._perm_cache = {f"{app}.{codename}" for app, codename in both}
        kept: set[str] = user_obj._perm_cache
        return kept
