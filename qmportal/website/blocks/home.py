"""Blocks of the home page: what the office is there for, and what finds its way there by itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from qmportal.website.blocks.image import ImageBlock
from qmportal.website.blocks.media import TEXT_FEATURES

PICTOGRAMS = [
    ("people", _("three people")),
    ("plan", _("a plan and a pencil")),
    ("flower", _("a flower")),
    ("heart", _("a hand and a heart")),
    ("house", _("a house")),
    ("calendar", _("a calendar")),
    ("speech", _("two speech bubbles")),
    ("bicycle", _("a bicycle")),
]


OF_THE_OFFICE = [
    ("imprint", _("name, address, carrier, phone and e-mail")),
    ("address", _("name, address, phone and e-mail")),
    ("contact", _("phone and e-mail")),
    ("privacy_authority", _("who watches over data protection in the federal state")),
    ("barrier_authority", _("who helps against barriers in the federal state")),
]


class WalkInBlock(blocks.StructBlock):
    """Come without an appointment: address and opening hours are the office's own."""

    heading = blocks.CharBlock(label=_("heading"), max_length=80)
    text = blocks.TextBlock(label=_("text"), rows=3)

    class Meta:
        template = "website/blocks/_walk_in.html"
        label = _("come without an appointment")
        icon = "home"


class OfficeBlock(blocks.StructBlock):
    """What the office's profile says at the moment: nobody has to keep it in step with a page."""

    shows = blocks.ChoiceBlock(choices=OF_THE_OFFICE, label=_("shows"), search_index=False)

    class Meta:
        template = "website/blocks/_office.html"
        label = _("from the office's profile (by itself)")
        icon = "site"


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


class MissionBlock(blocks.StructBlock):
    """What the office is, in a few sentences."""

    heading = blocks.CharBlock(label=_("heading"), max_length=80)
    text = blocks.RichTextBlock(label=_("text"), features=TEXT_FEATURES)

    class Meta:
        template = "website/blocks/_mission.html"
        label = _("what the office is")
        icon = "pilcrow"


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
    """What somebody says about the office, and since when she agrees that it stands here."""

    picture = ImageBlock(label=_("portrait"), required=False)
    quote = blocks.TextBlock(label=_("quotation"), rows=3)
    name = blocks.CharBlock(label=_("name"), max_length=80)
    role = blocks.CharBlock(label=_("task"), max_length=120, required=False)
    consent_on = blocks.DateBlock(
        label=_("agreed on"), help_text=_("The day on which the person agreed. Ask again after two years.")
    )


class VoicesBlock(blocks.StructBlock):
    """Voices from the neighbourhood and the town."""

    heading = blocks.CharBlock(label=_("heading"), max_length=80)
    voices = blocks.ListBlock(VoiceBlock(), label=_("voices"), min_num=1, max_num=4)

    class Meta:
        template = "website/blocks/_voices.html"
        label = _("voices")
        icon = "openquote"


class ByItselfBlock(blocks.StructBlock):
    """A section that fills itself from other pages; only its heading is written here."""

    heading = blocks.CharBlock(label=_("heading"), max_length=80)


class LatestNewsBlock(ByItselfBlock):
    """The latest news, pinned ones first."""

    class Meta:
        template = "website/blocks/_latest_news.html"
        label = _("latest news (by itself)")
        icon = "doc-full"


class ComingDatesBlock(ByItselfBlock):
    """The coming events and office hours."""

    class Meta:
        template = "website/blocks/_coming_dates.html"
        label = _("coming dates (by themselves)")
        icon = "date"


class ParticipationBlock(ByItselfBlock):
    """Where neighbours had a say, and what came of it."""

    class Meta:
        template = "website/blocks/_participation.html"
        label = _("what came of it (by itself)")
        icon = "group"


class FundBlock(ByItselfBlock):
    """The project money, with the next deadline."""

    text = blocks.TextBlock(label=_("text"), rows=3)

    class Meta:
        template = "website/blocks/_fund.html"
        label = _("project money")
        icon = "pick"


class PartnersBlock(ByItselfBlock):
    """Partners and associations of the quarter."""

    class Meta:
        template = "website/blocks/_partners.html"
        label = _("partners (by themselves)")
        icon = "group"
