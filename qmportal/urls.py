"""The site map of the portal: machines first, then people in their language, then Wagtail's pages."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, re_path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.views import authenticate_with_password

from booking.staff.account import OwnAccountView
from qmportal.manifest import favicon, manifest
from qmportal.uploads import picture, video
from qmportal.website.robots import SITEMAPS, robots_txt, security_txt
from qmportal.website.views import search_page, serve

handler404 = "qmportal.errors.not_found"

urlpatterns = [
    path("verwaltung/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("verwaltung/password_reset/", RedirectView.as_view(pattern_name="account_reset_password")),
    path(
        "verwaltung/account/",
        never_cache(require_admin_access(OwnAccountView.as_view())),
        name="wagtailadmin_account",
    ),
    path("verwaltung/", include(wagtailadmin_urls)),
    # An administrator enters the addresses of the office's people.
    path("konto/email/", RedirectView.as_view(pattern_name="account_change_password")),
    path("konto/", include("allauth.urls")),
    path("dokumente/", include(wagtaildocs_urls)),
    # Only pictures: documents leave through Wagtail, which sees to it that a browser never runs one.
    re_path(r"^media/(?P<path>(?:images|hosts|office)/.+)$", picture),
    re_path(r"^media/(?P<path>videos/.+)$", video),
    path("site.webmanifest", manifest, name="manifest"),
    path("favicon.ico", favicon, name="favicon"),
    path("robots.txt", robots_txt),
    path("sitemap.xml", require_safe(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    path(".well-known/security.txt", security_txt),
    *i18n_patterns(
        path("", include("booking.urls")),
        path("suche/", search_page, name="search"),
        # Wagtail's own login counts no tries and knows no second factor.
        path(
            "_util/login/",
            RedirectView.as_view(pattern_name="account_login", query_string=True),
            name="wagtailcore_login",
        ),
        path(
            "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
            authenticate_with_password,
            name="wagtailcore_authenticate_with_password",
        ),
        # Wagtail's own pattern knows no files; the pages of events have one.
        re_path(r"^((?:[\w\-]+/)+termin\.ics)$", serve, name="event_file"),
        re_path(wagtail_urls.serve_pattern, serve, name="wagtail_serve"),
        prefix_default_language=False,
    ),
]
