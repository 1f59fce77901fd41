"""The building blocks of pages, each with its own template in templates/website/blocks/."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

PICTOGRAMS = [
    ("people", _("three people")),
    ("plan", _("a plan and a pencil")),
    ("flower", _("a flower")),
    ("heart", _("a hand and a heart")),
]
PORTRAITS = [("woman", _("a laughing woman")), ("man", _("a man in a suit"))]
TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]


class WalkInBlock(blocks.StructBlock):
    """Come without an appointment: address and opening hours are the office's own."""

    heading = blocks.CharBlock(label=_("heading"), max_length=80)
    text = blocks.TextBlock(label=_("text"), rows=3)

    class Meta:
        template = "website/blocks/_walk_in.html"
        label = _("come without an appointment")
        icon = "home"


class StepBlock(blocks.StructBlock):
    """One thing that a resident does."""

    title = blocks.CharBlock(label=_("title"), max_length=60)
    text = blocks.CharBlock(label=_("text"), max_length=200)


class StepsBlock(blocks.StructBlock):
    """How it works, in a few numbered steps."""

    heading = blocks.CharBlock(label=_("heading"), max_length=80)
    steps = blocks.ListBlock(StepBlock(), label=_("steps"), min_num=2, max_num=5)

    class Meta:
        template = "website/blocks/_steps.html"
        label = _("how it works")
        icon = "list-ol"


class TaskBlock(blocks.StructBlock):
    """One task of the office, with a drawing."""

    pictogram = blocks.ChoiceBlock(choices=PICTOGRAMS, label=_("pictogram"))
    title = blocks.CharBlock(label=_("title"), max_length=60)
    text = blocks.TextBlock(label=_("text"), rows=3)


class TasksBlock(blocks.StructBlock):
    """What the office is there for."""

    heading = blocks.CharBlock(label=_("heading"), max_length=80)
    tasks = blocks.ListBlock(TaskBlock(), label=_("tasks"), min_num=1, max_num=6)

    class Meta:
        template = "website/blocks/_tasks.html"
        label = _("tasks")
        icon = "tasks"


class VoiceBlock(blocks.StructBlock):
    """What somebody says about the office."""

    portrait = blocks.ChoiceBlock(choices=PORTRAITS, label=_("drawing"))
    quote = blocks.TextBlock(label=_("quotation"), rows=3)
    name = blocks.CharBlock(label=_("name"), max_length=80)
    role = blocks.CharBlock(label=_("task"), max_length=120, required=False)


class VoicesBlock(blocks.StructBlock):
    """Voices from the neighbourhood and the town."""

    heading = blocks.CharBlock(label=_("heading"), max_length=80)
    voices = blocks.ListBlock(VoiceBlock(), label=_("voices"), min_num=1, max_num=4)

    class Meta:
        template = "website/blocks/_voices.html"
        label = _("voices")
        icon = "openquote"


class NewsBlock(blocks.StructBlock):
    """The latest news in a few sentences."""

    heading = blocks.CharBlock(label=_("heading"), max_length=80)
    title = blocks.CharBlock(label=_("title"), max_length=120)
    date = blocks.DateBlock(label=_("date"))
    text = blocks.RichTextBlock(label=_("text"), features=TEXT_FEATURES)

    class Meta:
        template = "website/blocks/_news.html"
        label = _("latest news")
        icon = "doc-full"


class HomeBlocks(blocks.StreamBlock):
    """What may stand on the home page below the picture."""

    walk_in = WalkInBlock()
    steps = StepsBlock()
    tasks = TasksBlock()
    voices = VoicesBlock()
    news = NewsBlock()


class ContentBlocks(blocks.StreamBlock):
    """What may stand on a page of text."""

    heading = blocks.CharBlock(
        label=_("heading"), max_length=120, icon="title", template="website/blocks/_heading.html"
    )
    text = blocks.RichTextBlock(
        label=_("text"), features=TEXT_FEATURES, icon="pilcrow", template="website/blocks/_text.html"
    )
