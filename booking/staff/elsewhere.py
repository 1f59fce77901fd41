"""The free times at other places: as a poster in the window, and in a frame on other websites."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from booking import links
from booking.staff import roles
from booking.staff.forms.elsewhere import EmbedForm
from booking.staff.views import StaffView

WEEKS = 4


class PosterView(StaffView):
    """Leads to the poster of each week in each language."""

    permission = roles.SEE_BOOKINGS
    template_name = "staff/poster.html"
    page_title = _("Poster for the window")
    header_icon = "print"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """List the languages, each with the coming seven days and the next weeks."""
        today = self.today.date()
        mondays = [today + timedelta(days=7 * n - today.weekday()) for n in range(1, WEEKS)]
        languages = [(code, name, links.poster_url(code)) for code, name in settings.LANGUAGES]
        return self.page(languages=languages, mondays=mondays)


class EmbedView(StaffView):
    """Gives what somebody else copies into her website."""

    permission = roles.SEE_BOOKINGS
    template_name = "staff/embed.html"
    page_title = _("Free times on other websites")
    header_icon = "code"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the lines for the chosen language and service."""
        form = EmbedForm(request.GET, services=self.office.services.filter(is_active=True))
        form.is_valid()
        language = form.cleaned_data.get("sprache") or settings.LANGUAGE_CODE
        service = form.cleaned_data.get("angebot")
        query = f"?{urlencode({'angebot': service})}" if service else ""
        with translation.override(language):
            words = gettext("Free appointments")
        return self.page(
            form=form,
            words=words,
            frame_url=links.embedded_url(language) + query,
            page_url=links.slots_url(language) + query,
            origins=settings.EMBED_ORIGINS,
        )
