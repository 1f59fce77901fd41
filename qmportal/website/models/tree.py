"""One tree of addresses for all languages.

The German tree decides which pages there are and under which address. `/ar/aktuelles/` is the page of
`/aktuelles/` with everything around it in Arabic; its own text is Arabic where somebody has translated it, and
German, marked as German, where nobody has. So nothing has to be copied for a language to be complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from http import HTTPMethod
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.widgets.slug import SlugInput
from wagtail.fields import StreamField
from wagtail.models import Page, PageViewRestriction
from wagtail.query import PageQuerySet
from wagtail.search import index

from qmportal.website import words
from qmportal.website.blocks.said import said
from qmportal.website.models.address import IN_SCRIPT, AddressForm

# Of the pages of other languages those that somebody has translated: Wagtail copies the pages above a translation,
# and the text of such a copy is still German.
TOLD = models.Q(live=True, alias_of=None)
# Below the root of all pages.
HOME = 2


class SitePage(Page):
    """A page of the website: its address follows the language that is read, its text follows if it can."""

    promote_panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [
                FieldPanel(
                    "slug",
                    heading=_("address"),
                    help_text=_("The last part of it. It follows from the title by itself."),
                    widget=SlugInput(formatters=IN_SCRIPT),
                ),
                FieldPanel(
                    "seo_title",
                    heading=_("title for search engines"),
                    help_text=_("Leave it empty: then it is the title of the page."),
                ),
                FieldPanel(
                    "search_description",
                    heading=_("description for search engines"),
                    help_text=_(
                        "One sentence, which stands below the title there. "
                        "Write {name} where the name of the office belongs."
                    ),
                ),
            ],
            heading=_("address and search engines"),
        )
    ]
    base_form_class = AddressForm
    # POST shows a page with the video that a visitor agreed to.
    allowed_http_methods = (HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS, HTTPMethod.POST)
    search_fields: ClassVar[list[Any]] = [*Page.search_fields, index.AutocompleteField("indexed")]

    class Meta:
        abstract = True

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """Return Wagtail's three parts: in the active language for the original, in its own for a translation."""
        parts: tuple[int, str, str] | None = super().get_url_parts(request)
        if parts is None:
            return None
        site, root_url, _path = parts
        # Below the home page, which is the second part of the path whatever it is called.
        below_home = self.original.url_path.split("/", 2)[2]
        with translation.override(self.spoken_at_its_address):
            return site, root_url, reverse("wagtail_serve", args=(below_home,))

    @property
    def is_original(self) -> bool:
        """Whether it belongs to the German tree."""
        return bool(self.locale.language_code == settings.LANGUAGE_CODE)

    @cached_property
    def original(self) -> Page:
        """The page of the German tree that it translates, itself where it translates none."""
        if self.is_original:
            return self
        german = self.get_translations().filter(locale__language_code=settings.LANGUAGE_CODE).first()
        return self if german is None else german

    @property
    def language(self) -> str:
        """The language of its text."""
        return str(self.locale.language_code)

    @property
    def languages(self) -> set[str]:
        """The languages that it is written in."""
        alike = Page.objects.filter(TOLD, translation_key=self.translation_key)
        return {*alike.values_list("locale__language_code", flat=True)}

    @property
    def spoken_at_its_address(self) -> str:
        """The language of everything around its text, at the address that `url` gives."""
        return active_language() if self.is_original else str(self.locale.language_code)

    def in_language(self, code: str) -> Self:
        """Return the live translation into the language, the page itself where there is none."""
        if self.language == code:
            return self
        translations: Any = self.get_translations().filter(TOLD, locale__language_code=code)
        translated = translations.specific().first()
        return translated if translated is not None else self

    def get_view_restrictions(self) -> models.QuerySet[PageViewRestriction]:
        """Return what keeps people from it: from a translation also what keeps them from the original."""
        found: models.QuerySet[PageViewRestriction] = super().get_view_restrictions()
        return found if self.original is self else found | self.original.get_view_restrictions()

    @property
    def above(self) -> SitePage | None:
        """The page that leads here, in the active language; none right below the home page."""
        parent = self.get_parent().specific
        if not isinstance(parent, SitePage) or parent.depth <= HOME:
            return None
        return parent.in_language(translation.get_language() or parent.language)

    @property
    def told(self) -> str:
        """All that its search fields say, title first, as plain text."""
        return " ".join(self.sayings)

    @property
    def sayings(self) -> list[str]:
        """The same in parts: the title, then one for each field, heading, paragraph and entry of a list."""
        values = (self._said(field) for field in self.get_searchable_search_fields())
        return [*_texts(values)]

    def _said(self, field: index.SearchField) -> Any:
        column = self._meta.get_field(field.field_name)
        if isinstance(column, StreamField):
            return said(column.stream_block, column.value_from_object(self).raw_data)
        return field.get_value(self)

    @property
    def indexed(self) -> str:
        """The same for the search of visitors, in words as people type them."""
        return words.indexed(self.told)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Say in which language the text is, for a page whose frame speaks another."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"text_language": self.language}


# Of the pages below the home page: they are the sections of the website.
SECTION_PANELS = [*SitePage.promote_panels, FieldPanel("show_in_menus")]


def active_language() -> str:
    """Return the language of the request."""
    return translation.get_language() or settings.LANGUAGE_CODE


def _texts(value: Any) -> Iterator[str]:
    """Give the texts of a search field, which may be a list of lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Iterable):
        for each in value:
            yield from _texts(each)


class SitePageQuerySet(PageQuerySet):
    """Pages of one kind."""

    def shown(self) -> Self:
        """Return those that anybody may see: live ones of the German tree, without a restriction."""
        live = self.live().public().filter(locale__language_code=settings.LANGUAGE_CODE)
        found: Self = live.select_related("locale")
        return found


PageType = TypeVar("PageType", bound=SitePage)


def told_in(pages: Iterable[PageType], code: str, *related: str) -> list[PageType]:
    """Return pages of the German tree, with the text of their live translations where there are some: one query.

    `related` is what else has to be at hand of the translations, as for `prefetch_related`.
    """
    originals = list(pages)
    if code == settings.LANGUAGE_CODE or not originals:
        return originals
    keys = [page.translation_key for page in originals]
    of_the_kind = type(originals[0])._default_manager.filter(TOLD, translation_key__in=keys)
    translations = {
        page.translation_key: page
        for page in of_the_kind.filter(locale__language_code=code)
        .select_related("locale")
        .prefetch_related(*related)
    }
    for page in originals:
        if page.translation_key in translations:
            translations[page.translation_key].original = page
    return [translations.get(page.translation_key, page) for page in originals]
