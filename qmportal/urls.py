"""The site map of the portal: machines first, then people in their language, then Wagtail's pages."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView, TemplateView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents import urls as wagtaildocs_urls

from booking.staff.account import OwnAccountView
from qmportal.uploads import picture

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
    re_path(r"^media/(?P<path>(?:images|hosts)/.+)$", picture),
    path(
        "robots.txt",
        TemplateView.as_view(template_name="robots.txt", content_type="text/plain; charset=utf-8"),
    ),
    *i18n_patterns(
        path("", include("booking.urls")),
        # Wagtail's own login counts no tries and knows no second factor.
        path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
