"""Blocks that list things of one kind: projects, deadlines, partners."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from qmportal.website.blocks.image import ImageBlock
from qmportal.website.blocks.media import TEXT_FEATURES, AddressBlock

PARTNER_KINDS = [
    ("association", _("association")),
    ("counselling", _("advice and help")),
    ("school", _("school and day care")),
    ("religion", _("religious community")),
    ("authority", _("authority")),
    ("other", _("other")),
]


class DeadlineBlock(blocks.StructBlock):
    """A day until which something has to be there."""

    day = blocks.DateBlock(label=_("day"))
    text = blocks.CharBlock(label=_("what for"), max_length=120)

    class Meta:
        label = _("deadline")
        icon = "date"


class ProjectBlock(blocks.StructBlock):
    """Something that was paid from the fund."""

    title = blocks.CharBlock(label=_("title"), max_length=100)
    picture = ImageBlock(label=_("picture"), required=False)
    text = blocks.RichTextBlock(label=_("text"), features=TEXT_FEATURES)
    year = blocks.IntegerBlock(label=_("year"), min_value=1990, max_value=2200)
    amount = blocks.IntegerBlock(label=_("amount in euros"), min_value=0, required=False)

    class Meta:
        label = _("project")
        icon = "pick"


class PartnerBlock(blocks.StructBlock):
    """Somebody in the quarter who helps too."""

    name = blocks.CharBlock(label=_("name"), max_length=160)
    kind = blocks.ChoiceBlock(choices=PARTNER_KINDS, label=_("kind"))
    text = blocks.TextBlock(label=_("what they offer"), rows=3)
    address = blocks.CharBlock(label=_("address"), max_length=200, required=False)
    phone = blocks.CharBlock(label=_("phone"), max_length=40, required=False)
    email = blocks.EmailBlock(label=_("e-mail address"), required=False)
    url = AddressBlock(label=_("website"), required=False)
    logo = ImageBlock(label=_("logo"), required=False)

    class Meta:
        label = _("partner")
        icon = "group"
