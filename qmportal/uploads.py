"""Uploaded pictures, served without a proxy's help."""

from __future__ import annotations

import errno
import mimetypes

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.static import serve

# Small images have no table of types, and a browser told nothing shows nothing.
mimetypes.add_type("image/webp", ".webp")


@cache_control(public=True, max_age=86_400)
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer the picture, or 404 also to a name longer than any file's can be."""
    try:
        return serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise Http404 from error
        raise
