"""Wagtail's page about one's own account, without the picture that nobody would see."""

from __future__ import annotations

from wagtail.admin.views.account import AccountView, AvatarSettingsPanel, BaseSettingsPanel


class OwnAccountView(AccountView):
    """Name, language and look of the back end.

    A picture would be kept as it came, with the place where it was taken, and shown to nobody: the one for the
    website is drawn anew, on the page of the profile.
    """

    def get_panels(self) -> list[BaseSettingsPanel]:
        """Leave the picture out."""
        return [panel for panel in super().get_panels() if not isinstance(panel, AvatarSettingsPanel)]
