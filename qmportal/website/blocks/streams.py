"""Which blocks may stand on which kind of page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from qmportal.website.blocks import home, lists, media
from qmportal.website.blocks.image import ImageBlock


class HeroPictures(blocks.StreamBlock):
    """Pictures on top of the home page; the first one is seen on a phone."""

    picture = ImageBlock(label=_("picture"))


class ArticleBlocks(blocks.StreamBlock):
    """What may stand in a piece of news or the text of an event."""

    heading = blocks.CharBlock(
        label=_("heading"), max_length=120, icon="title", template="website/blocks/_heading.html"
    )
    text = blocks.RichTextBlock(
        label=_("text"), features=media.TEXT_FEATURES, icon="pilcrow", template="website/blocks/_text.html"
    )
    picture = media.PictureBlock()
    video = media.VideoBlock()
    foreign_video = media.ForeignVideoBlock()
    files = media.FilesBlock()
    note = media.NoteBlock()


class ContentBlocks(ArticleBlocks):
    """What may stand on a page of text."""

    steps = home.StepsBlock()
    tasks = home.TasksBlock()
    questions = media.QuestionsBlock()
    walk_in = home.WalkInBlock()
    office = home.OfficeBlock()


class HomeBlocks(blocks.StreamBlock):
    """What may stand on the home page below the pictures."""

    walk_in = home.WalkInBlock()
    steps = home.StepsBlock()
    mission = home.MissionBlock()
    video = media.VideoBlock()
    foreign_video = media.ForeignVideoBlock()
    tasks = home.TasksBlock()
    voices = home.VoicesBlock()
    latest_news = home.LatestNewsBlock()
    coming_dates = home.ComingDatesBlock()
    participation = home.ParticipationBlock()
    fund = home.FundBlock()
    partners = home.PartnersBlock()
    note = media.NoteBlock()


class DeadlineBlocks(blocks.StreamBlock):
    """Deadlines of the fund."""

    deadline = lists.DeadlineBlock()


class ProjectBlocks(blocks.StreamBlock):
    """Projects that the fund paid."""

    project = lists.ProjectBlock()


class PartnerBlocks(blocks.StreamBlock):
    """Partners and associations of the quarter."""

    partner = lists.PartnerBlock()
