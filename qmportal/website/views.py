"""Pages of Wagtail's tree, each in the language of its address."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.models import Page, Site
from wagtail.views import serve_chain

from qmportal.website import search
from qmportal.website.models import SitePage
from qmportal.website.models.tree import active_language


# A page changes nothing, whoever asks how: a form's sender matters to videos alone, which look at it themselves.
@csrf_exempt
def serve(request: HttpRequest, path: str = "") -> HttpResponseBase:
    """Answer the page that the German tree has at the path, with its text in the active language if it exists.

    Otherwise as Wagtail's own view: hooks decide whether somebody may see it. Raises Http404.
    """
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    parts = [part for part in path.split("/") if part]
    page, args, kwargs = site.root_page.specific.route(request, parts)
    page = _in_active_language(page)
    for before in hooks.get_hooks("before_serve_page"):
        answer = before(page, request, args, kwargs)
        if isinstance(answer, HttpResponseBase):
            return answer
    chain = serve_chain
    for around in reversed(hooks.get_hooks("on_serve_page")):
        chain = around(chain)
    served: HttpResponseBase = chain(page, request, args, kwargs)
    return served


def _in_active_language(page: Page) -> Page:
    if not isinstance(page, SitePage):
        return page
    return page.in_language(active_language())


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Show what answers `q`; the words stand in no log and are not kept."""
    query = request.GET.get("q", "")[: search.LONGEST].strip()
    context = {
        "query": query,
        "found": search.search(query, active_language()),
        "longest": search.LONGEST,
        "most": search.MOST,
    }
    return render(request, "website/search.html", context)
