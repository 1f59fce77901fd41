"""Blocks of text, pictures, videos and files that any page may have."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from qmportal.headers import allow_frame
from qmportal.website.blocks.image import ImageBlock
from qmportal.website.foreign_videos import foreign_video, has_agreed, key_of, leads_astray

TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]


class PictureBlock(blocks.StructBlock):
    """A picture between paragraphs."""

    picture = ImageBlock(label=_("picture"))
    caption = blocks.CharBlock(label=_("caption"), max_length=200, required=False)

    class Meta:
        template = "website/blocks/_picture.html"
        label = _("picture")
        icon = "image"


class VideoBlock(blocks.StructBlock):
    """A video of our own, with subtitles and in writing."""

    heading = blocks.CharBlock(label=_("heading"), max_length=80)
    text = blocks.TextBlock(label=_("text"), rows=3, required=False)
    video = SnippetChooserBlock("website.Video", label=_("video"))

    class Meta:
        template = "website/blocks/_video.html"
        label = _("video")
        icon = "media"


class AddressBlock(blocks.URLBlock):
    """An address on the web, also as people say it: without "https://"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.field.assume_scheme = "https"


def validate_video(address: str) -> None:
    """Refuse the address of a channel or a list, which nobody could watch."""
    if leads_astray(address):
        raise ValidationError(
            _("This address leads to no single video. Please open the video there and copy its address.")
        )


class ForeignVideoBlock(blocks.StructBlock):
    """A video that lies elsewhere: nothing is asked of that server before a visitor agrees."""

    heading = blocks.CharBlock(label=_("heading"), max_length=80)
    address = AddressBlock(
        label=_("address of the video"),
        help_text=_(
            "For example https://www.youtube.com/watch?v=… Videos of YouTube and Vimeo are played on our page."
            " For other websites there is a link."
        ),
        validators=[validate_video],
    )
    picture = ImageBlock(label=_("picture"), required=False)
    transcript = blocks.RichTextBlock(
        label=_("what is said and seen, in writing"), features=["bold", "ol", "ul"]
    )

    class Meta:
        template = "website/blocks/_foreign_video.html"
        label = _("video on another website")
        icon = "link-external"

    def get_context(
        self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Say where it is played and whether the visitor wants that, and let the page show it if so."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        foreign, key = foreign_video(value["address"]), key_of(value["address"])
        request = context.get("request")
        is_wanted = bool(foreign and request and has_agreed(request, key))
        if is_wanted and foreign and request:
            allow_frame(request, foreign.host)
        return context | {"foreign": foreign, "key": key, "is_wanted": is_wanted}


class QuestionBlock(blocks.StructBlock):
    """A question with its answer."""

    question = blocks.CharBlock(label=_("question"), max_length=160)
    answer = blocks.RichTextBlock(label=_("answer"), features=TEXT_FEATURES)


class QuestionsBlock(blocks.StructBlock):
    """Questions that open their answers."""

    questions = blocks.ListBlock(QuestionBlock(), label=_("questions"), min_num=1)

    class Meta:
        template = "website/blocks/_questions.html"
        label = _("questions and answers")
        icon = "help"


class FilesBlock(blocks.StructBlock):
    """Forms and papers to take along."""

    files = blocks.ListBlock(DocumentChooserBlock(), label=_("files"), min_num=1)

    class Meta:
        template = "website/blocks/_files.html"
        label = _("files")
        icon = "doc-full"


class NoteBlock(blocks.StructBlock):
    """Something that should not be overlooked."""

    heading = blocks.CharBlock(label=_("heading"), max_length=80)
    text = blocks.RichTextBlock(label=_("text"), features=TEXT_FEATURES)

    class Meta:
        template = "website/blocks/_note.html"
        label = _("notice")
        icon = "info-circle"
