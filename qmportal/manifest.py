"""Icons: what a phone needs to put the website on its first screen, under the office's name."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from booking.context import default_office

ACCENT, GROUND = "#0b5563", "#ffffff"


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """Answer name, colours and icons (W3C Web Application Manifest); the page opens in the browser as any other."""
    office = default_office()
    name = office.name if office else _("Neighbourhood office")
    return JsonResponse(
        {
            "name": name,
            "short_name": office.district or name if office else name,
            "start_url": "/",
            "display": "browser",
            "theme_color": ACCENT,
            "background_color": GROUND,
            "icons": [
                {"src": static(f"icon-{side}.png"), "sizes": f"{side}x{side}", "type": "image/png"}
                for side in (192, 512)
            ],
        },
        content_type="application/manifest+json",
    )


@require_safe
@cache_control(public=True, max_age=86_400)
def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """Lead to the icon those who ask at the root, whatever the page says: old browsers, readers of feeds."""
    return HttpResponseRedirect(static("favicon.ico"))
